"""One question on its way: what is known of it so far, and the answer that this becomes."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from index.article import Span
from index.errors import QuestionError
from index.validation import field_of, reason_of
from rag.answer import Answer, Lead, SearchResult
from rag.citing.markers import ABSTENTION
from rag.contract import AbstainReason, ModelUse, Usage
from rag.events import Event
from rag.evidence import Evidence
from rag.generation.answer_stream import Told
from rag.generation.writers import model_use
from rag.query.time_expressions import TimeWord
from rag.question import Question
from rag.retrieval.hybrid import Retrieved
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.query.rewriter import ChatRewriter

__all__ = ["Clock", "Inquiry", "checked", "results_of"]


class Clock:
    """Wall time of one question, whole and by stage, in milliseconds. The time for which whoever
    takes its events is busy with one of them does not count."""

    def __init__(self) -> None:
        self._away = 0.0
        self._start = self._now()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = self._now()
        try:
            yield
        finally:
            self._stages[name] = 1000 * (self._now() - start)

    def stopped_between(self, events: Generator[Event, None, None]) -> Generator[Event, None, None]:
        """The same events; the clock stands still from handing one out until the next is wanted.
        When these are closed, so are those."""
        self._start = self._now()
        with closing(events):
            for event in events:
                before = time.perf_counter()
                yield event
                self._away += time.perf_counter() - before

    def usage(self, chat: ModelUse | None = None) -> Usage:
        latency_ms = 1000 * (self._now() - self._start)
        return Usage(latency_ms=latency_ms, stages_ms=dict(self._stages), chat=chat)

    def _now(self) -> float:
        return time.perf_counter() - self._away


@dataclass
class Inquiry:
    """A question and, as they become known, what it was understood as and what was found.

    ``rewriter`` is the one that was made for it, if any.
    """

    asked: Question
    settings: Settings
    words: tuple[TimeWord, ...] = ()
    generation: int = 0
    understood: str | None = None
    results: tuple[SearchResult, ...] = ()
    rewriter: ChatRewriter | None = None
    clock: Clock = field(default_factory=Clock)

    def answer(self, told: Told, confidence: float) -> Answer:
        """The answer that was told."""
        return Answer(
            question=self.asked.question,
            answer=told.text,
            confidence=confidence,
            citations=told.citations,
            mode=told.mode,
            fallback_reason=told.fallback,
            unsupported=told.unsupported,
            search_results=self.results,
            usage=self._usage(told),
            index_generation=self.generation,
            standalone_question=self.understood,
            filters=self.asked.filters,
            time_words=self.words,
        )

    def abstain(
        self, reason: AbstainReason, confidence: float = 0.0, near: Sequence[Evidence] = ()
    ) -> Answer:
        """No answer, and why; ``near`` are sentences that may touch on the question, of which one
        that was found twice (passages overlap, copies are cited as one) is shown once."""
        leads: dict[tuple[str, Span], Evidence] = {}
        for each in near:
            leads.setdefault((each.article.id, each.sentence), each)
        return Answer(
            question=self.asked.question,
            answer=ABSTENTION[reason],
            confidence=confidence,
            abstain_reason=reason,
            leads=tuple(Lead(each, number) for number, each in enumerate(leads.values(), 1)),
            search_results=self.results,
            usage=self._usage(),
            index_generation=self.generation,
            standalone_question=self.understood,
            filters=self.asked.filters,
            time_words=self.words,
        )

    def _usage(self, told: Told | None = None) -> Usage:
        model, requests = (told.model, [told.tokens]) if told else (None, [])
        if self.rewriter and self.rewriter.asked:
            model = self.rewriter.model.name
            requests.append(self.rewriter.tokens)
        return self.clock.usage(model_use(model, requests, self.settings))


def checked(asked: str | Question, options: Mapping[str, Any]) -> Question:
    """The question, if it is one; ``options`` that are not ``None`` take the place of those that
    it was asked with. ``QuestionError`` names what is wrong with it."""
    given = {name: value for name, value in options.items() if value is not None}
    if isinstance(asked, Question):
        if not given:
            return asked
        given = {name: getattr(asked, name) for name in Question.model_fields} | given
    else:
        given["question"] = asked
    try:
        return Question.model_validate(given)
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        raise QuestionError(f"{field_of(first)}: {reason_of(first)}") from exc


def results_of(found: Sequence[Retrieved]) -> tuple[SearchResult, ...]:
    """What retrieval found, as it is shown."""
    return tuple(SearchResult(each.found.article, each.found.passage, each.score) for each in found)
