from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.state import AppState
from tests.api.http.conftest import Serve
from tests.index.fetch.site import Asked, Site, serving
from tests.index.fetch.stories import feed, story

NEWS = "http://news.example"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def online(serve: Serve, site: Site, **settings: Any) -> TestClient:
    client = serve(**settings)
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    state.pullquote.make_client = site.client
    return client


def test_a_feed_is_added_as_a_job(serve: Serve, site: Site) -> None:
    client = online(serve, site)
    site.page("news.example/feed", feed(f"{NEWS}/w", f"{NEWS}/none"))
    site.page("news.example/w", story("wombats"))
    sent = client.post("/articles", json={"url": f"{NEWS}/feed"}, params={"wait": 60})
    assert sent.status_code == 201
    job = sent.json()
    assert (job["state"], len(job["report"]["added"])) == ("done", 1)
    assert job["report"]["failed"][0]["source"] == f"{NEWS}/none"
    assert client.get(f"/articles/{job['report']['added'][0]}").json()["url"] == f"{NEWS}/w"


def test_a_link_is_not_waited_for(serve: Serve, site: Site) -> None:
    client = online(serve, site)
    site.routes["news.example/robots.txt"] = lambda asked: asked.trickle(b"", 0.01)
    sent = client.post("/articles", json={"url": f"{NEWS}/w"})
    assert sent.status_code == 202
    # Writing goes on beside it.
    assert client.delete("/articles/emus").status_code == 204
    assert client.get(sent.headers["location"]).json()["state"] in ("queued", "running")
    site.closing.set()


def test_what_others_write_meanwhile_ends_no_list(serve: Serve, site: Site) -> None:
    client = online(serve, site)
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    site.page("news.example/w", story("wombats"))
    pool, held = state.jobs.pool, threading.Event()
    pool.submit(lambda: held.wait(60))
    while not pool.full:
        pool.submit(lambda: None)
    full = pool.load
    sent = client.post("/articles", json={"url": f"{NEWS}/w"})
    job = sent.headers["location"]
    while pool.load == full and client.get(job).json()["state"] in ("queued", "running"):
        pass
    held.set()
    while (state_now := client.get(job).json()["state"]) in ("queued", "running"):
        pass
    assert state_now == "done"


def test_only_so_many_of_a_list(serve: Serve, site: Site) -> None:
    client = online(serve, site)
    site.page("news.example/feed", feed(f"{NEWS}/w", f"{NEWS}/k"))
    for name in "wk":
        site.page(f"news.example/{name}", story(f"wombats {name}"))
    body = {"url": f"{NEWS}/feed", "limit": 1}
    job = client.post("/articles", json=body, params={"wait": 60}).json()
    assert job["progress"]["done"] == 1


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_nothing_near_the_server_is_reached(serve: Serve, site: Site, address: str) -> None:
    client = online(serve, site)
    site.names["near.example"] = [[address]]
    sent = client.post("/articles", json={"url": "http://near.example/"}, params={"wait": 60})
    assert sent.status_code == 422
    assert address in sent.json()["detail"]
    assert site.dialled == []


def test_nor_through_a_redirect(serve: Serve, site: Site) -> None:
    client = online(serve, site)
    site.names["near.example"] = [["127.0.0.1"]]

    def away(asked: Asked) -> None:
        asked.send(status=302, location="http://near.example/metrics")

    site.routes["news.example/w"] = away
    sent = client.post("/articles", json={"url": f"{NEWS}/w"}, params={"wait": 60})
    assert "not a public address" in sent.json()["detail"]
    assert not any(link.startswith("near.example") for link in site.asked)


@pytest.mark.parametrize(
    "body",
    [{"url": "ftp://x.example/"}, {"url": ""}, {"url": f"{NEWS}/", "limit": 0}, {"url": 1}],
)
def test_what_is_no_link(client: TestClient, body: dict[str, Any]) -> None:
    sent = client.post("/articles", json=body)
    assert sent.status_code == 422
    assert sent.json()["errors"]
    assert "form ^" not in sent.json()["detail"]
