"""Written answers over HTTP: the same answer in every way of asking, and no key in any."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from api.app import build_app
from api.state import AppState
from rag.chat.base import ChatModel
from rag.contract import AnswerRecord
from tests.api.http.conftest import listening
from tests.api.http.test_ask import events, without_usage
from tests.chat import Halting, Scripted, loopback, refuses
from tests.rag.writing import HEIGHT, library
from tests.wires import WIRES

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
    assert AnswerRecord.model_validate(answer).as_json() == answer
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


def sent_of(client: TestClient) -> list[tuple[str, Any]]:
    return list(events(client.post("/ask", json={**ASKED, "stream": True}).text))


def test_each_sentence_comes_with_its_citations(writing: TestClient) -> None:
    sent = sent_of(writing)
    names = [name for name, _ in sent]
    assert (names[0], names[-1]) == ("search_results", "final_answer")
    whole = sent[-1][1]
    assert [data for name, data in sent if name == "citation"] == whole["citations"]
    assert len(whole["citations"]) == 2
    text = ""
    for name, data in sent[1:-1]:
        if name == "message":
            text += data["delta"]
        else:
            assert text.endswith(f"[{data['number']}]")
            assert text[data["start_index"] : data["end_index"]].endswith(".")
    assert text == whole["answer"]
    strays = "".join(data["delta"] for _, data in sent if data.get("unsupported") is True)
    assert strays.strip() == "It was sold to Mallory."


def test_a_failure_takes_back_what_was_sent(failing: TestClient) -> None:
    sent = sent_of(failing)
    names = [name for name, _ in sent]
    assert names.count("restart") == 1
    at = names.index("restart")
    assert "message" in names[:at]
    assert sent[at][1] == {"reason": "bad_key"}
    after = sent[at + 1 :]
    whole = after[-1][1]
    assert "".join(data["delta"] for name, data in after if name == "message") == whole["answer"]
    assert [data for name, data in after if name == "citation"] == whole["citations"]
    assert whole["fallback_reason"] == "bad_key"


def test_a_sentence_is_sent_while_the_next_is_written(tmp_path: Path) -> None:
    chat = Halting("The Lunden tower is 74 metres tall [1]. It was ", "built in 1931 [1].")
    app = build_app(AppState.of(library(tmp_path, chat)))
    asking = {**ASKED, "stream": True}
    with (
        listening(app) as address,
        httpx.stream("POST", f"{address}/ask", json=asking, timeout=60) as response,
    ):
        lines = response.iter_lines()
        try:
            next(line for line in lines if line == "event: citation")
            first = json.loads(next(lines).removeprefix("data: "))
            assert first["cited_text"] == HEIGHT
            assert not chat.go.is_set()
        finally:
            chat.go.set()
        *_, last = (line for line in lines if line.startswith("data: "))
    assert json.loads(last.removeprefix("data: "))["answer"] == (
        "The Lunden tower is 74 metres tall. [1] It was built in 1931. [2]"
    )


@pytest.mark.parametrize("name", WIRES)
def test_a_key_is_nowhere(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """Though the provider quotes it."""
    wire = WIRES[name]
    refused = refuses(401, lambda key: wire.error("authentication_error", f"Not yours: {key}"))
    caplog.set_level(logging.DEBUG)
    completion = {"model": "pullquote", "messages": [{"role": "user", "content": SAID}]}
    with loopback(refused) as address:
        known = {"model": wire.model, "model_url": address + wire.base, "model_api_key": KEY}
        state = AppState.of(library(tmp_path, **known))  # type: ignore[arg-type]
        with TestClient(build_app(state), base_url="http://localhost") as served:
            assert state.ready.wait(30)
            told = [served.post("/ask", json={**ASKED, "stream": on}) for on in (False, True)]
            told += [
                served.post("/v1/chat/completions", json={**completion, "stream": on})
                for on in (False, True)
            ]
            pages = [served.get(path) for path in ("/", "/version", "/readyz", "/metrics")]
    assert all("bad_key" in each.text for each in told)
    said = capfd.readouterr()
    seen = [each.text for each in told + pages]
    assert not any(KEY in text for text in [*seen, caplog.text, said.out, said.err])


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
