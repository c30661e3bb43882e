"""The held-out questions in all conditions, from sets of a few articles."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.training.held_out import RETRIEVAL_SETS, add_documents, cases_of
from eval.training.sets import HELD_OUT, INFORMAL
from rag import Pullquote, Settings
from tests.fakes import FakeModels

MANY = 40


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Our own news are 765 articles, which take most of a test's time; test_written reads them.
    monkeypatch.setattr("eval.training.sets._WRITTEN_FOLDER", tmp_path)
    for name in HELD_OUT:
        documents = [
            {
                "doc_id": f"{name}{i}", "title": f"T{i}",
                "text": f"The harbour of Town{i} was opened in {1900 + i} by Orla Quinn of Bergen.",
            }
            for i in range(MANY)
        ]  # fmt: skip
        questions = [
            {
                "id": f"{name}{i}", "question": f"When was the harbour of Town{i} opened?",
                "answerable": True, "answers": [str(1900 + i)], "gold_doc_ids": [d["doc_id"]],
                "gold_spans": [[d["doc_id"], at, at + 4]],
            }
            for i, d in enumerate(documents) for at in [d["text"].index(str(1900 + i))]
        ]  # fmt: skip
        (tmp_path / name).mkdir()
        for kind, rows in (("documents", documents), ("questions", questions)):
            text = "\n".join(map(json.dumps, rows))
            (tmp_path / name / f"{kind}.jsonl").write_text(text)
    return tmp_path


def test_every_set_and_condition_is_there(data: Path) -> None:
    settings = Settings(home=data / "home")
    with Pullquote.open(settings=settings, models=FakeModels(), create=True) as library:
        cases = cases_of(data, library, 4)
        assert len(library.articles()) == len(RETRIEVAL_SETS) * MANY
        # What is there already is not added again.
        add_documents(data, library)
        assert len(library.articles()) == len(RETRIEVAL_SETS) * MANY
    many = Counter((case.set_name, case.condition) for case in cases)
    for name in HELD_OUT:
        assert many[name, "given"] == (1 if name in INFORMAL else 4)
    assert many["squadshifts_newwiki", "retrieved"] == 4
    assert many["squadshifts_newwiki", "removed"] == 4
    assert many["news", "retrieved"] == 4
    assert many["news", "removed"] <= 4
    assert many["squadshifts_newwiki", "swapped"] == 2
    assert many["squad2", "swapped"] == 1
