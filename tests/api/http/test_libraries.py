"""Several libraries in one server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import build_libraries_app
from api.guard.keys import KeyRing
from api.libraries import open_states
from api.state import AppState
from index.errors import LibraryMissing, SettingsError
from index.publication.place import FolderPlace
from rag import Pullquote, Settings
from rag.evidence import Reader
from tests.api.http.conftest import listening, target_status
from tests.api.http.test_mcp import call
from tests.fakes import FakeModels, article
from tests.homes import copy_of_shared, with_models
from tests.keyword_reader import KeywordReader
from tests.stores import publish_library

BURROWS = "Wombats dig burrows of thirty metres. They are most active at night."
EGGS = "Emus run at fifty kilometres an hour. Their eggs are dark green."
ASKED = {"question": "How long are the burrows that wombats dig?"}

Open = Callable[..., TestClient]


@pytest.fixture(scope="module", autouse=True)
def _light_readers() -> Iterator[list[Reader]]:
    """The readers that were opened by the settings; light ones, as what they say is not at
    issue."""
    made: list[Reader] = []

    def open_reader(_: Settings) -> Reader:
        made.append(KeywordReader())
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.answering_models.open_reader", open_reader)
        yield made


@pytest.fixture
def readers(_light_readers: list[Reader]) -> list[Reader]:
    """The readers that the test opens by the settings."""
    _light_readers.clear()
    return _light_readers


def _add_article(folder: Path, settings: Settings, text: str, title: str) -> None:
    """Make a library of one article in a folder."""
    with Pullquote.open(folder, settings, create=True, models=FakeModels()) as pullquote:
        pullquote.add_articles([article("animal", text, title=title)])


def made(home: Path, **more: object) -> list[AppState]:
    """The states of the libraries `zoo` and `farm`, which have an article each."""
    folders = {name: home / name for name in ("zoo", "farm")}
    entries = ",".join(f"{name}={folder}" for name, folder in folders.items())
    settings = Settings.model_validate({"home": with_models(home), "libraries": entries, **more})
    models, states = FakeModels(), list[AppState]()
    for (name, folder), text in zip(folders.items(), (BURROWS, EGGS), strict=True):
        make = partial(_add_article, settings=settings, text=text, title=f"Of the {name}")
        copy_of_shared(f"library {name}", make, folder)
        if states:
            pullquote = states[0].pullquote.open_beside(folder)
        else:
            pullquote = Pullquote.open(folder, settings, models=models)
        states.append(AppState.of(pullquote, name, states[0] if states else None))
    return states


@contextmanager
def serving(home: Path, **more: object) -> Iterator[TestClient]:
    """A client of a server of two libraries."""
    states = made(home, **more)
    app = build_libraries_app(states)
    with TestClient(app, "http://localhost", raise_server_exceptions=False) as client:
        assert all(state.ready.wait(600) for state in states)
        yield client


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Open]:
    """Makes a client of a server of two libraries, under the settings it is given."""
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(serving(tmp_path / "home", **more))


@pytest.fixture(scope="module")
def shared_client(
    _light_readers: list[Reader], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client for the tests that only read."""
    with serving(tmp_path_factory.mktemp("shared") / "home") as client:
        yield client


@pytest.fixture
def client(serve: Open) -> TestClient:
    return serve()


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "home" / "keys.json")


def bearer(ring: KeyRing, *libraries: str, write: bool = False) -> dict[str, str]:
    """The header of a new key of these libraries, or of all."""
    scopes: Any = ("read", "write") if write else ("read",)
    return {"Authorization": f"Bearer {ring.add('k', scopes, libraries or None)[1]}"}


def test_each_library_answers_from_its_own_articles(shared_client: TestClient) -> None:
    answer = shared_client.post("/l/zoo/ask", json=ASKED).json()
    assert "thirty metres" in answer["answer"]
    assert shared_client.post("/l/farm/ask", json=ASKED).json()["abstained"]
    assert shared_client.get("/l/zoo/articles/animal").json()["text"] == BURROWS
    assert shared_client.get("/l/farm/articles/animal").json()["text"] == EGGS
    assert target_status(shared_client, "http://localhost/l/zoo/articles/animal") == 200
    # The same question again is the other library's, not a kept answer.
    assert (
        shared_client.post("/l/farm/search", json=ASKED).json()["search_results"][0]["text"] == EGGS
    )


