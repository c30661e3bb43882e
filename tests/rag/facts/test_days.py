from __future__ import annotations

import pytest

from rag.facts.dates import Day, days, same_day


def one(text: str) -> Day:
    (found,) = days(text)
    return found


@pytest.mark.parametrize(
    "text", ["26 May 2025", "May 26, 2025", "2025-05-26", "the 26th of May 2025", "may 26 2025"]
)
def test_a_day_however_it_is_written(text: str) -> None:
    day = one(text)
    assert (day.years, day.month, day.day) == ((2025, 2025), 5, 26)


@pytest.mark.parametrize(
    "text",
    [
        "He may go",
        "on 3 may",
        "march on",
        "2000 people",
        "$2025",
        "1,999",
        "2,005",
        "April Jones",
        "Theresa May",
        "May said so",
        "criticised by May",
        "chapter 2024",
        "1812 Elm Street",
        "a 2000-page report",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize("text", ["She left in May.", "He has led it since May", "late May"])
def test_may_is_a_month_where_a_preposition_says_so(text: str) -> None:
    assert (one(text).years, one(text).month) == (None, 5)


def test_what_a_month_owns() -> None:
    assert one("September’s figures").month == 9


@pytest.mark.parametrize(
    ("claimed", "stated", "backed"),
    [
        ("in May 2025", "on 26 May 2025", True),
        ("on 26 May 2025", "in May 2025", False),
        ("in 2024", "in 2025", False),
        ("in the 1990s", "in 1994", True),
        ("in 1994", "in the 1990s", False),
        ("in the 19th century", "in 1851", True),
        ("in June", "on 5 June 2020", True),
        ("in July", "on 5 June 2020", False),
    ],
)
def test_what_backs_a_day(claimed: str, stated: str, backed: bool) -> None:
    assert same_day(one(claimed), one(stated)) is backed


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("the 2023-24 season", (2023, 2024)),
        ("in 1939–1945", (1939, 1945)),
        ("mid-2024", (2024, 2024)),
        ("the nineteenth century", (1800, 1900)),
    ],
)
def test_years_however_they_are_written(text: str, years: tuple[int, int]) -> None:
    assert one(text).years == years
