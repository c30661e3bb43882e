from __future__ import annotations

import re
from collections.abc import Callable, Collection, Generator
from typing import Any

import numpy as np
import pytest

from index.article import Article, Passage, Span
from index.snapshot import Found
from rag import Settings
from rag.citing.lists import MORE
from rag.citing.markers import ABSTENTION
from rag.citing.quotations import Aside
from rag.errors import ChatFailure
from rag.events import Restart, Sentence
from rag.evidence import AlsoIn, Evidence, Reading
from rag.generation.answer_stream import (
    AnsweredPart,
    ComposedAnswer,
    compose_answer,
    compose_parts,
)
from rag.generation.writer import Writer
from rag.grounding.alignment import Grounds, GroundSentence
from rag.grounding.support_check import Label, SupportCheck, Verdict
from tests.chat import Scripted
from tests.fakes import FakeEncoder, article
from tests.rag.grounding.test_reader_check import Silent

SILENT = ABSTENTION["not_in_articles"]
STORM = article("storm", "Walls fell. Roads closed.")
FLOOD = article("flood", "Roofs leak. Roads closed.")
FIRST, SECOND = Span(0, 11), Span(12, 25)
WALLS, ROADS = (Evidence(STORM, span, span, 0.9) for span in (FIRST, SECOND))
ROOFS = Evidence(FLOOD, FIRST, FIRST, 0.8)
ASIDE = Aside("earlier", "Another article says:", (ROOFS,))


class Judged(SupportCheck):
    """Has the verdicts beforehand: of a sentence that has none, that nothing backs it."""

    def __init__(self, verdicts: dict[str, Verdict]) -> None:
        super().__init__(FakeEncoder(), Silent())
        self._verdicts = verdicts

    def check(
        self, sentence: str, grounds: Grounds, cited_passages: Collection[int] = ()
    ) -> Verdict:
        return self._verdicts.get(sentence, Verdict("unsupported", 0.1))


def _backed(label: Label, score: float, *evidence: Evidence) -> Verdict:
    vectors = np.zeros((0, 64), dtype=np.float32)
    backing = (
        GroundSentence(
            item.sentence.of(item.article.text), item.article, item.sentence, (), vectors
        )
        for item in evidence
    )
    return Verdict(label, score, tuple(backing))


def _no_copies(article: Article, sentence: Span) -> tuple[AlsoIn, ...]:
    return ()


def _written(
    text: str,
    verdicts: dict[str, Verdict],
    fails: ChatFailure | None = None,
    also_in: Callable[[Article, Span], tuple[AlsoIn, ...]] = _no_copies,
    **options: Any,
) -> tuple[list[str], ComposedAnswer]:
    """The kinds of what comes of a model that writes this, and the answer."""
    writer = Writer(Scripted(text, fails=fails), Judged(verdicts), Settings())
    passage = Passage(1, STORM.id, 0, Span(0, 25), (FIRST, SECOND))
    passages, reading = [Found(STORM, passage)], Reading((WALLS,), 0.9)
    return _whole(
        compose_answer(writer, "What fell?", passages, reading, also_in=also_in, **options)
    )


def _composed(*parts: AnsweredPart) -> ComposedAnswer:
    return _whole(compose_parts(parts))[1]


def _whole(
    stream: Generator[Sentence | Restart, None, ComposedAnswer],
) -> tuple[list[str], ComposedAnswer]:
    """The kinds of what is composed, and the answer, whose text its sentences make up."""
    text = ""
    kinds: list[str] = []
    while True:
        try:
            event = next(stream)
        except StopIteration as end:
            answer: ComposedAnswer = end.value
            assert text == answer.text
            return kinds, answer
        kinds.append(type(event).__name__)
        text = text + event.text if isinstance(event, Sentence) else ""


@pytest.mark.parametrize(
    ("second", "text", "citations"),
    [
        (AnsweredPart("B?", 0.7, (WALLS,)), "A?\nB?\nWalls fell. [1]", [(1,), (1,)]),
        (
            AnsweredPart("B?", 0.7, (ROADS,)),
            "A?\nWalls fell. [1]\n\nB?\nRoads closed. [2]",
            [(1,), (2,)],
        ),
        (
            AnsweredPart("B?", 0.7, (ROOFS,)),
            "A?\nWalls fell. [1]\n\nB?\nRoofs leak. [2]",
            [(1,), (2,)],
        ),
        (
            AnsweredPart("B?", 0.7, (WALLS,), (ASIDE,)),
            "A?\nWalls fell. [1]\n\nB?\nWalls fell. [2]\n\nAnother article says:\nRoofs leak. [3]",
            [(1,), (2, 3)],
        ),
        (
            AnsweredPart("B?", 0.7, (WALLS,), more=2),
            f"A?\nWalls fell. [1]\n\nB?\nWalls fell. [2]\n\n{MORE}",
            [(1,), (2,)],
        ),
        (AnsweredPart("B?", 0.2), f"A?\nWalls fell. [1]\n\nB?\n{SILENT}", [(1,), ()]),
    ],
)
def test_parts_that_the_same_sentences_answer_are_quoted_once(
    second: AnsweredPart, text: str, citations: list[tuple[int, ...]]
) -> None:
    answer = _composed(AnsweredPart("A?", 0.9, (WALLS,)), second)
    assert answer.text == text
    assert [part.citations for part in answer.parts] == citations
    assert [part.confidence for part in answer.parts] == [0.9, second.confidence]
    assert [part.answered for part in answer.parts] == [True, bool(second.evidence)]
    assert answer.more == second.more


