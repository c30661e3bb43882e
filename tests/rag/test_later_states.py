"""What is said of a newer article that answers less surely."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.evidence import Reading
from rag.query.asked_state import AskedState
from rag.updates import Updates, resolve_updates
from tests.fakes import article
from tests.rag.test_updates import evidence_of

DAYS = date(2025, 3, 4), date(2025, 8, 19)


def resolve_two(
    question: str,
    old: tuple[str, str],
    new: tuple[str, str],
    confidence: float,
    target: AskedState | None = None,
) -> Updates:
    """Resolve what an old article states surely, and a new one less."""
    first, second = (
        replace(evidence_of(*told), article=article(id, told[0], published_at=day), score=score)
        for id, told, day, score in zip(
            ("old", "new"), (old, new), DAYS, (0.9, confidence), strict=True
        )
    )
    return resolve_updates(
        question,
        Reading((first,), 0.9),
        [second.article],
        target or AskedState(),
        lambda _: Reading((second,), confidence),
        0.5,
    )


def test_a_count_of_other_things_is_no_state() -> None:
    old = "Nine paintings are missing.", "Nine"
    new = "Twenty-seven people have one.", "Twenty-seven"
    updates = resolve_two("How many are gone?", old, new, 0.9)
    assert updates == Updates(updates.evidence)
    assert updates.evidence[0].article.id == "old"


def test_of_yes_and_no_a_newer_article_that_almost_answers_is_named_in_any_words() -> None:
    old, new = ("I stay, Weir said.", "I stay"), ("She gave up the post.", "gave up the post")
    updates = resolve_two("Did Weir resign?", old, new, 0.4)
    assert [item.article.id for item in updates.perhaps_later] == ["new"]


@pytest.mark.parametrize(
    ("question", "names"), [("Is there a strike?", ["new"]), ("Is it so?", [])]
)
def test_whether_something_still_is_so_asks_for_whatever_is_newer(
    question: str, names: list[str]
) -> None:
    old, new = ("A strike goes on.", "goes on"), ("A deal ends the strike.", "ends the strike")
    still = AskedState(is_newest_named=True)
    assert not resolve_two(question, old, new, 0.15).perhaps_later
    later = resolve_two(question, old, new, 0.15, still).perhaps_later
    assert [item.article.id for item in later] == names


def test_a_newer_article_with_more_words_of_the_question_leads() -> None:
    old, new = ("Its toll rose to 23.", "23"), ("The toll was lowered to 19.", "19")
    updates = resolve_two("Why was the toll lowered?", old, new, 0.4)
    assert [item.article.id for item in updates.evidence] == ["new"]
    assert [item.article.id for item in updates.earlier] == ["old"]
    assert not updates.perhaps_later
    first = AskedState("first")
    assert resolve_two("Why was the toll lowered?", old, new, 0.4, first).evidence[0].score == 0.9
