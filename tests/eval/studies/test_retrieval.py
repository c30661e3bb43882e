from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from eval.dataset import Case
from eval.results import Result
from eval.studies import retrieval
from eval.studies.retrieval import VARIANTS, dataset_of, main
from eval.training.sets import read_set
from rag import Pullquote
from tests.homes import with_models

NAME = "squadshifts_newwiki"
ANIMALS = ("Quagganda", "Zebulon", "Okapina", "Lemurette")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a set of four articles, each with a question."""
    folder = tmp_path / "data" / NAME
    folder.mkdir(parents=True)
    documents, questions = [], []
    for number, animal in enumerate(ANIMALS):
        text = f"On Friday {animal} left the zoo and ran to pier {number} of the harbour."
        documents.append({"doc_id": f"d{number}", "title": f"Title {number}", "text": text})
        question = {"id": f"q{number}", "question": f"Where did {animal} run?", "answers": []}
        span = [f"d{number}", 0, len(text)]
        questions.append({**question, "gold_doc_ids": [f"d{number}"], "gold_spans": [span]})
    for name, lines in (("documents", documents), ("questions", questions)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return folder.parent


def test_all_documents_are_searched_for_all_questions(data: Path) -> None:
    dataset = dataset_of(read_set(data, NAME), data)
    assert [article.id for article in dataset.articles] == ["d0", "d1", "d2", "d3"]
    assert [(case.id, case.relevance) for case in dataset] == [
        (f"q{number}", {f"d{number}": 1}) for number in range(4)
    ]


def test_each_variant_has_a_line(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULLQUOTE_HOME", str(with_models(tmp_path / "home")))
    searched: list[tuple[bool, bool]] = []
    search = retrieval._search

    def noted(pullquote: Pullquote, case: Case) -> Result:
        searched.append((pullquote.settings.use_dense, pullquote.settings.use_lexical))
        return search(pullquote, case)

    monkeypatch.setattr(retrieval, "_search", noted)
    document = tmp_path / "doc.md"
    document.write_text("<!-- table retrieval -->\n<!-- end retrieval -->\n")
    main(["--data", str(data), "--into", str(document)])
    assert searched == 4 * [(True, True), (False, True), (True, False)]
    lines = capsys.readouterr().out.splitlines()
    assert document.read_text().splitlines()[1:-1] == lines
    share = r"\d\.\d{3} \(\d\.\d{3} to \d\.\d{3}\)"
    for name, line in zip(VARIANTS, lines[2:], strict=True):
        assert re.fullmatch(rf"\| {re.escape(name)} \| 4 \| {share} \| {share} \| \d+ \|", line)
    assert lines[2].startswith("| hybrid (weighted, with proximity) | 4 | 1.000 (")
