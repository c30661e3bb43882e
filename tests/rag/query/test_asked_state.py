"""Which state of a story a question asks for."""

from __future__ import annotations

from datetime import date

import pytest

from rag.query.asked_state import ask_within_period, find_asked_state, without_state_words
from rag.query.time_expressions import find_time_words

TODAY = date(2026, 2, 1)
# The days of a story's articles.
DAYS = [date(2025, 3, 4), date(2025, 8, 19), date(2025, 11, 27)]


def chosen(question: str, days: list[date] = DAYS) -> date | None:
    return find_asked_state(question, find_time_words(question, TODAY)).choose(days)


@pytest.mark.parametrize(
    "question",
    [
        "How much does the bridge cost now?",
        "Will the crews still strike?",
        "What is the latest offer?",
        "Who currently runs the club?",
        "How much will the bridge cost?",
        "How many people died?",
        "Who was the first elected mayor?",
        "Who won Varga's first contested seat?",
        "Who composed original music for it?",
        # Times of the fact, and none of its telling.
        "How many had fled before the storm hit?",
        "Where did Lind work before joining the bank?",
        "Before what was it closed?",
        "Was Voss known to the police before the attack?",
        "What did she find two days before the vote?",
        "Which former minister was charged?",
        "How many lived there before the flood?",
        "What did previous reviewers say?",
        "Who was hurt by a previously unknown fault?",
        "Who sang the original song?",
        "Where is the original letter?",
        "Was 2023 hotter than 2016?",
        "Did more tourists come in 2024 than in 2023?",
        # What is to come was told before it.
        "What will the fare be in December?",
    ],
)
def test_the_newest_without_a_word_of_time_or_with_now(question: str) -> None:
    assert chosen(question) == DAYS[2]


@pytest.mark.parametrize(
    "question",
    [
        "How much was the bridge to cost at first?",
        "When was it originally supposed to open?",
        "What was the initial estimate?",
        "How much was Weir's original offer?",
        "What was first thought to have caused it?",
        "Who was first appointed as its head?",
        "How much did Varga first offer?",
    ],
)
def test_the_first(question: str) -> None:
    assert chosen(question) == DAYS[0]


def test_a_month_without_its_year_is_whole_in_every_year() -> None:
    days = [date(2025, 1, 30), date(2025, 8, 19)]
    assert chosen("How many were at sea in January?", days) == date(2025, 1, 30)


def test_the_state_before_the_newest() -> None:
    assert chosen("Who was the coach before Marchetti?") == DAYS[1]
    assert chosen("What was the rate before the latest cut?") == DAYS[1]
    assert chosen("Who led the club before Marchetti?") == DAYS[1]
    assert chosen("What was the club formerly called?") == DAYS[1]
    assert chosen("Will it be ready before the other?") == DAYS[2]


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("How much was it to cost in March 2025?", DAYS[0]),
        ("How much was it to cost in August?", DAYS[1]),
        ("How much was it to cost in June 2025?", DAYS[0]),
        ("How much was it to cost in 2025?", DAYS[2]),
        ("How much was it to cost in 2024?", None),
    ],
)
def test_the_state_of_a_time(question: str, day: date | None) -> None:
    assert chosen(question) == day


def test_a_month_without_a_year_is_the_storys() -> None:
    days = [date(2024, 3, 4), date(2025, 8, 19)]
    assert chosen("How much was it to cost in March?", days) == days[0]


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("How much was it to cost in March 2025?", "How much was it to cost?"),
        (
            "What did the court decide on 17 June 2025 about Hadley?",
            "What did the court decide about Hadley?",
        ),
    ],
)
def test_a_short_time_is_taken_out(question: str, rest: str) -> None:
    asked = ask_within_period(question, find_time_words(question, TODAY))
    assert asked is not None
    assert asked.question == rest
    assert [asked.holds(day) for day in (date(2025, 3, 4), date(2025, 6, 17), None)] in (
        [True, False, False],
        [False, True, False],
    )


@pytest.mark.parametrize(
    "question",
    ["How much did it cost in 2025?", "How much does it cost?", "Who led since March 2025?"],
)
def test_a_long_time_or_none_is_not(question: str) -> None:
    assert ask_within_period(question, find_time_words(question, TODAY)) is None


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("How much will it cost now?", "How much will it cost?"),
        ("Will the drivers still strike?", "Will the drivers strike?"),
        ("Who makes the pins these days?", "Who makes the pins?"),
        ("Who runs it at the moment?", "Who runs it?"),
        ("Who was there at the moment of the crash?", "Who was there at the moment of the crash?"),
        ("As things stand, who pays?", "Who pays?"),
        ("What is the latest offer for Torrin?", "What is the offer for Torrin?"),
        ("Originally, who was to lead it?", "Who was to lead it?"),
        (
            "How many did police at first think were aboard?",
            "How many did police think were aboard?",
        ),
        ("When was it first expected to open?", "When was it expected to open?"),
        ("When did Varga first expect it?", "When did Varga expect it?"),
        ("I leave in October. What is it?", "I leave. What is it?"),
        ("How much was it to cost in March 2025?", "How much was it to cost?"),
        ("Who was the coach of Rowan before Marchetti?", "Who was the coach of Rowan?"),
        ("Who won the first race?", "Who won the first race?"),
        ("Will it open before the summer?", "Will it open before the summer?"),
        ("Before what was it closed?", "Before what was it closed?"),
        ("Was it an original work?", "Was it an original work?"),
        ("What was Weir's original offer?", "What was Weir's offer?"),
    ],
)
def test_words_for_a_state_are_taken_out(question: str, rest: str) -> None:
    assert without_state_words(question, find_time_words(question, TODAY)) == rest


@pytest.mark.parametrize(("word", "is_named"), [("now", True), ("latest", True), ("first", False)])
def test_that_the_newest_is_named_is_known(word: str, is_named: bool) -> None:
    question = f"What is the {word} price?"
    target = find_asked_state(question, find_time_words(question, TODAY))
    assert target.is_newest_named is is_named
