"""Days that head the parts of a text, and days that say when it appeared."""

from __future__ import annotations

from datetime import date

import pytest

from index.boilerplate.detector import Layout, furniture
from index.ingest.preparation import page_day

TODAY = date(2026, 3, 10)
LONG = (
    "The council voted on that day to repair the old bridge, which had been closed to carts since "
    "an inspector found cracks in two of its piers."
)
SAID = "The mill of the town opened on the river that spring."


def _read(text: str) -> tuple[list[str], date | None]:
    return [each.text for each in furniture(Layout.of(text), "", None)], page_day(
        text, None, TODAY
    )[0]


@pytest.mark.parametrize(
    "text",
    [
        f"1 May 1923\n\n{LONG}\n\n5 June 1950\n\n{LONG}\n\n3 May 2025\n\n{LONG}",
        f"A short history\n\n1 May 1923\n\n{SAID}\n\n5 June 1950\n\n{LONG}",
        f"June 5, 1950\n\n{LONG}\n\nMay 3, 2025\n\n{SAID}\n{SAID}\n\n{LONG}",
        f"1923-05-01\n{SAID}\n1950-06-05\n{SAID}\n2025-05-03\n{SAID}",
    ],
)
def test_days_that_head_parts_stay_and_date_nothing(text: str) -> None:
    assert _read(text) == ([], None)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (f"3 May 2025\n\n{LONG}\n\n{LONG}", ["3 May 2025"]),
        (f"3 May 2025\n\n{LONG}\n\n3 May 2025\n\n{LONG}", ["3 May 2025"]),
        (f"2025-05-03\n\n{LONG}\n\n5 June 1950\n\n{LONG}", ["2025-05-03"]),
        (f"Published 3 May 2025\n\n{LONG}\n\n1 May 1923\n\n{LONG}", ["Published 3 May 2025"]),
        # Other articles below one.
        (f"3 May 2025\n\n{LONG}\n\nA quay for Tarn\n\n1 May 2025\n\n{LONG}", ["3 May 2025"]),
    ],
)
def test_a_day_above_the_text_dates_it(text: str, days: list[str]) -> None:
    assert _read(text) == (days, date(2025, 5, 3))
