"""Spans are stretches of a text, and nothing else."""

from __future__ import annotations

import pytest

from index.article import Span

TEXT = "Ships wait."


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 3)])
def test_what_holds_no_character_is_no_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


def test_a_span_covers_characters_of_its_text_alone() -> None:
    assert Span(6, len(TEXT)).of(TEXT) == "wait."
    with pytest.raises(ValueError, match="runs past 11 characters"):
        Span(6, len(TEXT) + 1).of(TEXT)
