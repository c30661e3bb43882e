from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from index.snapshot import Found
from rag import Filters, Pullquote, Settings, answering_models
from rag.answer import Answer
from rag.answer_cache import AnswerCache
from rag.evidence import Evidence, Reading
from rag.question import Turn
from tests.fakes import FakeModels, article

CHIPS = article("chips", "Acme buys chips. They are dear.", published_at=date(2025, 5, 26))
STEEL = article("steel", "Bolt sells steel. It is cheap.", published_at=date(2025, 5, 27))
QUESTION = "Who buys chips?"


class CountingReader:
    """Takes the first sentence of the first passage for the answer, and counts."""

    def __init__(self) -> None:
        self.readings = 0

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        self.readings += 1
        span = passages[0].passage.sentences[0]
        return Reading((Evidence(passages[0].article, span, span, 0.9),), 0.9)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> CountingReader:
    """The one that the settings name."""
    made = CountingReader()
    monkeypatch.setattr(answering_models, "open_reader", lambda settings: made)
    return made


def _open(folder: Path, answers: int = 2) -> Pullquote:
    settings = Settings(home=folder, cached_answers=answers, updates=False)
    return Pullquote.open(settings=settings, create=True, models=FakeModels())


@pytest.fixture
def pullquote(tmp_path: Path, reader: CountingReader) -> Iterator[Pullquote]:
    with _open(tmp_path) as made:
        made.add_articles([CHIPS, STEEL])
        yield made


def _same(one: Answer, other: Answer) -> bool:
    return one.model_dump(exclude={"usage"}) == other.model_dump(exclude={"usage"})


def test_the_same_question_is_answered_from_memory_and_says_so(
    pullquote: Pullquote, reader: CountingReader
) -> None:
    first = list(pullquote.stream(QUESTION))
    again = list(pullquote.stream(QUESTION))
    assert reader.readings == 1
    assert first[:-1] == again[:-1]
    answer, kept = first[-1], again[-1]
    assert isinstance(answer, Answer)
    assert isinstance(kept, Answer)
    assert _same(answer, kept)
    assert (answer.usage.cached, kept.usage.cached) == (False, True)
    assert [citation.cited_text for citation in kept.citations] == ["Acme buys chips."]
    assert kept.citations[0].article.text == CHIPS.text


@pytest.mark.parametrize(
    "options",
    [
        {"top_k": 1},
        {"filters": Filters(published_from=date(2025, 5, 26))},
        {"timeline": True},
        {"history": (Turn(role="user", content="And steel?"),)},
    ],
    ids=lambda options: next(iter(options)),
)
def test_other_options_are_another_question(
    pullquote: Pullquote, options: dict[str, object]
) -> None:
    pullquote.ask(QUESTION)
    assert not pullquote.ask(QUESTION, **options).usage.cached  # type: ignore[arg-type]


def test_yesterday_is_another_day_tomorrow(pullquote: Pullquote) -> None:
    pullquote.today = lambda: date(2025, 5, 27)
    pullquote.ask("Who bought chips yesterday?")
    pullquote.today = lambda: date(2025, 5, 28)
    assert not pullquote.ask("Who bought chips yesterday?").usage.cached


def test_a_change_of_the_library_asks_anew(pullquote: Pullquote, reader: CountingReader) -> None:
    pullquote.ask(QUESTION)
    pullquote.remove(["chips"])
    answer = pullquote.ask(QUESTION)
    assert not answer.usage.cached
    assert reader.readings == 2
    assert {result.article.id for result in answer.search_results} == {"steel"}


def test_an_answer_of_a_state_that_went_meanwhile_is_not_kept(pullquote: Pullquote) -> None:
    events = pullquote.stream(QUESTION)
    # Written before the question opens the library.
    pullquote.remove(["steel"])
    *_, answer = events
    assert isinstance(answer, Answer)
    assert not pullquote.ask(QUESTION).usage.cached


def test_the_longest_unused_goes_first(pullquote: Pullquote) -> None:
    for question in (QUESTION, "Who sells steel?", QUESTION, "What is dear?"):
        pullquote.ask(question)
    assert pullquote.ask(QUESTION).usage.cached
    assert not pullquote.ask("Who sells steel?").usage.cached


def test_the_articles_that_are_held_have_a_bound(pullquote: Pullquote) -> None:
    cache = AnswerCache(size=10, most_characters=len(CHIPS.text) + len(STEEL.text))
    for number in range(3):
        assert cache.replay(number) is None
        generation = pullquote.ask(QUESTION).index_generation
        list(cache.recording(number, generation, pullquote.stream(QUESTION)))
    assert [cache.replay(number) is not None for number in range(3)] == [False, False, True]


def test_a_question_that_was_not_taken_to_its_end_is_not_kept(pullquote: Pullquote) -> None:
    events = pullquote.stream(QUESTION)
    next(events)
    events.close()
    assert not pullquote.ask(QUESTION).usage.cached


def test_none_are_kept_where_none_are_wanted(tmp_path: Path, reader: CountingReader) -> None:
    with _open(tmp_path, answers=0) as pullquote:
        pullquote.add_articles([CHIPS])
        pullquote.ask(QUESTION)
        assert not pullquote.ask(QUESTION).usage.cached
    assert reader.readings == 2


def test_of_a_reader_of_ones_own_nothing_is_kept(tmp_path: Path) -> None:
    reader, settings = CountingReader(), Settings(home=tmp_path)
    with Pullquote.open(settings=settings, create=True, models=FakeModels(), reader=reader) as made:
        made.add_articles([CHIPS])
        made.ask(QUESTION)
        assert not made.ask(QUESTION).usage.cached
    assert reader.readings > 1
