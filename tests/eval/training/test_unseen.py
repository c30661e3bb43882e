from __future__ import annotations

import json
from pathlib import Path

from eval.dataset.splits import is_held_out
from eval.training.sets import read_set
from eval.training.unseen import write_unseen


def test_only_questions_about_articles_that_training_left_out_are_kept(tmp_path: Path) -> None:
    titles = [f"Title {i}" for i in range(60)]
    held_out = {title for title in titles if is_held_out(title)}
    assert 0 < len(held_out) < len(titles)
    source = tmp_path / "data" / "squad2"
    source.mkdir(parents=True)
    documents = [
        {"doc_id": f"d{i}", "title": t, "text": "It rained."} for i, t in enumerate(titles)
    ]
    questions = [
        {
            "id": f"q{i}", "question": "Did it?", "answerable": i % 2 == 0, "answers": ["rained"],
            "gold_doc_ids": [f"d{i}"], "gold_spans": [[f"d{i}", 3, 9]],
            "candidate_doc_ids": [f"d{i}"],
        }
        for i in range(len(titles))
    ]  # fmt: skip
    for name, rows in (("documents", documents), ("questions", questions)):
        (source / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    count = write_unseen(tmp_path / "data", "squad2", tmp_path / "out")
    written = (tmp_path / "out" / "squad2" / "questions.jsonl").read_text().splitlines()
    kept = {titles[int(json.loads(line)["id"][1:])] for line in written}
    assert count == len(written)
    assert kept == held_out
    copied = (tmp_path / "out" / "squad2" / "documents.jsonl").read_text().splitlines()
    assert len(copied) == len(titles)


def test_our_own_set_stands_in_no_folder_of_the_data(tmp_path: Path) -> None:
    count = write_unseen(tmp_path / "data", "news", tmp_path / "out")
    held_out = read_set(tmp_path / "data", "news").part(held_out=True)
    assert 0 < count == len(held_out)
    documents = (tmp_path / "out" / "news" / "documents.jsonl").read_text(encoding="utf-8")
    assert {question.document for question in held_out} <= {
        json.loads(line)["doc_id"] for line in documents.splitlines()
    }
