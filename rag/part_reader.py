"""Questions of several parts: each is asked by itself, and the sides of a comparison once more
together.

A side that is not answered by itself may be answered by what answers the whole comparison, where a
sentence of that is about this side, or by what is a little less sure, where the other side has an
answer of the same kind: who compares two things expects both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from index.snapshot import View
from rag.generation.answer_stream import AnsweredPart
from rag.pipeline_state import PipelineState
from rag.query.comparison import ask_each_side
from rag.query.follow_up import names_something
from rag.question_reader import QuestionReader, QuestionReading
from rag.retrieval.candidate import Candidate
from rag.search import PassageRetriever
from rag.text.english import is_function_word, stem, words
from rag.updates import is_like

__all__ = ["PartReader"]

# Of the threshold, for a side whose other side is answered.
_OTHER_SIDE: Final = 0.6


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads the parts of questions.

    retriever: finds the passages of a part.
    reader: reads them.
    threshold: the confidence from which a part is answered.
    """

    retriever: PassageRetriever
    reader: QuestionReader
    threshold: float

    def read(
        self,
        view: View,
        state: PipelineState,
        questions: Sequence[str],
        candidates: Sequence[Candidate],
        depth: int,
    ) -> list[AnsweredPart]:
        """Read the parts of a question; none where not one is answered.

        questions: the parts.
        candidates: what was retrieved for the whole, best first.
        depth: how many passages are retrieved for a part.
        """
        readings = [self._read_part(view, state, question, depth) for question in questions]
        parts = [
            self._part(question, reading)
            for question, reading in zip(questions, readings, strict=True)
        ]
        if all(part.evidence for part in parts) or not ask_each_side(state.asked):
            return parts if any(part.evidence for part in parts) else []
        whole = self.reader.answer(
            view, state.question.filters, state.asked, candidates, state.time_words
        )
        parts = [
            part if part.evidence else self._from_whole(questions, part, whole) for part in parts
        ]
        answers = [part.evidence[0] for part in parts if part.evidence]
        if not answers:
            return []
        return [
            part
            if part.evidence
            or not self._is_nearly_sure(reading)
            or not is_like(part.question, reading.reading.evidence[0], answers[0])
            else self._part(part.question, reading, is_sure=True)
            for part, reading in zip(parts, readings, strict=True)
        ]

    def _read_part(
        self, view: View, state: PipelineState, question: str, depth: int
    ) -> QuestionReading:
        """Read what is found for a part; where it names nothing, for the whole question."""
        text = question if names_something(question) else f"{state.asked} {question}"
        part = state.question.model_copy(update={"question": text})
        time_words = tuple(word for word in state.time_words if word.phrase in question)
        candidates, _ = self.retriever.retrieve(view, part, depth, time_words)
        return self.reader.answer(view, state.question.filters, question, candidates, time_words)

    def _part(self, question: str, reading: QuestionReading, is_sure: bool = False) -> AnsweredPart:
        confidence = reading.reading.confidence
        if not is_sure and not self.reader.passes(reading.reading):
            return AnsweredPart(question, confidence)
        updates = reading.updates
        return AnsweredPart(question, confidence, updates.evidence, updates.asides(), reading.more)

    def _from_whole(
        self, questions: Sequence[str], part: AnsweredPart, whole: QuestionReading
    ) -> AnsweredPart:
        """The part, answered by what of the whole question's evidence is about its side alone."""
        if not self.reader.passes(whole.reading):
            return part
        own = _stems(part.question)
        for question in questions:
            own -= _stems(question) if question != part.question else set()
        evidence = tuple(
            item
            for item in whole.updates.evidence
            if own & _stems(f"{item.article.title} {item.sentence.of(item.article.text)}")
        )
        confidence = whole.reading.confidence if evidence else part.confidence
        return replace(part, evidence=evidence, confidence=confidence)

    def _is_nearly_sure(self, reading: QuestionReading) -> bool:
        confidence = reading.reading.confidence
        return bool(reading.reading.evidence) and confidence >= self.threshold * _OTHER_SIDE


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if not is_function_word(word)}
