"""The study of attributions counts sentences that answer and the nearest that do not."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from eval.studies.speakers import attribution_counts, speakers_table
from rag.facts.attribution import Attribution


def test_counts(tmp_path: Path) -> None:
    text = "Weir said the quay would open in May. The quay is closed. It rains."
    document = {"doc_id": "a", "text": text}
    question = {
        "question": "What did Weir say about the quay?",
        "gold_doc_ids": ["a"],
        "candidate_doc_ids": [],
        "gold_spans": [["a", 0, 36]],
    }
    for name, row in (("documents", document), ("questions", question)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    counts = attribution_counts(tmp_path)
    assert counts[True, True] == {"asked": 1}
    assert counts[True, False].total() == 2
    assert counts[True, False]["asked"] == 0


COUNTS: dict[tuple[bool, bool], Counter[Attribution]] = {
    (is_named, is_right): Counter({"asked": asked, "unknown": 10 - asked})
    for is_named in (True, False)
    for is_right, asked in ((True, 6), (False, 2))
}


def test_table_has_the_ratio_of_shares() -> None:
    lines = speakers_table(COUNTS).splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        "named, answers", "named, does not", "ratio",
        "described, answers", "described, does not", "ratio",
    ]  # fmt: skip
    assert [cell.strip() for cell in lines[4].split("|")[3:5]] == ["3.00", "0.50"]
