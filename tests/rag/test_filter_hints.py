"""Silence under filters says who else answers, or which name was meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Filters, Pullquote, Settings
from tests.fakes import FakeModels, article
from tests.rag.test_parts import HeadReader

QUESTION = "Who heads Halden Grain?"


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    settings = Settings(home=tmp_path)
    with Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=HeadReader()
    ) as it:
        it.add_articles(
            [
                article("halden", "Otto Brand heads Halden Grain.", publisher="The Wire"),
                article("corvin", "Freya Munk heads Corvin Mills.", publisher="Post"),
            ]
        )
        yield it


def test_a_publisher_that_does_not_say_is_told_with_one_that_does(pullquote: Pullquote) -> None:
    answer = pullquote.ask(QUESTION, filters=Filters(publisher=("Post",)))
    assert answer.abstain_reason == "not_in_articles"
    assert answer.hint == "Not in “Post”; The Wire has it."
    assert pullquote.ask("Who is it?", filters=Filters(publisher=("Post",))).hint is None


def test_a_publisher_is_found_without_its_article(pullquote: Pullquote) -> None:
    assert not pullquote.ask(QUESTION, filters=Filters(publisher=("wire",))).abstained


def test_an_unknown_publisher_has_near_names(pullquote: Pullquote) -> None:
    answer = pullquote.ask(QUESTION, filters=Filters(publisher=("Wyre",)))
    assert answer.abstain_reason == "nothing_matches_filters"
    assert answer.hint is not None
    assert "did you mean “The Wire”?" in answer.hint
