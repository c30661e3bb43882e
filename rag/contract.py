"""The contract of an answer: every field that leaves Pullquote, once, with its type and meaning.

Python (:mod:`rag.answer`), HTTP, ``--json``, MCP, LangChain's artifact and the results of an
evaluation are these models or are built on them, so a field that is added here is in all of them.
``AnswerRecord.model_validate`` reads back what any of them wrote.

All offsets are Unicode code points, end exclusive. Probabilities and times are rounded when they
are written, never in memory.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from index.article import Article, Span
from index.filters import Filters
from rag.contract_examples import ANSWER, CITATION, LEAD, RESULT
from rag.errors import ChatFailure
from rag.query.time_expressions import TimeWord

__all__ = [
    "AbstainReason",
    "AlsoInRecord",
    "AnswerMode",
    "AnswerRecord",
    "AntecedentRecord",
    "CitationRecord",
    "CitationRole",
    "Fallback",
    "LeadRecord",
    "ModelUse",
    "PartRecord",
    "Probability",
    "Record",
    "SearchRecord",
    "SearchResultRecord",
    "Stretch",
    "Support",
    "TimelineRecord",
    "Usage",
    "source_fields",
]

# "No question": small talk such as "thanks" or "help", with a reply of our own.
AbstainReason = Literal[
    "empty_library", "nothing_matches_filters", "not_in_articles", "no_question"
]
AnswerMode = Literal["extractive", "generative"]
Support = Literal["verbatim", "supported", "partial"]
# Whether a quotation answers, or tells an older or a newer state of the same story.
# "Context": the sentence before one that cannot be read alone.
CitationRole = Literal["answer", "earlier", "later", "context"]
# Why an answer that was to be written is extractive.
Fallback = ChatFailure | Literal["nothing_supported", "not_answered"]

Offset = Annotated[int, Field(ge=0)]
_Share = Annotated[float, Field(ge=0, le=1)]


def _rounded(digits: int, kind: Any = float) -> PlainSerializer:
    return PlainSerializer(lambda value: round(value, digits), return_type=kind)


Probability = Annotated[_Share, _rounded(4, _Share)]
Milliseconds = Annotated[float, _rounded(1)]


class Record(BaseModel):
    """Base of the contract's models: unknown fields are refused, instances are frozen, and all
    fields are always written."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_serialization_defaults_required=True
    )

    def as_json(self) -> dict[str, Any]:
        """The fields as plain JSON types."""
        return self.model_dump(mode="json")


class _Source(Record):
    """An article as a source: what identifies it, and a stretch of its text."""

    document_id: str
    document_title: str
    publisher: str | None = None
    published_at: date | None = None
    start_char_index: Annotated[Offset, Field(description="In the article's text.")]
    end_char_index: Offset

    @property
    def span(self) -> Span:
        """The stretch of the article's text."""
        return Span(self.start_char_index, self.end_char_index)


class AlsoInRecord(_Source):
    """A copy of the cited article, and where it has the cited sentence in the same words."""

    url: str | None = None

    @classmethod
    def of(cls, article: Article, span: Span) -> Self:
        """The stretch ``span`` of a copy."""
        return cls(**source_fields(article, span), url=article.url)


class AntecedentRecord(Record):
    """The antecedent of a word that begins a quotation and refers back.

    In the answer ``name`` stands in brackets at ``start_index:end_index``, in place of ``word``;
    ``start_char_index:end_char_index`` is its place in the article.
    """

    word: str
    name: str
    start_index: Annotated[Offset, Field(description="Of the brackets, in `answer`.")]
    end_index: Offset
    start_char_index: Annotated[Offset, Field(description="Of the name, in the article's text.")]
    end_char_index: Offset


