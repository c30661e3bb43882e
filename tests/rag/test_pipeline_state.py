"""What the stages know of a question."""

from __future__ import annotations

from datetime import date

from rag.pipeline_state import PipelineState
from rag.query.follow_up import Interpretation
from rag.query.time_expressions import find_time_words
from rag.question import Question
from rag.settings import Settings


def test_of_a_part_that_is_read_only_its_own_words_of_time_count() -> None:
    """ "How much does it cost now?" is not for the articles of March."""
    question = "How much more does the toll at Marn cost now than in March?"
    words = find_time_words(question, date(2025, 6, 18))
    state = PipelineState(Question(question=question), Settings(), words)
    assert [word.phrase for word in state.asked_time_words] == ["in March"]
    part = "How much does the toll at Marn cost now?"
    state.interpretation = Interpretation(part, part)
    assert state.asked_time_words == ()
    assert [word.phrase for word in state.time_words] == ["in March"]
