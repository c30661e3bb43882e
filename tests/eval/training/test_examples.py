"""What the reader is trained on: windows, marks, negatives, typed questions, the split."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from tokenizers import Tokenizer

from rag.pair import PairTokens
from rag.span_model import READER_FOLDER
from eval.training.examples import Example, Maker, Task
from eval.training.negatives import Bm25, negatives_of
from eval.training.noise import as_typed, typo
from eval.training.sets import Document, Question, is_held_out, read_set

FILLER = " ".join(f"Sentence number {i} tells nothing that anybody asked for." for i in range(30))
TEXT = f"{FILLER} The zebra ran to Köln on Friday. {FILLER}"
SPAN = (TEXT.index("Köln"), TEXT.index("Köln") + 4)


@pytest.fixture(scope="module")
def maker() -> Maker:
    return Maker(PairTokens(Tokenizer.from_file(str(READER_FOLDER / "tokenizer.json"))))


def _task(spans: tuple[tuple[int, int], ...], long: bool = False) -> Task:
    question = Question("q", "Where did the zebra run?", "d", ("Köln",), spans, long)
    return Task(question, Document("d", "Zebras", TEXT), spans, SPAN)


def _made(maker: Maker, task: Task, seed: int) -> Example:
    example = maker(task, Random(seed))
    assert example is not None
    return example


@pytest.mark.parametrize("seed", range(8))
def test_a_window_marks_its_answer_and_the_sentence(maker: Maker, seed: int) -> None:
    example = _made(maker, _task((SPAN,)), seed)
    koln = Tokenizer.from_file(str(READER_FOLDER / "tokenizer.json")).token_to_id("koln")
    assert example.ids[example.starts].tolist() == [koln]
    assert example.ids[example.ends].tolist() == [koln]
    assert example.evidence.sum() == 1
    assert example.sentence[example.starts].tolist() == example.evidence.nonzero()[0].tolist()
    assert len(example.ids) <= 340


def test_without_an_answer_the_first_token_is_right(maker: Maker) -> None:
    example = _made(maker, _task(()), 1)
    assert example.starts.nonzero()[0].tolist() == [0]
    assert not example.evidence.any()


def test_an_answer_of_sentences_asks_for_any_span(maker: Maker) -> None:
    example = _made(maker, _task((SPAN,), long=True), 1)
    assert (example.starts == example.passage).all()
    assert example.evidence.sum() == 1


def test_a_negative_lacks_the_answer() -> None:
    documents = [
        Document("a", "", "The zebra ran to Köln."),
        Document("b", "", "The zebra ran away."),
        Document("c", "", "The zebra saw Köln."),
        Document("d", "", "Rain fell."),
    ]
    question = Question("q", "Where did the zebra run?", "a", ("Köln",), ((17, 21),))
    ranking = Bm25([document.text for document in documents])
    assert negatives_of(question, documents, ranking, depth=3) == [1]
    assert ranking.best_sentence("zebra", Document("x", "", "It rained. A zebra!")) == 1


def test_a_typo_changes_one_word_only() -> None:
    before = "Where did the zebra run yesterday?"
    for seed in range(20):
        after = typo(before, Random(seed)).split(" ")
        assert sum(a != b for a, b in zip(before.split(" "), after, strict=True)) <= 1
    assert typo("Who is he?", Random(1)) == "Who is he?"
    assert as_typed(before, Random(1), plain=1.0, slip=0.0) == before.lower().rstrip("?")


def test_the_split_is_by_title_and_fixed(tmp_path: Path) -> None:
    folder = tmp_path / "squad2"
    folder.mkdir()
    rows = [{"doc_id": f"d{i}", "title": f"T{i // 2}", "text": "It is so."} for i in range(80)]
    asked = [
        {
            "id": f"q{i}",
            "question": "Is it?",
            "answers": ["so"],
            "gold_doc_ids": [f"d{i}"],
            "gold_spans": [[f"d{i}", 6, 8]],
            "answerable": True,
        }
        for i in range(80)
    ]
    (folder / "documents.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)))
    questions = read_set(tmp_path, "squad2")
    out, kept = questions.part(held_out=True), questions.part(held_out=False)
    assert len(out) + len(kept) == 80
    titles = [{questions.documents[q.document].title for q in part} for part in (out, kept)]
    assert titles[0]
    assert not titles[0] & titles[1]
    assert is_held_out("Andes")
