"""Timelines and summaries: each entry a citation, copies once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from index.article import Span
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.answer import Answer
from rag.events import Sentence
from rag.evidence import Evidence, Reading
from rag.generation.overviews import compose_summary
from tests.fakes import FakeModels, article

FIRST = "The council approved the Talvik bridge for 80 crowns. Work on it starts soon."
ARTICLES = (
    article("last", "The Talvik bridge is late. A ticket for it will cost 101 crowns.",
            published_at=date(2026, 8, 30)),
    article("first", FIRST, published_at=date(2025, 2, 3)),
    article("repeat", FIRST, published_at=date(2025, 2, 4), publisher="Copy"),
    article("second", "The Talvik bridge costs 96 crowns now. Steel is dear.",
            published_at=date(2025, 6, 19)),
    article("undated", "The Talvik bridge may cost 70 crowns."),
    article("other", "The tunnel of Orlen costs 12 crowns.", published_at=date(2025, 5, 1)),
)  # fmt: skip
QUESTION = "How many crowns does the Talvik bridge cost?"


class CrownReader:
    """Takes sentences with crowns for answers, the first best, to a question with crowns in it."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        evidence = [
            Evidence(hit.article, span, span, 0.8)
            for hit in passages
            for span in hit.passage.sentences
            if "crowns" in span.of(hit.article.text) and "tunnel" not in hit.article.text
        ]
        confidence = 0.8 if evidence and "crowns" in question else 0.2
        return Reading(tuple(evidence[:1]), confidence, nearest=tuple(evidence[:1]))


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=CrownReader()
    ) as it:
        it.add_articles(ARTICLES, keep_copies=True)
        yield it


@pytest.mark.parametrize("question", [QUESTION, "Talvik bridge crowns"])
def test_a_timeline_tells_day_by_day_and_a_copy_once(pullquote: Pullquote, question: str) -> None:
    answer = pullquote.ask(question, timeline=True)
    assert [cited.document_id for cited in answer.citations] == ["first", "second", "last"]
    assert [(entry.day.isoformat(), entry.citations) for entry in answer.timeline] == [
        ("2025-02-03", (1,)),
        ("2025-06-19", (2,)),
        ("2026-08-30", (3,)),
    ]
    assert answer.answer.startswith(
        "3 February 2025:\nThe council approved the Talvik bridge for 80 crowns. [1]\n\n"
        "19 June 2025:\nThe Talvik bridge costs 96 crowns now. [2]\n\n30 August 2026:\n"
    )
    assert answer.as_of == date(2026, 8, 30)
    for cited in answer.citations:
        assert cited.span.of(cited.article.text) == cited.cited_text


@pytest.mark.parametrize(
    "request_",
    ["Timeline of Talvik bridge crowns", "Show me a timeline of the Talvik bridge crowns."],
)
def test_a_timeline_may_be_asked_for_in_words(pullquote: Pullquote, request_: str) -> None:
    answer = pullquote.ask(request_)
    assert [cited.document_id for cited in answer.citations] == ["first", "second", "last"]
    assert len(answer.timeline) == 3


@pytest.mark.parametrize(
    "question",
    ["What has changed about the Talvik bridge?", "What changed since May with Talvik bridge?"],
)
def test_what_has_changed_is_told_day_by_day_where_nothing_says_so(
    pullquote: Pullquote, question: str
) -> None:
    assert len(pullquote.ask(question).timeline) == 3


@pytest.mark.parametrize(
    "question", ["What has changed about the tunnel?", "What changed the Talvik bridge?"]
)
def test_changes_need_two_days_and_a_topic(pullquote: Pullquote, question: str) -> None:
    assert pullquote.ask(question).abstained


def test_a_timeline_of_nothing_is_silent(pullquote: Pullquote) -> None:
    answer = pullquote.ask("What became of Zorbex?", timeline=True)
    assert answer.abstain_reason == "not_in_articles"
    assert answer.missing == "Zorbex"


def test_streamed_it_is_the_same(pullquote: Pullquote) -> None:
    *events, answer = pullquote.stream(QUESTION, timeline=True)
    assert isinstance(answer, Answer)
    texts = [event.text for event in events if isinstance(event, Sentence)]
    assert "".join(texts) == answer.answer


def test_a_summary_has_up_to_five_sentences_in_reading_order(pullquote: Pullquote) -> None:
    answer = pullquote.ask("Tell me about the Talvik bridge.")
    assert not answer.abstained
    quotations = [(cited.document_id, cited.start_char_index) for cited in answer.citations]
    assert 3 <= len(answer.answering) <= 5
    for id in {id for id, _ in quotations}:
        places = [place for each, place in quotations if each == id]
        assert places == sorted(places)
    assert "other" not in {id for id, _ in quotations}
    assert not {"first", "repeat"} <= {id for id, _ in quotations}


def test_a_summary_begins_with_the_newest_and_says_of_which_day_the_others_are(
    pullquote: Pullquote,
) -> None:
    answer = pullquote.ask("What's new with the Talvik bridge?")
    days = [cited.article.published_at for cited in answer.citations]
    assert None not in days
    assert days == sorted(days, key=str, reverse=True)
    own = [stretch.span.of(answer.answer) for stretch in answer.own_words]
    assert "Earlier, 19 June 2025:" in own


def test_whats_new_of_a_topic_is_told_from_its_newest_articles(pullquote: Pullquote) -> None:
    answer = pullquote.ask("What's new with the Talvik bridge?")
    assert {"last", "second"} <= {cited.document_id for cited in answer.citations}
    assert "undated" not in {cited.document_id for cited in answer.citations}


def test_a_word_that_no_article_has_does_not_keep_a_topic_from_being_told(
    pullquote: Pullquote,
) -> None:
    assert not pullquote.ask("Tell me about the Talvik bridge affair.").abstained
    assert pullquote.ask("Tell me about the cost of the Zorbex bridge.").abstained


def test_summaries_can_be_switched_off(pullquote: Pullquote) -> None:
    settings = pullquote.settings.model_copy(update={"overviews": False})
    plain = Pullquote(pullquote.library, settings, CrownReader())
    assert plain.ask("Tell me about the Talvik bridge.").abstained
    assert plain.ask("Talvik bridge crowns", timeline=True).timeline


def test_what_no_article_is_about_is_not_summarised(pullquote: Pullquote) -> None:
    answer = pullquote.ask("Tell me about Zorbex.")
    assert answer.abstained
    assert answer.missing == "Zorbex"


def test_an_article_without_a_day_takes_no_days_from_the_others() -> None:
    evidence = [
        Evidence(article(id, text, published_at=day), Span(0, len(text)), Span(0, len(text)), 0.9)
        for id, text, day in (
            ("dateless", "Eva Holm designed it.", None),
            ("old", "It opened on Monday.", date(2025, 3, 3)),
            ("new", "It is closed again.", date(2025, 6, 6)),
        )
    ]
    told = "".join(sentence.text for sentence in compose_summary(evidence))
    assert told.index("closed") < told.index("designed") < told.index("Earlier, 3 March 2025:")
    assert told.index("Earlier") < told.index("opened")
