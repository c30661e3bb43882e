from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import uvicorn
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

from api.app import build_app
from api.state import AppState
from index.fetch import Client
from index.settings import FetchSettings, IndexSettings
from rag import Pullquote, Settings
from rag.evidence import Reader
from tests.fakes import FakeModels, article
from tests.homes import copy_of_shared, with_models
from tests.keyword_reader import KeywordReader

TEXTS = {
    "wombats": "Wombats dig burrows of thirty metres. They are most active at night.",
    "koalas": "Koalas eat leaves of the eucalyptus. They sleep for twenty hours a day.",
    "emus": "Emus run at fifty kilometres an hour. Their eggs are dark green.",
}

Serve = Callable[..., TestClient]


def offline(settings: FetchSettings) -> Client:
    """What fetches links where there are no hosts."""

    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    return Client(settings, resolve=resolve)


def _add_animals(folder: Path, settings: Settings) -> None:
    """Make the library of three small articles in a folder."""
    models, reader = FakeModels(), KeywordReader()
    with Pullquote.open(folder, settings, create=True, models=models, reader=reader) as pullquote:
        pullquote.add_articles(
            [
                article(id, text, title=id.title(), publisher=f"The {id.title()} Post")
                for id, text in TEXTS.items()
            ]
        )


def opened(home: Path, reader: Reader | None = None, **settings: object) -> Pullquote:
    """A library of three small articles, without a model."""
    known = Settings.model_validate({"home": with_models(home), **settings})
    if known.library_folder.exists():
        pass
    elif settings.keys() & IndexSettings.model_fields.keys():
        _add_animals(known.library_folder, known)
    else:
        # Indexed once: a copy is made in a fifth of the time.
        make = partial(_add_animals, settings=known)
        copy_of_shared("animals", make, known.library_folder)
    pullquote = Pullquote.open(settings=known, models=FakeModels(), reader=reader)
    pullquote.make_client = offline
    return pullquote


@pytest.fixture(scope="session")
def description(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The OpenAPI document, made once: every application would make the same (test_schema)."""
    state = AppState.of(opened(tmp_path_factory.mktemp("description")))
    try:
        return build_app(state).openapi()
    finally:
        state.close()


@pytest.fixture
def serve(tmp_path: Path, description: dict[str, Any]) -> Iterator[Serve]:
    """Makes clients of running applications, each with the settings and reader it is given."""
    with ExitStack() as stack:

        def client(reader: Reader | None = None, **settings: object) -> TestClient:
            state = AppState.of(opened(tmp_path / "home", reader, **settings))
            app = build_app(state)
            app.openapi_schema = description
            client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
            stack.enter_context(client)
            assert state.ready.wait(600)
            return client

        yield client


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve()


@pytest.fixture(scope="module")
def shared_client(
    tmp_path_factory: pytest.TempPathFactory, description: dict[str, Any]
) -> Iterator[TestClient]:
    """A client of an application that tests only read from: it takes as long to begin as a test."""
    state = AppState.of(opened(tmp_path_factory.mktemp("read") / "home"))
    app = build_app(state)
    app.openapi_schema = description
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        assert state.ready.wait(600)
        yield client


def target_status(client: TestClient, target: str, header: str = "localhost") -> int:
    """The status of a request whose target is a whole URL, which comes as the path; no client for
    tests sends one."""
    messages: list[Any] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(target),
        "raw_path": target.encode(),
        "query_string": b"",
        "headers": [(b"host", header.encode())],
    }

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        messages.append(message)

    assert client.portal is not None
    client.portal.call(client.app, scope, receive, send)
    status: int = messages[0]["status"]
    return status


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def listening(app: ASGIApp, **options: Any) -> Iterator[str]:
    """A server for the application on loopback, with options of uvicorn's; its address."""
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, **options))
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([sock],))
        thread.start()
        try:
            assert server.up.wait(600)
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def _listening_animals(home: Path, description: dict[str, Any]) -> Iterator[str]:
    app = build_app(AppState.of(opened(home)))
    app.openapi_schema = description
    with listening(app) as address:
        yield address


@pytest.fixture
def address(tmp_path: Path, description: dict[str, Any]) -> Iterator[str]:
    """The address of an application that really listens."""
    with _listening_animals(tmp_path / "home", description) as address:
        yield address


@pytest.fixture(scope="module")
def shared_address(
    tmp_path_factory: pytest.TempPathFactory, description: dict[str, Any]
) -> Iterator[str]:
    """The address of one that tests only read from."""
    with _listening_animals(tmp_path_factory.mktemp("read") / "home", description) as address:
        yield address
