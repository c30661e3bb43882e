"""How questions of several parts are taken apart, and that others are not."""

from __future__ import annotations

import pytest

from rag.query.planner import plan_question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who heads Halden Grain and who heads Corvin Mills?",
            ("Who heads Halden Grain?", "Who heads Corvin Mills?"),
        ),
        (
            "How long is the Ostrik tunnel and when will it be ready?",
            ("How long is the Ostrik tunnel?", "When will the Ostrik tunnel be ready?"),
        ),
        (
            "How many beds does the clinic in Ardal have and how much did it cost?",
            (
                "How many beds does the clinic in Ardal have?",
                "How much did the clinic in Ardal cost?",
            ),
        ),
        (
            "What is the cub at Orsa zoo called and when was it born?",
            ("What is the cub at Orsa zoo called?", "When was the cub at Orsa zoo born?"),
        ),
        (
            "Who conducts the Lisk orchestra and what does its season cost?",
            ("Who conducts the Lisk orchestra?", "What does the Lisk orchestra's season cost?"),
        ),
        (
            "How much does the Slate Leaf cost and when does it come out?",
            ("How much does the Slate Leaf cost?", "When does the Slate Leaf come out?"),
        ),
        (
            "When does the Ostrik tunnel open and what will the toll be?",
            ("When does the Ostrik tunnel open?", "What will the toll of the Ostrik tunnel be?"),
        ),
        (
            "What did Otto Brand inherit and what did he spend it on?",
            ("What did Otto Brand inherit?", "What did Otto Brand spend it on?"),
        ),
        (
            "What did the union want and what did it get?",
            ("What did the union want?", "What did the union get?"),
        ),
        (
            "What did the flight cost, and why was it cheaper than expected?",
            ("What did the flight cost?", "Why was the flight cheaper than expected?"),
        ),
        (
            "Who was arrested and where were the pictures found?",
            ("Who was arrested?", "Where were the pictures found?"),
        ),
        (
            "When did the Torp line start running and how much power does it carry?",
            ("When did the Torp line start running?", "How much power does the Torp line carry?"),
        ),
        (
            "How many people were killed and how many were hurt in the Osk crash?",
            (
                "How many people were killed in the Osk crash?",
                "How many people were hurt in the Osk crash?",
            ),
        ),
        (
            "When was Otto Brand born and what did his wife do?",
            ("When was Otto Brand born?", "What did Otto Brand's wife do?"),
        ),
        (
            "Who is the fire chief of Osk and what will she earn?",
            ("Who is the fire chief of Osk?", "What will the fire chief of Osk earn?"),
        ),
    ],
)
def test_compounds(question: str, parts: tuple[str, ...]) -> None:
    assert plan_question(question) == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Which is longer, the Skarn tunnel or the Ostrik tunnel?",
            ("How long is the Skarn tunnel?", "How long is the Ostrik tunnel?"),
        ),
        (
            "Is the Skarn tunnel longer than the Ostrik tunnel?",
            ("How long is the Skarn tunnel?", "How long is the Ostrik tunnel?"),
        ),
        (
            "Is the tram cheaper than the ferry?",
            ("How much does the tram cost?", "How much does the ferry cost?"),
        ),
        (
            "Which costs more, the Skarn tunnel or the Ostrik tunnel?",
            ("How much does the Skarn tunnel cost?", "How much does the Ostrik tunnel cost?"),
        ),
        (
            "Who employs more people, Halden Grain or Corvin Mills?",
            (
                "How many people does Halden Grain employ?",
                "How many people does Corvin Mills employ?",
            ),
        ),
        (
            "Which grew more, Halden Grain or Corvin Mills?",
            ("How much did Halden Grain grow?", "How much did Corvin Mills grow?"),
        ),
        (
            "Does Aquarelle or Brookline Utilities offer more for the Dorne waterworks?",
            (
                "How much does Aquarelle offer for the Dorne waterworks?",
                "How much does Brookline Utilities offer for the Dorne waterworks?",
            ),
        ),
        (
            "How did the profit of Halden Grain compare to that of Corvin Mills?",
            ("What was the profit of Halden Grain?", "What was the profit of Corvin Mills?"),
        ),
    ],
)
def test_comparisons(question: str, parts: tuple[str, ...]) -> None:
    assert plan_question(question) == parts


def test_of_a_preamble_and_a_question_the_question_is_asked() -> None:
    question = (
        "I read that there is a tunnel, and a friend told me more. Who leads the Skarn tunnel?"
    )
    assert plan_question(question) == ("Who leads the Skarn tunnel?",)


@pytest.mark.parametrize(
    "question",
    [
        "Who heads Halden Grain?",
        "How much did the cleaners earn before and what will they earn?",
        "What did the drivers ask for in the last strike and what did they obtain?",
        "Who was elected mayor of Lowick, and how high was the turnout?",
        "What do Halden Grain and Corvin Mills produce?",
        "Which companies offer more than 80 million for the Dorne waterworks?",
        "Who said that Halden Grain and what it owns are for sale?",
        "There is a tunnel at Skarn. Who leads it?",
        "Is it longer than the Ostrik tunnel?",
        "Why did Velmar bid and fail?",
        "Who won the Orsa Cup, and who coaches them?",
        "Is the fare higher than last year?",
        "When was Halden v. City of Orsa decided by the court?",
        "How did Mart. Weir and Anna Prys define the debt?",
        "How many mills does Corvin own and what are their names?",
        "When did the Orsa tunnel open, and how?",
        "How did the treatment of Halden versus Corvin in the Orsa case end?",
        "By how much has the fare of the Orsa ferry risen since May?",
        "Who follows Hannelore Prys at Ald Crossing and what did he do before?",
        "What does a ticket to St. Brannoc's Hospital cost?",
        "Pellham sits in Garrow Vale. How many of Pellham's jobs there will go?",
        "Caption: who stands at the quay?",
        "Image: what is it?",
        "How many people work at Corvin in Ardal and what do they earn?",
        "WHEN DID THE MILL CLOSE AND WHEN WILL IT REOPEN?",
    ],
)
def test_others_stay_whole(question: str) -> None:
    assert plan_question(question) == ()
