"""Who is asked how old they are, is looked for by their birth."""

from __future__ import annotations

import pytest

from rag.query.age import ask_for_birth


@pytest.mark.parametrize(
    ("question", "wording"),
    [
        ("How old is Ada Lind?", "When was Ada Lind born?"),
        ("What is the age of Otto van Weir", "When was Otto van Weir born?"),
        ("How old is the quay?", None),
        ("How old is Ada Lind's house?", None),
        ("How old is Ada Lind's Brewery?", None),
        ("How old was Ada Lind when she left?", None),
        ("Where is Ada Lind?", None),
    ],
)
def test_an_age_is_a_birth(question: str, wording: str | None) -> None:
    assert ask_for_birth(question) == wording
