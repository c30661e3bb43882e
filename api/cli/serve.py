"""``pullquote serve``: the page and the API."""

from __future__ import annotations

import errno
import gc
import logging
import math
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exit_codes import FAILURE
from api.cli.library import open_or_seed
from api.cli.output import stderr
from api.guard.keys import KeyRing
from index.errors import PullquoteError
from index.store.indexed_settings import stored_encoder
from rag import Pullquote, Settings

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from index.encode.base import EncoderId

__all__ = ["app_of_environment", "register", "serve"]

_log = logging.getLogger("uvicorn.error")
# Seconds that a thread at work keeps the interpreter while another waits for it (Python's own: 5
# ms). The event loop gives it up at every system call, several times a request, and waits so long
# each time while questions are at work.
_SWITCH_SECONDS = 0.001
# After so long without a sign of life a worker is replaced. On a machine with much to do, importing
# takes longer than uvicorn's own 5 seconds, and none would ever serve.
_WORKER_SECONDS = 60


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        epilog="Example: pullquote serve --library sport=/srv/sport --library city=/srv/city"
    )(serve)


def serve(
    host: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Where to listen, if not on 127.0.0.1 (this machine alone)."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port, if not 8000; 0 for a free one.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that share the library.")
    ] = 1,
    library: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FOLDER",
            help="A library to serve below /l/NAME/; again for more. Without it the one library.",
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Run encoder and reader in replicas on a Ray cluster: its HOST:PORT, or auto for "
            "the one that runs here, or a new one on this machine. Needs the extra serve.",
        ),
    ] = None,
) -> None:
    """Serve the page and the API until interrupted."""
    from api.logs import configure

    settings = _settings(host, port, library, ray)
    # Before anything is indexed or announced: a port that is taken is an error.
    listener = _listener(settings.host, settings.port)
    try:
        encoder_id = _open_and_close(settings)
        _check_keys(settings)
        if settings.ray:
            _deploy(settings, encoder_id)
    except BaseException:
        listener.close()
        raise
    address = _announce(settings, listener.getsockname()[1])
    configure()
    _log.info("Uvicorn running on %s (Press CTRL+C to quit)", address)
    with listener, _common_metrics(settings.home) if workers > 1 else nullcontext():
        _run(_server_config(settings, workers), listener)


@contextmanager
def _common_metrics(home: Path) -> Iterator[None]:
    """Give the workers that are started in the block a folder to count in together."""
    from api.metrics import MULTIPROCESS
    from api.process_folder import ProcessFolder

    with ProcessFolder(home / "metrics") as folder:
        os.environ[MULTIPROCESS] = str(folder.path)
        yield


