from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from eval.bench.process import Command
from eval.command import (
    EvalOptions,
    OpenSystem,
    run_ablations,
    run_bench,
    run_compare,
    run_eval,
    run_sets,
)
from eval.dataset import Dataset
from eval.errors import MetricError, TableError
from eval.studies.ablation import ABLATIONS, Ablation
from rag import Settings
from rag.errors import MissingExtra, QuestionError


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=160)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_run_writes_table_results_and_report(
    dataset: Dataset, opening: Callable[..., OpenSystem], console: Console, tmp_path: Path
) -> None:
    outcome = run_eval(EvalOptions(tmp_path), dataset, opening(), console)
    assert (outcome.exit_code, outcome.failures) == (0, ())
    assert outcome.results.exists()
    assert outcome.report is not None
    assert outcome.report.exists()
    assert "sentence_f1" in printed(console)
    assert "follow_up" in printed(console)
    assert outcome.run is not None
    assert outcome.run.header.preparation == {"index_seconds": 1.5}


def test_a_limit_that_is_not_kept_is_the_exit_code(
    dataset: Dataset, opening: Callable[..., OpenSystem], console: Console, tmp_path: Path
) -> None:
    options = EvalOptions(tmp_path, fail_under=("right=1.1", "violations=0"), report=False)
    outcome = run_eval(options, dataset, opening(), console)
    assert (outcome.exit_code, outcome.report) == (1, None)
    assert "Limit not kept: right is" in printed(console)


def test_what_was_asked_before_is_told(
    dataset: Dataset, opening: Callable[..., OpenSystem], console: Console, tmp_path: Path
) -> None:
    run_eval(EvalOptions(tmp_path), dataset, opening(), console)
    assert "earlier run" not in printed(console)
    run_eval(EvalOptions(tmp_path, fail_under=("violations=0",)), dataset, opening(), console)
    assert "\n8 of 8 were asked in an earlier run\n" in printed(console)


def test_an_error_fails_a_gate(
    dataset: Dataset,
    opening: Callable[..., OpenSystem],
    make_system: Any,
    console: Console,
    tmp_path: Path,
) -> None:
    class Refusing(make_system):  # type: ignore[misc]
        def ask(self, question: str, **more: Any) -> Any:
            raise QuestionError("too long")

    unanswerable = replace(dataset, cases=tuple(case for case in dataset if not case.answerable))
    options = EvalOptions(tmp_path, fail_under=("violations=0",))
    outcome = run_eval(options, unanswerable, opening(Refusing()), console)
    assert outcome.exit_code == 1
    assert "Limit not kept: errors is 2, above 0" in printed(console)
    assert outcome.scores is not None
    assert outcome.scores["f1"].value == outcome.scores["exact_match"].value == 0


def test_sets_have_a_folder_and_a_row_each(
    dataset: Dataset, opening: Callable[..., OpenSystem], console: Console, tmp_path: Path
) -> None:
    few = dataset.sample(3)
    options = EvalOptions(tmp_path, fail_under=("right=1.1",))
    outcomes = run_sets(options, {"whole": dataset, "few": few}, opening(), console)
    assert [outcome.exit_code for outcome in outcomes.values()] == [1, 1]
    assert outcomes["few"].results == tmp_path / "few" / "results.jsonl"
    assert outcomes["few"].results.exists()
    assert "question sets" in printed(console)
    assert re.search(r"^few .* 3 *$", printed(console), re.MULTILINE)


def test_an_interruption_leaves_out_the_sets_that_follow(
    dataset: Dataset,
    opening: Callable[..., OpenSystem],
    make_system: Any,
    console: Console,
    tmp_path: Path,
) -> None:
    system = make_system()
    system.fail_after = 2
    sets = {"one": dataset, "two": dataset}
    outcomes = run_sets(EvalOptions(tmp_path), sets, opening(system), console)
    assert {name: outcome.exit_code for name, outcome in outcomes.items()} == {"one": 130}
    assert "question sets" not in printed(console)


def test_limits_are_read_before_anything_is_asked(
    dataset: Dataset, opening: Callable[..., OpenSystem], console: Console, tmp_path: Path
) -> None:
    with pytest.raises(MetricError):
        run_eval(EvalOptions(tmp_path, fail_under=("nothing=1",)), dataset, opening(), console)
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_says_how_to_go_on(
    dataset: Dataset,
    opening: Callable[..., OpenSystem],
    make_system: Any,
    console: Console,
    tmp_path: Path,
) -> None:
    system = make_system()
    system.fail_after = 2
    assert run_eval(EvalOptions(tmp_path), dataset, opening(system), console).exit_code == 130
    assert "the same command goes on there" in printed(console).replace("\n", " ")
    assert run_eval(EvalOptions(tmp_path), dataset, opening(), console).exit_code == 0


