from __future__ import annotations

from datetime import date

import pytest

from rag.query.periods import resolve_period

TODAY = date(2025, 6, 18)  # A Wednesday.


@pytest.mark.parametrize(
    ("spec", "first", "last"),
    [
        ("yesterday", "2025-06-17", "2025-06-17"),
        ("Wednesday", "2025-06-18", "2025-06-18"),
        ("next Monday", "2025-06-23", "2025-06-23"),
        ("this Friday", "2025-06-20", "2025-06-20"),
        ("last weekend", "2025-06-14", "2025-06-15"),
        ("this weekend", "2025-06-21", "2025-06-22"),
        ("next week", "2025-06-23", "2025-06-29"),
        ("last quarter", "2025-01-01", "2025-03-31"),
        ("next year", "2026-01-01", "2026-12-31"),
        ("next spring", "2026-03-01", "2026-05-31"),
        ("winter of 2023", "2023-12-01", "2024-02-29"),
        ("2025-05-03", "2025-05-03", "2025-05-03"),
        ("2019/20", "2019-01-01", "2020-12-31"),
        ("2019-2022", "2019-01-01", "2022-12-31"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
        ("start of 2024", "2024-01-01", "2024-04-30"),
        ("mid-2024", "2024-05-01", "2024-08-31"),
        ("late 2024", "2024-09-01", "2024-12-31"),
        ("third quarter of 2024", "2024-07-01", "2024-09-30"),
        ("first-half of 2024", "2024-01-01", "2024-06-30"),
        ("H2 2023", "2023-07-01", "2023-12-31"),
    ],
)
def test_what_names_a_period_has_its_days(spec: str, first: str, last: str) -> None:
    assert resolve_period(spec, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_day_that_no_month_has_is_no_period() -> None:
    assert resolve_period("31 February 2024", TODAY) is None