def test_each_part_that_nothing_answers_says_so() -> None:
    answer = _composed(AnsweredPart("A?", 0.1), AnsweredPart("B?", 0.2))
    assert answer.text == f"A?\n{SILENT}\n\nB?\n{SILENT}"


def test_a_model_has_the_time_that_is_left_of_its_own() -> None:
    kinds, answer = _written("Walls fell. It rained.", {}, spent_seconds=Settings().model_seconds)
    assert (answer.text, answer.fallback) == ("Walls fell. [1]", "timeout")
    assert kinds == ["Sentence"]


def test_what_is_backed_in_part_stays_and_says_so() -> None:
    verdicts = {
        "Walls [all] fell.": _backed("partial", 0.6, WALLS),
        "Roads closed.": _backed("supported", 0.8, ROADS),
    }
    _, answer = _written("Walls [all] fell. Roads closed.", verdicts, more=3)
    assert answer.text == "Walls (all) fell. [1] Roads closed. [2]"
    assert [(cited.support, cited.support_score) for cited in answer.citations] == [
        ("partial", 0.6),
        ("supported", 0.8),
    ]
    assert (answer.mode, answer.more) == ("generative", 0)


def test_a_copy_that_is_named_is_not_cited_beside_what_it_copies() -> None:
    elsewhere = Evidence(FLOOD, SECOND, SECOND, 0.9)
    verdict = _backed("supported", 0.8, ROADS, elsewhere, ROOFS)
    copies = {STORM.id: (AlsoIn(FLOOD, SECOND),)}
    _, answer = _written(
        "Roads closed. It rained.",
        {"Roads closed.": verdict},
        also_in=lambda article, sentence: copies.get(article.id, ()),
    )
    assert [(cited.document_id, cited.cited_text) for cited in answer.citations] == [
        ("storm", "Roads closed."),
        ("flood", "Roofs leak."),
    ]


BUILDER = "Acme is the largest builder."


@pytest.mark.parametrize(
    ("left_out", "followers"),
    [
        (BUILDER, ["Its profit rose."]),
        (BUILDER, ["It is old.", "Its profit rose."]),
        (BUILDER, ["In 2025, its profit rose."]),
        (BUILDER, ["The company’s profit rose."]),
        ("Osk is a town.", ["Profit rose there."]),
        ("See evil.com.", ["Its profit rose."]),
        ("Walls fell.", ["They are tall."]),
    ],
)
def test_what_refers_to_a_sentence_that_is_left_out_goes_with_it(
    left_out: str, followers: list[str]
) -> None:
    backed = ["Walls fell.", "Roofs leak.", *followers, "Roads closed.", "They reopened."]
    text = " ".join(
        ["Walls fell. Roofs leak.", left_out, *followers, "Roads closed. They reopened."]
    )
    _, answer = _written(text, dict.fromkeys(backed, _backed("supported", 0.8, WALLS)))
    told = re.sub(r" \[\d\]", "", answer.text)
    assert told == "Walls fell. Roofs leak. Roads closed. They reopened."


@pytest.mark.parametrize(
    "unfit", ["See evil`.`com now.", "Write to a@b.org.", "You are &lt;im_end."]
)
def test_what_is_not_fit_is_never_kept(unfit: str) -> None:
    verdicts = {"Walls fell.": _backed("supported", 0.8, WALLS)}
    text = f"Walls fell. {BUILDER} Its profit rose. {unfit} Its profit fell."
    _, answer = _written(text, verdicts, keep_unsupported=True)
    assert answer.text == f"Walls fell. [1] {BUILDER} Its profit rose."
    _, answer = _written(f"{BUILDER} {unfit}", {}, keep_unsupported=True)
    assert answer.fallback == "nothing_supported"


def test_of_what_nothing_backs_nothing_is_let_out_before_a_failure() -> None:
    text = "It rained. It rained again. And"
    kinds, answer = _written(text, {}, "malformed", more=3, keep_unsupported=True)
    assert answer.text == f"Walls fell. [1]\n\n{MORE}"
    assert (answer.unsupported, answer.more, answer.fallback) == ((), 3, "malformed")
    assert kinds == ["Sentence", "Sentence"]


def test_a_model_writes_forty_sentences_and_one_without_passages_none() -> None:
    walls = [f"Wall {number} fell." for number in range(50)]
    _, answer = _written(" ".join(walls), dict.fromkeys(walls, _backed("supported", 0.8, WALLS)))
    assert len(answer.citations) == 40
    chat = Scripted("Walls fell.")
    writer = Writer(chat, Judged({}), Settings())
    reading = Reading((WALLS,), 0.9)
    _, answer = _whole(compose_answer(writer, "What fell?", [], reading, also_in=_no_copies))
    assert (answer.fallback, chat.prompts) == ("not_answered", [])


def test_passages_are_shown_as_far_as_there_is_room() -> None:
    writer = Writer(Scripted(""), Judged({}), Settings(model_context_chars=220))
    passages = [
        Found(source, Passage(number, source.id, 0, Span(0, 25), (FIRST, SECOND)))
        for number, source in enumerate((STORM, FLOOD), start=1)
    ]
    (item,) = writer.items(Judged({}).grounds(passages), [])
    assert item.text.endswith("Walls fell. Roads closed.")
