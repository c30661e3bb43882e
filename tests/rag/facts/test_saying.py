"""Attributions in one sentence: who is named as speaking, thinking or judging."""

from __future__ import annotations

import time

import pytest

from rag.facts.saying import speakers


@pytest.mark.parametrize(
    ("sentence", "phrases"),
    [
        ('"It is late," said the mayor, Ingrid Solheim.', ["the mayor, Ingrid Solheim"]),
        ("The price has risen, the council said on Thursday.", ["the council"]),
        ("Bakk, who leads the party, called it “a hole”.", ["Bakk, who leads the party"]),
        ("According to Solheim, the ferry stays.", ["Solheim"]),
        ("A spokesperson for Acme has also denied it.", ["A spokesperson for Acme"]),
        ('"Nobody has told us anything," he said.', ["he"]),
        ('"It kept going," said cyclist Paul Teague.', ["cyclist Paul Teague"]),
        ("“It was dark,” Weir shouted over the noise.", ["Weir"]),
        ("Blasting has to stop at four, the court ruled on Monday.", ["the court"]),
        ("Judge Ness ruled that blasting must stop.", ["Judge Ness"]),
        ("The Kessler family says it was theirs.", ["The Kessler family"]),
        ("Weir: “No comment.”", ["Weir"]),
        ("For the historian Hugh Weir it changes everything.", ["the historian Hugh Weir"]),
        # Who is introduced before "said" speaks, and not what is said.
        ("Carla Weir, the mayor, said the bridge was safe.", ["Carla Weir, the mayor"]),
        ("Lind, 47, said the board lost money on it.", ["Lind, 47"]),
        ("Of 74 coins, 61 are back, said prosecutor Wim Clip.", ["prosecutor Wim Clip"]),
        ("The deal is dead, said analysts.", ["analysts"]),
        # Several speak in the present.
        ("Police say the driver fled.", ["Police"]),
        ("Critics of the plan still argue that it is unfair.", ["Critics of the plan"]),
        ("Residents fear that the dam will break.", ["Residents"]),
        ("“The deal is dead,” say residents.", ["residents"]),
    ],
)
def test_the_subject_of_saying(sentence: str, phrases: list[str]) -> None:
    assert speakers(sentence) == phrases


@pytest.mark.parametrize(
    "sentence",
    [
        "The company would not say what they cost.",
        "Its 40 workers were told on Monday.",
        "Prices rose 5 percent, more than expected.",
        "It was called a success.",
        "After three days of talks, the company collapsed.",
        "She left the party, and her brother followed.",
        "Officials did not say how many had died.",
        "The claims of five others were dismissed.",
        "It does say so.",
    ],
)
def test_nobody_speaks(sentence: str) -> None:
    assert speakers(sentence) == []


def test_a_text_of_nothing_but_attributions_takes_no_longer_for_each() -> None:
    before = time.process_time()
    speakers("AB12\xa0said \n" * 2_000)
    # Half a second; with a look at all that stands before each, minutes.
    assert time.process_time() - before < 20
