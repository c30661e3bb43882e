from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag.contract import AnswerRecord
from rag.question import MAX_TURN_CHARS, MAX_TURNS
from tests.api.http.test_ask import events, without_usage

HISTORY = [
    {"role": "user", "content": "What leaves do Koalas eat?"},
    {"role": "assistant", "content": "Koalas eat leaves of the eucalyptus. [1]"},
]
FOLLOW_UP: dict[str, Any] = {"question": "How long do they sleep?", "history": HISTORY}


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One for all tests here: they only read."""
    return shared_client


def chat(client: TestClient, messages: list[Any], **more: Any) -> Any:
    return client.post(
        "/v1/chat/completions", json={"model": "pullquote", "messages": messages, **more}
    )


def asking() -> list[Any]:
    return [*HISTORY, {"role": "user", "content": FOLLOW_UP["question"]}]


def test_history_reaches_the_answer(client: TestClient) -> None:
    answer = client.post("/ask", json=FOLLOW_UP).json()
    assert "Koalas" in answer["standalone_question"]
    assert answer["search_results"][0]["document_id"] == "koalas"
    assert AnswerRecord.model_validate(answer).as_json() == answer


def test_the_stream_and_openai_say_the_same(client: TestClient) -> None:
    whole = without_usage(client.post("/ask", json=FOLLOW_UP).json())
    streamed = dict(events(client.post("/ask", json={**FOLLOW_UP, "stream": True}).text))
    assert without_usage(streamed["final_answer"]) == whole
    record = without_usage(chat(client, asking()).json()["pullquote"])
    assert record.pop("notes") == []
    assert record == whole
    assert '"standalone_question"' in chat(client, asking(), stream=True).text


def test_a_conversation_has_bounds(client: TestClient) -> None:
    long = [*HISTORY * MAX_TURNS]
    refused = client.post("/ask", json={**FOLLOW_UP, "history": long})
    assert refused.status_code == 422
    assert "history" in refused.text
    assert str(MAX_TURNS) in refused.text


def test_chat_clients_may_send_long_conversations(client: TestClient) -> None:
    done = chat(client, [*HISTORY * MAX_TURNS, *asking()])
    assert done.status_code == 200
    assert "Koalas" in done.json()["pullquote"]["standalone_question"]


@pytest.mark.parametrize("content", [None, ""])
def test_empty_messages_are_passed_over(client: TestClient, content: str | None) -> None:
    empty = {"role": "assistant", "content": content}
    assert chat(client, [*HISTORY, empty, *asking()]).status_code == 200


def test_an_overlong_turn_is_refused(client: TestClient) -> None:
    turn = {"role": "user", "content": "x" * (MAX_TURN_CHARS + 1)}
    refused = chat(client, [turn, *asking()])
    assert refused.status_code == 400
    assert str(MAX_TURN_CHARS) in refused.text
