"""Questions in an address and several at once; entity tags, keys of requests, signs of life."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.guard.keys import KeyRing
from api.stream import AskEvents, event_response
from rag.events import Event, SearchResults
from tests.api.http.conftest import Serve
from tests.api.http.test_ask import without_usage

QUESTION = "How long are the burrows that wombats dig?"
NEW = {"id": "bees", "title": "Bees", "text": "Bees dance in the hive to tell where flowers are."}


def test_a_question_in_an_address(client: TestClient) -> None:
    by_link = client.get(
        "/ask", params={"q": QUESTION, "top_k": 2, "publisher": "The Wombats Post"}
    )
    body = {"question": QUESTION, "top_k": 2, "filters": {"publisher": ["The Wombats Post"]}}
    assert without_usage(by_link.json()) == without_usage(client.post("/ask", json=body).json())


@pytest.fixture
def dated(client: TestClient) -> TestClient:
    """A client of a library in which two articles with days tell of tolls."""
    for year in ("2025", "2024"):
        text = f"The tolls of Narrow Bridge rose in {year} by a tenth."
        sent = {"title": "Tolls", "text": text, "published_at": f"{year}-03-01"}
        assert client.put(f"/articles/tolls-{year}", json=sent).status_code == 201
    return client


def test_a_timeline_is_told_in_an_address_and_in_a_batch(dated: TestClient) -> None:
    topic = "Narrow Bridge tolls"
    wanted = dated.post("/ask", json={"question": topic, "timeline": True}).json()
    assert [each["day"] for each in wanted["timeline"]] == ["2024-03-01", "2025-03-01"]
    by_link = dated.get("/ask", params={"q": topic, "timeline": "true"}).json()
    batch = dated.post("/ask/batch", json={"questions": [topic], "timeline": True}).json()
    for told in (by_link, batch["answers"][0]["answer"]):
        assert without_usage(told) == without_usage(wanted)


def test_an_event_source_is_answered_with_events(client: TestClient) -> None:
    headers = {"Accept": "text/event-stream"}
    streamed = client.get("/ask", params={"q": QUESTION}, headers=headers)
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert "event: final_answer\nid: end\n" in streamed.text
    assert streamed.text.count("\nid: ") == 1
    # It connects again when the stream has ended, with the id of the last event.
    again = client.get("/ask", params={"q": QUESTION}, headers={**headers, "Last-Event-ID": "end"})
    assert (again.status_code, again.content) == (204, b"")


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({}, "query.q: it is missing"),
        ({"q": "?!"}, "query.q: it is empty"),
        ({"q": "Who?", "top_k": "0"}, "query.top_k: 1 or more is needed"),
        ({"q": "Who?", "mode": "generative"}, "needs a chat model"),
    ],
)
def test_an_address_that_asks_nothing(
    client: TestClient, params: dict[str, str], says: str
) -> None:
    refused = client.get("/ask", params=params)
    assert refused.status_code == 422
    assert says in refused.json()["detail"]


def test_several_questions_are_answered_in_their_order(client: TestClient) -> None:
    sent = {"questions": [QUESTION, "?!", "What do koalas eat?"], "top_k": 1}
    first, second, third = client.post("/ask/batch", json=sent).json()["answers"]
    alone = client.post("/ask", json={"question": QUESTION, "top_k": 1}).json()
    assert without_usage(first["answer"]) == without_usage(alone)
    assert (second["answer"], second["error"]["status"]) == (None, 422)
    assert "eucalyptus" in third["answer"]["answer"]


def test_half_a_character_ends_no_batch(client: TestClient) -> None:
    body = b'{"questions": ["\\ud800 who?", "What do koalas eat?"]}'
    headers = {"Content-Type": "application/json"}
    first, second = client.post("/ask/batch", content=body, headers=headers).json()["answers"]
    assert (first["question"], first["error"]["status"]) == ("? who?", 422)
    assert "eucalyptus" in second["answer"]["answer"]


@pytest.mark.parametrize("questions", [[], ["Who?"] * 51])
def test_a_batch_has_bounds(client: TestClient, questions: list[str]) -> None:
    assert client.post("/ask/batch", json={"questions": questions}).status_code == 422


def test_an_article_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/articles/wombats")
    tag = first.headers["etag"]
    again = client.get("/articles/wombats", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    # What happens to other articles changes nothing.
    client.put("/articles/bees", json=NEW)
    assert (
        client.get("/articles/wombats", headers={"If-None-Match": f'"x", {tag}'}).status_code == 304
    )
    client.put("/articles/wombats", json={"text": "Wombats dig no more.", "title": "Wombats"})
    changed = client.get("/articles/wombats", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)


def test_a_request_that_is_sent_again_is_not_done_again(client: TestClient) -> None:
    headers = {"Idempotency-Key": "one"}
    first = client.post("/articles", json=NEW, headers=headers)
    again = client.post("/articles", json=NEW, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    other = client.post("/articles", json={**NEW, "title": "Wasps"}, headers=headers)
    assert other.status_code == 422
    assert "idempotency-key" in other.json()["detail"]
    assert client.post("/articles", json=NEW).json()["id"] != first.json()["id"]


def test_two_clients_may_name_their_requests_alike(serve: Serve, tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "home" / "keys.json")
    client = serve()
    for client_name, title in (("ours", "Bees"), ("theirs", "Wasps")):
        _, secret = ring.add(client_name, ("read", "write"))
        headers = {"Idempotency-Key": "1", "Authorization": f"Bearer {secret}"}
        sent = {**NEW, "id": client_name, "title": title}
        assert client.post("/articles", json=sent, headers=headers).status_code == 201


def test_files_that_are_sent_again_are_not_added_again(client: TestClient) -> None:
    headers = {"Idempotency-Key": "two"}
    sent: list[Any] = [("files", ("a.txt", b"Ants carry leaves into the nest."))]
    first, again = (client.post("/articles", files=sent, headers=headers) for _ in range(2))
    assert again.json()["id"] == first.json()["id"]
    # As long as the other, but not the same.
    other = [("files", ("a.txt", b"Ants carry leaves out of a nest."))]
    refused = client.post("/articles", files=other, headers=headers)
    assert refused.status_code == 422
    assert "idempotency-key" in refused.json()["detail"]


def test_a_source_does_not_tell_the_folders_of_the_server(serve: Serve, tmp_path: Any) -> None:
    client = serve()
    file = tmp_path / "secret-folder" / "notes.txt"
    file.parent.mkdir()
    file.write_text("Owls hear mice under the snow.")
    state = client.app.state.pullquote  # type: ignore[attr-defined]
    (id,) = state.pullquote.add([file]).added
    assert client.get(f"/articles/{id}").json()["source"] == "notes.txt"
    assert "secret-folder" not in client.get("/articles").text


def test_a_stream_says_that_it_lives_while_nothing_comes() -> None:
    begun = asyncio.Event()

    async def slow() -> AsyncGenerator[Event, None]:
        yield SearchResults(())
        await begun.wait()

    async def read() -> list[str]:
        response = await event_response(slow(), AskEvents(), keep_alive=0.001)
        texts: list[str] = []
        async for text in response.body_iterator:
            texts.append(str(text))
            if len(texts) == 3:
                begun.set()
        return texts

    first, *rest = asyncio.run(read())
    assert first.startswith("event: search_results")
    assert len(rest) >= 2
    assert set(rest) == {": still at it\n\n"}
