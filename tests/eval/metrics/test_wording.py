from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.wording import says


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Sales were $3.5 million.", "35 million"),
        ("They rose by 1,5 points", "15"),
        ("Osk won 2-0", "20"),
        ("Osk won 2\u20130", "20"),
        ("It begins at 9:30", "930"),
        ("In 2024/25", "202425"),
        ("It cost 152.7 billion", "52.7 billion"),
        ("It hired 1,0000 people", "10000"),
        ("anything", "the"),
        ("It was 35.[1]", "35.1"),
    ],
)
def test_another_number_is_not_said(text: str, answer: str) -> None:
    assert not says(text, answer)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It cost $52.7 billion in all", "$52.7 billion"),
        ("Sales were 35 million.", "35 million"),
        ("The share was 3.5%.", "3.5"),
        ("It hired 1,000 people", "1000"),
        ("It hired 1000 people", "1,000"),
        ("It made 1,234,567.5 of them", "1234567.5"),
        ("Some 5,000-6,000 came", "5000-6000"),
        ("Osk won 2\u20130", "2-0"),
        ("It costs $3-$4 or so", "3-4"),
        ("From 25%-30% to less", "25-30%"),
        ("Weir\u2019s plan", "Weir's plan"),
        ("Weir's plan", "weir\u2019s"),
        ("He calls it a \u201cfirst step\u201d", "first step"),
        ("In 1987, Acme opened", "1987"),
        ("The covid-19 rules", "COVID-19"),
        ("A 35-year-old man", "35-year-old"),
        ("Paris, the capital", "paris capital"),
        ("The Eiffel-Tower!", "Eiffel-Tower"),
    ],
)
def test_what_is_written_in_another_way_is_said(text: str, answer: str) -> None:
    assert says(text, answer)


def test_any_of_several_answers_is_enough() -> None:
    assert says("It was Paris.", "Lyon", "paris")
    assert not says("It was Paris.")


@given(st.integers(0, 10**12))
def test_commas_of_thousands_make_no_difference(number: int) -> None:
    assert says(f"It has {number:,} members.", str(number))
    assert says(f"It has {number} members.", f"{number:,}")
