from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import NotFoundError
from index.snapshot import Found
from rag import Filters, Pullquote, Settings
from rag.errors import QuestionError
from rag.evidence import Evidence, Reading
from tests.fakes import FakeModels, article
from tests.rag.test_answer import WILD, holds


class FirstSentences:
    """A reader that takes the first sentence of every passage for the answer."""

    def __init__(self, confidence: float = 0.9) -> None:
        self.confidence = confidence

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        first = [(found.article, found.passage.sentences[0]) for found in passages]
        evidence = [Evidence(source, span, span, self.confidence) for source, span in first]
        return Reading(tuple(evidence), self.confidence)


@pytest.fixture
def reader() -> FirstSentences:
    return FirstSentences()


@pytest.fixture
def pullquote(tmp_path: Path, reader: FirstSentences) -> Iterator[Pullquote]:
    chosen = Settings(home=tmp_path, threshold=0.5)
    with Pullquote.open(settings=chosen, create=True, models=FakeModels(), reader=reader) as made:
        yield made


CHIPS = article("chips", "Acme buys chips. They are dear.", published_at=date(2025, 5, 26))


def test_an_answer_quotes_and_cites(pullquote: Pullquote) -> None:
    pullquote.add_articles([CHIPS])
    answer = pullquote.ask("Who buys chips?")
    assert answer.answer == "Acme buys chips. [1]"
    assert holds(answer)
    assert answer.search_results[0].article.id == "chips"
    assert {"retrieve", "read"} <= set(answer.usage.stages_ms)


def test_below_the_threshold_there_is_silence(pullquote: Pullquote, reader: FirstSentences) -> None:
    pullquote.add_articles([CHIPS])
    reader.confidence = 0.49
    answer = pullquote.ask("Who buys chips?")
    assert (answer.abstain_reason, answer.confidence) == ("not_in_articles", 0.49)
    assert answer.search_results


def test_an_empty_library_is_silent(pullquote: Pullquote) -> None:
    assert pullquote.ask("Who?").abstain_reason == "empty_library"
    assert pullquote.search("Who?") == []


def test_filters_that_leave_nothing(pullquote: Pullquote) -> None:
    pullquote.add_articles([CHIPS])
    filters = Filters(published_to=date(2020, 1, 1))
    assert pullquote.ask("Who?", filters=filters).abstain_reason == "nothing_matches_filters"


@pytest.mark.parametrize("question", ["", " \n", "?!", "x" * 2001])
def test_a_question_must_say_something(pullquote: Pullquote, question: str) -> None:
    with pytest.raises(QuestionError):
        pullquote.ask(question)


def test_top_k_has_bounds(pullquote: Pullquote) -> None:
    with pytest.raises(QuestionError, match="top_k"):
        pullquote.search("Who?", top_k=0)


def test_articles_are_listed_newest_first(pullquote: Pullquote) -> None:
    undated = article("undated", "No date here.")
    newer = article("newer", "Later news.", published_at=date(2026, 1, 1))
    pullquote.add_articles([undated, CHIPS, newer])
    assert [each.id for each in pullquote.articles()] == ["newer", "chips", "undated"]
    with pytest.raises(NotFoundError, match="nobody"):
        pullquote.article("nobody")


def test_files_are_cleaned_at_the_door(pullquote: Pullquote, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("A title\r\n\r\nCafe\u0301 society.\u00a0\r\n".encode())
    report = pullquote.add([tmp_path / "a.txt"])
    assert pullquote.article(report.added[0]).text == "Café society."


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(WILD, min_size=1, max_size=3))
def test_whatever_the_articles_hold_the_promise_is_kept(
    pullquote: Pullquote, texts: list[str]
) -> None:
    pullquote.add_articles(article(f"a{i}", text) for i, text in enumerate(texts))
    answer = pullquote.ask("what is it?")
    assert holds(answer)
    stored = {each.id: each.text for each in pullquote.articles()}
    for citation in answer.citations:
        assert stored[citation.article.id][citation.span.start : citation.span.end] == (
            citation.cited_text
        )


EARLY = article("early", "Acme buys chips for 3 crowns.", published_at=date(2025, 3, 5))
LATE = article("late", "Acme buys chips for 4 crowns.", published_at=date(2025, 5, 26))


@pytest.fixture
def prices(pullquote: Pullquote) -> Pullquote:
    """The same fact in two articles, asked on a day in June 2025."""
    pullquote.add_articles([EARLY, LATE])
    pullquote.today = lambda: date(2025, 6, 18)
    return pullquote


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("What is the latest price at which Acme buys chips?", "late"),
        ("For how much did Acme buy chips last month?", "late"),
        ("For how much did Acme buy chips since June 2025?", "late"),
        ("What articles published in March say that Acme buys chips?", "early"),
    ],
)
def test_words_of_time_choose_the_article(prices: Pullquote, question: str, cited: str) -> None:
    answer = prices.ask(question)
    assert answer.citations[0].article.id == cited
    assert answer.time_words


def test_words_of_time_are_told_and_can_be_switched_off(prices: Pullquote) -> None:
    question = "What articles from 2024 say that Acme buys chips?"
    answer = prices.ask(question)
    assert answer.abstain_reason == "nothing_matches_filters"
    record = answer.as_json()
    assert record["filters"]["published_to"] == "2024-12-31"
    assert record["time_words"][0]["phrase"] == "from 2024"
    off = prices.ask(question, time_filters=False)
    assert not off.abstained
    assert off.as_json()["time_words"] == []
    assert off.as_json()["filters"]["published_to"] is None
