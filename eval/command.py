"""The functions behind ``pullquote eval``, one a command, apart from reading the arguments.

They print through the console that is passed in. What the user did wrong is raised as
``InputError``. ``exit_code`` is 0; 1 when a limit was not kept; 130 when the run was interrupted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eval.bench.baselines import Baseline
from eval.bench.race import Finish, race
from eval.dataset import Dataset
from eval.metrics.limits import Failure, check, parse_limits
from eval.metrics.scores import Scores, score
from eval.report import write_report
from eval.report.comparison import Comparison, compare_files, compare_with_previous
from eval.report.diagnosis import Diagnosis
from eval.report.markdown import check_place, score_rows, table, write_table
from eval.report.sets import check_places, write_built_in
from eval.report.tables import (
    ABLATION_COLUMNS,
    UPKEEP_COLUMNS,
    ablation_table,
    bench_table,
    comparison_table,
    diagnosis_table,
    scores_table,
    sets_table,
    upkeep_cells,
    upkeep_table,
)
from eval.results import Run
from eval.run import RunOptions, run
from eval.studies.ablation import AblationResult, OpenAblation, ablate
from eval.system import System
from rag.errors import MissingExtra

__all__ = [
    "EvalOptions",
    "EvalOutcome",
    "ReadySystem",
    "run_ablations",
    "run_bench",
    "run_compare",
    "run_eval",
    "run_sets",
]

EXIT_INTERRUPTED = 130
# The columns of a table in docs/evaluation.md.
_BENCH_COLUMNS = ("hit@1", "hit@5", "hit@10", "mrr@10", "search_p50", "search_p95")


@dataclass(frozen=True)
class ReadySystem:
    """A system to evaluate, the seconds that its indexing took, and, where it has a threshold, the
    same system with the threshold at zero."""

    system: System
    index_seconds: float | None = None
    unsilenced: System | None = None


OpenSystem = Callable[[Dataset], AbstractContextManager[ReadySystem]]


@dataclass(frozen=True)
class EvalOptions:
    """The options of a run: ``out`` is the folder for ``results.jsonl`` and ``report.html``;
    ``fail_under`` holds limits as ``metric=value``; ``into`` is a document whose tables are
    written anew."""

    out: Path
    top_k: int = 5
    fresh: bool = False
    fail_under: tuple[str, ...] = ()
    report: bool = True
    into: Path | None = None

    @property
    def results(self) -> Path:
        return self.out / "results.jsonl"

    def for_run(self, ready: ReadySystem | None = None) -> RunOptions:
        seconds = ready.index_seconds if ready else None
        preparation = {} if seconds is None else {"index_seconds": round(seconds, 2)}
        return RunOptions(self.top_k, fresh=self.fresh, preparation=preparation)


@dataclass(frozen=True)
class EvalOutcome:
    """The outcome of a run. ``run`` and ``scores`` are missing when it was interrupted. ``seconds``
    is the wall time of asking, without indexing."""

    exit_code: int
    results: Path
    report: Path | None = None
    run: Run | None = None
    scores: Scores | None = None
    failures: tuple[Failure, ...] = field(default=())
    seconds: float = 0.0


def run_eval(
    options: EvalOptions, dataset: Dataset, open_system: OpenSystem, console: Console
) -> EvalOutcome:
    """Ask every question, print the table, write results and report, check the limits.

    The limits are read before anything is asked. An interrupted run goes on when it is called
    again with the same arguments.
    """
    limits = parse_limits(options.fail_under)
    began = time.perf_counter()
    try:
        with open_system(dataset) as ready:
            began = time.perf_counter()
            run = _run(options, dataset, ready, console)
    except KeyboardInterrupt:
        console.print(
            f"Interrupted. What was asked is in {options.results}; the same command goes on there.",
            highlight=False,
        )
        return EvalOutcome(EXIT_INTERRUPTED, options.results)
    seconds = time.perf_counter() - began
    _print_earlier_count(run, console)
    scores = score(run.results)
    console.print(diagnosis_table(Diagnosis.of(run.results)))
    console.print(scores_table(run, scores))
    failures = check(limits, scores)
    report = None
    if options.report:
        previous = compare_with_previous(run)
        report = write_report(run, scores, options.out / "report.html", previous)
    for failure in failures:
        console.print(f"Limit not kept: {failure}", style="red", highlight=False)
    return EvalOutcome(
        1 if failures else 0, options.results, report, run, scores, failures, seconds
    )


def run_sets(
    options: EvalOptions,
    datasets: Mapping[str, Dataset],
    open_system: OpenSystem,
    console: Console,
) -> dict[str, EvalOutcome]:
    """Run several question sets, each into the folder of its name in ``options.out``, and print a
    table with a row for each.

    The limits hold for each set. A set whose run was interrupted has no row. With ``options.into``
    the sets are the built-in ones. Raises ``TableError`` where that document has no place for their
    tables.
    """
    if options.into:
        check_places(options.into)
    outcomes: dict[str, EvalOutcome] = {}
    for name, dataset in datasets.items():
        set_options = replace(options, out=options.out / name)
        outcomes[name] = run_eval(set_options, dataset, open_system, console)
        if outcomes[name].exit_code == EXIT_INTERRUPTED:
            break
    rows = [(name, outcome.scores) for name, outcome in outcomes.items() if outcome.scores]
    if len(rows) > 1:
        console.print(sets_table(rows))
    if options.into and len(rows) == len(datasets):
        write_built_in(options.into, dict(rows))
    return outcomes


def run_compare(before: Path, after: Path, console: Console) -> Comparison:
    """Compare two results files and print the differences and the changed questions."""
    comparison = compare_files(before, after)
    if not comparison.same_questions:
        console.print(
            f"The two runs are over different sets; compared on the {comparison.questions:,} "
            "questions they share.",
            highlight=False,
        )
    console.print(comparison_table(comparison))
    return comparison


def run_ablations(
    options: EvalOptions,
    dataset: Dataset,
    open_ablation: OpenAblation,
    console: Console,
) -> tuple[AblationResult, ...]:
    """Run every ablation into a folder of its own and print one table, also into
    ``options.into``."""
    rows = ablate(dataset, open_ablation, options.out, options.for_run())
    for row in rows:
        _print_earlier_count(row.run, console, f"{row.ablation.name}: ")
    console.print(ablation_table(rows))
    if options.into:
        rows_shown = (
            (row.ablation.name, row.scores, (str(row.gains), str(row.losses))) for row in rows
        )
        cells = score_rows(ABLATION_COLUMNS, rows_shown)
        heading = ("", *ABLATION_COLUMNS, "gained", "lost")
        write_table(options.into, "ablations", table(heading, cells))
    return rows


def run_bench(
    options: EvalOptions,
    dataset: Dataset,
    systems: Mapping[str, Callable[[Path], Baseline]],
    console: Console,
) -> tuple[Finish, ...]:
    """Run the systems beside each other; print a table of their searches and one of their upkeep,
    and write both to ``options.into``. What is not installed is named and left out.

    Raises ``TableError`` where that document has no place for the tables, before anything is done.
    """
    if options.into:
        check_place(options.into, "bench")
        check_place(options.into, "upkeep")

    def tell(name: str, missing: MissingExtra) -> None:
        console.print(f"{name} is left out: {missing}", style="yellow", highlight=False)

    rows = race(dataset, systems, options.out, options.for_run(), tell)
    for row in rows:
        _print_earlier_count(row.run, console, f"{row.name}: ")
    console.print(bench_table(rows))
    console.print(upkeep_table(rows))
    if options.into:
        finishes = ((row.name, row.scores, (f"{row.index_seconds:,.1f}",)) for row in rows)
        cells = score_rows(_BENCH_COLUMNS, finishes, _BENCH_COLUMNS[:3])
        write_table(options.into, "bench", table(("", *_BENCH_COLUMNS, "indexing, s"), cells))
        lines = [(row.name, *upkeep_cells(row)) for row in rows]
        write_table(options.into, "upkeep", table(("", *UPKEEP_COLUMNS), lines))
    return rows


def _print_earlier_count(run: Run, console: Console, name: str = "") -> None:
    if run.earlier_count:
        console.print(
            f"{name}{run.earlier_count:,} of {run.header.questions:,} were asked in an earlier run",
            highlight=False,
        )


def _run(options: EvalOptions, dataset: Dataset, ready: ReadySystem, console: Console) -> Run:
    columns = (TextColumn("asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("asking", total=len(dataset))
        run_options = replace(
            options.for_run(ready),
            progress=lambda count, of: bar.update(task, completed=count, total=of),
        )
        return run(ready.system, dataset, options.results, run_options, unsilenced=ready.unsilenced)
