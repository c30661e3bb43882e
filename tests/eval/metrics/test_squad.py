from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.squad import best, contains, exact_match, normalise, token_f1

SOME_TEXT = st.text(max_size=40)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  Eiffel-Tower!", "eiffeltower"),
        ("An apple a day", "apple day"),
        ("theatre", "theatre"),
        ("", ""),
        ("$380 Billion", "380 billion"),
    ],
)
def test_normalise_as_the_official_script_does(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("predicted", "gold", "f1"),
    [
        ("Denver Broncos", "The Denver Broncos", 1.0),
        ("Broncos", "Denver Broncos", 2 / 3),
        ("in the 10th and 11th centuries", "10th and 11th centuries", 8 / 9),
        ("Carolina", "Denver", 0.0),
        ("", "", 1.0),
        ("the", "", 1.0),
        ("Denver", "", 0.0),
        ("b b c", "b c c", 2 / 3),
    ],
)
def test_token_f1_by_hand(predicted: str, gold: str, f1: float) -> None:
    assert token_f1(predicted, gold) == pytest.approx(f1)


@given(SOME_TEXT, SOME_TEXT)
def test_token_f1_is_symmetric_and_bounded(first: str, second: str) -> None:
    assert token_f1(first, second) == pytest.approx(token_f1(second, first))
    assert 0 <= token_f1(first, second) <= 1
    assert exact_match(first, second) <= token_f1(first, second)


@given(SOME_TEXT)
def test_a_text_agrees_with_itself(text: str) -> None:
    assert exact_match(text, text) == token_f1(text, text) == 1


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("It cost $52.7 billion in all", "$52.7 billion", True),
        ("It cost 152.7 billion", "52.7 billion", False),
        ("Paris, the capital", "paris capital", True),
        ("anything", "the", False),
    ],
)
def test_contains_compares_whole_words(text: str, answer: str, held: bool) -> None:
    assert contains(text, answer) is held


def test_any_of_several_answers_is_enough() -> None:
    assert contains("It was Paris.", "Lyon", "paris")
    assert not contains("It was Paris.")


def test_the_best_score_is_with_any_gold_answer() -> None:
    assert best(exact_match, "the Normans", ["normans", "x"]) == 1.0
    assert best(token_f1, "10th century", ["in the 10th century", "x"]) == pytest.approx(0.8)
    assert best(token_f1, "x", []) == 0.0