class CitationRecord(_Source):
    """A stretch of the answer, and the characters of an article that back it.

    ``start_index:end_index`` is the stretch of ``answer``, ``marker_start:marker_end`` its mark
    ``[number]`` there; ``start_char_index:end_char_index`` is what is cited of the article's
    text, ``highlight_start:highlight_end`` the part of it that answers.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [CITATION]})

    id: str
    number: Annotated[int, Field(ge=1)]
    start_index: Annotated[Offset, Field(description="In `answer`.")]
    end_index: Offset
    marker_start: Annotated[Offset, Field(description="Where `[number]` stands, in `answer`.")]
    marker_end: Offset
    cited_text: str
    highlight_start: Annotated[Offset, Field(description="The part that answers, in the text.")]
    highlight_end: Offset
    document_index: Offset
    url: str | None = None
    role: Annotated[
        CitationRole,
        Field(
            description="`earlier`, `later`: an older or newer state of the story that answers; "
            "`context`: quoted so that the sentence behind it can be read."
        ),
    ] = "answer"
    support: Support = "verbatim"
    support_score: Probability = 1.0
    recognition_confidence: Annotated[
        Probability | None,
        Field(description="Of text read off a picture: how sure the recogniser is of it."),
    ] = None
    also_in: tuple[AlsoInRecord, ...] = ()
    antecedent: AntecedentRecord | None = Field(
        default=None,
        description="Where the quotation begins with a word such as “It”: what it means. The "
        "answer has that in brackets in its place; `cited_text` stays the article's.",
    )

    @property
    def answer_span(self) -> Span:
        """The stretch of the answer that is backed."""
        return Span(self.start_index, self.end_index)

    @property
    def marker(self) -> Span:
        """The place of ``[number]`` in the answer."""
        return Span(self.marker_start, self.marker_end)

    @property
    def highlight(self) -> Span:
        """The part of the article's text that answers; lies within ``span``."""
        return Span(self.highlight_start, self.highlight_end)

    @property
    def highlighted_text(self) -> str:
        """The part of the cited text that answers."""
        start = self.start_char_index
        return self.cited_text[self.highlight_start - start : self.highlight_end - start]


class LeadRecord(_Source):
    """A sentence that may touch on a question that nothing answers, quoted.

    ``start_char_index:end_char_index`` is the sentence in the article's text,
    ``highlight_start:highlight_end`` the part of it that came nearest. ``score`` is the
    probability that the best of an answer's leads answers after all.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [LEAD]})

    id: str
    number: Annotated[int, Field(ge=1)]
    cited_text: str
    highlight_start: Offset
    highlight_end: Offset
    url: str | None = None
    score: Probability
    also_in: tuple[AlsoInRecord, ...] = ()


class SearchResultRecord(_Source):
    """A passage of the search results. ``score`` orders one search; it is no probability."""

    model_config = ConfigDict(json_schema_extra={"examples": [RESULT]})

    passage_id: str
    text: str
    score: Annotated[float, _rounded(4)]


class SearchRecord(Record):
    """The nearest passages, best first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"search_results": [RESULT]}]})

    search_results: tuple[SearchResultRecord, ...]


class ModelUse(Record):
    """The use of a chat model: its name, tokens as its provider counts them (none where it does
    not), and what they cost in the currency of the prices that are set."""

    model: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None


class Usage(Record):
    """Wall time in milliseconds, whole and by stage; the chat model, where one was asked."""

    latency_ms: Milliseconds = 0.0
    stages_ms: dict[str, Milliseconds] = {}
    chat: ModelUse | None = None
    cached: bool = Field(
        default=False,
        description="Whether the same question had been answered from the same state of the "
        "library, and that answer is given again.",
    )


class Stretch(Record):
    """A stretch of ``answer``."""

    start_index: Offset
    end_index: Offset

    @property
    def span(self) -> Span:
        """The stretch of the answer's text."""
        return Span(self.start_index, self.end_index)


class PartRecord(Record):
    """A part of a question that was asked by itself. ``confidence`` is the reader's; ``citations``
    are the numbers of those that answer it, none where the articles do not say."""

    question: str
    answered: bool
    confidence: Probability
    citations: tuple[int, ...] = ()


class TimelineRecord(Record):
    """A day of a timeline, and the numbers of the citations that were said on it."""

    day: date
    citations: tuple[int, ...]


