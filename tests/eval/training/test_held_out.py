from __future__ import annotations

from random import Random

from eval.training.held_out import is_right, near_misses
from eval.training.sets import Document, Question, QuestionSet, is_held_out

TEXT = "In 1974 the firm of Orla Quinn hired 412 people, and Mara Holt left."


def questions() -> QuestionSet:
    documents = {f"d{i}": Document(f"d{i}", f"T{i}", TEXT) for i in range(60)}
    asked = tuple(
        Question(f"q{i}", "How many people did Orla Quinn hire?", f"d{i}", ("412",), ((37, 40),))
        for i in range(60)
    )
    return QuestionSet("squad2", documents, asked)


def test_near_misses_are_of_held_out_articles_and_nothing_answers_them() -> None:
    cases = near_misses(questions(), None, 3, Random(2))
    assert len(cases) == 3
    for case in cases:
        assert is_held_out(questions().documents[case.question.document].title)
        assert case.condition == "swapped"
        assert not case.answerable
        assert "Orla Quinn" not in case.question.text
        (found,) = case.passages
        assert not any(is_right(case, found.article, span) for span in found.passage.sentences)


def test_questions_are_turned_too() -> None:
    cases = near_misses(questions(), None, 3, Random(2), "turned")
    assert {case.condition for case in cases} == {"turned"}
    assert all("did" in case.question.text and not case.answerable for case in cases)
