"""What bylines say where they name nobody."""

from __future__ import annotations

import pytest

from index.boilerplate.rules import byline, byline_names
from index.load.plain.head_lines import author_below


@pytest.mark.parametrize(
    "line",
    [
        "By Our Correspondent",
        "By Staff Reporter",
        "By Our Special Correspondent",
        "By Friday Night",
        "By News Desk",
        "By Guest Contributor",
    ],
)
def test_an_office_or_a_time_is_no_author(line: str) -> None:
    assert byline(line) is not None
    assert byline_names(line) == []
    assert author_below(f"{line}\n3 May 2025\n\nThe mill is shut.") is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By April May", ["April May"]),
        ("By Ann Chief", ["Ann Chief"]),
        ("By Jan Sun and Ann Roe", ["Jan Sun", "Ann Roe"]),
        ("By Ann Roe and Staff Reporter", ["Ann Roe"]),
        ("By the river it was cold.", []),
    ],
)
def test_names_are_names(line: str, names: list[str]) -> None:
    assert byline_names(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "By Ann Faraday 3 May 2025",
        "By Ann Faraday on May 3, 2025",
        "By Ann Faraday on Saturday 3 May 2025",
    ],
)
def test_a_day_may_follow_a_name_without_a_mark(line: str) -> None:
    assert byline_names(line) == ["Ann Faraday"]
