"""Written answers over HTTP: the same answer in every way of asking, and no key in any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import build_app
from api.schemas.ask import AnswerOut
from api.state import AppState
from rag.chat.base import ChatModel
from tests.api.http.test_ask import events, without_usage
from tests.chat import Scripted
from tests.rag.writing import HEIGHT, library

KEY = "sk-tell-nobody-0123456789"
ASKED = {"question": "How tall is the Lunden tower?"}
SAID = "The Lunden tower is 74 metres tall [1]. It was sold to Mallory [1]. Harald Lind built it."


def client(home: Path, chat: ChatModel) -> Iterator[TestClient]:
    state = AppState.of(library(home, chat, model_api_key=KEY, unsupported="flag"))
    with TestClient(build_app(state), base_url="http://localhost") as made:
        assert state.ready.wait(30)
        yield made


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[TestClient]:
    yield from client(tmp_path, Scripted(SAID))


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[TestClient]:
    yield from client(tmp_path, Scripted(SAID, fails="bad_key"))


def test_a_written_answer_is_what_the_schema_says(writing: TestClient) -> None:
    answer = writing.post("/ask", json=ASKED).json()
    assert AnswerOut.model_validate(answer).model_dump(mode="json") == answer
    assert answer["mode"] == "generative"
    (stretch,) = answer["unsupported"]
    told = answer["answer"][stretch["start_index"] : stretch["end_index"]]
    assert told == "It was sold to Mallory."


def test_streamed_equals_not_streamed(writing: TestClient) -> None:
    whole = writing.post("/ask", json=ASKED).json()
    sent = list(events(writing.post("/ask", json={**ASKED, "stream": True}).text))
    assert without_usage(dict(sent)["final_answer"]) == without_usage(whole)
    text = "".join(data["delta"] for name, data in sent if name == "message")
    assert text == whole["answer"]


def test_the_mode_may_be_chosen(writing: TestClient) -> None:
    quoted = writing.post("/ask", json={**ASKED, "mode": "extractive"}).json()
    assert (quoted["answer"], quoted["fallback_reason"]) == (f"{HEIGHT} [1]", None)
    assert writing.post("/ask", json={**ASKED, "mode": "generative"}).json()["mode"] == "generative"


def test_a_failure_is_an_answer_with_its_reason(
    failing: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = failing.post("/ask", json={**ASKED, "mode": "generative"})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["mode"], told["fallback_reason"]) == ("extractive", "bad_key")
    pages = [failing.get(path).text for path in ("/", "/version", "/readyz", "/metrics")]
    said = capsys.readouterr()
    assert not any(KEY in text for text in [json.dumps(told), *pages, said.out, said.err])
