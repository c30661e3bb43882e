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
    asked = find_speaker_question(question)
    assert asked is not None
    assert (asked.speaker, asked.subject) == (speaker, subject)


@pytest.mark.parametrize(
    ("question", "speaker", "wording"),
    [
        ("In Hope's view, why are buses late?", "Hope", "Why are buses late?"),
        ("In the view of Arne Bakk, what is missing?", "Arne Bakk", "What is missing?"),
        ("Why are buses late, in the mayor's opinion?", "the mayor", "Why are buses late?"),
        ("According to Brady's report, what is missing?", "Brady", "What is missing?"),
        (
            "What was the judge's opinion of Keel?",
            "the judge",
            "What did the judge say about Keel?",
        ),
        ("What does Bakk think can be saved?", "Bakk", "What can be saved?"),
        ("When did Weir say the bridge would open?", "Weir", "When the bridge would open?"),
        ("What's Bakk's advice on ferries?", "Bakk", "What did Bakk say about ferries?"),
    ],
)
def test_a_view_is_asked_of_its_owners_own_sentences(
    question: str, speaker: str, wording: str
) -> None:
    asked = find_speaker_question(question)
    assert asked is not None
    assert (asked.speaker, asked.wording, asked.is_certain) == (speaker, wording, True)


def test_a_reaction_is_perhaps_no_statement() -> None:
    asked = find_speaker_question("How did the market react to the strike?")
    assert asked == SpeakerQuestion(
        "the market",
        "about the strike",
        wording="What did the market say about the strike?",
        is_certain=False,
    )


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What does the law say about scooters?", "the law"),
        ("How many live there according to the 2010 census?", "the 2010 census"),
        ("How many have died according to the October count?", "the October count"),
        ("What will it cost, according to the latest estimate?", "the latest estimate"),
        ("What do the results suggest?", "the results"),
        ("What is the position of Saturn in the sky?", "Saturn in the sky"),
    ],
)
def test_what_is_written_or_no_statement_at_all_is_not_believed_less(
    question: str, speaker: str
) -> None:
    asked = find_speaker_question(question)
    assert asked is not None
    assert (asked.speaker, asked.is_certain) == (speaker, False)


def test_an_adverb_is_no_part_of_the_speaker() -> None:
    asked = find_speaker_question("What did Weir really say?")
    assert asked == SpeakerQuestion("Weir")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who called the bridge a bottomless hole?", {"bottomless", "hole"}),
        ("Who described the strike as a mistake?", {"mistak"}),
        ("Who described the mayor as stubborn?", {"stubborn"}),
        ("Who said the city can afford it?", set()),
    ],
)
def test_which_words_are_asked_for(question: str, words: set[str]) -> None:
    asked = find_speaker_question(question)
    assert asked is not None
    assert (asked.speaker, set(asked.words)) == ("", words)


@pytest.mark.parametrize(
    "question",
    [
        "Who called off the strike?",
        "Who called for a new agency to be set up?",
        "According to what theory is the sea rising?",
        "Does age predict disability?",
        "Why did Weir argue about the bridge?",
        "What did Sunfield build?",
        "How many lives had the storm claimed by Friday?",
        "Did the derailment claim any lives?",
        "What did she say about it?",
        "In her view, why are buses late?",
        "According to her report, what is missing?",
        "What is the price of the bridge?",
        "What is the response time of the brigade?",
        "What does each article say about how high the quay is?",
        "What is a plant's response to drought called?",
        "How would one describe the quay?",
        "Terms may differ according to what?",
        "According to the two stories, who built the quay?",
        "What do the sources say about the quay?",
    ],
)
def test_other_questions_are_for_facts(question: str) -> None:
    assert find_speaker_question(question) is None
