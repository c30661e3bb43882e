"""The study of copies: its pairs are what they are called, and its table says what it counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.studies.copies import COPIES, LOOK_ALIKES, copies_table, main, make_pairs


def test_pairs_are_the_same_for_a_seed() -> None:
    pairs = make_pairs(1, seed=2)
    assert pairs == make_pairs(1, seed=2) != make_pairs(1, seed=3)
    assert {pair.kind: pair.copies for pair in pairs} == (
        dict.fromkeys(COPIES, True) | dict.fromkeys(LOOK_ALIKES, False)
    )


def test_the_table_says_which_kinds_are_copies() -> None:
    report = {"called_copies": {"brief": 0.98, "one form": 0.0, "strangers": 0.0134}}
    assert copies_table(report).splitlines()[2:] == [
        "| brief | yes | 0.98 |",
        "| one form | no | 0.00 |",
        "| strangers | no | 0.01 |",
    ]


def test_the_command_writes_its_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "doc.md"
    document.write_text("<!-- table copies -->\n<!-- end copies -->\n")
    main(["--count", "1", "--into", str(document)])
    assert "| outlet edits | yes | 1.00 |" in document.read_text()
    assert '"precision"' in capsys.readouterr().out
