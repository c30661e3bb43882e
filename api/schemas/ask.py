"""The bodies of questions over HTTP. Those of answers are in :mod:`rag.contract`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.problem import ProblemBody
from rag.contract import AnswerRecord
from rag.contract_examples import ANSWER
from rag.question import MAX_QUESTION_CHARS, Filters, Mode, Question

__all__ = ["AskIn", "AskQuery", "BatchIn", "BatchItem", "BatchOut", "SearchIn"]

_MAX_BATCH = 50

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


class AskQuery(Filters):
    """A question in an address: for bookmarks, and for `EventSource`, which sends no body."""

    q: Annotated[str, Field(max_length=MAX_QUESTION_CHARS, description="The question.")]
    top_k: Annotated[int, Field(ge=1, le=100)] = 5
    mode: Mode | None = None
    time_filters: bool = True
    timeline: bool = False
    stream: bool = False

    @property
    def filters(self) -> Filters:
        """The filters alone."""
        return Filters.model_validate({name: getattr(self, name) for name in Filters.model_fields})


class BatchIn(BaseModel):
    """Questions that have nothing to do with each other, under the same filters."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"questions": [_QUESTION["question"], "Who runs Nvidia?"], "top_k": 3}]
        },
    )

    questions: Annotated[list[str], Field(min_length=1, max_length=_MAX_BATCH)]
    top_k: Annotated[int, Field(ge=1, le=100)] = 5
    filters: Filters = Filters()
    mode: Mode | None = None
    time_filters: bool = True
    timeline: bool = False


class BatchItem(BaseModel):
    """What became of one question: its answer, or why it has none."""

    question: str
    answer: AnswerRecord | None = None
    error: ProblemBody | None = None


class BatchOut(BaseModel):
    """One item a question, in their order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"answers": [{"question": ANSWER["question"], "answer": ANSWER, "error": None}]}
            ]
        }
    )

    answers: list[BatchItem]
