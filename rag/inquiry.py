"""One question on its way: what is known of it so far, and the answer that this becomes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from index.errors import QuestionError
from rag.answer import AbstainReason, Answer, SearchResult, Usage
from rag.compose import ABSTENTION
from rag.prose import Told
from rag.question import Filters, Question, Turn
from rag.retrieve import Retrieved
from rag.settings import Settings
from rag.time_words import TimeWord
from rag.writers import model_use

if TYPE_CHECKING:
    from rag.rewrite import ChatRewriter

__all__ = ["Clock", "Inquiry", "checked", "results_of"]


class Clock:
    """Wall time of one question, whole and by stage, in milliseconds."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._stages[name] = 1000 * (time.perf_counter() - start)

    def usage(self) -> Usage:
        return Usage(1000 * (time.perf_counter() - self._start), self._stages)


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
            text=told.text,
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

    def abstain(self, reason: AbstainReason, confidence: float = 0.0) -> Answer:
        """No answer, and why."""
        return Answer(
            question=self.asked.question,
            text=ABSTENTION[reason],
            confidence=confidence,
            abstain_reason=reason,
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
        return replace(self.clock.usage(), chat=model_use(model, requests, self.settings))


def checked(text: str, top_k: int, filters: Filters | None, history: Sequence[Turn]) -> Question:
    """The question, if it is one. ``QuestionError`` names what is wrong with it."""
    try:
        return Question(
            question=text, top_k=top_k, filters=filters or Filters(), history=tuple(history)
        )
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise QuestionError(f"{field}: {first['msg'].removeprefix('Value error, ')}") from exc


def results_of(found: Sequence[Retrieved]) -> tuple[SearchResult, ...]:
    """What retrieval found, as it is shown."""
    return tuple(SearchResult(each.found.article, each.found.passage, each.score) for each in found)
