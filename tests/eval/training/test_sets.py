"""The question sets as they lie in their folders, and which part is held out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.dataset.splits import is_held_out
from eval.errors import DatasetError
from eval.training.sets import HELD_OUT, INFORMAL, read_set

DOCUMENTS: list[dict[str, Any]] = [
    {"doc_id": "d0", "title": "Zebras", "text": "It rained. It was so."},
    {"doc_id": "d1", "title": None, "text": "It snowed."},
]


def _asked(id: str, **more: Any) -> dict[str, Any]:
    answered = {
        "answerable": True, "answers": ["so"], "gold_doc_ids": ["d0"],
        "gold_spans": [["d0", 18, 20]],
    }  # fmt: skip
    return {"id": id, "question": "Is it?", **answered, **more}


def _write(folder: Path, documents: list[dict[str, Any]], asked: list[dict[str, Any]]) -> None:
    folder.mkdir()
    (folder / "documents.jsonl").write_text("\n".join(map(json.dumps, documents)))
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)))


def test_answers_and_spans_are_read(tmp_path: Path) -> None:
    _write(tmp_path / "a", DOCUMENTS, [_asked("q")])
    (question,) = read_set(tmp_path, "a").questions
    assert (question.document, question.answers, question.spans) == ("d0", ("so",), ((18, 20),))
    assert not question.whole_sentences


@pytest.mark.parametrize("kind", ["long", "sentence", "yes", "no"])
def test_answers_of_sentences_are_whole(tmp_path: Path, kind: str) -> None:
    _write(tmp_path / "a", DOCUMENTS, [_asked("q", answer_type=kind)])
    assert read_set(tmp_path, "a").questions[0].whole_sentences


def test_what_answers_in_a_second_document_is_kept_apart(tmp_path: Path) -> None:
    spans = [["d0", 18, 20], ["d1", 0, 2]]
    _write(tmp_path / "a", DOCUMENTS, [_asked("q", gold_doc_ids=["d0", "d1"], gold_spans=spans)])
    (question,) = read_set(tmp_path, "a").questions
    assert (question.document, question.spans) == ("d0", ((18, 20),))
    assert question.spans_in("d0") == ((18, 20),)
    assert question.spans_in("d1") == ((0, 2),)
    assert question.spans_in("d2") == ()


def test_a_question_without_an_answer_is_about_its_candidate(tmp_path: Path) -> None:
    none = _asked("q", answerable=False, candidate_doc_ids=["d1"], gold_doc_ids=[])
    _write(tmp_path / "a", DOCUMENTS, [none])
    (question,) = read_set(tmp_path, "a").questions
    assert (question.document, question.answers, question.spans) == ("d1", (), ())


def test_questions_about_nothing_are_left_out(tmp_path: Path) -> None:
    asked = [
        _asked("no span", gold_spans=[]),
        _asked("no document", gold_doc_ids=[]),
        _asked("no candidate", answerable=False),
        _asked("not there", gold_doc_ids=["d9"]),
        _asked("good"),
    ]
    _write(tmp_path / "a", DOCUMENTS, asked)
    assert [question.id for question in read_set(tmp_path, "a").questions] == ["good"]


def test_the_split_is_by_article_and_fixed(tmp_path: Path) -> None:
    documents = [{"doc_id": f"d{i}", "title": f"T{i // 2}", "text": "It is so."} for i in range(80)]
    asked = [
        _asked(f"q{i}", gold_doc_ids=[f"d{i}"], gold_spans=[[f"d{i}", 6, 8]]) for i in range(80)
    ]
    _write(tmp_path / "squad2", documents, asked)
    questions = read_set(tmp_path, "squad2")
    out, kept = questions.part(held_out=True), questions.part(held_out=False)
    assert len(out) + len(kept) == 80
    titles = [{questions.documents[q.document].title for q in part} for part in (out, kept)]
    assert titles[0]
    assert not titles[0] & titles[1]
    assert is_held_out("Andes")


def test_informal_sets_have_a_held_out_part() -> None:
    assert set(INFORMAL) < set(HELD_OUT)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    _write(tmp_path / "a", DOCUMENTS, [_asked("q"), _asked("r", gold_spans=[["d0", 1]])])
    with pytest.raises(DatasetError, match=r"questions\.jsonl:2: 'gold_spans' must hold"):
        read_set(tmp_path, "a")
