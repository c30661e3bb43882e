"""Between OpenAI's chat completions and ours: conversations in, completions and chunks out."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from api.problem import Problem
from api.schemas.openai import ChatIn
from api.stream import deltas
from rag.answer import Answer, Citation
from rag.question import MAX_TURNS, Question, Turn

__all__ = ["chunks", "completion", "question_of", "stream", "url_citations"]

_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def question_of(sent: ChatIn) -> Question:
    """The last message as a question, the latest of those before it as earlier turns: clients
    send whole conversations, however long. ``Problem`` (400) when the last one is not the user's,
    or is no question, or a turn is too long."""
    last = sent.messages[-1]
    if last.role != "user":
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"the last message is the question; it is the {last.role}'s"
        )
    try:
        history = tuple(
            Turn(role=each.role, content=each.text)
            for each in sent.messages[:-1]
            if each.role in ("user", "assistant") and each.text
        )[-MAX_TURNS:]
        return Question(question=last.text, top_k=sent.top_k, filters=sent.filters, history=history)
    except ValidationError as exc:
        reason = exc.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise Problem(HTTPStatus.BAD_REQUEST, f"messages: {reason}") from exc


def url_citations(answer: Answer, base_url: str) -> list[dict[str, Any]]:
    """The citations as OpenAI has them. An article without a URL is cited by its place here."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": citation.answer_span.start,
                "end_index": citation.answer_span.end,
                "url": _url(citation, base_url),
                "title": citation.article.title,
            },
        }
        for citation in answer.citations
    ]


def _url(citation: Citation, base_url: str) -> str:
    return citation.article.url or f"{base_url}articles/{quote(citation.article.id, safe='')}"


def completion(answer: Answer, sent: ChatIn, name: str, base_url: str) -> dict[str, Any]:
    """The answer as a chat completion."""
    message = {
        "role": "assistant",
        "content": answer.text,
        "refusal": None,
        "annotations": url_citations(answer, base_url),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        "id": f"chatcmpl-{name}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": sent.model,
        "choices": [choice],
        "usage": _USAGE,
        "pullquote": answer.as_json(),
    }


def chunks(answer: Answer, sent: ChatIn, name: str, base_url: str) -> Iterator[dict[str, Any]]:
    """The answer as the chunks of a stream; the citations come with the last."""
    frame = {
        "id": f"chatcmpl-{name}",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": sent.model,
    }

    def chunk(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return {**frame, "choices": [choice]}

    yield chunk({"role": "assistant", "content": ""})
    for delta in deltas(answer.text):
        yield chunk({"content": delta})
    last = chunk({"annotations": url_citations(answer, base_url)}, "stop")
    yield {**last, "pullquote": answer.as_json()}
    if sent.stream_options and sent.stream_options.include_usage:
        yield {**frame, "choices": [], "usage": _USAGE}


def stream(parts: Iterator[dict[str, Any]]) -> StreamingResponse:
    """Chunks as OpenAI sends them: events without a name, and ``[DONE]``."""

    async def encoded() -> AsyncIterator[str]:
        for part in parts:
            yield f"data: {json.dumps(part, ensure_ascii=False)}\n\n"
        yield "data: [DONE]\n\n"

    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(encoded(), media_type="text/event-stream", headers=headers)
