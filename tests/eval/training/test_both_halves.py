"""A reader judged on both halves, over questions made up."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from eval.training.both_halves import both_halves_table, main, verdicts
from eval.training.held_out import ScannedCase
from tests.eval.training.scanned import scanned


def drawn(half: int, margin_of_right: float, seed: int) -> list[ScannedCase]:
    """Sixty questions; the first sentence answers where its margin is on the side given."""
    random = Random(seed)
    rows = []
    for _ in range(60):
        is_right = random.random() < 0.5
        margin = random.gauss(margin_of_right if is_right else -margin_of_right, 1.0)
        rows.append(scanned((margin, margin - 9.0), 0 if is_right else None, half=half))
    return rows


def test_each_half_is_judged_by_what_was_fitted_on_the_other() -> None:
    # In one half a high margin is a good sign, in the other a bad one.
    rows = [*drawn(0, 3.0, seed=1), *drawn(1, -3.0, seed=2)]
    judged = verdicts(rows)
    assert len(judged) == len(rows)
    clear = [verdict for verdict in judged if abs(verdict.row.scans[0].margin) > 2]
    for verdict in clear:
        is_high = verdict.row.scans[0].margin > 0
        assert (verdict.probability > 0.5) is (is_high if verdict.row.case.half else not is_high)


def test_halves_of_one_kind_are_told_apart_and_put_in_a_table() -> None:
    rows = [*drawn(0, 3.0, seed=1), *drawn(1, 3.0, seed=2)]
    near_miss = [
        replace(row, case=replace(row.case, condition="swapped"))
        for row in rows[:10]
        if not row.case.answerable
    ]
    text = both_halves_table({"now": verdicts([*rows, *near_miss])})
    cells = dict(line[2:-2].split(" | ") for line in text.splitlines()[2:])
    answerable = sum(row.case.answerable for row in rows)
    assert float(cells[f"AUROC of being right: all ({len(rows) + len(near_miss)})"]) > 0.95
    assert cells[f"set given: best sentence right ({answerable})"] == "1.000"
    assert float(cells[f"... answered rightly ({answerable})"]) > 0.9
    assert cells[f"... answered wrongly ({answerable})"] == "0.000"
    assert cells[f"... F1 of the span ({answerable})"] == "1.000"
    assert float(cells[f"... nothing answers: answered ({120 - answerable})"]) < 0.1
    assert f"set swapped: answered ({len(near_miss)})" in cells
    assert cells["... news (0)"] == "–"


def test_scans_are_read_and_the_table_is_written(tmp_path: Path) -> None:
    scans, document = tmp_path / "now.pkl", tmp_path / "doc.md"
    scans.write_bytes(pickle.dumps([*drawn(0, 3.0, seed=1), *drawn(1, 3.0, seed=2)]))
    document.write_text("<!-- table reader -->\n<!-- end reader -->\n")
    main([f"now={scans}", "--into", str(document)])
    assert "| held out (cases) | now (120) |" in document.read_text()
    with pytest.raises(SystemExit):
        main([str(scans)])
