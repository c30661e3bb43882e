from __future__ import annotations

import pytest

from rag.query.list_question import (
    asks_who_spoke,
    is_count_question,
    is_extreme_question,
    is_list_question,
)


@pytest.mark.parametrize(
    "question",
    [
        "Which companies showed machines at the fair?",
        "List the toolmakers of Orlen.",
        "What are the five demands of the union?",
        "Who were the winners?",
        "What other towns did the fire reach?",
        "What other towns ban scooters?",
        "Which people were hurt?",
        "Name the towns on the line.",
        "Tell me which towns the line serves.",
        "Which of the villages have power again?",
        "Which three Kansas counties were put under the ban?",
        "Which Spanish mills in the valley closed?",
        "Which NGOs help there?",
        "Which offers did Ingrid Dahl refuse?",
        "What are Orlen's plans for the line?",
        "What are the demands Orlen's crews put forward?",
        "Who spoke in the debate on Monday?",
    ],
)
def test_several_things(question: str) -> None:
    assert is_list_question(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which company is the largest?",
        "What does the union want?",
        "What is the loss?",
        "What causes rust?",
        "Which river does the bridge cross?",
        "Which firm was fined?",
        "Who is the mayor?",
        "Name of the mayor?",
        "Which German club wants to sign Reis?",
        "Which company makes MVR-1?",
        "Which actor adopted axes in the appeal?",
        "Which of the teams had more shots?",
        "Which takes longer, the road or the track?",
        "Which group of films gets the smallest rise?",
        "What offence do investigators have in mind?",
        "What complaint about ministers did the union voice?",
        "What are the 44 machines worth together?",
        "What are owners of the firm going to receive?",
        "Who spoke Latin?",
        "Who spoke of fish?",
        "Who spoke in the debate last?",
    ],
)
def test_one_thing(question: str) -> None:
    assert not is_list_question(question)


@pytest.mark.parametrize(
    ("question", "is_open"),
    [
        ("Who spoke in the debate on Monday?", True),
        ("Who else has commented?", True),
        ("Who testified at the trial last week?", True),
        ("Who spoke against the plan?", False),
        ("Who commented on the plan in the debate?", False),
        ("Who said that in the debate?", False),
    ],
)
def test_whoever_had_a_word_in_it(question: str, is_open: bool) -> None:
    assert asks_who_spoke(question) is is_open


def test_a_number() -> None:
    assert is_count_question("How many towns did it reach?")
    assert not is_count_question("How much did it cost?")


@pytest.mark.parametrize(
    ("question", "is_extreme"),
    [
        ("Which bicycle is the cheapest?", True),
        ("who scored most", True),
        ("What is the best camera?", True),
        ("Which forest burnt?", False),
        ("What does the latest report say?", False),
        ("How much did it cost?", False),
    ],
)
def test_the_first_of_several(question: str, is_extreme: bool) -> None:
    assert is_extreme_question(question) is is_extreme
