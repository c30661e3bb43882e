"""What the comparison of training sets counts, and how long its runs are."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from index.article import Article, Passage, Span
from index.view import Found
from rag.span_model import SentenceScan
from eval.training.calibrate import Scanned
from eval.training.held_out import Case
from eval.training.leave_out import figures_of
from eval.training.sets import Question
from eval.training.train import by_examples, rounds_of

TEXT = "Snow fell on Monday. Rain fell on Tuesday."
FIRST, SECOND = Span(0, 20), Span(21, 42)
FOUND = Found(Article("d", "Weather", TEXT), Passage(0, "d", 0, Span(0, 42), (FIRST, SECOND)))
MONDAY, TUESDAY = Span(13, 19), Span(34, 41)


def scanned(
    answer: str, spans: tuple[tuple[int, int], ...], margins: tuple[float, float]
) -> Scanned:
    question = Question("q", "When did snow fall?", "d", (answer,) if spans else (), spans)
    scans = (
        SentenceScan(0, 0, MONDAY, margins[0], 0.0),
        SentenceScan(0, 1, TUESDAY, margins[1], 0.0),
    )
    return Scanned(Case("squad2", "given", question, (FOUND,), 0), scans)


def test_figures_follow_the_margin() -> None:
    right = scanned("Monday", ((13, 19),), (4.0, 1.0))
    wrong = scanned("Monday", ((13, 19),), (1.0, 3.0))
    silent = scanned("", (), (2.0, -3.0))
    assert figures_of([right, wrong, silent])["squad2"] == {
        "questions": 3.0,
        "exact_match": 50.0,
        "f1": 50.0,
        "first_sentence_right": 50.0,
        "answerable_auroc": 1.0,
    }


def test_a_run_may_be_as_long_as_its_examples() -> None:
    progress = by_examples(200)
    assert [progress(seen) for seen in (0, 50, 200)] == [0.0, 0.25, 1.0]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("clapnq", "squadshifts_reddit"):
        folder = tmp_path / name
        folder.mkdir()
        rows = [{"doc_id": f"d{i}", "title": f"T{i}", "text": TEXT} for i in range(40)]
        asked = [
            {
                "id": f"q{i}",
                "question": "When did snow fall?",
                "answers": ["Monday"],
                "gold_doc_ids": [f"d{i}"],
                "gold_spans": [[f"d{i}", 13, 19]],
                "answerable": True,
            }
            for i in range(40)
        ]
        (folder / "documents.jsonl").write_text("\n".join(map(json.dumps, rows)))
        (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)))
    return tmp_path


def test_later_rounds_leave_out_posts_and_repeat_long_answers(data: Path) -> None:
    first, again = rounds_of(data, ("clapnq", "squadshifts_reddit"), Random(1))
    (clapnq, _) = rounds_of(data, ("clapnq",), Random(1))
    assert len(first) == 2 * len(clapnq) > 0
    assert len(again) == 3 * len(clapnq)
