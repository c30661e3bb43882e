from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rag import Pullquote, Settings, Turn
from rag.errors import QuestionError
from rag.query.follow_up import (
    carried_terms,
    concatenate_turns,
    names_something,
    refers_back,
)
from rag.query.fragment import complete_fragment
from rag.question import MAX_TURN_CHARS, MAX_TURNS
from tests.fakes import FakeModels, article
from tests.rag.test_pullquote import FirstSentences

STORIES = [
    article("wombats", "Wombats dig burrows of thirty metres. A burrow was first drawn in 1803."),
    article("koalas", "Koalas eat leaves of the eucalyptus. A leaf was first eaten in 1901."),
    article("emus", "Emus run at fifty kilometres an hour. The run was first timed in 1950."),
    article("harbour", "The harbour was opened in 1870. Its tolls were raised twice."),
]
ABOUT_KOALAS = (
    Turn(role="user", content="What leaves do Koalas eat?"),
    Turn(role="assistant", content="Koalas eat leaves of the eucalyptus. [1]"),
)


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    settings = Settings(home=tmp_path)
    reader = FirstSentences()
    with Pullquote.open(settings=settings, create=True, models=FakeModels(), reader=reader) as made:
        made.add_articles(STORIES)
        yield made


class Recording:
    """A rewriter with one answer."""

    def __init__(self, says: str) -> None:
        self.says = says
        self.heard: list[tuple[str, Sequence[Turn]]] = []

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        self.heard.append((question, history))
        return self.says


def nearest(pullquote: Pullquote, question: str, history: Sequence[Turn] = ()) -> str:
    return pullquote.search(question, top_k=1, history=history)[0].article.id


def test_a_pronoun_is_resolved_by_what_was_said(pullquote: Pullquote) -> None:
    found = {nearest(pullquote, "When were they first seen?", ABOUT_KOALAS)}
    assert found == {"koalas"}
    answer = pullquote.ask("When were they first seen?", history=ABOUT_KOALAS)
    assert answer.standalone_question is not None
    assert "Koalas" in answer.standalone_question
    assert answer.question == "When were they first seen?"
    assert answer.as_json()["standalone_question"] == answer.standalone_question


def test_a_new_topic_carries_nothing(pullquote: Pullquote) -> None:
    question = "Who opened the harbour tolls?"
    answer = pullquote.ask(question, history=ABOUT_KOALAS)
    assert answer.standalone_question is None
    alone = pullquote.ask(question)
    assert answer.search_results == alone.search_results


def test_the_first_turn_is_as_without_history(pullquote: Pullquote) -> None:
    assert pullquote.ask("When were they first seen?").standalone_question is None


def test_silence_is_not_carried(pullquote: Pullquote) -> None:
    history = (
        Turn(role="user", content="?"),
        Turn(role="assistant", content="The articles do not say."),
    )
    answer = pullquote.ask("What do they eat?", history=history)
    assert "articles" not in (answer.standalone_question or "")


def test_history_can_be_passed_over_or_put_before(pullquote: Pullquote) -> None:
    question = "When were they first seen?"
    changed = {
        mode: Pullquote(
            pullquote.library,
            pullquote.settings.model_copy(update={"history": mode}),
            pullquote.reader,
        ).ask(question, history=ABOUT_KOALAS)
        for mode in ("none", "concatenate")
    }
    assert changed["none"].standalone_question is None
    assert changed["concatenate"].standalone_question == concatenate_turns(question, ABOUT_KOALAS)


def test_a_phrase_is_asked_with_the_question_before_it_unless_told_otherwise(
    pullquote: Pullquote,
) -> None:
    whole = complete_fragment("Since when?", ABOUT_KOALAS)
    assert whole is not None
    assert pullquote.ask("Since when?", history=ABOUT_KOALAS).standalone_question == whole
    settings = pullquote.settings.model_copy(update={"phrases": False})
    without = Pullquote(pullquote.library, settings, pullquote.reader)
    assert without.ask("Since when?", history=ABOUT_KOALAS).standalone_question != whole


def test_a_rewriter_is_asked_instead(pullquote: Pullquote) -> None:
    rewriter = Recording("  How fast do emus\nrun? ")
    asked = Pullquote(pullquote.library, pullquote.settings, pullquote.reader, rewriter)
    answer = asked.ask("And they?", history=ABOUT_KOALAS)
    assert rewriter.heard == [("And they?", ABOUT_KOALAS)]
    assert answer.standalone_question == "How fast do emus run?"
    assert answer.search_results[0].article.id == "emus"
    asked.ask("And they?")
    assert len(rewriter.heard) == 1


