from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.normalise import clean, clean_line


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
        ("o\ufb03ces, \ufb01\u0301n", "offices, fín"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a well\x1eknown mill\x1fer", "a well-known miller"),
        ("Oak\x07Elm\x1cAsh\x1dFir", "Oak\tElm Ash Fir"),
        ("One came.\x1eTwo left.\x1f Three stayed.\x1e", "One came. Two left. Three stayed."),
        ("\x1b[1mBold\x1b[0m\x08 words", "Bold words"),
    ],
)
def test_clean(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


def test_a_title_stays_on_one_line() -> None:
    assert clean_line(" Chips\n and  curbs ") == "Chips and curbs"
