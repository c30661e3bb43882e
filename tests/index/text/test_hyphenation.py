from __future__ import annotations

import pytest

from index.text.hyphenation import join_divided
from index.text.line_joining import clean_prose, unwrap


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("the old ter-\nminal", "the old terminal"),
        ("the old ter-\r\n  minal", "the old terminal"),
        ("the old ter\u00ad\nminal", "the old terminal"),
        ("the old ter\u2010\nminal", "the old terminal"),
        ("am Diens-\ntag", "am Dienstag"),
        ("a long-\nterm lease, self-\nmade", "a long-term lease, self-made"),
        ("a Kiel-\nbased firm", "a Kiel-based firm"),
        ("the North-\nSouth line", "the North-South line"),
        ("an E-\nmail", "an E-mail"),
        ("Nord-\nund Ostsee", "Nord- und Ostsee"),
        ("in 1990-\n95 and pre-\n1990", "in 1990-95 and pre-1990"),
        ("a ready-made thing, ready-\nmade", "a ready-made thing, ready-made"),
        ("a goodbye, good-\nbye", "a goodbye, goodbye"),
    ],
)
def test_words_divided_at_line_ends(text: str, joined: str) -> None:
    assert join_divided(text) == joined


@pytest.mark.parametrize("text", ["yes --\nno", "x -\ny", "https://quay.example/a-\nb", "- a\n- b"])
def test_hyphens_that_divide_no_word(text: str) -> None:
    assert join_divided(text) == text


def test_half_a_word_is_no_end_of_a_sentence() -> None:
    # Where the characters of a text have to stay: it is as long as before.
    assert unwrap("The old ter-\nminal is shut.") == "The old ter- minal is shut."


def test_sentences_of_records_are_whole() -> None:
    text = "  Repairs of the ter-\n  minal would cost $\n14 million\ncrowns."
    assert clean_prose(text) == "Repairs of the terminal would cost $14 million crowns.".replace(
        "$14", "$ 14"
    )
