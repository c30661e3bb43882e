"""What may be about what is asked: the right measure, and one of the two that are compared."""

from __future__ import annotations

import pytest

from index.article import Span
from rag.evidence import Evidence
from rag.grounding.asked_subject import keep_on_subject
from rag.settings import Settings
from tests.fakes import article

TEXT = "The Orsa costs 279 pounds, and the Teller, which roars, is 640 pounds."


@pytest.mark.parametrize(
    ("question", "mark", "is_kept"),
    [
        ("Which is quieter, the Mill or the Orsa?", "the Teller", False),
        ("Which is quieter, the Mill or the Teller?", "the Teller", True),
        ("Which is the loudest?", "the Teller", True),
        ("How long does the Orsa last?", "279 pounds", False),
        ("How much does the Orsa cost?", "279 pounds", True),
    ],
)
def test_what_is_kept(question: str, mark: str, is_kept: bool) -> None:
    start = TEXT.index(mark)
    item = Evidence(article("mills", TEXT), Span(0, len(TEXT)), Span(start, start + len(mark)), 0.9)
    assert bool(keep_on_subject(question, [item], Settings())) == is_kept
    off = Settings(planner=False, measures=False)
    assert keep_on_subject(question, [item], off) == (item,)
