"""Questions and answers: the ``/ask`` contract."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.answer import AbstainReason, Fallback, Support
from rag.question import MAX_QUESTION_CHARS, Filters, Mode, Question
from rag.time_words import Effect

__all__ = ["AnswerOut", "AskIn", "CitationOut", "SearchIn", "SearchOut", "SearchResultOut"]

Score = Annotated[float, Field(ge=0, le=1)]
Offset = Annotated[int, Field(ge=0)]

_ASKED: dict[str, Any] = {
    "question": "How much will Alibaba invest in AI infrastructure?",
    "top_k": 5,
    "filters": {"publisher": [], "published_from": "2025-01-01"},
}
_RESULT: dict[str, Any] = {
    "document_id": "china-ai-chip-curbs",
    "document_title": "China's AI chips",
    "publisher": "The Daily Wire of Record",
    "published_at": "2025-05-26",
    "passage_id": "china-ai-chip-curbs#3",
    "text": "Alibaba plans to invest 380 billion RMB.",
    "start_char_index": 310,
    "end_char_index": 350,
    "score": 0.71,
}
_CITATION: dict[str, Any] = {
    "id": "c1",
    "number": 1,
    "start_index": 0,
    "end_index": 40,
    "cited_text": "Alibaba plans to invest 380 billion RMB.",
    "start_char_index": 310,
    "end_char_index": 350,
    "highlight_start": 334,
    "highlight_end": 349,
    "document_id": "china-ai-chip-curbs",
    "document_index": 0,
    "document_title": "China's AI chips",
    "url": None,
    "publisher": "The Daily Wire of Record",
    "published_at": "2025-05-26",
    "support": "verbatim",
    "support_score": 0.97,
    "also_in": [
        {
            "document_id": "chips-evening-post",
            "document_title": "Alibaba's chips",
            "url": None,
            "publisher": "The Evening Post",
            "published_at": "2025-05-27",
            "start_char_index": 120,
            "end_char_index": 160,
        }
    ],
}
_ANSWER: dict[str, Any] = {
    "question": _ASKED["question"],
    "standalone_question": None,
    "answer": "Alibaba plans to invest 380 billion RMB. [1]",
    "abstained": False,
    "abstain_reason": None,
    "confidence": 0.93,
    "mode": "extractive",
    "fallback_reason": None,
    "unsupported": [],
    "citations": [_CITATION],
    "search_results": [_RESULT],
    "usage": {
        "latency_ms": 61.2,
        "stages_ms": {"retrieve": 20.1, "read": 41.0},
        "chat": None,
    },
    "filters": {
        "publisher": [],
        "published_from": "2025-01-01",
        "published_to": None,
        "article_ids": [],
        "language": [],
    },
    "time_words": [],
    "index_generation": 12,
}


class SearchIn(BaseModel):
    """What to look for, and where."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ASKED]})

    question: Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]
    top_k: Annotated[int, Field(ge=1, le=100)] = 5
    filters: Filters = Filters()


class AskIn(Question):
    """A question, which articles may answer it, and how it is to be answered."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{**_ASKED, "mode": "auto", "stream": False}]},
    )

    mode: Annotated[
        Mode,
        Field(description="`generative` needs a chat model; `auto` takes what there is."),
    ] = "auto"
    stream: Annotated[
        bool, Field(description="Answer with server-sent events, as `Accept` may ask for too.")
    ] = False


class AlsoInOut(BaseModel):
    """A copy of the cited article, and where it has the cited sentence in the same words."""

    model_config = ConfigDict(extra="forbid")

    document_id: str
    document_title: str
    url: str | None
    publisher: str | None
    published_at: date | None
    start_char_index: Offset
    end_char_index: Offset


class CitationOut(BaseModel):
    """A stretch of the answer, and the characters of an article that back it. All offsets are
    Unicode code points, end exclusive."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_CITATION]})

    id: str
    number: Annotated[int, Field(ge=1)]
    start_index: Annotated[Offset, Field(description="In `answer`.")]
    end_index: Offset
    cited_text: str
    start_char_index: Annotated[Offset, Field(description="In the article's text.")]
    end_char_index: Offset
    highlight_start: Annotated[Offset, Field(description="The part that answers, in the text.")]
    highlight_end: Offset
    document_id: str
    document_index: Offset
    document_title: str
    url: str | None
    publisher: str | None
    published_at: date | None
    support: Support
    support_score: Score
    also_in: list[AlsoInOut]


class SearchResultOut(BaseModel):
    """A passage that was found. `score` orders one search; it is no probability."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_RESULT]})

    document_id: str
    document_title: str
    publisher: str | None
    published_at: date | None
    passage_id: str
    text: str
    start_char_index: Offset
    end_char_index: Offset
    score: float


class ModelUseOut(BaseModel):
    """The chat model that was asked, tokens as its provider counts them, and what they cost in the
    currency of the prices that are set."""

    model_config = ConfigDict(extra="forbid")

    model: str
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None


class UsageOut(BaseModel):
    """Wall time in milliseconds, whole and by stage; the chat model, where one was asked."""

    model_config = ConfigDict(extra="forbid")

    latency_ms: float
    stages_ms: dict[str, float]
    chat: ModelUseOut | None


class StretchOut(BaseModel):
    """A stretch of `answer` that nothing backs."""

    model_config = ConfigDict(extra="forbid")

    start_index: Offset
    end_index: Offset


class TimeWordOut(BaseModel):
    """Words of time in the question: a `filter` on the day of publication, or a preference."""

    model_config = ConfigDict(extra="forbid")

    phrase: str
    effect: Effect
    published_from: date | None
    published_to: date | None


class AnswerOut(BaseModel):
    """A cited answer; or, where `abstained`, the reason and the nearest passages."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_ANSWER]})

    question: str
    standalone_question: Annotated[
        str | None,
        Field(description="How a follow-up or a misspelt question was understood, or null."),
    ]
    answer: str
    abstained: bool
    abstain_reason: AbstainReason | None
    confidence: Annotated[Score, Field(description="Probability that the evidence answers.")]
    mode: Literal["extractive", "generative"]
    fallback_reason: Annotated[
        Fallback | None, Field(description="Why an answer to be written is a quotation.")
    ]
    unsupported: list[StretchOut]
    citations: list[CitationOut]
    search_results: list[SearchResultOut]
    usage: UsageOut
    filters: Annotated[Filters, Field(description="As applied, words of time included.")]
    time_words: list[TimeWordOut]
    index_generation: int


class SearchOut(BaseModel):
    """The nearest passages, best first."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"search_results": [_RESULT]}]}
    )

    search_results: list[SearchResultOut]
