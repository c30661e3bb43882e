"""What is answered: text, citations and, where the articles are silent, silence.

The promise of the whole system is held here. A citation is made from an article and offsets
and quotes by slicing: ``cited_text`` is computed, so none can be built that quotes anything
but the article's own characters. An answer checks what is left to check: every citation lies
inside the answer's text, every citation's number stands there as ``[n]``, and nothing is cited
when it abstains.

``as_json()`` is the one schema for Python, HTTP, the command line's ``--json`` and MCP.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from index.article import Article, Passage, Span
from index.errors import ChatFailure
from index.filters import Filters
from rag.read import AlsoIn
from rag.time_words import TimeWord

__all__ = [
    "AbstainReason",
    "Answer",
    "Citation",
    "Fallback",
    "ModelUse",
    "SearchResult",
    "Support",
    "Usage",
]

AbstainReason = Literal["empty_library", "nothing_matches_filters", "not_in_articles"]
Support = Literal["verbatim", "supported", "partial"]
# Why an answer that was to be written is extractive.
Fallback = ChatFailure | Literal["nothing_supported", "not_answered"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A stretch of the answer and the characters of the article that back it.

    ``span`` is what is cited and ``highlight`` the part of it that answers, both offsets into
    ``article.text``; ``answer_span`` is the stretch of the answer's text that it backs. All
    are code points, end exclusive. ``support_score`` is a probability. ``also_in``: copies of
    the article that have the cited words too.

    Raises ``ValueError`` when the span runs past the article, or the highlight out of the span.
    """

    article: Article = field(repr=False)
    span: Span
    highlight: Span
    answer_span: Span
    number: int
    document_index: int
    support: Support = "verbatim"
    support_score: float = 1.0
    also_in: tuple[AlsoIn, ...] = ()

    def __post_init__(self) -> None:
        self.span.of(self.article.text)
        if self.highlight.start < self.span.start or self.highlight.end > self.span.end:
            raise ValueError(f"highlight {self.highlight} lies outside the citation {self.span}")

    @property
    def cited_text(self) -> str:
        """The article's own characters at ``span``."""
        return self.span.of(self.article.text)

    def as_json(self) -> dict[str, Any]:
        """The citation under the names of the ``/ask`` contract."""
        return {
            "id": f"c{self.number}",
            "number": self.number,
            "start_index": self.answer_span.start,
            "end_index": self.answer_span.end,
            "cited_text": self.cited_text,
            "start_char_index": self.span.start,
            "end_char_index": self.span.end,
            "highlight_start": self.highlight.start,
            "highlight_end": self.highlight.end,
            "document_id": self.article.id,
            "document_index": self.document_index,
            "document_title": self.article.title,
            "url": self.article.url,
            "publisher": self.article.publisher,
            "published_at": _iso(self.article),
            "support": self.support,
            "support_score": round(self.support_score, 4),
            "also_in": [_also_in(each) for each in self.also_in],
        }


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A passage that was found, best first. ``score`` orders one search; it is no probability."""

    article: Article = field(repr=False)
    passage: Passage
    score: float

    def __post_init__(self) -> None:
        self.passage.span.of(self.article.text)

    @property
    def text(self) -> str:
        return self.passage.span.of(self.article.text)

    def as_json(self) -> dict[str, Any]:
        return {
            "document_id": self.article.id,
            "document_title": self.article.title,
            "publisher": self.article.publisher,
            "published_at": _iso(self.article),
            "passage_id": self.passage.id,
            "text": self.text,
            "start_char_index": self.passage.span.start,
            "end_char_index": self.passage.span.end,
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What the chat model was asked for: its name, tokens as its provider counts them (none when
    it does not tell), and their cost in the currency of the prices that are set."""

    model: str
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer cost: wall time in milliseconds, whole and by stage, and the chat model."""

    latency_ms: float
    stages_ms: dict[str, float]
    chat: ModelUse | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "latency_ms": round(self.latency_ms, 1),
            "stages_ms": {stage: round(ms, 1) for stage, ms in self.stages_ms.items()},
            "chat": self.chat.as_json() if self.chat else None,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or an abstention with its reason and the nearest passages.

    ``confidence`` is the probability that the best evidence found answers the question; it is
    there for abstentions too, where it lies below the threshold. ``standalone_question`` is how
    a follow-up or a misspelt question was understood, ``None`` where it was taken as it stands.
    ``filters`` are those that were applied, ``time_words`` the words of the question that changed
    them or the order. ``fallback_reason`` says why an answer that a chat model was to write
    quotes; with ``mode`` generative something written could not be taken back, and the quotation
    follows it. ``unsupported`` are the stretches of the text that nothing backs: none, unless the
    settings keep such sentences.

    Raises ``ValueError`` when an abstention cites, an answer does not, or a citation or an
    unsupported stretch lies outside the text.
    """

    question: str
    text: str
    confidence: float
    citations: tuple[Citation, ...] = ()
    abstain_reason: AbstainReason | None = None
    search_results: tuple[SearchResult, ...] = ()
    usage: Usage = Usage(0.0, {})
    index_generation: int = 0
    mode: Literal["extractive", "generative"] = "extractive"
    fallback_reason: Fallback | None = None
    unsupported: tuple[Span, ...] = ()
    standalone_question: str | None = None
    filters: Filters = field(default_factory=Filters)
    time_words: tuple[TimeWord, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence is a probability, not {self.confidence}")
        if self.abstained == bool(self.citations):
            raise ValueError("an answer cites, an abstention does not")
        for span in self.unsupported:
            span.of(self.text)
        for citation in self.citations:
            citation.answer_span.of(self.text)
            if f"[{citation.number}]" not in self.text:
                raise ValueError(f"citation {citation.number} has no mark in the answer")

    @property
    def abstained(self) -> bool:
        return self.abstain_reason is not None

    def as_json(self) -> dict[str, Any]:
        """The answer as the ``/ask`` contract has it: plain JSON types only."""
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "answer": self.text,
            "abstained": self.abstained,
            "abstain_reason": self.abstain_reason,
            "confidence": round(self.confidence, 4),
            "mode": self.mode,
            "fallback_reason": self.fallback_reason,
            "unsupported": [
                {"start_index": span.start, "end_index": span.end} for span in self.unsupported
            ],
            "citations": [citation.as_json() for citation in self.citations],
            "search_results": [result.as_json() for result in self.search_results],
            "usage": self.usage.as_json(),
            "filters": self.filters.model_dump(mode="json"),
            "time_words": [word.as_json() for word in self.time_words],
            "index_generation": self.index_generation,
        }


def _also_in(other: AlsoIn) -> dict[str, Any]:
    return {
        "document_id": other.article.id,
        "document_title": other.article.title,
        "url": other.article.url,
        "publisher": other.article.publisher,
        "published_at": _iso(other.article),
        "start_char_index": other.span.start,
        "end_char_index": other.span.end,
    }


def _iso(article: Article) -> str | None:
    return article.published_at.isoformat() if article.published_at else None
