"""Lines that pages of a PDF have in the same place: heads run through them, sentences do not."""

from __future__ import annotations

import pytest

from index.load.page_figures import is_running
from index.load.pdf.fragments import Fragment, Page
from index.load.pdf.layout import flow
from index.load.pdf.running_heads import lines_left_out

BODY = ["The parish lies on the river, and has", "two bridges that were built of oak."]


def _page(head: str, size: float = 10) -> Page:
    lines = [Fragment(head, 50, 400, 800 - size, 800)]
    lines += [Fragment(line, 50, 400, 600 - 12 * i, 610 - 12 * i) for i, line in enumerate(BODY)]
    return Page(595, 842, lines)


@pytest.mark.parametrize(
    "heads",
    [
        ["In 2021 the parish had 1234 residents.", "In 2022 the parish had 999 residents."],
        ["In 2021 the mill on the river was shut.", "In 2022 the mill on the river was shut."],
        ["In 2019 some 40 people came, and", "In 2023 some 11 people came, and"],
    ],
)
def test_a_sentence_at_the_top_of_each_page_stays(heads: list[str]) -> None:
    pages = [_page(head) for head in heads]
    text = " ".join(flow(pages))
    assert all(head in text for head in heads)
    assert list(lines_left_out(pages)) == []


@pytest.mark.parametrize(
    ("heads", "size"),
    [
        (["The Tarn Courier, 4 March 2025, 1", "The Tarn Courier, 4 March 2025, 2"], 10),
        ([f"Printed in Tarn. All rights reserved. {number}." for number in (7, 8)], 7),
        (["The Tarn Society is a charity of the town."] * 2, 10),
    ],
)
def test_a_head_goes_and_is_named(heads: list[str], size: float) -> None:
    pages = [_page(head, size) for head in heads]
    assert not any(head in " ".join(flow(pages)) for head in heads)
    assert list(lines_left_out(pages)) == heads[:1]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([(0, "1-1"), (1, "1-2"), (2, "1-3")], True),
        ([(0, "6"), (2, "8"), (4, "10"), (6, "2"), (8, "4")], True),
        ([(0, "2021"), (1, "2023")], False),
        ([(0, "9" * 5000), (1, "8" * 5000)], False),
    ],
)
def test_figures_of_pages_rise_with_them(figures: list[tuple[int, str]], expected: bool) -> None:
    assert is_running(figures) is expected
