"""Questions of several parts: each is asked by itself, and the answer says what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Span
from index.snapshot import Found
from rag import Pullquote, Settings, Turn
from rag.answer import Answer
from rag.events import Sentence
from rag.evidence import Evidence, Reading
from tests.fakes import FakeModels, article

ARTICLES = (
    article("halden", "Otto Brand heads Halden Grain. It has two mills."),
    article("corvin", "Freya Munk heads Corvin Mills. It has three mills."),
)
BOTH = "Who heads Halden Grain and who heads Corvin Mills?"
ONE_KNOWN = "Who heads Halden Grain and who heads Torvane Steel?"
NEITHER = "Who heads Aldan Bank and who heads Torvane Steel?"


class HeadReader:
    """Knows who heads a company whose name ends the question."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        for hit in passages:
            text = hit.article.text
            sentence = Span(0, text.index(".") + 1)
            name = " ".join(question.rstrip("?").split()[-2:])
            if name in sentence.of(text):
                return Reading((Evidence(hit.article, sentence, sentence, 0.9),), 0.9)
        return Reading((), 0.1)


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    settings = Settings(home=tmp_path)
    with Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=HeadReader()
    ) as it:
        it.add_articles(ARTICLES)
        yield it


def test_each_part_is_answered_under_its_own_heading(pullquote: Pullquote) -> None:
    answer = pullquote.ask(BOTH)
    assert answer.answer == (
        "Who heads Halden Grain?\nOtto Brand heads Halden Grain. [1]\n\n"
        "Who heads Corvin Mills?\nFreya Munk heads Corvin Mills. [2]"
    )
    assert [(part.answered, part.citations) for part in answer.parts] == [
        (True, (1,)),
        (True, (2,)),
    ]
    assert [stretch.span.of(answer.answer) for stretch in answer.own_words] == [
        part.question for part in answer.parts
    ]


def test_a_part_that_is_not_answered_says_so(pullquote: Pullquote) -> None:
    answer = pullquote.ask(ONE_KNOWN)
    assert not answer.abstained
    assert answer.answer.endswith("Who heads Torvane Steel?\nThe articles do not say.")
    assert [(part.answered, part.confidence) for part in answer.parts] == [
        (True, 0.9),
        (False, 0.1),
    ]
    assert answer.confidence == 0.9


def test_without_an_answer_to_any_part_the_question_is_asked_whole(pullquote: Pullquote) -> None:
    answer = pullquote.ask(NEITHER)
    assert answer.abstained
    assert answer.parts == ()


def test_by_setting_the_question_stays_whole(pullquote: Pullquote) -> None:
    settings = pullquote.settings.model_copy(update={"planner": False})
    answer = Pullquote(pullquote.library, settings, HeadReader()).ask(BOTH)
    assert [each.document_id for each in answer.citations] == ["corvin"]
    assert answer.parts == ()


def test_a_preamble_is_left_out_and_that_is_said(pullquote: Pullquote) -> None:
    answer = pullquote.ask("I read that they merge, and that is odd. Who heads Corvin Mills?")
    assert answer.standalone_question == "Who heads Corvin Mills?"
    assert answer.question.startswith("I read")


HISTORY = (
    Turn(role="user", content="What does Torvane Steel make?"),
    Turn(role="assistant", content="The articles do not say."),
)


def test_in_a_conversation_parts_with_names_are_asked(pullquote: Pullquote) -> None:
    assert len(pullquote.ask(BOTH, history=HISTORY).parts) == 2


def test_in_a_conversation_what_names_nothing_stays_whole(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("tram", "The tram cost two crowns. It is blue.")])
    question = "Is the tram cheaper than the ferry?"
    assert len(pullquote.ask(question).parts) == 2
    # Of the town that was spoken of, perhaps.
    assert pullquote.ask(question, history=HISTORY).parts == ()


def test_what_answers_both_parts_is_quoted_once(tmp_path: Path) -> None:
    row = "Otto Brand heads Halden Grain, and Freya Munk heads Corvin Mills."
    settings = Settings(home=tmp_path)
    with Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=HeadReader()
    ) as pullquote:
        pullquote.add_articles([article("both", row)])
        answer = pullquote.ask(BOTH)
    assert answer.answer == f"Who heads Halden Grain?\nWho heads Corvin Mills?\n{row} [1]"
    assert [part.citations for part in answer.parts] == [(1,), (1,)]


def test_streamed_it_is_the_same(pullquote: Pullquote) -> None:
    *events, answer = pullquote.stream(ONE_KNOWN)
    assert isinstance(answer, Answer)
    sentences = [event for event in events if isinstance(event, Sentence)]
    assert "".join(sentence.text for sentence in sentences) == answer.answer


class MillReader(HeadReader):
    """Knows how many mills a company has; of Corvin Mills a little less surely, and takes whatever
    it finds for the answer about a third."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        for hit in passages:
            text = hit.article.text
            sentence = Span(text.index(".") + 2, len(text))
            if hit.article.id in question.lower() or "Torvane" in question:
                confidence = 0.4 if "corvin" in question.lower() else 0.9
                evidence = Evidence(hit.article, sentence, sentence, confidence)
                return Reading((evidence,), confidence)
        return Reading((), 0.1)


def test_a_side_may_be_a_little_less_sure_than_the_other(pullquote: Pullquote) -> None:
    asked = Pullquote(pullquote.library, pullquote.settings, MillReader())
    answer = asked.ask("Who has more mills, Halden Grain or Corvin Mills?")
    assert [(part.question, part.answered) for part in answer.parts] == [
        ("How many mills does Halden Grain have?", True),
        ("How many mills does Corvin Mills have?", True),
    ]
    assert asked.ask("How many mills does Corvin Mills have?").abstained


class UnsureReader(MillReader):
    """Knows how many mills each company has a little less surely than an answer has to be."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        reading = super().read(question, passages)
        return replace(reading, confidence=min(reading.confidence, 0.4))


