from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.metrics.outcome import Outcome, is_right, outcome_of
from eval.results import Cited, Reply, Result


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, Outcome.RIGHT),
        ({"right": False}, Outcome.WRONG_SENTENCE),
        ({"right": False, "found": ["other"]}, Outcome.NOT_RETRIEVED),
        ({"answered": False}, Outcome.SILENT),
        ({"answered": False, "found": []}, Outcome.NOT_RETRIEVED),
        ({"answerable": False}, Outcome.NO_ANSWER_EXISTS),
        ({"answerable": False, "answered": False}, Outcome.RIGHT),
    ],
)
def test_outcomes(
    make_result: Callable[..., Result], facts: dict[str, Any], outcome: Outcome
) -> None:
    assert outcome_of(make_result(**facts)) is outcome


def test_a_failed_question(make_result: Callable[..., Result]) -> None:
    assert outcome_of(make_result().model_copy(update={"reply": None})) is Outcome.ERROR


@pytest.mark.parametrize(
    ("is_right", "outcome"), [(True, Outcome.RIGHT_BUT_SILENT), (False, Outcome.WRONG_SENTENCE)]
)
def test_what_was_withheld_tells_silence_from_a_wrong_sentence(
    make_result: Callable[..., Result], is_right: bool, outcome: Outcome
) -> None:
    assert outcome_of(make_result(answered=False, guess_right=is_right)) is outcome


def test_every_outcome_says_what_it_means() -> None:
    assert all(outcome.meaning for outcome in Outcome)


@pytest.fixture
def elsewhere(make_cited: Callable[..., Cited]) -> Reply:
    """An answer whose words come from another place than the gold span."""
    cited = make_cited("other", 0, 10)
    return Reply(
        question="Who?", answer="It was gold words. [1]", confidence=0.9, citations=(cited,)
    )


def test_a_short_gold_answer_counts_wherever_it_stands(
    make_result: Callable[..., Result], elsewhere: Reply
) -> None:
    assert is_right(elsewhere, make_result().case)


@pytest.mark.parametrize("answer", ["Yes", "no", "Gold", "the gold", "word " * 13])
def test_words_that_stand_in_wrong_answers_too_do_not_count(
    make_result: Callable[..., Result], elsewhere: Reply, answer: str
) -> None:
    told = elsewhere.model_copy(update={"text": f"No gold, yes: {answer}. [1]"})
    asked = {"question": "Is it gold?", "answers": (answer,)}
    assert not is_right(told, make_result().case.model_copy(update=asked))


def test_without_spans_or_short_answers_the_document_decides(
    make_result: Callable[..., Result], elsewhere: Reply, make_cited: Callable[..., Cited]
) -> None:
    long = make_result().case.model_copy(update={"evidence": (), "answers": ("word " * 30,)})
    assert not is_right(elsewhere, long)
    assert is_right(elsewhere.model_copy(update={"citations": (make_cited("gold", 90, 99),)}), long)


@pytest.mark.parametrize(
    ("text", "answer", "right"),
    [
        ("Sales were $3.5 million.", "35 million", False),
        ("Osk won 2-0.", "20", False),
        ("It is Weir\u2019s plan.", "Weir's", True),
        ("It hired 1,000.", "1000", True),
    ],
)
def test_numbers_are_read_whole(
    make_result: Callable[..., Result], elsewhere: Reply, text: str, answer: str, right: bool
) -> None:
    told = elsewhere.model_copy(update={"answer": f"{text} [1]"})
    case = make_result().case.model_copy(update={"answers": (answer,)})
    assert is_right(told, case) is right
