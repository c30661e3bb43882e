"""Of an interview the answers are quoted, with what was asked where they need it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.article import Span
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.citing.interviews import is_question_line, needs_question
from rag.evidence import Evidence, Reading
from tests.fakes import FakeModels, article

TALK = (
    "Ada Brink builds bridges.\n\nWhat did the bridge cost?\n\n21 million crowns, two less than "
    "the budget. That was luck.\n\nIs it safe?\n\nInspectors visited the bridge twice.\n\nWhat now?"
)


def place(words: str) -> Span:
    start = TALK.index(words)
    return Span(start, start + len(words))


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("What did the bridge cost?", True),
        ("Is it safe?", True),
        ("That was luck.", False),
        # Nothing answers it.
        ("What now?", False),
    ],
)
def test_a_line_that_asks(words: str, asks: bool) -> None:
    assert is_question_line(TALK, place(words)) == asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Will it burn?\n\nYes.", True),
        ("Lind was cross. “Are you sure?”\n\nHe was.\n\nWhy?\n\nNobody knows.", False),
        # A title, a gap, a paragraph that wonders at its end.
        ("In 2014 Weir wrote Too Young?\n\nIt sold well.", False),
        ("- 1942 to 1957: ???\n\n- 1957: Lind", False),
        ("A word. " * 40 + "Why?\n\nNobody knows.", False),
    ],
)
def test_one_question_of_an_article(text: str, asks: bool) -> None:
    end = text.index("\n")
    assert is_question_line(text, Span(text.rindex(" ", 0, end) + 1, end)) is asks


def test_what_is_no_sentence_needs_its_question() -> None:
    cost, safe = place("What did the bridge cost?"), place("Is it safe?")
    assert needs_question(TALK, cost, place("21 million crowns, two less than the budget."))
    assert not needs_question(TALK, safe, place("Inspectors visited the bridge twice."))


class Finder:
    """Takes the sentences with these words for evidence."""

    def __init__(self, *parts: str) -> None:
        self.parts = parts

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        evidence = [
            Evidence(hit.article, span, span, 0.9)
            for part in self.parts
            for hit in passages
            for span in hit.passage.sentences
            if part in span.of(hit.article.text)
        ]
        return Reading(tuple(evidence), 0.9)


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        (
            ["21 million"],
            "What did the bridge cost? [1] 21 million crowns, two less than the budget. [2]",
        ),
        (["Is it safe"], "Inspectors visited the bridge twice. [1]"),
        (["Is it safe", "visited the"], "Inspectors visited the bridge twice. [1]"),
    ],
)
def test_the_answer_is_quoted_for_the_question(
    tmp_path: Path, parts: Sequence[str], answer: str
) -> None:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=Finder(*parts)
    ) as pullquote:
        pullquote.add_articles([article("talk", TALK)])
        assert pullquote.ask("What about the bridge of Ada Brink?").answer == answer