def _announce(settings: Settings, port: int) -> str:
    """Say where what is. Returns the address."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{port}"
    if settings.libraries:
        names = ", ".join(settings.library_folders)
        stderr.print(f"{address} lists the libraries ({names}); each has its page at /l/NAME/.")
    else:
        stderr.print(f"{address} is the page, /docs there the API.")
    return address


def _settings(
    host: str | None, port: int | None, libraries: list[str] | None, ray: str | None
) -> Settings:
    """The settings, with addresses and libraries that the options name in place of theirs.

    Workers are new processes: what the options say reaches them through the environment.
    """
    if host is not None:
        os.environ["PULLQUOTE_HOST"] = host
    if port is not None:
        os.environ["PULLQUOTE_PORT"] = str(port)
    if libraries:
        os.environ["PULLQUOTE_LIBRARIES"] = ",".join(libraries)
    if ray is not None:
        os.environ["PULLQUOTE_RAY"] = ray
    return Settings.from_environment()


def _server_config(settings: Settings, workers: int) -> uvicorn.Config:
    """Configure the server: its limits and deadlines from the settings, its logs ours."""
    import uvicorn

    from api.guard.connections import BACKLOG, Connection, most_connections

    return uvicorn.Config(
        "api.cli.serve:app_of_environment",
        factory=True,
        http=Connection,
        backlog=BACKLOG,
        limit_concurrency=most_connections(settings),
        timeout_keep_alive=math.ceil(settings.receive_timeout),
        loop="asyncio",
        ws="none",
        host=settings.host,
        port=settings.port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=round(settings.shutdown_timeout) or 1,
        timeout_worker_healthcheck=_WORKER_SECONDS,
    )


def _open_and_close(settings: Settings) -> EncoderId | None:
    """Have what cannot be opened stop the start. Returns the encoder that the library, or one of
    several, was indexed with."""
    if settings.libraries:
        from api.libraries import open_libraries

        pullquotes = list(open_libraries(settings).values())
    else:
        pullquotes = [open_or_seed()]
    encoders: list[EncoderId] = []
    for pullquote in pullquotes:
        with pullquote.library.store.reading() as records:
            if encoder := stored_encoder(records):
                encoders.append(encoder)
        pullquote.close()
    return encoders[0] if encoders else None


def _deploy(settings: Settings, encoder_id: EncoderId | None) -> None:
    """Have replicas run, and tell workers where."""
    from api.replicas.deployment import deploy
    from api.replicas.plan import Plan

    place = deploy(settings, Plan.of(settings, encoder_id))
    os.environ["PULLQUOTE_RAY"] = str(place)
    stderr.print(f"Models run in replicas on the Ray cluster {place.address}.")


def _listener(host: str, port: int) -> socket.socket:
    """Open the socket to serve the page and the API on."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as exc:
        listener.close()
        reason = (exc.strerror or str(exc)).lower()
        advice = "; --port N takes another" if exc.errno == errno.EADDRINUSE else ""
        stderr.print(
            f"pullquote: cannot listen at {host}:{port}: {reason}{advice}",
            style="red",
            markup=False,
        )
        raise typer.Exit(FAILURE) from exc
    listener.set_inheritable(True)
    return listener


def _run(config: uvicorn.Config, listener: socket.socket) -> None:
    """Serve until interrupted, as ``uvicorn.run`` does.

    That function exits with 3 for a failed start, which is our exit code for an abstention.
    """
    from uvicorn import Server
    from uvicorn.supervisors import Multiprocess

    server = Server(config)
    try:
        if config.workers > 1:
            Multiprocess(config, sockets=[listener]).run()
            return
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
    except SystemExit as exc:
        raise typer.Exit(FAILURE) from exc
    if not server.started:
        raise typer.Exit(FAILURE)


def _check_keys(settings: Settings) -> None:
    from api.guard.hosts import LOOPBACK

    keys = KeyRing(settings.home / "keys.json")
    # Read once, so that a broken file of keys stops the start and not the first request.
    keys.keys()
    if settings.host not in LOOPBACK and not keys.is_required:
        stderr.print(
            f"WARNING: {settings.host} is reachable from other machines and there are no API "
            "keys: anybody there can read, add and remove articles. "
            "pullquote keys add NAME makes one.",
            style="bold red",
        )


def app_of_environment() -> ASGIApp:
    """The application that a worker serves, made from the settings in the environment. Of its
    process, the event loop is not to wait long for threads that answer questions, nor for the
    garbage collector."""
    from api.garbage import FreezeSurvivors
    from api.logs import configure

    configure()
    _end_with_parent()
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.callbacks.append(FreezeSurvivors())
    settings = Settings.from_environment()
    replicas = None
    if settings.ray:
        from api.replicas.deployment import find_replicas

        replicas = find_replicas(settings)
    if settings.libraries:
        from api.app import build_libraries_app
        from api.libraries import open_states

        return build_libraries_app(open_states(settings, replicas))
    if replicas:
        from api.replicas.remote import open_pullquote

        pullquote = open_pullquote(settings, replicas)
    else:
        pullquote = Pullquote.open(settings=settings)
    threading.Thread(target=_open_models, args=(pullquote,), name="models", daemon=True).start()
    from api.app import build_app
    from api.state import AppState

    return build_app(AppState.of(pullquote))


def _open_models(pullquote: Pullquote) -> None:
    """Open the reader while the application is being imported, which takes as long. What is wrong
    with it is told when it is needed."""
    from api.pool import lower_priority

    # The threads of its networks are started by this one.
    lower_priority()
    with suppress(PullquoteError):
        _ = pullquote.reader


def _end_with_parent() -> None:
    """Have a worker end when the process that started it was killed: it would go on listening, and
    nobody could start the server again."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()