def test_what_one_library_is_told_the_other_does_not_know(client: TestClient) -> None:
    added = client.post("/l/farm/articles?wait=0", json={"id": "cow", "text": "Cows eat grass."})
    location = added.headers["location"]
    assert location.startswith("/l/farm/jobs/")
    while client.get(location).json()["state"] not in ("done", "failed"):
        pass
    assert client.get("/l/farm/articles/cow").status_code == 200
    assert client.get("/l/zoo/articles/cow").status_code == 404
    assert client.get(location.replace("farm", "zoo")).status_code == 404
    assert client.delete("/l/zoo/articles/animal").status_code == 204
    assert client.get("/l/farm/articles/animal").status_code == 200


@pytest.mark.parametrize(
    "path", ["/ask", "/l/nowhere/ask", "/l/zooo/ask", "/l/zo/ask", "/l", "/l/", "/v1/models"]
)
def test_an_unknown_library_is_a_problem(shared_client: TestClient, path: str) -> None:
    for response in (shared_client.post(path, json=ASKED), shared_client.get(path)):
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
        assert "/libraries" in response.json()["detail"]
        assert response.json()["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/l/zoo/nothing", "/l/zoo/l/farm/ask", "/l/zoo/static/no.js"])
def test_an_unknown_path_of_a_library_is_too(shared_client: TestClient, path: str) -> None:
    response = shared_client.get(path)
    assert (response.status_code, response.json()["title"]) == (404, "Not Found")


def test_the_protocols_of_others_keep_their_errors(shared_client: TestClient) -> None:
    wrong = shared_client.post("/l/zoo/v1/chat/completions", json={"messages": []})
    assert (wrong.status_code, wrong.json()["error"]["type"]) == (400, "invalid_request_error")
    refused = shared_client.post("/l/zoo/mcp", json={}, headers={"Origin": "http://evil.example"})
    assert (refused.status_code, refused.json()["jsonrpc"]) == (403, "2.0")


def test_links_lead_to_the_library(shared_client: TestClient) -> None:
    chat = {"model": "pullquote", "messages": [{"role": "user", "content": ASKED["question"]}]}
    (choice,) = shared_client.post("/l/zoo/v1/chat/completions", json=chat).json()["choices"]
    (note,) = choice["message"]["annotations"]
    assert note["url_citation"]["url"].startswith("http://localhost/l/zoo/a/animal#c0-")
    assert shared_client.get("/l/zoo/openapi.json").json()["servers"] == [{"url": "/l/zoo"}]
    assert shared_client.get("/l/farm/openapi.json").json()["servers"] == [{"url": "/l/farm"}]


@pytest.mark.parametrize("path", ["/l/zoo/", "/l/zoo/a/animal", "/l/zoo/docs", "/"])
def test_pages_and_their_files(shared_client: TestClient, path: str) -> None:
    page = shared_client.get(path)
    assert page.status_code == 200
    root = path[: len("/l/zoo")] if path != "/" else ""
    links = re.findall(r'(?:href|src)="(/[^"]*)"', page.text)
    assert links
    for link in links:
        assert link.startswith(f"{root}/")
        assert shared_client.get(link).status_code == 200


def test_a_library_without_its_slash(shared_client: TestClient) -> None:
    response = shared_client.get("/l/zoo", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "http://localhost/l/zoo/")


def test_mcp_is_of_its_library(tmp_path: Path) -> None:
    with listening(build_libraries_app(made(tmp_path / "home"))) as address:
        zoo, farm = [call(f"{address}/l/{name}", "ask", ASKED) for name in ("zoo", "farm")]
    assert "thirty metres" in zoo["structuredContent"]["answer"]
    assert f"{address}/l/zoo/a/animal#c" in zoo["content"][0]["text"]
    assert farm["structuredContent"]["abstained"]


# Keys


def test_a_key_of_one_library_opens_no_other(serve: Open, ring: KeyRing) -> None:
    client = serve()
    zoo, whole = bearer(ring, "zoo", write=True), bearer(ring)
    for path in ("/ask", "/search"):
        assert client.post(f"/l/zoo{path}", json=ASKED, headers=zoo).status_code == 200
        assert client.post(f"/l/zoo{path}", json=ASKED).status_code == 401
        assert client.post(f"/l/farm{path}", json=ASKED, headers=zoo).status_code == 403
        assert client.post(f"/l/farm{path}", json=ASKED, headers=whole).status_code == 200
    assert client.delete("/l/farm/articles/animal", headers=zoo).status_code == 403
    assert client.delete("/l/zoo/articles/animal", headers=whole).status_code == 403
    assert client.delete("/l/zoo/articles/animal", headers=zoo).status_code == 204


