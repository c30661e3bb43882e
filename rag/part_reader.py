"""Questions of several parts: each is asked by itself, and the sides of a comparison once more
together.

A side that is not answered by itself may be answered by what answers the whole comparison, where a
sentence of that is about this side, or by what is a little less sure, where the other side has an
answer of the same kind, sure or nearly so: who compares two things expects both.
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
from rag.state_comparison import is_like
from rag.text.english import content_stems, stem

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
        first, second = (content_stems(part.question) for part in parts)
        own_stems = [first - second, second - first]
        sides = [_about(own_stems[i], own_stems[1 - i], part) for i, part in enumerate(parts)]
        sides = [_unless_shared(own_stems[i], sides[i], sides[1 - i]) for i in (0, 1)]
        if not all(side.evidence for side in sides):
            whole = self.reader.answer(
                view, state.question.filters, state.asked, candidates, state.asked_time_words
            )
            sides = [
                side if side.evidence else self._from_whole(own_stems[i], side, whole)
                for i, side in enumerate(sides)
            ]
        nearly_sure = [
            self._nearly_sure(
                sides[1 - i], sides[i].question, readings[i], own_stems[i], own_stems[1 - i]
            )
            for i in (0, 1)
        ]
        results = [side if side.evidence else nearly_sure[i] for i, side in enumerate(sides)]
        if not all(result.evidence for result in results):
            return sides
        best, second_best = (result.evidence[0] for result in results)
        return results if is_like(sides[0].question, best, second_best) else sides

    def _nearly_sure(
        self,
        other_side: AnsweredPart,
        question: str,
        reading: QuestionReading,
        own_stems: set[str],
        rest_stems: set[str],
    ) -> AnsweredPart:
        """The side, answered by what is a little less sure and about it, or by the same sentence as
        the other side, where it has words of both."""
        evidence, confidence = reading.reading.evidence, reading.reading.confidence
        is_shared = (
            evidence
            and other_side.evidence
            and evidence[0].sentence == other_side.evidence[0].sentence
        )
        if not evidence or (confidence < self.threshold * _OTHER_SIDE and not is_shared):
            return AnsweredPart(question, confidence)
        return _about(own_stems, rest_stems, self._part(question, reading, is_sure=True))

    def _read_part(
        self, view: View, state: PipelineState, question: str, depth: int
    ) -> QuestionReading:
        """Read what is found for a part; where it names nothing, for the whole question."""
        text = question if names_something(question) else f"{state.asked} {question}"
        part = state.question.model_copy(update={"question": text, "history": ()})
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


def _about(own_stems: set[str], rest_stems: set[str], side: AnsweredPart) -> AnsweredPart:
    """The side, answered by what is about it alone.

    own_stems: the stems that only this side's question has.
    rest_stems: those that only the other side's has.
    """
    items = [item for item in side.evidence if _is_about(own_stems, rest_stems, item)]
    if all(item.is_context for item in items):
        # What only made another sentence readable answers, if at all, by a word of this side.
        items = [replace(item, is_context=False) for item in items if own_stems & _stems_of(item)]
    return replace(side, evidence=tuple(items)) if items else _unanswered(side)


def _unless_shared(
    own_stems: set[str], side: AnsweredPart, other_side: AnsweredPart
) -> AnsweredPart:
    """The side, unanswered where the other is answered by the same sentence and this has no word of
    the side's own."""
    if not side.evidence or not other_side.evidence:
        return side
    is_shared = side.evidence[0].sentence == other_side.evidence[0].sentence
    return (
        _unanswered(side)
        if is_shared and not own_stems & _sentence_stems(side.evidence[0])
        else side
    )


def _is_about(own_stems: set[str], rest_stems: set[str], evidence: Evidence) -> bool:
    """Whether a sentence is about a side: it has a word of the side's own or, where it has none of
    the other side's, its title has or else its article."""
    article = evidence.article
    for text in (evidence.sentence.of(article.text), article.title):
        stems = content_stems(text)
        if own_stems & stems:
            return True
        if rest_stems & stems:
            return False
    return not own_stems or bool(own_stems & content_stems(article.text))


def _stems_of(evidence: Evidence) -> set[str]:
    return content_stems(evidence.sentence.of(evidence.article.text))


def _sentence_stems(evidence: Evidence) -> set[str]:
    return content_stems(f"{evidence.article.title} {evidence.sentence.of(evidence.article.text)}")
