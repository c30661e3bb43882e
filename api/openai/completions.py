"""Convert OpenAI's conversations to questions, and answers to completions and chunks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from api.links import article_link
from api.logs import request_id
from api.problem import Problem, body_of, invalid
from api.schemas.openai import MODEL, ChatIn
from api.stream import deltas
from api.support_notes import NOTE, add_notes, place_with_notes
from index.encode.tokens import count_tokens
from index.validation import reason_of
from rag.answer import Answer
from rag.contract import CitationRecord
from rag.events import Event, Sentence
from rag.question import MAX_TURNS, Question, Turn

__all__ = [
    "Chunks",
    "completion",
    "content_of",
    "question_of",
    "sentence_text",
    "token_counts",
    "url_citations",
    "whole_answer",
]


def question_of(chat: ChatIn, field: str = "messages") -> Question:
    """Make a question of the last message, with the latest ``MAX_TURNS`` of those before it as its
    history: clients send whole conversations, however long.

    Raises ``Problem``, which names ``field`` as what is wrong, when the last message is not the
    user's, or is no question, or a turn is too long.
    """
    last = chat.messages[-1]
    if last.role != "user":
        raise invalid(f"the last message is the question; it is the {last.role}'s", f"body.{field}")
    try:
        history = tuple(
            Turn(role=message.role, content=message.text)
            for message in chat.messages[:-1]
            if message.role in ("user", "assistant") and message.text
        )[-MAX_TURNS:]
        return Question(question=last.text, top_k=chat.top_k, filters=chat.filters, history=history)
    except ValidationError as exc:
        reason = reason_of(exc.errors(include_url=False)[0])
        raise invalid(reason, f"body.{field}") from exc


def content_of(answer: Answer) -> str:
    """Return the answer's text, in which what nothing backs says so."""
    return add_notes(answer.answer, _ends(answer))


def sentence_text(sentence: Sentence) -> str:
    """Return what a sentence adds to the content."""
    return sentence.text + ("" if sentence.citations or sentence.own else NOTE)


def url_citations(answer: Answer, base_url: str) -> list[dict[str, Any]]:
    """Return the citations with their places in the content. An article without a URL is cited by
    its page under ``base_url``, where the stretch is marked."""
    ends = _ends(answer)
    return [
        {
            "start_index": place_with_notes(citation.start_index, ends),
            "end_index": place_with_notes(citation.end_index, ends),
            "url": _article_url(citation, base_url),
            "title": citation.document_title,
        }
        for citation in answer.citations
    ]


def _ends(answer: Answer) -> list[int]:
    return [stretch.end_index for stretch in answer.unsupported]


def _annotations(answer: Answer, base_url: str) -> list[dict[str, Any]]:
    return [
        {"type": "url_citation", "url_citation": citation}
        for citation in url_citations(answer, base_url)
    ]


def _article_url(citation: CitationRecord, base_url: str) -> str:
    """Return the article's URL, or the address of its page here where it has none."""
    start, end = citation.start_char_index, citation.end_char_index
    return citation.url or article_link(base_url, citation.document_id, start, end)


def token_counts(answer: Answer) -> tuple[int, int]:
    """Count tokens read and written: those of the chat model, 0 where its provider reports none;
    where it was not used, of the question with the passages found, and of the answer."""
    if chat := answer.usage.chat:
        return chat.input_tokens or 0, chat.output_tokens or 0
    passages = (result.text for result in answer.search_results)
    return count_tokens(answer.question, *passages), count_tokens(answer.answer)


def whole_answer(answer: Answer, model: str) -> dict[str, Any]:
    """Return the answer in the form of ``/ask``, with a note where another model was asked for."""
    notes = [f"there is no model {model} here: {MODEL} answered"] if model != MODEL else []
    return {**answer.as_json(), "notes": notes}


def _usage(answer: Answer) -> dict[str, int]:
    input_tokens, output_tokens = token_counts(answer)
    return {
        "prompt_tokens": input_tokens,
        "completion_tokens": output_tokens,
        "total_tokens": input_tokens + output_tokens,
    }


def _frame(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{request_id.get()}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
    }


def completion(answer: Answer, chat: ChatIn, base_url: str) -> dict[str, Any]:
    """Return the answer as a chat completion."""
    message = {
        "role": "assistant",
        "content": content_of(answer),
        "refusal": answer.answer if answer.abstained else None,
        "annotations": _annotations(answer, base_url),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        **_frame("chat.completion"),
        "choices": [choice],
        "usage": _usage(answer),
        "pullquote": whole_answer(answer, chat.model),
    }


class Chunks:
    """The answer as chunks (:class:`api.stream.Wording`): events without a name, and ``[DONE]``.

    The citations come with the last, as OpenAI sends them. Nothing can be taken back here, so the
    sentences have to be final.
    """

    def __init__(self, chat: ChatIn, base_url: str) -> None:
        self._base_url = base_url
        self._counts = chat.stream_options is not None and chat.stream_options.include_usage
        self._model = chat.model
        self._frame = _frame("chat.completion.chunk")
        self._role_sent = False

    def event(self, event: Event) -> Iterator[str]:
        """Yield the chunks of a sentence; for the answer the chunks of its citations and usage, and
        the end of the stream."""
        if isinstance(event, Sentence):
            yield from self._text(sentence_text(event))
        elif isinstance(event, Answer):
            if event.abstained:
                yield from self._text(event.answer)
                yield self._chunk({"refusal": event.answer})
            yield from self._end(event)

    def _end(self, answer: Answer) -> Iterator[str]:
        more = {"pullquote": whole_answer(answer, self._model)}
        yield self._chunk({"annotations": _annotations(answer, self._base_url)}, "stop", more)
        if self._counts:
            yield _line({**self._frame, "choices": [], "usage": _usage(answer)})
        yield "data: [DONE]\n\n"

    def problem(self, problem: Problem) -> Iterator[str]:
        """Yield OpenAI's ``error`` object, which its clients raise."""
        yield _line({"error": body_of(problem, "/v1/")["error"]})

    def _text(self, text: str) -> Iterator[str]:
        if not self._role_sent:
            self._role_sent = True
            yield self._chunk({"role": "assistant", "content": ""})
        for delta in deltas(text):
            yield self._chunk({"content": delta})

    def _chunk(
        self, delta: dict[str, Any], reason: str | None = None, more: dict[str, Any] | None = None
    ) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        # With include_usage, every chunk but the last has a usage of null.
        usage = {"usage": None} if self._counts else {}
        return _line({**self._frame, "choices": [choice], **usage, **(more or {})})


def _line(data: Any) -> str:
    # JSON escapes line ends, so the data is always one line.
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