def test_comparison_prints_what_changed(
    dataset: Dataset,
    make_system: Any,
    opening: Callable[..., OpenSystem],
    console: Console,
    tmp_path: Path,
) -> None:
    for name, threshold in (("a", 0.4), ("b", 1.01)):
        run_eval(
            EvalOptions(tmp_path / name),
            dataset,
            opening(make_system(threshold=threshold)),
            console,
        )
    run_compare(tmp_path / "a" / "results.jsonl", tmp_path / "b" / "results.jsonl", console)
    assert "questions changed" in printed(console)
    assert "silent" in printed(console)


def test_ablations_make_one_table(
    dataset: Dataset, make_system: Any, console: Console, tmp_path: Path
) -> None:
    @contextmanager
    def open_ablation(ablation: Ablation) -> Iterator[Any]:
        yield make_system(threshold=0.9 if ablation.overrides else 0.4)

    document = tmp_path / "doc.md"
    document.write_text("<!-- table ablations -->\n<!-- end ablations -->\n")
    options = EvalOptions(tmp_path, into=document)
    rows = run_ablations(options, dataset, open_ablation, console)
    assert [row.ablation for row in rows] == list(ABLATIONS)
    _, head, _, *lines, _ = document.read_text().splitlines()
    assert head.startswith("|  | right | false_answer_rate |")
    assert head.endswith("| gained | lost |")
    assert [line.split(" | ")[0] for line in lines] == [f"| {row.name}" for row in ABLATIONS]
    assert f"{rows[1].scores['right'].value:.3f}" in lines[1]
    base, changed, *_ = rows
    assert (base.gains, base.losses) == (0, 0)
    difference = changed.scores["right"].value - base.scores["right"].value
    assert changed.gains - changed.losses == pytest.approx(difference * len(dataset))
    assert changed.losses
    assert all(name.name in printed(console) for name in ABLATIONS)
    assert (tmp_path / "dense-only" / "results.jsonl").exists()


@pytest.mark.parametrize("ablation", ABLATIONS, ids=lambda ablation: ablation.slug)
def test_an_ablation_changes_settings_that_exist(ablation: Ablation) -> None:
    changed = Settings(**ablation.overrides)
    assert (changed == Settings()) is (not ablation.overrides)


def test_the_first_ablation_is_the_default() -> None:
    assert ABLATIONS[0] == Ablation("hybrid")
    assert len({ablation.slug for ablation in ABLATIONS}) == len(ABLATIONS)


def test_bench_puts_systems_side_by_side(
    dataset: Dataset, make_system: Any, console: Console, tmp_path: Path
) -> None:
    class Baseline(make_system):  # type: ignore[misc]
        def __init__(self, folder: Path) -> None:
            super().__init__()
            self.folder = folder

        def index(self, articles: Any) -> None:
            self.folder.with_suffix(".again" if self.folder.exists() else ".first").touch()

        def search(self, question: str, top_k: int = 20, article_ids: Any = ()) -> Any:
            found = super().search(question, top_k)
            return [hit for hit in found if not article_ids or hit.article.id in article_ids]

        def save(self) -> None:
            self.folder.touch()

        def cold_search(self, question: str) -> Command:
            return Command("import sys; assert sys.argv[1]", (question,))

    def missing(folder: Path) -> Any:
        raise MissingExtra("peerage", "bench")

    document = tmp_path / "doc.md"
    document.write_text(
        "".join(f"<!-- table {name} -->\n<!-- end {name} -->\n" for name in ("bench", "upkeep"))
    )
    options = EvalOptions(tmp_path, into=document)
    systems = {"pullquote": Baseline, "base": Baseline, "peer": missing}
    rows = run_bench(options, dataset, systems, console)
    lines = document.read_text().splitlines()
    low, high = rows[0].scores["hit@1"].low, rows[0].scores["hit@1"].high
    assert lines[3].startswith("| pullquote | ")
    assert f" ({low:.3f} to {high:.3f}) | " in lines[3]
    assert lines[3].endswith(f" | {rows[0].index_seconds:.1f} |")
    assert lines[9].startswith(f"| pullquote | {rows[0].cold.seconds:.2f} | ")
    assert lines[9].endswith(f" | {rows[0].upkeep.shortfall} of {rows[0].upkeep.hits} |")
    assert [row.name for row in rows] == ["pullquote", "base"]
    assert "hit@10" in printed(console)
    assert "peer is left out: peerage is not installed" in printed(console)


def test_bench_needs_a_place_for_both_tables(
    dataset: Dataset, console: Console, tmp_path: Path
) -> None:
    document = tmp_path / "doc.md"
    document.write_text("<!-- table bench -->\n<!-- end bench -->\n")
    with pytest.raises(TableError, match="upkeep"):
        run_bench(EvalOptions(tmp_path, into=document), dataset, {}, console)


def test_importing_the_evaluation_loads_no_heavy_package() -> None:
    code = (
        "import sys, eval.command, eval.bench.baselines\n"
        "heavy = {'torch', 'transformers', 'sklearn', 'langchain', 'langchain_community', "
        "'llama_index', 'txtai', 'pandas'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
