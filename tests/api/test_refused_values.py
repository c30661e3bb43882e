"""What is made of values that clients, agents and other processes send, one by one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, cast

import pytest
from langchain_core.documents import Document
from mcp.shared.exceptions import MCPError
from mcp_types import GetPromptRequestParams
from pydantic import ValidationError

from api.langchain.documents import article_of
from api.langchain.tool import _explain, _footnote
from api.mcp.articles import list_resources, prompt_of
from api.mcp.text import answer_text, results_text
from api.problem import Problem
from api.resident.protocol import Lines
from api.schemas.openai import ChatIn
from api.schemas.responses import ResponseIn
from api.writing.jobs import _error
from index.errors import LoadError
from rag.evidence import Evidence
from rag.question import MAX_QUESTION_CHARS
from tests.api.test_output import MINES, NUMBER, SENTENCE, quoted, silence
from tests.api.test_printed import written_answer


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"input": "Why?", "background": True}, "background is not supported"),
        ({"input": "Why?", "conversation": "c"}, "send the turns before"),
        ({"input": [{"role": "user", "content": [{"type": "input_image"}]}]}, "text alone"),
        ("Why?", "valid dictionary"),
        ({"input": ["Why?"]}, "valid dictionary"),
        ({"input": [{"role": "user", "content": ["Why?"]}]}, "valid dictionary"),
    ],
)
def test_a_response_that_cannot_be_asked_for(sent: Any, reason: str) -> None:
    with pytest.raises((Problem, ValidationError)) as refused:
        ResponseIn.model_validate(sent)
    assert reason in str(getattr(refused.value, "detail", refused.value))


def test_what_a_model_refused_is_no_text() -> None:
    parts = [{"type": "refusal", "refusal": "no"}, {"type": "input_text", "text": "Why?"}]
    sent = {"input": [{"role": "assistant", "content": parts}]}
    (message,) = ResponseIn.model_validate(sent).as_chat().messages
    assert [part.text for part in cast(Any, message.content)] == ["", "Why?"]


def test_a_message_is_an_object() -> None:
    with pytest.raises(ValidationError, match="valid dictionary"):
        ChatIn.model_validate({"model": "pullquote", "messages": ["Why?"]})


@pytest.mark.parametrize(
    ("name", "question", "reason"),
    [
        ("summarise", "Why?", "no prompt"),
        ("ask_the_articles", " ", "missing"),
        ("ask_the_articles", "a" * (MAX_QUESTION_CHARS + 1), "at most"),
    ],
)
def test_a_prompt_that_there_is_not(name: str, question: str, reason: str) -> None:
    with pytest.raises(MCPError, match=reason):
        prompt_of(GetPromptRequestParams(name=name, arguments={"question": question}))


@pytest.mark.parametrize("cursor", ["", "-1", "²", "9" * 12, "a"])
def test_a_page_of_resources_that_there_is_not(cursor: str) -> None:
    with pytest.raises(MCPError, match="no page begins"):
        asyncio.run(list_resources(cast(Any, None), cursor))


def test_text_for_a_model_has_the_hint_and_says_when_nothing_is_near() -> None:
    answer = silence().model_copy(update={"hint": "Ask of Acme."}).as_json()
    assert answer_text(answer).startswith("The articles do not say.\n\nAsk of Acme.")
    assert results_text({"search_results": []}) == "Nothing was found."


def test_a_tool_explains_any_error_and_quotes_beside_other_words() -> None:
    assert _explain(ValueError("no")) == "no"
    written, own = written_answer(), quoted(Evidence(MINES, SENTENCE, NUMBER, 0.9))
    assert _footnote(written, written.citations[0]).endswith(": “Acme bought 12 mines in May.”")
    assert _footnote(own, own.citations[0]).endswith("(mines, characters 11 to 39)")


def test_a_day_of_two_readings_is_asked_for() -> None:
    document = Document(page_content="It rained.", metadata={"date": "05/06/2025"})
    _, error = article_of(document, "a")
    assert isinstance(error, LoadError)
    assert "05/06/2025" in error.reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LoadError("a.pdf", "damaged"), "damaged"),
        (Problem(HTTPStatus.CONFLICT, "it is there"), "it is there"),
        (KeyError("a"), "the server's log has it"),
    ],
)
def test_why_a_job_failed(error: Exception, words: str) -> None:
    assert words in _error(error)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b'{"a": 1', ConnectionError),
        (b"[]\n", ValueError),
        (b"no\n", ValueError),
        (b"x" * 2_000, ValueError),
    ],
)
def test_what_a_resident_process_is_sent(
    ends: tuple[socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
    sent: bytes,
    error: type[Exception],
) -> None:
    near, far = ends
    monkeypatch.setattr("api.resident.protocol.MAX_BYTES", 1_000)
    far.sendall(sent)
    far.close()
    with pytest.raises(error):
        Lines(near).next()