def test_a_rewriter_that_gives_up_leaves_it_to_the_scores(pullquote: Pullquote) -> None:
    asked = Pullquote(pullquote.library, pullquote.settings, pullquote.reader, Recording(" "))
    question = "When were they first seen?"
    with_it = asked.ask(question, history=ABOUT_KOALAS)
    assert (
        with_it.standalone_question
        == pullquote.ask(question, history=ABOUT_KOALAS).standalone_question
    )


@pytest.mark.parametrize(
    ("history", "field"),
    [
        ([Turn(role="user", content="So?")] * (MAX_TURNS + 1), "history"),
        ([{"role": "user", "content": "x" * (MAX_TURN_CHARS + 1)}], "content"),
        ([{"role": "robot", "content": "So?"}], "role"),
    ],
)
def test_a_conversation_has_bounds(pullquote: Pullquote, history: list[Turn], field: str) -> None:
    with pytest.raises(QuestionError, match=field):
        pullquote.ask("Who?", history=history)


@pytest.mark.parametrize("content", ["", "\x00", "[1]", "?!", "🦘" * 500, "a " * 9000, "Who’s he?"])
def test_ugly_turns_do_no_harm(pullquote: Pullquote, content: str) -> None:
    history = [Turn(role=role, content=content) for role in ("assistant", "user", "user")]
    assert pullquote.ask("And when?", history=history).search_results


@pytest.mark.parametrize(
    ("question", "back"),
    [
        ("How big was that fund?", True),
        ("and in 2025?", True),
        ("Whose early days does that recall?", True),
        ("What about Tencent?", True),
        ("When was it founded?", True),
        ("How much will Alibaba invest?", False),
        ("Which firm said that chips are dear?", False),
        ("Which pools open this weekend?", False),
        ("How many of those who fled are back?", False),
        ("Is one of the ships safe?", False),
        ("Which one was it, and why?", True),
        ("Are tools such as saws banned?", False),
        ("What is the same-sex marriage law?", False),
        ("Did the same happen in Norway?", True),
        ("Are Weir and Lind from the same town?", False),
        ("Which IT jobs are cut?", False),
        ("No. 4 Mill Street owner", False),
    ],
)
def test_words_that_refer_back(question: str, back: bool) -> None:
    assert refers_back(question) is back


def test_names_stay_whole_and_the_questions_own_words_out(pullquote: Pullquote) -> None:
    said = [("user", "Is Dou Shen rich?"), ("assistant", "Shen leads the cloud of Baidu.")]
    with pullquote.library.view() as view:
        terms = carried_terms(view, "What cloud does he sell?", said)
    assert "Dou Shen" in terms
    assert "Shen" not in terms
    assert "cloud" not in terms
    assert not any(term.startswith("Is ") for term in terms)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What is the population of Northport?", True),
        ("Explain the population.", False),
        ("What did US officials find?", True),
        ("does us steel have debt", False),
        ("WHO won?", False),
        ("And in 2025?", False),
    ],
)
def test_a_question_that_names_something(question: str, named: bool) -> None:
    assert names_something(question) is named


def test_numbers_are_not_carried(pullquote: Pullquote) -> None:
    with pullquote.library.view() as view:
        terms = carried_terms(view, "And why?", [("user", "Why does Acme pay 214 to Bolt?")])
    assert "214" not in terms
    assert terms


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("When were they first seen?", "When were Koalas first seen?"),
        ("And what do they eat?", "What do Koalas eat?"),
        ("How long are their leaves?", "How long are Koalas’ leaves?"),
    ],
)
def test_people_are_shown_a_question_that_somebody_would_ask(
    pullquote: Pullquote, question: str, shown: str
) -> None:
    answer = pullquote.ask(question, history=ABOUT_KOALAS)
    assert answer.standalone_question == shown


@pytest.mark.parametrize(
    "question",
    ["And leaves in 1901?", "What about eucalyptus leaves?", "Do they eat it?", "Did he eat them?"],
)
def test_a_bag_of_words_is_never_shown(pullquote: Pullquote, question: str) -> None:
    shown = pullquote.ask(question, history=ABOUT_KOALAS).standalone_question
    assert shown is None


def test_a_self_contained_question_takes_nothing_from_history(pullquote: Pullquote) -> None:
    question = "What leaves do the Emus of Weiden eat?"
    answer = pullquote.ask(question, history=ABOUT_KOALAS)
    assert answer.search_results == pullquote.ask(question).search_results
    assert answer.standalone_question is None
