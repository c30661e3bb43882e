"""What is no question to the articles gets a reply; questions about such things stay questions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag import Filters, Pullquote, Settings, Turn
from rag.query.follow_up import turn_text
from rag.query.small_talk import find_small_talk
from rag.query.why import ask_why
from tests.fakes import FakeModels, article
from tests.rag.test_pullquote import FirstSentences


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("thanks", "thanks"),
        ("Thank you very much!", "thanks"),
        ("help", "help"),
        ("What can I ask?", "help"),
        ("What's new?", "news"),
        ("What is going on today?", "news"),
        ("what’s new today", "news"),
        ("Hi", "greeting"),
        ("Who asked for help?", None),
        ("What is new about the bridge?", None),
        ("Why did Weir thank the union?", None),
    ],
)
def test_utterances(text: str, kind: str | None) -> None:
    assert find_small_talk(text) == kind


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("Did Acme close the plant?", "Why did Acme close the plant?"),
        ("When will the bridge open?", "Why will the bridge open then?"),
        ("How much does it cost?", "Why does it cost that much?"),
        ("Which engineer was dismissed?", "Why was that engineer dismissed?"),
        ("Which bridge did they close?", "Why did they close that bridge?"),
        ("How many people were hurt?", "Why were that many people hurt?"),
        ("What did Weir promise?", "Why did Weir promise that?"),
        ("What is the rent?", None),
        ("Who did they arrest?", None),
        ("Who is opening the bridge?", None),
        ("Bridge costs", None),
        ("The road is closed until May.", None),
    ],
)
def test_why_asks_on(before: str, why: str | None) -> None:
    assert ask_why("Why?", [Turn(role="user", content=before)]) == why


def test_a_whole_why_question_is_its_own() -> None:
    assert ask_why("Why did it close?", [Turn(role="user", content="Did it?")]) is None
    assert ask_why("Why?", []) is None


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=FirstSentences()
    ) as it:
        it.add_articles(
            [
                article(
                    "old", "Acme closed the plant.", "Plant shut", published_at=date(2025, 1, 2)
                ),
                article(
                    "new", "It rained.", "Rain", publisher="Post", published_at=date(2026, 3, 4)
                ),
            ]
        )
        yield it


def test_whats_new_quotes_the_newest_articles(pullquote: Pullquote) -> None:
    answer = pullquote.ask("What's new?")
    assert answer.answer == (
        "The newest articles:\n\nRain, Post, 4 March 2026:\nIt rained. [1]\n\n"
        "Plant shut, 2 January 2025:\nAcme closed the plant. [2]"
    )
    assert [citation.cited_text for citation in answer.citations] == [
        "It rained.",
        "Acme closed the plant.",
    ]
    assert [result.document_id for result in answer.search_results] == ["new", "old"]
    filters = Filters(published_to=date(2025, 12, 31))
    assert "Rain" not in pullquote.ask("What's new?", filters=filters).answer


def test_thanks_and_help_are_replied_to(pullquote: Pullquote) -> None:
    assert pullquote.ask("Thanks!").answer == "You are welcome."
    assert "Ask a question" in pullquote.ask("help").answer
    assert pullquote.ask("help").search_results == ()


def test_why_is_asked_of_the_question_before(pullquote: Pullquote) -> None:
    history = (
        Turn(role="user", content="Did Acme close the plant?"),
        Turn(role="assistant", content="Acme closed the plant. [1]"),
    )
    answer = pullquote.ask("Why?", history=history)
    assert answer.standalone_question == "Why did Acme close the plant?"
    assert answer.question == "Why?"


def test_small_talk_can_be_switched_off(pullquote: Pullquote) -> None:
    settings = pullquote.settings.model_copy(update={"small_talk": False})
    plain = Pullquote(pullquote.library, settings, FirstSentences())
    assert plain.ask("Thanks!").answer != "You are welcome."
    history = (Turn(role="user", content="Did Acme close the plant?"),)
    assert plain.ask("Why?", history=history).standalone_question != "Why did Acme close the plant?"


def test_small_talk_is_not_carried_into_follow_ups() -> None:
    assert turn_text(Turn(role="user", content="Thanks!")) == ""
    assert turn_text(Turn(role="assistant", content="The newest articles:\n- Rain")) == ""
    assert turn_text(Turn(role="user", content="Who thanked Acme?")) == "Who thanked Acme?"
