from __future__ import annotations

import pytest

from rag.query.speaker_question import SpeakerQuestion, find_speaker_question


@pytest.mark.parametrize(
    ("question", "speaker", "subject"),
    [
        ("What did Ingrid Solheim say about the ferry?", "Ingrid Solheim", "about the ferry"),
        ("What does the union think of the offer?", "the union", "about the offer"),
        ("What has the mayor of Weiden said?", "the mayor of Weiden", ""),
        ("How did Kvantum justify the delay?", "Kvantum", "the delay"),
        ("What is Bakk's view on the bridge?", "Bakk", "about the bridge"),
        ("What was the reaction of Norled to the plan?", "Norled", "about the plan"),
        ("What did Keel tell the workers about the mill?", "Keel", "about the mill"),
        (
            "When did the minister say the bridge would open?",
            "the minister",
            "the bridge would open",
        ),
        ("Did Weir say that the ferry stops?", "Weir", "the ferry stops"),
        ("According to Brady, what is missing?", "Brady", "what is missing"),
        ("How many jobs will go, according to Hanne Lund?", "Hanne Lund", "How many jobs will go"),
    ],
)
def test_whose_words_are_asked_for(question: str, speaker: str, subject: str) -> None:
    assert find_speaker_question(question) == SpeakerQuestion(speaker, subject)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who called the bridge a bottomless hole?", {"bottomless", "hole"}),
        ("Who described the strike as a mistake?", {"mistak"}),
        ("Who said the city can afford it?", set()),
    ],
)
def test_which_words_are_asked_for(question: str, words: set[str]) -> None:
    assert find_speaker_question(question) == SpeakerQuestion("", words=frozenset(words))


@pytest.mark.parametrize(
    "question",
    [
        "Who called off the strike?",
        "What did Sunfield build?",
        "How many lives had the storm claimed by Friday?",
        "Did the derailment claim any lives?",
        "What did she say about it?",
        "How did the market react?",
        "What is the price of the bridge?",
        "What is the response time of the brigade?",
    ],
)
def test_other_questions_are_for_facts(question: str) -> None:
    assert find_speaker_question(question) is None
