from __future__ import annotations

import pytest

from rag.citing.extremes import extreme_rows

TOWNS = ("Ardal", "Belm", "Corvik", "Dunmore", "Ersted")
RENTS = (8.1, 9.4, 7.2, 12.6, 7.2)
BEDS = (300, 120, 45, 60, 80)
ROWS = [
    "Town | Rent 2025 | Rent 2026 | Hospital beds",
    *(
        f"{town} | Rent 2025: {rent + 10 * (town == 'Belm')} | Rent 2026: {rent} | "
        f"Hospital beds: {beds}"
        for town, rent, beds in zip(TOWNS, RENTS, BEDS, strict=True)
    ),
]


@pytest.mark.parametrize(
    ("question", "towns"),
    [
        ("Which town has the highest rent?", "Dunmore"),
        ("Where was the rent highest in 2025?", "Belm"),
        ("Which towns have the lowest rents?", "Corvik Ersted"),
        ("Which town has the most hospital beds?", "Ardal"),
        ("Where are the fewest beds?", "Corvik"),
        # The measure is of nothing that is asked about, or of its change.
        ("Which hospital has the longest wait for rent?", ""),
        ("Where has the rent risen most?", ""),
        ("Which of the two largest towns has the rent?", ""),
        # Which column is meant is open, or which end of it.
        ("Which town is the largest?", ""),
        ("Which town has the best rent?", ""),
        ("Which town has neither the highest nor the lowest rent?", ""),
    ],
)
def test_the_row_of_an_extreme(question: str, towns: str) -> None:
    rows = [ROWS[i] for i in extreme_rows(ROWS, question)]
    assert " ".join(row.split(" ")[0] for row in rows) == towns


def test_a_total_is_no_row_that_is_first() -> None:
    rows = [
        "Total | Beds: 605",
        *(f"{town} | Beds: {beds}" for town, beds in zip(TOWNS, BEDS, strict=True)),
    ]
    assert extreme_rows(rows, "Which town has the most beds?") == [1]


def test_what_has_no_figures_has_no_first() -> None:
    assert extreme_rows(["- Ardal", "- Belm"], "Which town is the largest?") == []


def test_the_only_column_of_figures_needs_no_name() -> None:
    rows = ["Tower | Height", "Ardal | Height: 90 m", "Belm | Height: 1.2 km"]
    assert extreme_rows(rows, "Which is the tallest tower?") == [2]
