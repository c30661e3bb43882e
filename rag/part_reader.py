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
from rag.evidence import Evidence
from rag.facts.names import names
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
        if len(questions) == 2 and not ask_each_side(state.asked):
            parts = [_unless_borrowed(parts[i], parts[1 - i]) for i in (0, 1)]
        elif len(questions) == 2:
            parts = self._read_sides(view, state, parts, readings, candidates)
        return parts if any(part.evidence for part in parts) else []

    def _read_sides(
        self,
        view: View,
        state: PipelineState,
        parts: Sequence[AnsweredPart],
        readings: Sequence[QuestionReading],
        candidates: Sequence[Candidate],
    ) -> list[AnsweredPart]:
        """The sides of a comparison, each answered by what is about it."""
        own = [_stems(parts[i].question) - _stems(parts[1 - i].question) for i in (0, 1)]
        sides = [
            part
            if not part.evidence or _is_about(own[i], part, parts[1 - i])
            else _unanswered(part)
            for i, part in enumerate(parts)
        ]
        if not all(side.evidence for side in sides):
            whole = self.reader.answer(
                view, state.question.filters, state.asked, candidates, state.time_words
            )
            sides = [
                side if side.evidence else self._from_whole(own[i], side, whole)
                for i, side in enumerate(sides)
            ]
        for i, reading in enumerate(readings):
            other = sides[1 - i]
            if other.evidence and not sides[i].evidence and self._is_nearly_sure(reading):
                side = self._part(sides[i].question, reading, is_sure=True)
                is_like_other = is_like(side.question, side.evidence[0], other.evidence[0])
                if is_like_other and _is_about(own[i], side, other):
                    sides[i] = side
        return sides

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
        self, own: set[str], side: AnsweredPart, whole: QuestionReading
    ) -> AnsweredPart:
        """The side, answered by what of the whole question's evidence has one of its own words."""
        if not self.reader.passes(whole.reading):
            return side
        evidence = tuple(item for item in whole.updates.evidence if own & _sentence_stems(item))
        confidence = whole.reading.confidence if evidence else side.confidence
        return replace(side, evidence=evidence, confidence=confidence)

    def _is_nearly_sure(self, reading: QuestionReading) -> bool:
        confidence = reading.reading.confidence
        return bool(reading.reading.evidence) and confidence >= self.threshold * _OTHER_SIDE


def _unless_borrowed(part: AnsweredPart, other: AnsweredPart) -> AnsweredPart:
    """The part, unanswered where the sentence that answers the other part answers it too, and has
    the names that only the other asks for and none of this one's."""
    if not part.evidence or not other.evidence:
        return part
    best = part.evidence[0]
    own_stems = _name_stems(part.question) - _name_stems(other.question)
    other_stems = _name_stems(other.question) - _name_stems(part.question)
    is_shared = best.sentence == other.evidence[0].sentence
    is_borrowed = is_shared and best.article.id == other.evidence[0].article.id
    stems = _sentence_stems(best)
    return (
        _unanswered(part)
        if is_borrowed and own_stems and not own_stems & stems and other_stems & stems
        else part
    )


def _name_stems(question: str) -> set[str]:
    return {stem(word) for name in names(question) for word in name.words if not name.first}


def _unanswered(side: AnsweredPart) -> AnsweredPart:
    return AnsweredPart(side.question, side.confidence)


def _is_about(own: set[str], side: AnsweredPart, other: AnsweredPart) -> bool:
    """Whether what answers a side is about it: its article has one of the side's own words, and
    where the other side is answered by the same sentence, this has."""
    if not side.evidence:
        return False
    best = side.evidence[0]
    if other.evidence and other.evidence[0].sentence == best.sentence:
        return bool(own & _sentence_stems(best))
    return not own or bool(own & _stems(f"{best.article.title} {best.article.text}"))


def _sentence_stems(evidence: Evidence) -> set[str]:
    return _stems(f"{evidence.article.title} {evidence.sentence.of(evidence.article.text)}")


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if not is_function_word(word)}
