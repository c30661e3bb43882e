"""Slips of the finger, and what must not be taken for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Pullquote, Settings, Turn
from rag.query.spelling import correct_spelling, find_misspellings
from tests.fakes import FakeModels, article
from tests.homes import with_models

TEXT = (
    "Orrery will spend 380 billion kroner on clusters of Kunlun chips. Its president, Jenna Huang, "
    "said which rivals bought more equipment. Which of them lost is not known."
)
HELD = frozenset(TEXT.casefold().replace(",", "").replace(".", "").split())


def known(word: str) -> bool:
    return word.casefold() in HELD


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("How much will Orrrery spend?", "How much will Orrery spend?"),
        ("how much will orery spned?", "how much will Orrery spend?"),
        ("Who is the presidnet of Orrery?", "Who is the president of Orrery?"),
        # Two edits in a long word, the first letters exchanged, a plural that the text has not.
        ("Who bought equipmment?", "Who bought equipment?"),
        ("Who bought eqiupmant?", "Who bought equipment?"),
        ("What is a lcuster?", None),
        ("What are Kunlums?", "What are Kunlun?"),
        ("What are Kunluns?", "What are Kunlun?"),
        ("wich rivals bought chips?", "which rivals bought chips?"),
    ],
)
def test_slips_are_mended_by_what_was_found(typed: str, meant: str | None) -> None:
    assert correct_spelling(typed, known, [TEXT]) == meant


@pytest.mark.parametrize(
    "question",
    [
        # English that the text does not have is no slip, nor is what nothing found resembles.
        "How tall is the tower?",
        # Rare English is none either: "chimps" are no chips.
        "Which chimps lost?",
        "What does Zyqqurat sell?",
        # A name two edits away is another name, and figures are never touched.
        "What did Jenna Hwong say?",
        "How many H20s for 390 billion?",
        "Who is Jen?",
    ],
)
def test_other_words_stay_as_they_are(question: str) -> None:
    assert correct_spelling(question, known, [TEXT]) is None


def test_what_the_library_has_is_no_slip() -> None:
    assert find_misspellings("What are kunlun chips and kunlum chips?", known) == ["kunlum"]


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    settings = Settings(home=with_models(tmp_path))
    with Pullquote.open(settings=settings, create=True, models=FakeModels()) as made:
        made.add_articles([article("orrery", TEXT, title="Orrery's plans")])
        yield made


def test_an_answer_says_how_the_question_was_read(pullquote: Pullquote) -> None:
    answer = pullquote.ask("How many kroner will Orrrery spend on Kunlum chips?")
    assert answer.question == "How many kroner will Orrrery spend on Kunlum chips?"
    assert answer.standalone_question == "How many kroner will Orrery spend on Kunlun chips?"
    assert pullquote.ask("How many kroner will Orrery spend?").standalone_question is None


def test_a_follow_up_is_mended_before_it_is_resolved(pullquote: Pullquote) -> None:
    before = [Turn(role="user", content="What does Orrery buy?")]
    understood = pullquote.ask("And how many clsuters?", history=before).standalone_question
    assert understood is not None
    assert "clusters" in understood


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    settings = Settings(home=with_models(tmp_path), spelling=False)
    with Pullquote.open(settings=settings, create=True, models=FakeModels()) as made:
        made.add_articles([article("orrery", TEXT)])
        assert made.ask("How much will Orrrery spend?").standalone_question is None
