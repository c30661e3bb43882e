"""A server that follows a library which is written elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import build_app
from api.problem import MEDIA_TYPE
from api.state import AppState
from index.publication.place import FolderPlace
from rag import Pullquote, Settings
from tests.api.http.conftest import opened
from tests.fakes import FakeModels, article
from tests.homes import with_models
from tests.stores import publish_library


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Pullquote]:
    with opened(tmp_path / "source") as pullquote:
        publish_library(pullquote.library.folder, FolderPlace(tmp_path / "place"))
        yield pullquote


@pytest.fixture
def follower(source: Pullquote, tmp_path: Path) -> Iterator[TestClient]:
    known = Settings(
        home=with_models(tmp_path / "home"), follow=str(tmp_path / "place"), follow_interval=3600
    )
    state = AppState.of(Pullquote.open(settings=known, models=FakeModels()))
    with TestClient(build_app(state), base_url="http://localhost") as client:
        assert state.ready.wait(600)
        yield client


def _check(client: TestClient) -> bool:
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    store = state.pullquote.library.follower
    assert store is not None
    return store.check()


def test_it_serves_what_is_published_and_goes_on(
    follower: TestClient, source: Pullquote, tmp_path: Path
) -> None:
    assert follower.get("/articles").json()["total"] == 3
    source.add_articles([article("moles", "Moles dig tunnels. They eat worms.")])
    publish_library(source.library.folder, FolderPlace(tmp_path / "place"))
    assert _check(follower)
    assert follower.get("/articles/moles").status_code == 200
    assert follower.get("/readyz").json()["status"] == "ready"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/articles"), ("DELETE", "/articles/emus"), ("POST", "/samples")],
)
def test_writing_is_refused_with_where_to_write(
    follower: TestClient, method: str, path: str
) -> None:
    body = {"id": "x", "text": "A text."} if path == "/articles" else None
    response = follower.request(method, path, json=body)
    assert (response.status_code, response.headers["content-type"]) == (403, MEDIA_TYPE)
    assert "pullquote publish" in response.json()["detail"]


def test_readiness_says_what_cannot_be_followed(follower: TestClient, tmp_path: Path) -> None:
    (tmp_path / "place" / "current.json").write_bytes(b"torn")
    assert not _check(follower)
    ready = follower.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert "not following" in ready.json()["problems"][0]
    assert follower.get("/articles").json()["total"] == 3
