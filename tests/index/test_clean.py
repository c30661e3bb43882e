from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import clean, clean_line, unwrap


@given(st.text(st.characters(), max_size=300))
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(), max_size=300))
def test_clean_text_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode().decode() == cleaned
    assert "\r" not in cleaned
    assert "\x00" not in cleaned


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a  b\t\tc   \nd", "a b c\nd"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("\ufeffword\u200b \ud800", "word \ufffd"),
        ("cafe\u0301", "café"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_clean(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


def test_a_title_stays_on_one_line() -> None:
    assert clean_line(" Chips\n and  curbs ") == "Chips and curbs"


def test_hard_wrapped_paragraphs_are_joined() -> None:
    line = "word " * 13
    wrapped = "\n".join([line.strip()] * 4) + ".\n\nNext."
    assert "\n" not in unwrap(wrapped).split("\n\n")[0]


def test_one_paragraph_a_line_stays() -> None:
    text = "\n".join(["A whole sentence of a paragraph that stands on its line."] * 5)
    assert unwrap(text) == text
