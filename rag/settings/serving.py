"""The settings of whatever keeps the library open: the server, and the process behind the command
line."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from index.text.patterns import lazy_regex
from rag.settings.values import DefaultText, LibraryEntries, Seconds, Section, Unit, Words

__all__ = ["ResidentSection", "ServerSection"]


_RESIDENT: Final = lazy_regex("off|started|on|[1-9][0-9]{0,5}")


def _check_resident(value: str) -> str:
    if not _RESIDENT.fullmatch(value):
        raise ValueError("started, on, off or a number of seconds (up to 999999) is needed")
    return value


class ServerSection(Section):
    """How ``pullquote serve`` serves; all numbers are for one worker process."""

    host: Annotated[str, Field(description="address to listen at")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535, description="port to listen at; 0 for any")] = 8000
    libraries: Annotated[
        LibraryEntries,
        DefaultText("the one library"),
        Field(
            description="libraries to serve side by side, each below `/l/NAME/`: `NAME=FOLDER`, "
            "by commas"
        ),
    ] = ()
    ray: Annotated[
        str,
        DefaultText("this process"),
        Field(
            description="where encoder and reader run in replicas instead: a Ray cluster's "
            "`HOST:PORT`, or `auto`, with `/NAME` where there are others on it; needs the extra "
            "`serve`"
        ),
    ] = ""
    min_replicas: Annotated[
        int, Field(ge=1, le=1000, description="of encoder and reader each, on Ray")
    ] = 1
    max_replicas: Annotated[
        int, Field(ge=1, le=1000, description="that questions may start of either, on Ray")
    ] = 4
    replica_batch: Annotated[
        int,
        Unit("questions"),
        Field(ge=1, le=256, description="that a replica of the encoder takes in one run"),
    ] = 8
    work_threads: Annotated[
        int, Field(ge=1, le=64, description="questions that are answered at once")
    ] = 2
    queue: Annotated[
        int, Unit("requests"), Field(ge=0, le=10_000, description="that may wait beside those")
    ] = 32
    request_timeout: Annotated[
        Seconds, Field(gt=0, le=3600, description="for one request, waiting included")
    ] = 30.0
    shutdown_timeout: Annotated[
        Seconds, Field(ge=0, le=3600, description="for requests to finish when it is stopped")
    ] = 30.0
    receive_timeout: Annotated[
        Seconds,
        Field(
            gt=0,
            le=3600,
            description="for a request's headers; its body has a second more for each 16 kB",
        ),
    ] = 20.0
    max_connections: Annotated[
        int,
        Unit("connections"),
        Field(ge=1, le=100_000, description="at once; of more, those that ask nothing are closed"),
    ] = 512
    max_upload_bytes: Annotated[
        int, Unit("bytes"), Field(ge=1024, description="largest body of a request")
    ] = 64 * 1024 * 1024
    rate_limit: Annotated[
        int,
        Unit("requests a minute"),
        Field(ge=0, description="for each key, or each address without keys; 0 for no limit"),
    ] = 0
    cors_origins: Annotated[
        Words, Field(description="origins of other sites that may ask, by commas")
    ] = ()
    allowed_hosts: Annotated[
        Words,
        Field(
            description="what the Host header may say, by commas; `*` for anything; unless set, "
            "names that no other site can point here"
        ),
    ] = ()


class ResidentSection(Section):
    """How questions from the command line are kept ready for."""

    resident: Annotated[
        str,
        AfterValidator(_check_resident),
        Field(
            description="`ask`, `search` and `timeline` use the process that keeps the models "
            "open: `started` if `pullquote resident start` started one, `on` starts it after the "
            "first question, to end when none came for ten minutes (or for so many seconds, if "
            "it is a number), `off` never",
        ),
    ] = "started"
