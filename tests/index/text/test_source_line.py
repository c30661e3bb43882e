from __future__ import annotations

from datetime import date

import pytest

from index.text.source_line import author_with_role, read_source_line

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
        ("Tarn Courier | Thursday 3 September 2026 | Orla Teague", None),
        ("The Tarn Courier (Thursday 3 September 2026)", None),
        ("Le Courrier | jeudi 3 septembre 2026 | par Anne Roche", "par Anne Roche"),
        ("The Sun, 3 September 2026", None),
        ("(Fjord Wire) 3 September 2026", None),
        ("Tarn Courier // 3 September 2026 // Orla Teague", None),
        ("Tarn Courier | 3 September 2026 | By Orla Teague, health writer", "By Orla Teague"),
        ("Orla Teague, education reporter, Tarn Courier, 3 September 2026", "By Orla Teague"),
        ("Tarn Courier — 3 September 2026 — Orla Teague, Crime Reporter", "By Orla Teague"),
        ("From our Wend correspondent, 3 September 2026", None),
        (
            "By Orla Teague, Karl Ohm and Ann Day, Tarn Courier, 3 September 2026",
            "By Orla Teague, Karl Ohm and Ann Day",
        ),
        ("By Orla Teague with Karl Ohm in Wend, 3 September 2026", "By Orla Teague and Karl Ohm"),
        ("Analysis by Orla Teague, Tarn Courier, 3 September 2026", "by Orla Teague"),
        ("Words: Orla Teague. Tarn Courier, 3 September 2026", "By Orla Teague"),
        ("Tarn Courier, Vol. 12, No. 3, 3 September 2026", None),
        ("The Tarn Courier, morning edition, 3 September 2026", None),
        ("Tarn Courier, 3 September 2026 (updated 4 September 2026)", None),
        ("tarncourier.example, 3 September 2026", None),
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
        "Tarn Courier readers met on Thursday 3 September 2026.",
        "Deadline — Thursday 3 September 2026 — no extensions",
        "Meeting | Thursday 3 September 2026 | Village Hall, doors open at seven",
        "Dr Teague, health minister, resigned on 3 September 2026",
        "The Lantern Bridge, Thursday 3 September 2026: closed",
        "By Orla Teague, by Karl Ohm, 3 September 2026",
    ],
)
def test_other_lines_with_a_day_are_no_source_lines(line: str) -> None:
    assert read_source_line(line) is None


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Orla Teague, Food and Farming Correspondent", "Orla Teague"),
        ("Orla van Teague, senior health writer", "Orla van Teague"),
        ("Orla Teague, a reporter", None),
        ("Orla Teague, chief executive", None),
        ("Orla Teague, editor and mother of two", None),
        ("The Tarn Courier, editor", None),
        ("Orla Teague", None),
    ],
)
def test_a_name_with_a_role_is_a_byline(line: str, author: str | None) -> None:
    assert author_with_role(line) == author
