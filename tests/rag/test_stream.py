"""The way to an answer as events, and what becomes of one that is not gone to its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag import Filters, Pullquote, Turn
from rag.answer import Answer
from rag.errors import QuestionError
from rag.events import SearchResults, Sentence
from rag.question import Question
from tests.chat import Endless
from tests.fakes import article
from tests.rag.writing import FACTS, HEIGHT, library

QUESTION = "How tall is the Lunden tower?"


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with library(tmp_path) as made:
        yield made


def test_a_quotation_is_streamed_as_it_is_answered(pullquote: Pullquote) -> None:
    found, sentence, answer = pullquote.stream(QUESTION)
    assert isinstance(found, SearchResults)
    assert isinstance(sentence, Sentence)
    assert isinstance(answer, Answer)
    assert found.results == answer.search_results
    assert (sentence.text, sentence.citations) == (answer.answer, answer.citations)
    unstreamed = pullquote.ask(QUESTION).as_json()
    assert {**answer.as_json(), "usage": None} == {**unstreamed, "usage": None}


@pytest.mark.parametrize(
    ("options", "reason", "some"),
    [
        ({"filters": Filters(published_to=date(2020, 1, 1))}, "nothing_matches_filters", False),
        ({"history": [Turn(role="user", content="Which towers are there?")]}, None, True),
    ],
)
def test_search_results_come_first_though_there_are_none(
    pullquote: Pullquote, options: Any, reason: str | None, some: bool
) -> None:
    found, *_, answer = pullquote.stream(QUESTION, **options)
    assert isinstance(found, SearchResults)
    assert isinstance(answer, Answer)
    assert bool(found.results) is some
    assert answer.abstain_reason == reason


def test_silence_has_no_sentences(tmp_path: Path) -> None:
    with library(tmp_path, threshold=0.95) as silent:
        assert [type(event) for event in silent.stream(QUESTION)] == [SearchResults, Answer]
    with Pullquote.open(tmp_path / "empty", create=True) as empty:
        *_, answer = empty.stream(QUESTION)
    assert isinstance(answer, Answer)
    assert answer.abstain_reason == "empty_library"


def test_a_wrong_question_is_refused_before_the_first_event(pullquote: Pullquote) -> None:
    with pytest.raises(QuestionError, match="top_k"):
        pullquote.stream(QUESTION, top_k=0)
    with pytest.raises(QuestionError, match="PULLQUOTE_MODEL"):
        pullquote.stream(QUESTION, mode="generative")


def test_options_have_names(pullquote: Pullquote) -> None:
    # Untyped: mypy words the first error now one way, now another.
    ask: Any = pullquote.ask
    with pytest.raises(TypeError):
        ask(QUESTION, 5)
    with pytest.raises(TypeError, match="colour"):
        ask(QUESTION, colour="red")


def test_a_question_brings_its_options_and_those_given_take_their_place(
    pullquote: Pullquote,
) -> None:
    pullquote.add_articles([article("mill", "The mill is tall."), article("inn", "An inn.")])
    asked = Question(question=QUESTION, top_k=1, filters=Filters(article_ids=("tower", "mill")))
    assert len(pullquote.ask(asked).search_results) == 1
    more = pullquote.ask(asked, top_k=2)
    assert {each.document_id for each in more.search_results} == {"tower", "mill"}
    assert more.filters == asked.filters


def test_what_is_closed_goes_no_further(tmp_path: Path) -> None:
    """No thread of the chat model's stream is left, and the library may be written to."""
    chat = Endless(f"{HEIGHT} It ", "was built in 1931. It ")
    with library(tmp_path, chat) as pullquote:
        events = pullquote.stream(QUESTION)
        assert any(isinstance(event, Sentence) for event in events)
        reading = [thread for thread in threading.enumerate() if thread.name == "chat"]
        events.close()
        chat.go.set()
        for thread in reading:
            thread.join(30)
        assert reading
        assert not any(thread.is_alive() for thread in reading)
        assert list(events) == []
        pullquote.add_articles([article("mill", "The mill is tall.")])


def test_what_is_closed_while_it_reads_lets_go_of_the_library(pullquote: Pullquote) -> None:
    events = pullquote.stream(QUESTION)
    assert isinstance(next(events), SearchResults)
    events.close()
    pullquote.add_articles([article("mill", "The mill is tall.")])
    assert len(pullquote.articles()) == 2


def test_the_library_stays_as_it_was_while_it_is_read(pullquote: Pullquote) -> None:
    events = pullquote.stream(QUESTION)
    found = next(events)

    def change() -> None:
        pullquote.add_articles([article("tower", FACTS.replace("74", "75"))])

    other = threading.Thread(target=change)
    other.start()
    other.join()
    *_, answer = events
    assert isinstance(found, SearchResults)
    assert isinstance(answer, Answer)
    assert answer.answer == f"{HEIGHT} [1]"
    assert pullquote.ask(QUESTION).answer == f"{HEIGHT.replace('74', '75')} [1]"


def test_the_time_between_the_events_does_not_count(
    pullquote: Pullquote, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.001
        return now

    monkeypatch.setattr("rag.pipeline_state.time.perf_counter", clock)
    for event in pullquote.stream(QUESTION):
        now += 1000
        last = event
    assert isinstance(last, Answer)
    assert last.usage.latency_ms < 100
    assert last.usage.stages_ms["write"] < 100
