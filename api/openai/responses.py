"""Convert answers to OpenAI's responses, whole and as the events of a stream."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from api.logs import request_id
from api.openai.completions import (
    content_of,
    sentence_text,
    token_counts,
    url_citations,
    whole_answer,
)
from api.problem import Problem, body_of
from api.schemas.responses import FIXED_FIELDS
from api.stream import deltas
from rag.answer import Answer
from rag.events import Event, Sentence

__all__ = ["ResponseEvents", "response_record"]


def response_record(answer: Answer, model: str, base_url: str) -> dict[str, Any]:
    """Return the answer as a response; an abstention is a refusal."""
    part = _part(answer, base_url)
    return {
        **_frame("completed"),
        "output": [_message("completed", [part])],
        "usage": _usage(answer),
        "pullquote": whole_answer(answer, model),
    }


def _frame(status: str) -> dict[str, Any]:
    return {
        "id": f"resp_{request_id.get()}",
        "created_at": int(time.time()),
        "status": status,
        **FIXED_FIELDS,
        "output": [],
        "usage": None,
    }


def _message(status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": f"msg_{request_id.get()}",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": content,
    }


def _part(answer: Answer, base_url: str) -> dict[str, Any]:
    if answer.abstained:
        return {"type": "refusal", "refusal": answer.answer}
    annotations = [
        {"type": "url_citation", **citation} for citation in url_citations(answer, base_url)
    ]
    return {
        "type": "output_text",
        "text": content_of(answer),
        "annotations": annotations,
        "logprobs": [],
    }


def _usage(answer: Answer) -> dict[str, Any]:
    input_tokens, output_tokens = token_counts(answer)
    return {
        "input_tokens": input_tokens,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": input_tokens + output_tokens,
    }


class ResponseEvents:
    """The answer as events of a response (:class:`api.stream.Wording`): one message of one part.

    Nothing can be taken back here, so the sentences have to be final.
    """

    def __init__(self, model: str, base_url: str) -> None:
        self._model = model
        self._base_url = base_url
        self._number = 0
        self._kind = ""
        self._has_begun = False

    def event(self, event: Event) -> Iterator[str]:
        """Yield the start of the response; a sentence's deltas; for the answer the end of all that
        was begun."""
        if not self._has_begun:
            self._has_begun = True
            yield self._line("response.created", response=_frame("in_progress"))
            item = _message("in_progress", [])
            yield self._line("response.output_item.added", output_index=0, item=item)
        if isinstance(event, Sentence):
            yield from self._text(sentence_text(event), "output_text")
        elif isinstance(event, Answer):
            if event.abstained:
                yield from self._text(event.answer, "refusal")
            yield from self._end(event)

    def problem(self, problem: Problem) -> Iterator[str]:
        """Yield the event ``error``, which OpenAI's clients raise."""
        error = body_of(problem, "/v1/")["error"]
        yield self._line(
            "error", code=error["type"], message=error["message"], param=error["param"]
        )

    def _text(self, text: str, kind: str) -> Iterator[str]:
        if not self._kind:
            self._kind = kind
            empty: dict[str, Any] = {"type": kind, "refusal": ""}
            if kind == "output_text":
                empty = {"type": kind, "text": "", "annotations": [], "logprobs": []}
            yield self._part_line("response.content_part.added", part=empty)
        logprobs: dict[str, Any] = {"logprobs": []} if kind == "output_text" else {}
        for delta in deltas(text):
            yield self._part_line(f"response.{kind}.delta", delta=delta, **logprobs)

    def _end(self, answer: Answer) -> Iterator[str]:
        part = _part(answer, self._base_url)
        for number, annotation in enumerate(part.get("annotations", [])):
            yield self._part_line(
                "response.output_text.annotation.added",
                annotation_index=number,
                annotation=annotation,
            )
        if part["type"] == "refusal":
            yield self._part_line("response.refusal.done", refusal=part["refusal"])
        else:
            yield self._part_line("response.output_text.done", text=part["text"], logprobs=[])
        yield self._part_line("response.content_part.done", part=part)
        item = _message("completed", [part])
        yield self._line("response.output_item.done", output_index=0, item=item)
        record = response_record(answer, self._model, self._base_url)
        yield self._line("response.completed", response=record)

    def _part_line(self, kind: str, **data: Any) -> str:
        place = {"item_id": f"msg_{request_id.get()}", "output_index": 0, "content_index": 0}
        return self._line(kind, **place, **data)

    def _line(self, kind: str, **data: Any) -> str:
        record = {"type": kind, "sequence_number": self._number, **data}
        self._number += 1
        return f"event: {kind}\ndata: {json.dumps(record, ensure_ascii=False)}\n\n"
