"""Follow-ups are read first in the articles that the last answer quotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.filters import Filters
from index.snapshot import Found
from rag import Pullquote, Settings, Turn
from rag.evidence import Evidence, Reading
from rag.query.conversation import goes_on, is_about, quoted_articles
from rag.question import Question
from tests.fakes import FakeModels, article

REEF = article("reef", "Ana Lund led the survey of the Orsa reef.\n\nIt ran for three years.")
COUNCIL = article("council", "The council met on Monday. Its session ran for nine hours.")
LUND = article("lund", "Ana Lund has a boat. The boat ran for two hours. Orsa is far.")
HISTORY = (
    Turn(role="user", content="Who led the survey of the Orsa reef?"),
    Turn(role="assistant", content="Ana Lund led the survey of the Orsa reef. [1]"),
)


class SureReader:
    """Takes the sentence for the answer that it is surest of, by a word in it."""

    def __init__(self, confidences: Mapping[str, float]) -> None:
        self.confidences = confidences

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        evidence = [
            Evidence(hit.article, span, span, confidence)
            for hit in passages
            for span in hit.passage.sentences
            for word, confidence in self.confidences.items()
            if word in span.of(hit.article.text)
        ]
        best = sorted(evidence, key=lambda item: -item.score)[:1]
        return Reading(tuple(best), best[0].score if best else 0.0)


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=SureReader({})
    ) as it:
        it.add_articles([REEF, COUNCIL, LUND])
        yield it


def quoted(pullquote: Pullquote, question: str, answer: str) -> list[str]:
    history = (HISTORY[0], Turn(role="assistant", content=answer))
    with pullquote.library.view() as view:
        selection = view.select(Filters())
        articles = quoted_articles(view, selection, Question(question=question, history=history))
        return [found.id for found in articles]


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        (HISTORY[1].content, ["reef"]),
        ("Ana Lund led the  survey\nof the Orsa reef. [1] It ran for three years. [2]", ["reef"]),
        ("The survey of the reef near Orsa was led by Lund. [1]", []),
        ("The articles do not say.", []),
        ("", []),
    ],
)
def test_articles_are_found_by_their_words(
    pullquote: Pullquote, answer: str, ids: list[str]
) -> None:
    assert quoted(pullquote, "How long did it run?", answer) == ids


def test_what_they_do_not_name_is_not_asked_of_them(pullquote: Pullquote) -> None:
    assert quoted(pullquote, "And how long did it run in Norway?", HISTORY[1].content) == []


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("How long did it run?", True),
        ("Since when?", True),
        ("And Lund?", True),
        ("Who ran?", False),
    ],
)
def test_what_goes_on(text: str, does: bool) -> None:
    assert goes_on(Question(question=text, history=HISTORY)) is does
    assert not goes_on(Question(question=text))


def test_a_phrase_goes_on_unless_that_is_off() -> None:
    assert not goes_on(Question(question="Since when?", history=HISTORY), phrases=False)


def follow_up(
    pullquote: Pullquote, confidences: Mapping[str, float], *, quoted_first: bool = True
) -> str | None:
    settings = pullquote.settings.model_copy(update={"quoted_first": quoted_first})
    it = Pullquote(pullquote.library, settings, SureReader(confidences))
    answer = it.ask("How long did it run?", history=HISTORY)
    return None if answer.abstained else answer.answering[0].document_id


@pytest.mark.parametrize(
    ("confidences", "id"),
    [
        # The article that was talked about answers, though another one does so better.
        ({"three": 0.6, "nine": 0.9}, "reef"),
        # It does not, and the other one is about something else.
        ({"three": 0.3, "nine": 0.9}, None),
        # The other one speaks of the same.
        ({"three": 0.3, "two": 0.9}, "lund"),
    ],
)
def test_the_quoted_article_comes_first(
    pullquote: Pullquote, confidences: Mapping[str, float], id: str | None
) -> None:
    assert follow_up(pullquote, confidences) == id


def test_a_newer_article_of_the_story_counts_too(pullquote: Pullquote) -> None:
    days = {"reef": date(2026, 3, 1), "again": date(2026, 5, 1)}
    text = "Ana Lund went to the Orsa reef again. It ran for six years, the survey of Norrby."
    again = replace(article("again", text, title="Ana Lund at Orsa"), published_at=days["again"])
    reef = replace(REEF, title="Ana Lund at the Orsa reef", published_at=days["reef"])
    pullquote.add_articles([reef, again])
    assert follow_up(pullquote, {"three": 0.6, "six": 0.9, "nine": 0.95}) == "again"


def test_it_can_be_switched_off(pullquote: Pullquote) -> None:
    confidences = {"three": 0.6, "nine": 0.9}
    assert follow_up(pullquote, confidences, quoted_first=False) == "council"


def test_without_a_name_the_rarest_words_tell_what_is_meant(pullquote: Pullquote) -> None:
    history = [Turn(role="user", content="how long was the session")]
    with pullquote.library.view() as view:
        assert is_about(view, COUNCIL, history, [COUNCIL])
        assert not is_about(view, LUND, history, [COUNCIL])
