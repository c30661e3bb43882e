"""What is asked over HTTP. What is answered is :mod:`rag.contract`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from rag.question import MAX_QUESTION_CHARS, Filters, Mode, Question

__all__ = ["AskIn", "SearchIn"]

_QUESTION: dict[str, Any] = {
    "question": "How much will Alibaba invest in AI infrastructure?",
    "top_k": 5,
    "filters": {"publisher": [], "published_from": "2025-01-01"},
}


class SearchIn(BaseModel):
    """What to look for, and where."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_QUESTION]})

    question: Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]
    top_k: Annotated[int, Field(ge=1, le=100)] = 5
    filters: Filters = Filters()


class AskIn(Question):
    """A question, which articles may answer it, and how it is to be answered."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{**_QUESTION, "mode": "auto", "stream": False}]},
    )

    mode: Annotated[
        Mode,
        Field(description="`generative` needs a chat model; `auto` takes what there is."),
    ] = "auto"
    stream: Annotated[
        bool, Field(description="Answer with server-sent events, as `Accept` may ask for too.")
    ] = False
