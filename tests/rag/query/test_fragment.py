"""Follow-ups that are only a phrase."""

from __future__ import annotations

import pytest

from rag.query.fragment import complete_fragment
from rag.question import Turn

HISTORY = (
    Turn(role="user", content="How much will the bridge cost?"),
    Turn(role="assistant", content="214 million. [1]"),
)


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("In dollars?", "How much will the bridge cost, in dollars?"),
        ("over how many years", "Over how many years will the bridge cost?"),
        ("And since when?", "Since when will the bridge cost?"),
        ("Per year?", "How much will the bridge cost, per year?"),
    ],
)
def test_it_is_asked_with_the_question_before(typed: str, whole: str) -> None:
    assert complete_fragment(typed, HISTORY) == whole


def test_who_else_asks_for_others() -> None:
    history = [Turn(role="user", content="Who criticised the plan?")]
    assert complete_fragment("who else?", history) == "Who else criticised the plan?"


@pytest.mark.parametrize(
    ("before", "whole"),
    [
        ("Did Weir leave the board?", "When exactly did Weir leave the board?"),
        ("What did Weir promise?", "When exactly did Weir promise?"),
        ("Where will the museum stand?", "When exactly will the museum stand?"),
        # Here it is the subject that was asked for.
        ("Who is building the bridge?", "Who is building the bridge, when exactly?"),
        ("Which firm won the tender", "Which firm won the tender, when exactly?"),
    ],
)
def test_it_takes_the_place_of_what_was_asked(before: str, whole: str) -> None:
    assert complete_fragment("When exactly?", [Turn(role="user", content=before)]) == whole


@pytest.mark.parametrize(
    "typed",
    [
        "Who builds it?",
        "When does it open?",
        "Which companies bid for it?",
        "In Norway, who builds bridges?",
        "How many people died in the fire?",
        "Bridges in Norway",
        "",
    ],
)
def test_what_says_more_is_left_alone(typed: str) -> None:
    assert complete_fragment(typed, HISTORY) is None


def test_a_name_takes_the_place_of_the_one_before() -> None:
    history = [Turn(role="user", content="How high is the tax in Sweden?")]
    assert complete_fragment("And in Norway?", history) == "How high is the tax in Norway?"
    assert complete_fragment("of course", history) is None


def test_phrases_and_thanks_are_passed_over() -> None:
    further = (Turn(role="user", content="In euros?"), Turn(role="user", content="thanks"))
    whole = complete_fragment("When?", (*HISTORY, *further))
    assert whole == "When will the bridge cost?"


def test_without_a_question_before_it_nothing_is_made_of_it() -> None:
    assert complete_fragment("When?", ()) is None
