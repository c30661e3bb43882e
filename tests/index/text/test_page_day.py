from __future__ import annotations

from datetime import date

import pytest

from index.text.page_day import read_source_line

DAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Orla Teague, The Tarn Courier, 3 September 2026", "By Orla Teague"),
        ("By Orla Teague, Field & Lab, 3 September 2026", "By Orla Teague"),
        ("By Orla Teague | The Tarn Courier | Thursday, 3 September 2026, 14:05", "By Orla Teague"),
        ("By Orla Teague for The Tarn Courier, 3 September 2026", "By Orla Teague"),
        ("Lantern Weekly, 3 September 2026. By Karl Ohm.", "By Karl Ohm"),
        ("The Tarn Courier — September 3, 2026 — By Orla Teague", "By Orla Teague"),
        ("Von Anna Roe, Fjord-Zeitung, 3. September 2026", "Von Anna Roe"),
        ("— Orla Teague, The Tarn Courier, 3 September 2026", None),
        ("Published in The Tarn Courier on 3 September 2026", None),
        ("Source: The Tarn Courier, 3 September 2026", None),
        ("(Tarn Courier, 3 September 2026)", None),
        ("3 September 2026, The Tarn Courier", None),
        ("Tarn Courier (Wend), 3 September 2026, p. 4", None),
        ("THE TARN COURIER. Thursday, 3 September 2026. Page A4", None),
    ],
)
def test_source_lines_have_a_day_and_may_have_a_byline(line: str, byline: str | None) -> None:
    source = read_source_line(line)
    assert source is not None
    assert (source.day, source.byline) == (DAY, byline)


@pytest.mark.parametrize(
    "line",
    [
        "Mayor Dahl resigned on 3 September 2026",
        "Shops close, 3 September 2026",
        "Thursday, 3 September 2026",
        "Died on 3 September 2026",
        "Born: Ellersund, 3 September 1964",
        "By Orla Teague and by Tom Roe, by Ann Day, 3 September 2026 and 4 September 2026",
        "The Tarn Courier, September 2026",
        "3 September 2026",
    ],
)
def test_other_lines_with_a_day_are_no_source_lines(line: str) -> None:
    assert read_source_line(line) is None
