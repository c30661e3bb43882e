from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from eval.command import EvalOptions, OpenSystem, run_sets
from eval.dataset import Dataset
from eval.errors import ResultsError, TableError
from eval.metrics.scores import score
from eval.report.sets import (
    BUILT_IN_ROWS,
    KIND_COLUMNS,
    OPEN_ROWS,
    answers_table,
    kinds_table,
    main,
    sets_table,
)
from eval.results import Result

ROOT = Path(__file__).resolve().parents[3]
PLACES = "".join(f"<!-- table {name} -->\n<!-- end {name} -->\n" for name in ("sets", "updates"))
SHARE = r"[01]\.\d\d"
CELL = re.compile(rf"–|[\d,]+|{SHARE}(?: \({SHARE}–{SHARE}\))?")


def cells(name: str) -> list[list[str]]:
    """The rows of a table of docs/evaluation.md, without its head."""
    document = (ROOT / "docs" / "evaluation.md").read_text("utf-8")
    _, _, rest = document.partition(f"<!-- table {name} -->\n")
    text, _, _ = rest.partition(f"<!-- end {name} -->")
    return [line[2:-2].split(" | ") for line in text.splitlines()[2:]]


@pytest.mark.parametrize(("name", "metrics"), [("sets", BUILT_IN_ROWS), ("open", OPEN_ROWS)])
def test_the_document_has_the_metrics_that_the_command_writes(
    name: str, metrics: tuple[str, ...]
) -> None:
    rows = cells(name)
    assert tuple(row[0] for row in rows) == metrics
    for row in rows:
        assert all(CELL.fullmatch(cell) for cell in row[1:]), row


def test_the_document_has_every_kind_of_the_updates() -> None:
    rows = cells("updates")
    assert all(re.fullmatch(r"\w+ \(\d+\)", row[0]) for row in rows)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert {len(row) for row in rows} == {1 + len(KIND_COLUMNS)}
    assert all(re.fullmatch(r"[01]\.\d\d", cell) for row in rows for cell in row[1:])


def test_sets_stand_side_by_side(make_result: Callable[..., Result]) -> None:
    small = score([make_result(right=right) for right in (True, True, False, False)])
    silent = score([make_result(answerable=False, answered=False)])
    head, _, first, violations = sets_table(
        ("right", "violations", "nothing"), {"small": small, "silent": silent}
    ).splitlines()
    assert head == "|  | small (4) | silent (1) |"
    assert re.fullmatch(r"\| right \| 0\.50 \(0\.00.(?:1\.00|0\.\d\d)\) \| 1\.00 .*\|", first)
    assert violations == "| violations | 0 | 0 |"


def test_kinds_stand_in_the_order_of_their_names(make_result: Callable[..., Result]) -> None:
    scores = score([make_result(kind=kind) for kind in ("now", "now", "list")])
    _, _, *rows = kinds_table(scores).splitlines()
    assert [row.split(" | ")[0] for row in rows] == ["| list (1)", "| now (2)"]


def test_results_of_any_sets_are_written(
    dataset: Dataset, opening: Callable[..., OpenSystem], tmp_path: Path
) -> None:
    outcomes = run_sets(EvalOptions(tmp_path), {"small": dataset}, opening(), Console(quiet=True))
    document = tmp_path / "doc.md"
    document.write_text("<!-- table open -->\n<!-- end open -->\n")
    main([f"small={outcomes['small'].results}", "--into", str(document)])
    assert f"|  | small ({len(dataset)}) |" in document.read_text()
    with pytest.raises(SystemExit):
        main(["small", "--into", str(document)])


@pytest.mark.parametrize("more", [[], ["--by-kind"]])
def test_an_interrupted_run_is_not_written(
    dataset: Dataset, opening: Callable[..., OpenSystem], tmp_path: Path, more: list[str]
) -> None:
    outcomes = run_sets(EvalOptions(tmp_path), {"small": dataset}, opening(), Console(quiet=True))
    whole = outcomes["small"].results
    part = tmp_path / "part.jsonl"
    part.write_text("".join(whole.read_text().splitlines(keepends=True)[:4]))
    document = tmp_path / "doc.md"
    names = ("open", "small", "part")
    places = "".join(f"<!-- table {name} -->\n<!-- end {name} -->\n" for name in names)
    document.write_text(places)
    with pytest.raises(ResultsError, match=f"3 of {len(dataset)} questions were asked"):
        main([f"small={whole}", f"part={part}", "--into", str(document), *more])
    assert document.read_text() == places


def test_answers_of_each_kind_are_counted(
    dataset: Dataset, opening: Callable[..., OpenSystem], tmp_path: Path
) -> None:
    outcomes = run_sets(EvalOptions(tmp_path), {"small": dataset}, opening(), Console(quiet=True))
    document = tmp_path / "doc.md"
    document.write_text("<!-- table small -->\n<!-- end small -->\n")
    main([f"small={outcomes['small'].results}", "--by-kind", "--into", str(document)])
    _, head, _, *rows, _ = document.read_text().splitlines()
    assert head == "| kind (questions) | answered | right |"
    kinds = sorted({case.kind for case in dataset})
    assert [row.split()[1] for row in rows] == kinds
    assert sum(int(row.split("(")[1].split(")")[0]) for row in rows) == len(dataset)


def test_silence_is_right_where_nothing_answers(make_result: Callable[..., Result]) -> None:
    results = [
        make_result(kind="a", answerable=False, answered=answered)
        for answered in (True, False, False, False)
    ]
    assert answers_table(results).splitlines()[-1] == "| a (4) | 0.25 | 0.75 |"


def test_the_built_in_sets_are_written_once_all_are_asked(
    dataset: Dataset, opening: Callable[..., OpenSystem], tmp_path: Path
) -> None:
    document = tmp_path / "doc.md"
    document.write_text(PLACES)
    options = EvalOptions(tmp_path, into=document)
    sets = {"seeds": dataset, "updates": dataset}
    run_sets(options, sets, opening(), Console(quiet=True))
    written = document.read_text()
    assert f"|  | seeds ({len(dataset)}) |" in written
    assert "| kind (questions) | right | evidence_first |" in written
    assert "| why_how (2) | " in written


def test_nothing_is_asked_for_a_document_without_places(
    dataset: Dataset, opening: Callable[..., OpenSystem], tmp_path: Path
) -> None:
    document = tmp_path / "doc.md"
    document.write_text("")
    options = EvalOptions(tmp_path / "out", into=document)
    with pytest.raises(TableError, match="table sets"):
        run_sets(options, {"updates": dataset}, opening(), Console(quiet=True))
    assert not (tmp_path / "out").exists()
