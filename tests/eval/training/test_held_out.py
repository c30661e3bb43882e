"""Held-out questions as the reader meets them, and which quoted sentences are right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest

from eval.dataset.passages import all_passages
from eval.dataset.splits import group_of, is_held_out
from eval.training.held_out import (
    READ,
    Case,
    Condition,
    given_cases,
    halves_of,
    is_right,
    near_misses,
    retrieved_cases,
)
from eval.training.sets import Question, QuestionSet
from index.article import Article, Passage, Span

TEXT = "In 1974 the firm of Orla Quinn hired 412 people, and Mara Holt left."
ASKED = "How many people did Orla Quinn hire?"


def questions() -> QuestionSet:
    documents = {f"d{i}": Article(f"d{i}", f"T{i}", TEXT) for i in range(60)}
    asked = tuple(Question(f"q{i}", ASKED, f"d{i}", ("412",), ((37, 40),)) for i in range(60))
    return QuestionSet("squad2", documents, asked)


@dataclass
class _Result:
    article: Article
    passage: Passage


class Finding:
    """A library that finds the first documents, whatever is asked, a given one before them."""

    def __init__(self, first: str = "") -> None:
        self.first = first

    def search(self, question: str, *, top_k: int) -> list[_Result]:
        documents = questions().documents
        order = sorted(documents, key=lambda id: (id != self.first, int(id[1:])))[:top_k]
        passages = [all_passages(documents[id])[0] for id in order]
        return [_Result(found.article, found.passage) for found in passages]


def _held_out() -> list[str]:
    return [d.id for d in questions().documents.values() if is_held_out(d.title)]


def test_given_questions_are_held_out_and_have_their_document() -> None:
    cases = given_cases(questions(), 4, Random(1))
    assert len(cases) == 4
    for case in cases:
        assert case.question.document in _held_out()
        assert {found.article.id for found in case.passages} == {case.question.document}
        assert case.answerable
        assert (case.condition, case.set_name) == ("given", "squad2")
    assert len(given_cases(questions(), 999, Random(1))) == len(_held_out())


def test_retrieved_questions_come_twice() -> None:
    own = _held_out()[-1]
    library: Any = Finding(own)
    cases = [
        c
        for c in retrieved_cases(questions(), library, 99, Random(1))
        if c.question.document == own
    ]
    there, removed = cases
    assert (there.condition, removed.condition) == ("retrieved", "removed")
    assert len(there.passages) == len(removed.passages) == READ
    assert there.answerable
    assert there.passages[0].article.id == own
    assert own not in {found.article.id for found in removed.passages}
    assert not removed.answerable


def test_halves_part_the_held_out_articles() -> None:
    halves = halves_of(questions())
    assert set(halves) == {questions().documents[id].title for id in _held_out()}
    assert abs(sum(halves.values()) - len(halves) / 2) <= 0.5
    cases = given_cases(questions(), 99, Random(1))
    assert {case.half for case in cases} == {0, 1}
    for case in cases:
        assert case.half == halves[group_of(questions().documents[case.question.document])]


def test_near_misses_are_of_held_out_articles_and_nothing_answers_them() -> None:
    cases = near_misses(questions(), None, 3, Random(2))
    assert len(cases) == 3
    for case in cases:
        assert case.question.document in _held_out()
        assert case.condition == "swapped"
        assert not case.answerable
        assert "Orla Quinn" not in case.question.text
        (found,) = case.passages
        assert not any(is_right(case, found.article, span) for span in found.passage.sentences)


def test_every_second_near_miss_is_retrieved() -> None:
    library: Any = Finding()
    cases = near_misses(questions(), library, 4, Random(2))
    assert [len(case.passages) for case in cases] == [1, READ, 1, READ]


SENTENCE = Span(0, len(TEXT))


def _case(condition: Condition, whole: bool = False) -> Case:
    question = Question("q", ASKED, "d0", ("412",), ((37, 40),), whole)
    return Case("squad2", condition, question, (), 0)


@pytest.mark.parametrize(
    ("case", "id", "right"),
    [
        (_case("given"), "d0", True),
        (_case("given"), "other", False),
        (_case("retrieved"), "other", True),
        (_case("retrieved", whole=True), "other", False),
        (_case("removed"), "other", False),
    ],
)
def test_a_sentence_is_right_by_its_place_or_by_its_words(case: Case, id: str, right: bool) -> None:
    assert is_right(case, Article(id, "", TEXT), SENTENCE) is right


def test_a_sentence_beside_the_answer_is_wrong() -> None:
    assert not is_right(_case("given"), Article("d0", "", TEXT), Span(0, 37))
    assert not is_right(_case("given"), Article("d0", "", TEXT), Span(40, 60))
    assert not is_right(_case("retrieved"), Article("x", "", "It hired 4120."), Span(0, 14))


def test_a_sentence_of_a_second_document_that_answers_is_right() -> None:
    case = _case("given", whole=True)
    both = replace(case, question=replace(case.question, elsewhere=(("d7", (0, 10)),)))
    assert is_right(both, Article("d7", "", TEXT), Span(0, 37))
    assert not is_right(both, Article("d7", "", TEXT), Span(40, 60))
