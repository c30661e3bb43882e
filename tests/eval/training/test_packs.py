"""What the second network is trained on: questions with what the second look is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from eval.training import packs, tasks
from eval.training.examples import read_packs
from eval.training.negatives import lacks
from eval.training.packs import Bank, Pack, main, pack_of
from eval.training.sets import Question, QuestionSet
from eval.training.tasks import Kind, Task, tasks_of
from index.article import Article
from index.snapshot import Found
from rag.reading.spans import SentenceScan
from tests.eval.training.packs import SET, question_set
from tests.rag.reading.passages import scans_of


@pytest.fixture(scope="module")
def questions() -> QuestionSet:
    return question_set()


@pytest.fixture(scope="module")
def bank(questions: QuestionSet) -> Bank:
    return Bank(questions)


def _made(kind: Kind, bank: Bank, question: Question | None = None) -> list[Pack]:
    asked = question or bank.questions.questions[0]
    task = Task(SET, asked, kind)
    made = [pack_of(task, bank, None, Random(seed)) for seed in range(30)]
    return [pack for pack in made if pack is not None]


def _told(pack: Pack) -> Article:
    return Article("", "", "\n".join(segment.text for segment in pack.segments))


def test_gold_is_where_the_answer_stands(bank: Bank) -> None:
    made = _made("own", bank)
    marked = [
        segment.text[start:end]
        for pack in made
        for segment in pack.segments
        for start, end in segment.gold
    ]
    assert len(made) > 15
    assert len(marked) > 15
    assert set(marked) == {"1900"}
    # Without gold in it, a pack to an answerable question holds no answer at all.
    question = bank.questions.questions[0]
    assert all(pack.answerable or lacks(_told(pack), question) for pack in made)


def test_sentences_are_of_their_segment(bank: Bank, questions: QuestionSet) -> None:
    told = " ".join(document.text for document in questions.documents.values())
    for pack in _made("own", bank):
        for segment in pack.segments:
            assert segment.text in told
            for start, end in segment.sentences:
                assert segment.text[start:end].endswith(".")
            assert segment.sentences[0][0] == 0
            assert segment.sentences[-1][1] == len(segment.text)


def test_others_stand_beside_the_own_document(bank: Bank) -> None:
    assert max(len({s.title for s in pack.segments}) for pack in _made("own", bank)) > 2


def test_a_removed_pack_holds_no_answer(bank: Bank) -> None:
    made = _made("removed", bank)
    question = bank.questions.questions[0]
    assert len(made) > 15
    for pack in made:
        assert not pack.answerable
        assert all(segment.title != "Town 0" for segment in pack.segments)
        assert lacks(_told(pack), question)


def test_of_a_question_without_an_answer_nothing_is_gold(bank: Bank) -> None:
    made = _made("none", bank, bank.questions.questions[1])
    assert len(made) == 30
    assert not any(pack.answerable for pack in made)
    assert sum(any(s.title == "Town 0" for s in pack.segments) for pack in made) > 20


@pytest.mark.parametrize("kind", ["swapped", "turned"])
def test_a_near_miss_is_read_with_its_document(bank: Bank, kind: Kind) -> None:
    asked = bank.questions.questions[0]
    changed = Question("x", asked.text.replace("opened", "closed"), asked.document, (), ())
    made = _made(kind, bank, changed)
    assert made
    assert {pack.kind for pack in made} == {kind}
    assert not any(pack.answerable for pack in made)


@pytest.mark.parametrize(("long", "whole"), [(False, False), (True, True)])
def test_answers_of_sentences_are_whole(bank: Bank, long: bool, whole: bool) -> None:
    asked = bank.questions.questions[0]
    text = bank.questions.documents["d0"].text
    spans = ((0, text.index(" Fish")),) if long else asked.spans
    question = Question("x", asked.text, "d0", asked.answers, spans, whole_sentences=long)
    assert {pack.whole for pack in _made("own", bank, question)} == {whole}


def test_an_account_is_gold_as_far_as_it_is_shown(questions: QuestionSet) -> None:
    text = "The harbour of old Bergen was opened by a mayor in the year of the great flood. " * 6
    text = text.strip()
    documents = {**questions.documents, "long": Article("long", "Bergen", text)}
    asked = Question("x", "How was Bergen's harbour opened?", "long", ("",), ((0, len(text)),))
    made = _made("own", Bank(QuestionSet(SET, documents, (asked,))), asked)
    assert all(pack.whole for pack in made)
    gold = [(segment, span) for pack in made for segment in pack.segments for span in segment.gold]
    assert gold
    for segment, (start, end) in gold:
        assert 0 <= start < end <= len(segment.text)


def test_the_first_look_chooses_where_there_is_one(bank: Bank) -> None:
    class Choosing:
        def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
            return [
                replace(
                    scan,
                    margin=50.0 * ("mill" in scan.span.of(passages[scan.passage].article.text)),
                )
                for scan in scans_of(passages)
            ]

    task = Task(SET, bank.questions.questions[1], "none")
    for seed in range(10):
        pack = pack_of(task, bank, Choosing(), Random(seed))
        assert pack is not None
        assert "mill" in _told(pack).text


def test_what_a_library_finds_is_read(bank: Bank) -> None:
    question = bank.questions.questions[0]

    def search(asked: str) -> list[Found]:
        assert asked == question.text
        found = [bank.passages(bank.documents[place])[0] for place in (3, 0, 5)]
        other = bank.documents[7]
        answering = replace(other, text=other.text.replace("1907", "1900"))
        return [*found, *Bank(QuestionSet(SET, {"d7": answering}, ())).passages(answering)]

    made = {
        kind: pack_of(Task(SET, question, kind), bank, None, Random(1), search)
        for kind in ("own", "removed")
    }
    titles = {
        kind: [segment.title for segment in pack.segments] for kind, pack in made.items() if pack
    }
    # Town 7 says the answer as well, so it is neither gold nor none.
    assert set(titles["own"]) == {"Town 3", "Town 0", "Town 5"}
    assert set(titles["removed"]) == {"Town 3", "Town 5"}
    assert made["own"]
    assert made["own"].answerable


def test_what_answers_in_a_second_document_is_gold_too(bank: Bank) -> None:
    question, second = bank.questions.questions[0], bank.documents[3]
    span = (0, second.text.index(". ") + 1)
    both = replace(question, elsewhere=((second.id, span),), whole_sentences=True)

    def search(asked: str) -> list[Found]:
        return [bank.passages(bank.documents[place])[0] for place in (3, 0)]

    made = pack_of(Task(SET, both, "own"), bank, None, Random(1), search)
    assert made
    gold = {segment.title: segment.gold for segment in made.segments if segment.gold}
    assert set(gold) == {"Town 0", "Town 3"}


def test_a_set_gives_its_share_of_every_kind(
    questions: QuestionSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MIXTURE", {SET: (12, 5)})
    kinds = [task.kind for seed in range(30) for task in tasks_of(questions, Random(seed))]
    assert len(kinds) == 30 * 17
    shares = {kind: kinds.count(kind) / 360 for kind in set(kinds) - {"none"}}
    assert shares["own"] > 0.5
    assert 0.1 < shares["removed"] < 0.35
    assert 0.02 < shares["swapped"] < 0.2
    assert kinds.count("none") == 150


def test_a_change_that_cannot_be_made_leaves_the_question(
    questions: QuestionSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MIXTURE", {SET: (12, 0)})
    for seed in range(20):
        for task in tasks_of(questions, Random(seed)):
            assert bool(task.question.spans) == (task.kind in ("own", "removed"))


def test_what_the_command_writes_is_read(
    questions: QuestionSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (packs, tasks):
        monkeypatch.setattr(module, "MIXTURE", {SET: (6, 3)})
    folder = tmp_path / SET
    folder.mkdir()
    rows = [
        {"doc_id": d.id, "title": d.title, "text": d.text} for d in questions.documents.values()
    ]
    asked = [
        {
            "id": q.id, "question": q.text, "answers": q.answers, "answerable": bool(q.spans),
            "gold_doc_ids": [q.document], "candidate_doc_ids": [q.document],
            "gold_spans": [[q.document, *span] for span in q.spans],
        }
        for q in questions.questions
    ]  # fmt: skip
    (folder / "documents.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)))
    out = tmp_path / "packs.jsonl"
    main(["--data", str(tmp_path), "--out", str(out), "--scanned", "0"])
    read = read_packs(out)
    expected = list(packs.packs_of(tmp_path, 0, Random(26)))
    assert read == expected
    assert len(read) > 5
