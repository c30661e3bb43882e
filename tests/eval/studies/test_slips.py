from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.dataset import Case
from eval.results import Reply, Result
from eval.studies.slips import main, row, with_slips
from tests.homes import with_models

SILENT = Reply(question="Who?", answer="", confidence=0.1, abstain_reason="not_in_articles")


def test_slips_are_the_same_every_time_and_as_many_as_asked_for() -> None:
    cases = [Case(id=f"q{i}", question="Where did the zebra wander yesterday?") for i in range(20)]
    assert with_slips(cases, 0) == cases
    once = with_slips(cases, 1)
    assert once == with_slips(cases, 1)
    for case in once:
        words = zip(case.question.split(), cases[0].question.split(), strict=True)
        assert sum(one != other for one, other in words) <= 1
    assert with_slips(cases, 2) != once


def test_a_row_has_the_paired_gain() -> None:
    case = Case(id="q", question="Who?", answerable=False)
    silent = Result(case=case, reply=SILENT)
    loud = Result(case=case, reply=Reply(question="Who?", answer="He.", confidence=0.9))
    told = (3, [loud, loud, silent, silent], [silent] * 4)
    gain = "+0.500 (+0.000 to +1.000)"
    assert row("strangers", told) == ["strangers", "4", "3", "0.500", "0.000", gain]


def test_the_command_asks_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "The zebra Quagganda ran to the harbour of Bremerhaven on Friday."
    document = {"doc_id": "d", "title": "Zoo news", "text": text}
    asked = {
        "id": "q",
        "question": "Where did Quagganda run on Friday?",
        "answers": ["Bremerhaven"],
        "gold_doc_ids": ["d"],
        "gold_spans": [["d", 0, len(text)]],
        "answerable": True,
    }
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "documents.jsonl").write_text(json.dumps(document))
    (folder / "questions.jsonl").write_text(json.dumps(asked))
    monkeypatch.setenv("PULLQUOTE_HOME", str(with_models(tmp_path / "home")))
    document_file = tmp_path / "doc.md"
    document_file.write_text("<!-- table slips -->\n<!-- end slips -->\n")
    arguments = [str(folder), "--strangers", str(folder), "--into", str(document_file)]
    main(arguments)
    table = capsys.readouterr().out.splitlines()
    assert document_file.read_text().splitlines()[1:-1] == table
    names = [line.split(" | ")[0].strip("| ") for line in table[2:]]
    assert names == ["as they are", "one slip", "two slips", "strangers"]
    assert table[2].startswith("| as they are | 1 | 0 |")