def test_of_two_sides_neither_of_which_is_sure_both_are_quoted(pullquote: Pullquote) -> None:
    asked = Pullquote(pullquote.library, pullquote.settings, UnsureReader())
    answer = asked.ask("Who has more mills, Halden Grain or Corvin Mills?")
    assert [part.answered for part in answer.parts] == [True, True]
    assert asked.ask("Who has more mills, Halden Grain or Torvane Steel?").abstained


def test_a_side_is_not_answered_by_an_article_about_the_other(pullquote: Pullquote) -> None:
    asked = Pullquote(pullquote.library, pullquote.settings, MillReader())
    answer = asked.ask("Who has more mills, Halden Grain or Torvane Steel?")
    assert [part.answered for part in answer.parts] == [True, False]


class RivalReader(HeadReader):
    """Takes what each article says of mills for the answer about either company."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        evidence = [
            Evidence(hit.article, span, span, 0.9)
            for hit in passages
            for span in hit.passage.sentences
            if "mills" in span.of(hit.article.text)
        ]
        return Reading(tuple(evidence), 0.9 if evidence else 0.0)


def test_a_side_is_not_answered_by_a_sentence_of_the_others_article(pullquote: Pullquote) -> None:
    rival = "Torvane Steel, the rival of Halden Grain, has nine mills. It closes two mills."
    pullquote.add_articles([article("rival", rival, title="Torvane Steel closes mills")])
    asked = Pullquote(pullquote.library, pullquote.settings, RivalReader())
    answer = asked.ask("Who has more mills, Halden Grain or Torvane Steel?")
    first, _ = answer.parts
    assert "It closes two mills." not in [
        each.cited_text for each in answer.citations if each.number in first.citations
    ]


class WholeReader(HeadReader):
    """Knows the mills of one company by itself, and of both where both are asked for."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        items = []
        for hit in passages:
            text = hit.article.text
            sentence = Span(0, text.index(".") + 1)
            if "Halden" in question and ("Corvin" in question or hit.article.id == "halden"):
                items.append(Evidence(hit.article, sentence, sentence, 0.9))
        return Reading(tuple(items), 0.9 if items else 0.0)


def test_a_side_is_answered_by_what_answers_the_whole_and_is_about_it(pullquote: Pullquote) -> None:
    asked = Pullquote(pullquote.library, pullquote.settings, WholeReader())
    answer = asked.ask("Who has more mills, Halden Grain or Corvin Mills?")
    first, second = answer.parts
    cited = {each.number: each.document_id for each in answer.citations}
    assert {cited[number] for number in first.citations} == {"halden"}
    assert {cited[number] for number in second.citations} == {"corvin"}


class TownReader:
    """Finds fifteen sentences for whatever is asked."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        evidence = [
            Evidence(hit.article, span, span, 0.9)
            for hit in passages
            if hit.article.id == "towns"
            for span in hit.passage.sentences
        ]
        return Reading(tuple(evidence[:3]), 0.9, further=tuple(evidence[3:]))


def test_that_a_part_has_more_is_said_there(pullquote: Pullquote) -> None:
    towns = " ".join(f"Smoke reached {letter}olten." for letter in "ABCDEFGHIKLMNPR")
    pullquote.add_articles([article("towns", towns)])
    asked = Pullquote(pullquote.library, pullquote.settings, TownReader())
    answer = asked.ask("Who are the heads of Halden Grain and who are the heads of Corvin Mills?")
    assert answer.more == 6
    first, second = answer.answer.split("Who are the heads of Corvin Mills?")
    for half in (first, second):
        assert half.strip().endswith("The articles give more than is quoted here.")


class GrainReader:
    """Takes the same sentence for the answer to whatever is asked."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        for hit in passages:
            if hit.article.id == "halden":
                sentence = hit.passage.sentences[0]
                return Reading((Evidence(hit.article, sentence, sentence, 0.9),), 0.9)
        return Reading((), 0.1)


def test_what_answers_another_part_by_its_name_answers_no_other(pullquote: Pullquote) -> None:
    asked = Pullquote(pullquote.library, pullquote.settings, GrainReader())
    answer = asked.ask(BOTH)
    assert [part.answered for part in answer.parts] == [True, False]
    answer = asked.ask("Who heads Halden Grain and how long has Otto Brand headed it?")
    assert all(part.answered for part in answer.parts)


class CostReader:
    """Takes the sentence with "costs" for every answer."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        for hit in passages:
            for span in hit.passage.sentences:
                if "costs" in span.of(hit.article.text):
                    return Reading((Evidence(hit.article, span, span, 0.9),), 0.9)
        return Reading((), 0.1)


def test_what_only_makes_another_side_readable_answers_none(tmp_path: Path) -> None:
    text = "Shells are made in Kelm. It costs 329 crowns, 40 more than the Mill 2 did."
    settings = Settings(home=tmp_path)
    with Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=CostReader()
    ) as it:
        it.add_articles([article("mill", text, title="The Mill 3")])
        answer = it.ask("What is the difference between the Mill 2 and the Mill 3 in price?")
    roles = {citation.number: citation.role for citation in answer.citations}
    assert all("answer" in map(roles.get, part.citations) for part in answer.parts if part.answered)
