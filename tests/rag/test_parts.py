"""Questions of several parts: each is asked by itself, and the answer says what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.article import Span
from index.snapshot import Found
from rag import Pullquote, Settings
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


def test_streamed_it_is_the_same(pullquote: Pullquote) -> None:
    *events, answer = pullquote.stream(ONE_KNOWN)
    assert isinstance(answer, Answer)
    sentences = [event for event in events if isinstance(event, Sentence)]
    assert "".join(sentence.text for sentence in sentences) == answer.answer
