"""The state of one question between the stages of the pipeline, and the answer made from it."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from index.article import Span
from index.validation import field_of, reason_of
from rag.answer import Answer, Citation, Lead, SearchResult
from rag.citing.markers import ABSTENTION
from rag.contract import AbstainReason, ModelUse, Usage
from rag.errors import QuestionError
from rag.events import Event
from rag.evidence import Evidence
from rag.generation.answer_stream import ComposedAnswer
from rag.generation.writer_factory import model_use
from rag.query.follow_up import Interpretation
from rag.query.time_expressions import TimeWord
from rag.question import Question
from rag.retrieval.candidate import Candidate
from rag.settings import Settings
from rag.silence import Silence

if TYPE_CHECKING:
    from rag.query.rewriter import ChatRewriter

__all__ = ["Clock", "PipelineState", "to_search_results", "validate_question"]


class Clock:
    """Wall time of one question, whole and by stage, in milliseconds.

    The time that the consumer takes for each event does not count.
    """

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
            milliseconds = self._stages.get(name, 0.0)
            self._stages[name] = milliseconds + 1000 * (self._now() - start)

    def pause_between(self, events: Generator[Event, None, None]) -> Generator[Event, None, None]:
        """Yield the same events, with the clock paused while the consumer handles one. Closing this
        generator closes ``events``."""
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
class PipelineState:
    """A question and what the stages have added to it.

    question: as validated, its filters narrowed by its time expressions.
    settings: those that it is answered under.
    time_words: its time expressions.
    index_generation: of the library's state that it is answered from.
    interpretation: how it was understood, where that differs from how it was asked.
    search_results: its nearest passages.
    rewriter: the one that rewrote it as a standalone question, if any.
    clock: its wall time.
    """

    question: Question
    settings: Settings
    time_words: tuple[TimeWord, ...] = ()
    index_generation: int = 0
    interpretation: Interpretation | None = None
    search_results: tuple[SearchResult, ...] = ()
    rewriter: ChatRewriter | None = None
    clock: Clock = field(default_factory=Clock)

    @property
    def asked(self) -> str:
        """The question in the form that is read: standalone."""
        return self.interpretation.reading if self.interpretation else self.question.question

    @property
    def asked_time_words(self) -> tuple[TimeWord, ...]:
        """The time expressions of that form: where only a part of the question is read, those of
        the rest do not count."""
        return tuple(word for word in self.time_words if word.phrase in self.asked)

    @property
    def standalone_question(self) -> str | None:
        """How the question was understood, as people are shown it."""
        return self.interpretation.display if self.interpretation else None

    def reply(self, words: str) -> Answer:
        """Make the reply to small talk."""
        return Answer(
            question=self.question.question,
            answer=words,
            confidence=0.0,
            abstain_reason="no_question",
            search_results=self.search_results,
            usage=self._usage(),
            index_generation=self.index_generation,
            filters=self.question.filters,
        )

    def answer(self, composition: ComposedAnswer, confidence: float) -> Answer:
        """Make the answer from its text and citations, and the reader's confidence."""
        return Answer(
            question=self.question.question,
            answer=composition.text,
            confidence=confidence,
            citations=composition.citations,
            mode=composition.mode,
            fallback_reason=composition.fallback,
            as_of=_as_of(composition.citations),
            own_words=composition.own_words,
            parts=composition.parts,
            more=composition.more,
            timeline=composition.timeline,
            unsupported=composition.unsupported,
            search_results=self.search_results,
            usage=self._usage(composition),
            index_generation=self.index_generation,
            standalone_question=self.standalone_question,
            filters=self.question.filters,
            time_words=self.time_words,
        )

    def abstain(
        self,
        reason: AbstainReason,
        confidence: float = 0.0,
        nearest: Sequence[Evidence] = (),
        silence: Silence | None = None,
    ) -> Answer:
        """Make an abstention.

        reason: why there is no answer.
        confidence: the reader's, 0 where nothing was read.
        nearest: evidence to show as leads, best first; a sentence that is in it twice (passages
            overlap, copies are cited as one) is shown once.
        silence: what is missing, and what may help.
        """
        silence = silence if self.settings.hints else None
        leads: dict[tuple[str, Span], Evidence] = {}
        for item in nearest:
            leads.setdefault((item.article.id, item.sentence), item)
        return Answer(
            question=self.question.question,
            answer=ABSTENTION[reason],
            confidence=confidence,
            abstain_reason=reason,
            hint=silence.hint if silence else None,
            missing=silence.missing if silence else None,
            leads=tuple(Lead(item, number) for number, item in enumerate(leads.values(), 1)),
            search_results=self.search_results,
            usage=self._usage(),
            index_generation=self.index_generation,
            standalone_question=self.standalone_question,
            filters=self.question.filters,
            time_words=self.time_words,
        )

    def _usage(self, composition: ComposedAnswer | None = None) -> Usage:
        model, requests = (composition.model, [composition.tokens]) if composition else (None, [])
        if self.rewriter and self.rewriter.was_called:
            model = self.rewriter.model.name
            requests.append(self.rewriter.tokens)
        return self.clock.usage(model_use(model, requests, self.settings))


def validate_question(question: str | Question, options: Mapping[str, Any]) -> Question:
    """Validate a question, with ``options`` in place of its own where they are not ``None``.

    Raises ``QuestionError``, which names the field that is wrong.
    """
    values = {name: value for name, value in options.items() if value is not None}
    if isinstance(question, Question):
        if not values:
            return question
        values = {name: getattr(question, name) for name in Question.model_fields} | values
    else:
        values["question"] = question
    try:
        return Question.model_validate(values)
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        raise QuestionError(f"{field_of(first)}: {reason_of(first)}") from exc


def _as_of(citations: Sequence[Citation]) -> date | None:
    """Return the day of the newest article that answers; ``None`` where one of them has no day."""
    days = [citation.published_at for citation in citations if citation.role == "answer"]
    dates = [day for day in days if day]
    return max(dates) if dates and len(dates) == len(days) else None


def to_search_results(candidates: Sequence[Candidate]) -> tuple[SearchResult, ...]:
    """Turn candidates into search results, in the same order."""
    return tuple(
        SearchResult(candidate.hit.article, candidate.hit.passage, candidate.score)
        for candidate in candidates
    )