class AnswerRecord(Record):
    """A cited answer; or, where ``abstained``, the reason, leads and the nearest passages.

    ``confidence`` is the probability that the best evidence found answers the question; it is
    there for abstentions too, where it lies below the threshold; of a question of several parts it
    is the lowest of those that are answered. ``fallback_reason`` says why an
    answer that a chat model was to write quotes; with ``mode`` generative something written could
    not be taken back, and the quotation follows it. ``unsupported``: none, unless the settings
    keep such sentences.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWER]})

    question: str
    standalone_question: str | None = Field(
        default=None,
        description="How a follow-up or a misspelt question was understood, or null.",
    )
    answer: str
    abstain_reason: AbstainReason | None = None
    abstained: bool = Field(default_factory=lambda data: data["abstain_reason"] is not None)
    confidence: Annotated[Probability, Field(description="Probability that the evidence answers.")]
    mode: AnswerMode = "extractive"
    fallback_reason: Fallback | None = Field(
        default=None, description="Why an answer to be written is a quotation."
    )
    as_of: date | None = Field(
        default=None,
        description="The day of the newest article that answers, where its articles have days.",
    )
    own_words: tuple[Stretch, ...] = Field(
        default=(),
        description="Stretches of `answer` in Pullquote's own words, such as “[…]” and what "
        "introduces a quotation: not quoted and not cited.",
    )
    parts: tuple[PartRecord, ...] = Field(
        default=(),
        description="Of a question of several parts, what became of each; else empty.",
    )
    timeline: tuple[TimelineRecord, ...] = Field(
        default=(), description="Where one was asked for: its days, the oldest first."
    )
    more: int = Field(
        default=0,
        ge=0,
        description="Of a list: how many sentences are evidence too and are not quoted.",
    )
    unsupported: tuple[Stretch, ...] = Field(
        default=(), description="Stretches of `answer` that nothing backs."
    )
    citations: tuple[CitationRecord, ...] = ()
    hint: str | None = Field(
        default=None,
        description="Where it abstains: what may help, such as that a filter hides the answer.",
    )
    missing: str | None = Field(
        default=None,
        description="Where it abstains: the part of the question that the articles have nothing "
        "of, such as a name or a statement by somebody, where that can be told.",
    )
    leads: tuple[LeadRecord, ...] = Field(
        default=(),
        description="Where it abstains: up to three sentences that may touch on the question.",
    )
    search_results: tuple[SearchResultRecord, ...] = ()
    usage: Usage = Usage()
    filters: Filters = Field(default=Filters(), description="As applied, words of time included.")
    time_words: tuple[TimeWord, ...] = ()
    index_generation: int = 0

    @property
    def answering(self) -> tuple[CitationRecord, ...]:
        """The citations whose role is not context."""
        return tuple(citation for citation in self.citations if citation.role != "context")

    @property
    def paragraphs(self) -> tuple[Span, ...]:
        """The paragraphs of the answer: the stretches between its blank lines, except blank lines
        inside a quotation. Each quotation of an extractive answer is one."""
        quoted = [citation.answer_span for citation in self.citations]
        spans, start = [], 0
        for gap in re.finditer(r"\n\n", self.answer):
            if not any(span.start < gap.end() and gap.start() < span.end for span in quoted):
                spans.append(Span(start, gap.start()))
                start = gap.end()
        return (*spans, Span(start, len(self.answer)))

    @property
    def segments_between_markers(self) -> tuple[str, ...]:
        """The answer's text split at its citations' markers, without the space before each: one
        segment more than there are markers, in their order."""
        pieces, at = [], 0
        for marker in sorted(citation.marker for citation in self.citations):
            pieces.append(self.answer[at : marker.start].rstrip())
            at = marker.end
        return (*pieces, self.answer[at:])

    @property
    def text_without_markers(self) -> str:
        """The answer's text without its citations' markers."""
        return "".join(self.segments_between_markers)


def source_fields(article: Article, span: Span) -> dict[str, Any]:
    """Fill the fields of a source from an article and a stretch of its text."""
    return {
        "document_id": article.id,
        "document_title": article.title,
        "publisher": article.publisher,
        "published_at": article.published_at,
        "start_char_index": span.start,
        "end_char_index": span.end,
    }
