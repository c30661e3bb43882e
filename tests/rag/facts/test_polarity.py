from __future__ import annotations

import pytest

from rag.facts.polarity import find_polarity


@pytest.mark.parametrize(
    "text",
    ["It did not buy the plant.", "It didn’t buy it.", "It never will buy.", "It refused to buy."],
)
def test_what_is_denied(text: str) -> None:
    assert "buy" in find_polarity(text).denied_stems


@pytest.mark.parametrize(
    "text", ["It bought the plant.", "Not only did it grow.", "It did not wait. It will buy."]
)
def test_what_is_not(text: str) -> None:
    assert "buy" not in find_polarity(text).denied_stems
    assert "grow" not in find_polarity(text).denied_stems


@pytest.mark.parametrize("opening", ["No, ", "No. ", "No: ", "No – ", "Yes, "])
def test_an_answer_denies_nothing_of_what_follows(opening: str) -> None:
    assert find_polarity(f"{opening}the city did not sell it.").denials == 1
    assert "built" in find_polarity(f"{opening}Lind built it.").stated_stems
    assert find_polarity("No buses ran.").denials == 1


def test_a_number_that_declines_denies_nothing() -> None:
    assert find_polarity("Sales declined from 62 to 47.").denials == 0
    assert find_polarity("Sales declined to 47.").denials == 0
    assert find_polarity("She declined to comment.").denials == 1


def test_a_number_denies_nothing() -> None:
    assert find_polarity("No. 4 Mill Street burned.").denials == 0
