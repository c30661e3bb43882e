"""Answers in another measure than a question asks for."""

from __future__ import annotations

import pytest

from rag.facts.measure import is_in_other_measure


@pytest.mark.parametrize(
    ("question", "sentence", "mark", "is_other"),
    [
        ("How long does it take?", "It costs about 240 dollars.", "about 240 dollars", True),
        ("How much did Weir pay for it?", "It lasts for six weeks.", "six weeks", True),
        ("How long is the path?", "It has 31 kilometres.", "31 kilometres", False),
        ("How long does it take?", "It took three quarters of it.", "three quarters", False),
        ("How long does it take?", "It takes 40.", "40", False),
        ("How long does it take?", "It costs 9 euros and six weeks.", "9 euros", False),
        ("How much is it?", "It lasts for six weeks.", "six weeks", False),
    ],
)
def test_the_measure_asked_for(question: str, sentence: str, mark: str, is_other: bool) -> None:
    assert is_in_other_measure(question, sentence, mark) == is_other
