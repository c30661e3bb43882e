from __future__ import annotations

import pytest

from rag.grounding.alignment import Facts
from rag.grounding.exchanges import exchange_signals


def signals(claim: str, sentence: str) -> set[str]:
    values = exchange_signals(Facts(claim), Facts(sentence))
    return {name for name, value in values.items() if value}


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Tom Lind sued Anna Weir in 2021.", "Anna Weir sued Tom Lind in 2021."),
        ("Harn Rovers beat FC Varnes 2-1.", "FC Varnes beat Harn Rovers 2-1 on Saturday."),
        ("Bao came from Hollen to Chengdu.", "Bao came from Chengdu to Hollen in 2021."),
        ("It fell from 47 to 62.", "It fell from 62 to 47 in a year, she said."),
    ],
)
def test_what_stands_in_the_place_of_each_other_is_swapped(claim: str, sentence: str) -> None:
    assert "swapped" in signals(claim, sentence)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Sales fell 3% to 40 tonnes.", "Sales rose 3% to 40 tonnes."),
        ("The lift will be open from 10am to 4pm.", "The lift will be closed from 10am to 4pm."),
        ("300 people visit it every week.", "About 300 people visit it every day."),
        ("The tower is less than 74 metres tall.", "The tower is 74 metres tall."),
        ("He must pay at most 9,000 crowns.", "He must pay at least 9,000 crowns."),
        ("It was tested in Harn before 2023.", "It was tested in Harn in 2023."),
    ],
)
def test_a_word_in_the_place_of_its_opposite(claim: str, sentence: str) -> None:
    assert signals(claim, sentence) == {"opposite"}


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Anna Weir was sued by Tom Lind in 2021.", "Tom Lind sued Anna Weir in 2021."),
        ("Coach Roth was replaced by coach Dahl.", "Coach Dahl replaced coach Roth in March."),
        ("FC Varnes lost 2-1 to Harn Rovers.", "Harn Rovers beat FC Varnes 2-1."),
        ("Osk is older than Varn.", "Varn is younger than Osk."),
        (
            "Tarnbank employs more people than Olmbank.",
            "Olmbank employs fewer people than Tarnbank.",
        ),
        ("Osk and Varn will merge.", "Varn and Osk will merge."),
        ("It fell from 62 to 47.", "It fell to 47 from 62."),
        ("Osk met Varn in May.", "Varn met Osk in May."),
        ("Osk lost 4 boats and won 1.", "Osk won 1 and lost 4 boats."),
        ("It is at least 74 metres tall.", "It is more than 74 metres tall."),
        ("No less than 9% was asked for.", "At least 9% was asked for."),
        ("It is not open on Sunday.", "It is closed on Sunday."),
        ("Taxes fell in May.", "Taxes fell in May and rose in June."),
    ],
)
def test_other_words_for_the_same_are_neither(claim: str, sentence: str) -> None:
    assert not signals(claim, sentence)


def test_what_another_sentence_states_is_no_opposite() -> None:
    claim = Facts("The right valve leaks and the left valve holds.")
    right, left = Facts("The right valve leaks."), Facts("The left valve holds.")
    assert not exchange_signals(claim, right)["opposite"]
    assert exchange_signals(Facts("The left valve leaks."), right)["opposite"]
    assert not exchange_signals(Facts("The left valve leaks."), right, [left])["opposite"]