def test_no_route_of_another_library_is_open(serve: Open, ring: KeyRing) -> None:
    client = serve()
    zoo = bearer(ring, "zoo", write=True)
    public = ("/healthz", "/readyz")
    for path, methods in client.get("/l/farm/openapi.json").json()["paths"].items():
        for method in methods:
            response = client.request(method, f"/l/farm{path}", json={}, headers=zoo)
            assert response.status_code == (200 if path in public else 403), path
    assert client.post("/l/farm/mcp", json={}, headers=zoo).status_code == 403


def test_a_key_of_a_library_does_not_open_an_only_one(tmp_path: Path, ring: KeyRing) -> None:
    from api.app import build_app
    from tests.api.http.conftest import opened

    app = build_app(AppState.of(opened(tmp_path / "home")))
    with TestClient(app, "http://localhost") as client:
        zoo = bearer(ring, "zoo")
        assert client.post("/ask", json=ASKED, headers=zoo).status_code == 403
        assert client.post("/ask", json=ASKED, headers=bearer(ring)).status_code == 200


def test_the_list_has_what_the_key_opens(serve: Open, ring: KeyRing) -> None:
    client = serve()
    (zoo, farm) = client.get("/libraries").json()["libraries"]
    assert (zoo["name"], zoo["path"]) == ("zoo", "/l/zoo/")
    assert (zoo["status"], zoo["articles"], farm["name"]) == ("ready", 1, "farm")
    seen = {
        headers["Authorization"]: client.get("/libraries", headers=headers)
        for headers in (bearer(ring, "farm"), bearer(ring), bearer(ring, "elsewhere"))
    }
    names = [[each["name"] for each in listed.json()["libraries"]] for listed in seen.values()]
    assert names == [["farm"], ["zoo", "farm"], []]
    assert client.get("/libraries").status_code == 401


def test_older_files_of_keys_are_read_and_written(ring: KeyRing) -> None:
    ring.add("old", ("read",))
    (record,) = json.loads(ring._path.read_text())
    assert "libraries" not in record
    ring.add("new", ("read",), ("zoo",))
    old, new = KeyRing(ring._path).keys()
    assert (old.libraries, new.libraries) == (None, ("zoo",))


# Limits and health


def test_a_caller_has_one_rate_for_all_libraries(serve: Open) -> None:
    client = serve(rate_limit=3)
    paths = ("/l/zoo/version", "/l/farm/version", "/libraries", "/l/zoo/version")
    assert [client.get(path).status_code for path in paths] == [200, 200, 200, 429]
    assert client.get("/healthz").status_code == 200


def test_bodies_are_bounded_below_a_library(serve: Open) -> None:
    client = serve(max_upload_bytes=2 * 1024 * 1024)
    large = {"text": "x" * 1_500_000}
    assert client.post("/l/zoo/articles", json=large).status_code in (200, 201, 202)
    assert client.post("/l/zoo/ask", json=large).status_code == 413
    assert client.post("/ask", json=large).status_code == 413


def test_other_sites_are_refused_at_every_address(shared_client: TestClient) -> None:
    for path in ("/", "/libraries", "/l/zoo/", "/l/zoo/version", "/nowhere"):
        assert shared_client.get(path, headers={"Host": "evil.example"}).status_code == 400
        assert target_status(shared_client, f"http://evil.example{path}") == 400


def test_each_library_has_its_health_and_the_server_has_all(tmp_path: Path) -> None:
    states = made(tmp_path / "home")
    app = build_libraries_app(states)
    with TestClient(app, "http://localhost") as client:
        assert all(state.ready.wait(600) for state in states)
        assert client.get("/readyz").json()["status"] == "ready"
        states[1].ready.clear()
        assert client.get("/l/farm/readyz").status_code == 503
        assert client.get("/l/zoo/readyz").json()["status"] == "ready"
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        states[0].ready.clear()
        assert (client.get("/readyz").status_code, client.get("/healthz").status_code) == (503, 200)


