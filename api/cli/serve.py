"""``pullquote serve``: the page and the API."""

from __future__ import annotations

import math
import os
import tempfile
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.library import open_or_seed
from api.cli.output import stderr
from api.keys import KeyRing
from rag import Pullquote, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["app_of_environment", "register", "serve"]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: pullquote serve --port 8080")(serve)


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on [default: 127.0.0.1].")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port [default: 8000].")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that share the library.")
    ] = 1,
) -> None:
    """Serve the page and the API until interrupted."""
    import uvicorn

    from api.connections import BACKLOG, Connection, most_connections
    from api.logs import configure
    from api.metrics import MULTIPROCESS

    # Workers are new processes: what the options say reaches them through the environment.
    if host is not None:
        os.environ["PULLQUOTE_HOST"] = host
    if port is not None:
        os.environ["PULLQUOTE_PORT"] = str(port)
    settings = Settings.from_environment()
    open_or_seed().close()
    _check_keys(settings)
    stderr.print(f"http://{settings.host}:{settings.port} is the page, /docs there the API.")
    configure()
    with tempfile.TemporaryDirectory(prefix="pullquote-metrics-") as folder:
        if workers > 1:
            os.environ[MULTIPROCESS] = folder
        uvicorn.run(
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
        )


def _check_keys(settings: Settings) -> None:
    from api.hosts import LOOPBACK

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


def app_of_environment() -> FastAPI:
    """The application that a worker serves, made from the settings in the environment."""
    from api.app import build_app
    from api.logs import configure
    from api.state import AppState

    configure()
    return build_app(AppState.of(Pullquote.open(settings=Settings.from_environment())))
