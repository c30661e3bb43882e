from __future__ import annotations

import pytest

from rag.query.list_question import is_count_question, is_list_question


@pytest.mark.parametrize(
    "question",
    [
        "Which companies showed machines at the fair?",
        "List the toolmakers of Orlen.",
        "What are the five demands of the union?",
        "Who were the winners?",
        "What other towns did the fire reach?",
        "Which people were hurt?",
        "Name the towns on the line.",
        "Tell me which towns the line serves.",
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
    ],
)
def test_one_thing(question: str) -> None:
    assert not is_list_question(question)


def test_a_number() -> None:
    assert is_count_question("How many towns did it reach?")
    assert not is_count_question("How much did it cost?")