def test_metrics_have_a_library(serve: Open, ring: KeyRing) -> None:
    client = serve()
    client.post("/l/zoo/ask", json=ASKED)
    client.post("/l/farm/ask", json=ASKED)
    client.get("/l/zoo/static/icon.svg")
    client.get("/nowhere")
    counted = client.get("/metrics").text
    for line in (
        'requests_total{library="zoo",method="POST",route="/ask",status="200"} 1.0',
        'requests_total{library="zoo",method="GET",route="/static",status="200"} 1.0',
        'answers_total{library="zoo",outcome="answered"} 1.0',
        'answers_total{library="farm",outcome="not_in_articles"} 1.0',
        'articles{library="farm"} 1.0',
        'confidence_count{library="farm"} 1.0',
        'requests_total{library="",method="GET",route="/{path:path}",status="404"} 1.0',
    ):
        assert f"pullquote_{line}" in counted
    assert 'library="farm"' not in client.get("/l/zoo/metrics").text
    farm = client.get("/metrics", headers=bearer(ring, "farm")).text
    assert 'library="farm"' in farm
    assert 'library="zoo"' not in farm
    assert client.get("/metrics", headers=bearer(ring, "elsewhere")).status_code == 403


# Opening


def test_models_are_open_once(tmp_path: Path, readers: list[Reader]) -> None:
    states = made(tmp_path / "home")
    zoo, farm = (state.pullquote for state in states)
    assert zoo.reader is farm.reader
    assert len(readers) == 1
    assert zoo.library.query_encoder() is farm.library.query_encoder()
    assert states[0].models is states[1].models
    assert zoo.settings.library_folder != farm.settings.library_folder
    for state in states:
        state.close()


def test_a_library_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    made(tmp_path / "home")[0].close()
    entries = f"zoo={tmp_path / 'home' / 'zoo'},gone={tmp_path / 'gone'}"
    with pytest.raises(LibraryMissing, match="gone"):
        open_states(Settings.model_validate({"home": tmp_path / "home", "libraries": entries}))


def test_each_library_follows_its_own_publication(tmp_path: Path) -> None:
    for state in made(tmp_path / "home"):
        publish_library(
            state.pullquote.library.folder, FolderPlace(tmp_path / "shared" / state.name)
        )
        state.close()
    entries = ",".join(f"{name}={tmp_path / 'elsewhere' / name}" for name in ("zoo", "farm"))
    place = f"{tmp_path}/shared/"
    settings = {"home": tmp_path / "home", "libraries": entries, "follow": place}
    states = open_states(Settings.model_validate(settings))
    texts = [[each.text for each in state.pullquote.articles()] for state in states]
    assert texts == [[BURROWS], [EGGS]]
    for state in states:
        assert state.pullquote.library.follower
        state.close()


@pytest.mark.parametrize(
    ("store", "own"),
    [
        ("milvus+http://me:secret@engine:443/desk", "milvus+http://me:secret@engine:443/desk_zoo"),
        ("milvus+https://engine", "milvus+https://engine/pullquote_zoo"),
        ("milvus:///news/library.db", "milvus:///news/library_zoo.db"),
    ],
)
def test_each_library_has_its_part_of_a_store(tmp_path: Path, store: str, own: str) -> None:
    settings = Settings(home=tmp_path, libraries=(f"zoo={tmp_path}",), store=SecretStr(store))
    assert settings.of_library("zoo").store.get_secret_value() == own
    assert settings.of_library("zoo").library_folder == tmp_path


def test_a_name_that_a_store_cannot_have_is_an_error(tmp_path: Path) -> None:
    store = SecretStr("milvus+http://engine/desk")
    settings = Settings(home=tmp_path, libraries=(f"city-1={tmp_path}",), store=store)
    with pytest.raises(SettingsError, match="desk_city-1"):
        open_states(settings)


@pytest.mark.parametrize(
    "entries", ["zoo", "zoo=", "=/a", "z o=/a", "zoo/=/a", "zoo=/a,zoo=/b", "zoo=/a,farm=/a/../a"]
)
def test_names_of_libraries_that_cannot_be(entries: str) -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_LIBRARIES"):
        Settings.from_environment({"PULLQUOTE_LIBRARIES": entries})
