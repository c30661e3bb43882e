from __future__ import annotations

import pytest

from index.load.superscripts import subscript_text, superscript_text


@pytest.mark.parametrize(
    ("before", "characters", "added"),
    [
        ("It cost 14", "3", ""),
        ("It cost 14", "3 ", " "),
        ("in 1998.", "1, 2", ""),
        ("the law", "*", ""),
        ("Oslo", "a", ""),
        ("about 10", "6", "^6"),
        ("of 110", "6", ""),
        ("about 10", "−3", "^-3"),
        ("5 km", "2", "^2"),
        ("the beam", "2", ""),
        ("where x", "2", "^2"),
        ("the 19", "th", "th"),
        ("le 1", "er", "er"),
        ("la 2", "e", "e"),
        ("M", "me", "me"),
        ("price", "with tax", " with tax "),
    ],
)
def test_raised(before: str, characters: str, added: str) -> None:
    assert superscript_text(before, characters) == added


def test_lowered() -> None:
    assert (subscript_text("CO", "2"), subscript_text("101", "2")) == ("2", "_2")
