from __future__ import annotations

import pytest

from index.load.markdown import plain_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("It cost 14 million.^1^^2^ He left.", "It cost 14 million. He left."),
        ("It lets out 10^6^^3^ tons.", "It lets out 10^6 tons."),
        ("It is 2^2^^2^ in all.", "It is 2^2^2 in all."),
        ("It sank in 2019^\\[12\\]^ there.", "It sank in 2019 there."),
        ("Ships^[See the *report* of 2019.] sank.", "Ships sank.\n\n* See the report of 2019."),
        ("Crane\n: A machine that lifts.", "Crane: A machine that lifts."),
        ("Crane\n: It lifts.\n: A bird.", "Crane: It lifts.; A bird."),
        ("Crane\n\n: A machine that lifts.", "Crane: A machine that lifts."),
        ("At 14:30\nthey left: all of them.", "At 14:30 they left: all of them."),
    ],
)
def test_marks_of_pandoc(markdown: str, text: str) -> None:
    assert plain_text(markdown)[1] == text


def test_headings_over_two_columns() -> None:
    table = (
        "| Port | 2023 | | 2024 | |\n|---|---|---|---|---|\n| | Tons | Ships | Tons | Ships |\n"
        "| Oslo | 3.1 | 40 | 4.2 | 51 |"
    )
    line = "Oslo | 2023 Tons: 3.1 | 2023 Ships: 40 | 2024 Tons: 4.2 | 2024 Ships: 51"
    assert line in plain_text(table)[1].split("\n\n")
