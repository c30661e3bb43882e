from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import build_app
from api.state import AppState
from api.stream import deltas
from rag import Pullquote, Settings
from rag.contract import AnswerRecord
from tests.rag.writing import library

ASKED = {"question": "How long are the burrows that wombats dig?"}
UNKNOWN = {"question": "Which goalkeeper saved most penalties in 1994?"}


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One for all tests here: they only read."""
    return shared_client


def events(body: str) -> Iterator[tuple[str, Any]]:
    for block in body.strip().split("\n\n"):
        event, data = block.split("\n")
        yield event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def without_usage(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "usage"}


def test_an_answer_is_cited(client: TestClient) -> None:
    answer = client.post("/ask", json=ASKED).json()
    (cited,) = answer["citations"]
    text = client.get(f"/articles/{cited['document_id']}").json()["text"]
    assert text[cited["start_char_index"] : cited["end_char_index"]] == cited["cited_text"]
    assert answer["answer"][cited["start_index"] : cited["end_index"]] == cited["cited_text"]


def test_the_answer_is_the_one_python_gives(client: TestClient) -> None:
    state: AppState = client.app.state.pullquote  # type: ignore[attr-defined]
    expected = state.pullquote.ask(ASKED["question"]).as_json()
    assert without_usage(client.post("/ask", json=ASKED).json()) == without_usage(expected)


@pytest.mark.parametrize("asked", [ASKED, UNKNOWN])
def test_the_schema_describes_the_answer_in_full(client: TestClient, asked: Any) -> None:
    answer = client.post("/ask", json=asked).json()
    assert AnswerRecord.model_validate(answer).as_json() == answer


def test_silence_shows_the_nearest_passages(client: TestClient) -> None:
    answer = client.post("/ask", json=UNKNOWN).json()
    assert answer["abstained"]
    assert answer["abstain_reason"] == "not_in_articles"
    assert answer["search_results"]


@pytest.mark.parametrize("asked", [ASKED, UNKNOWN])
def test_the_stream_ends_with_the_same_answer(client: TestClient, asked: Any) -> None:
    whole = client.post("/ask", json=asked).json()
    response = client.post("/ask", json={**asked, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    sent = list(events(response.text))
    by_name = {name: [data for each, data in sent if each == name] for name, _ in sent}
    assert by_name["search_results"] == [{"search_results": whole["search_results"]}]
    assert "".join(each["delta"] for each in by_name["message"]) == whole["answer"]
    assert by_name.get("citation", []) == whole["citations"]
    assert [without_usage(each) for each in by_name["final_answer"]] == [without_usage(whole)]
    assert (sent[0][0], sent[-1][0]) == ("search_results", "final_answer")


def test_a_citation_comes_after_its_mark(client: TestClient) -> None:
    text = ""
    for name, data in events(client.post("/ask", json={**ASKED, "stream": True}).text):
        text += data["delta"] if name == "message" else ""
        assert name != "citation" or f"[{data['number']}]" in text


def test_a_mark_of_the_article_is_not_taken_for_the_citations(tmp_path: Path) -> None:
    """The article's own sentence holds "[1]": the citation still follows its own mark."""
    noted = "The Lunden tower [1] is 74 metres tall."
    app = build_app(AppState.of(library(tmp_path, text=f"{noted} It was built in 1931.")))
    with TestClient(app, base_url="http://localhost") as client:
        asked = {"question": "How tall is the Lunden tower?", "stream": True}
        sent = list(events(client.post("/ask", json=asked).text))
    at = [name for name, _ in sent].index("citation")
    text = "".join(data["delta"] for name, data in sent[:at] if name == "message")
    assert text == f"{noted} [1]"
    cited = sent[at][1]
    assert (cited["marker_start"], cited["marker_end"]) == (len(noted) + 1, len(noted) + 4)


def test_accept_asks_for_a_stream_too(client: TestClient) -> None:
    response = client.post("/ask", json=ASKED, headers={"Accept": "text/event-stream"})
    assert response.text.startswith("event: search_results\n")


@pytest.mark.parametrize("text", ["", " ", "one", " two  words\n", "a\u2028b 😀 c"])
def test_deltas_lose_nothing(text: str) -> None:
    assert "".join(deltas(text)) == text


def test_filters_and_search(client: TestClient) -> None:
    asked = {"question": "Who sleeps?", "filters": {"publisher": ["the koalas post"]}}
    found = client.post("/search", json=asked).json()["search_results"]
    assert [each["document_id"] for each in found] == ["koalas"]
    nothing = {**asked, "filters": {"language": ["xx"]}}
    assert client.post("/ask", json=nothing).json()["abstain_reason"] == "nothing_matches_filters"


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 422, "question"),
        ({"question": " ?! "}, 422, "empty"),
        ({"question": "x" * 2001}, 422, "2000"),
        ({"question": "Who?", "top_k": 0}, 422, "top_k"),
        ({"question": "Who?", "nonsense": 1}, 422, "nonsense"),
        ({"question": "Who?", "mode": "generative"}, 422, "chat model"),
        ({"question": "\ud800 who?"}, 422, "question"),
        (
            {
                "question": "Who?",
                "filters": {"published_from": "2025-02-01", "published_to": "2025-01-01"},
            },
            422,
            "after",
        ),
    ],
)
def test_what_makes_no_sense(client: TestClient, body: Any, status: int, says: str) -> None:
    response = client.post(
        "/ask", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]


@pytest.mark.parametrize("body", ["{", "[" * 60, "\xff"])
def test_what_is_no_json(client: TestClient, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("/ask", "/articles"):
        response = client.post(path, content=body.encode("latin-1"), headers=headers)
        assert response.status_code == 400
        assert response.json()["request_id"] == response.headers["x-request-id"]


def test_the_real_model(home: Path) -> None:
    app = build_app(AppState.of(Pullquote.open(settings=Settings(home=home))))
    with TestClient(app, base_url="http://localhost") as client:
        asked = {"question": "How much will Alibaba invest in AI infrastructure?"}
        answer = client.post("/ask", json=asked).json()
    assert "380 billion" in answer["answer"]
    AnswerRecord.model_validate(answer)
