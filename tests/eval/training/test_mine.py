"""Hard negatives that our own retriever finds, and what training makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from rag import Pullquote, Settings
from eval.training import mine as mining
from eval.training.examples import tasks_of
from eval.training.mine import main, mine, read_mined
from eval.training.sets import Document, Question, QuestionSet, is_held_out
from tests.fakes import FakeModels

TEXTS = (
    "The zebra ran to Köln on Friday.",
    "The zebra ran away from its keeper.",
    "On Saturday the zebra was seen near Köln.",
    "Rain fell on the hills all week.",
)
TITLES = [title for title in map("Zoo {}".format, range(40)) if not is_held_out(title)]
HELD_OUT = next(title for title in map("Zoo {}".format, range(40)) if is_held_out(title))


@pytest.fixture
def zoo() -> QuestionSet:
    named = zip("abcd", TITLES[:4], TEXTS, strict=True)
    documents = {id: Document(id, title, text) for id, title, text in named}
    documents["e"] = Document("e", HELD_OUT, "The zebra ran back.")
    asked = (Question("q", "Where did the zebra run?", "a", ("Köln",), ((17, 21),)),)
    return QuestionSet("clapnq", documents, asked)


def test_passages_that_retrieval_ranks_high_but_that_lack_the_answer(
    zoo: QuestionSet, tmp_path: Path
) -> None:
    with Pullquote.open(tmp_path, Settings(), create=True, models=FakeModels()) as pullquote:
        for _ in range(2):
            ((question, documents),) = mine(zoo, pullquote)
            assert question == "q"
            assert documents[0] == "b"
            assert set(documents) == {"b", "d"}
        # The held-out article is not even searched.
        assert len(pullquote.articles()) == 4


def test_every_second_question_is_read_with_a_mined_negative(zoo: QuestionSet) -> None:
    asked = tuple(Question(f"q{i}", "Where?", "a", ("Köln",), ((17, 21),)) for i in range(10))
    many = QuestionSet("clapnq", zoo.documents, asked)
    tasks = tasks_of(many, Random(1), mined={q.id: ["b", "d"] for q in asked})
    silent = [task for task in tasks if not task.spans]
    assert len(silent) == 5
    assert {task.document.id for task in silent} <= {"b", "d"}
    assert not [task for task in tasks_of(many, Random(1), mined={}) if not task.spans]


def test_the_command_writes_what_training_reads(
    zoo: QuestionSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data" / "clapnq"
    folder.mkdir(parents=True)
    rows = [{"doc_id": d.id, "title": d.title, "text": d.text} for d in zoo.documents.values()]
    asked = {
        "id": "q",
        "question": "Where did the zebra run?",
        "answers": ["Köln"],
        "gold_doc_ids": ["a"],
        "gold_spans": [["a", 17, 21]],
        "answerable": True,
    }
    (folder / "documents.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "questions.jsonl").write_text(json.dumps(asked))
    monkeypatch.setattr(mining, "MINED", ("clapnq",))
    out = tmp_path / "mined.jsonl"
    arguments = ["--data", str(tmp_path / "data"), "--home", str(tmp_path), "--out", str(out)]
    assert main(arguments) == 0
    mined = read_mined(out)
    assert set(mined) == {"clapnq"}
    assert set(mined["clapnq"]["q"]) == {"b", "d"}
