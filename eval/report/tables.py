"""The tables of results in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from eval.bench.race import Finish
from eval.metrics import metric_named
from eval.metrics.scores import Scores
from eval.report.comparison import Change, Comparison
from eval.report.diagnosis import Diagnosis
from eval.report.formatting import DASH, figure, interval, signed_figure
from eval.results import Run
from eval.studies.ablation import AblationResult

__all__ = [
    "ABLATION_COLUMNS",
    "UPKEEP_COLUMNS",
    "ablation_table",
    "bench_table",
    "changes_table",
    "comparison_table",
    "diagnosis_table",
    "scores_table",
    "sets_table",
    "slices_table",
    "upkeep_cells",
    "upkeep_table",
]

GROUPS = ("answers", "citations", "silence", "retrieval", "cost")
ABLATION_COLUMNS = (
    "right",
    "false_answer_rate",
    "evidence_first",
    "auroc",
    "passage_hit@1",
    "passage_hit@5",
)
BENCH_COLUMNS = ("hit@1", "hit@5", "hit@10", "passage_hit@5", "mrr@10", "search_p50", "search_p95")
UPKEEP_COLUMNS = (
    "cold search, s",
    "processor, s",
    "peak, MiB",
    "the same again, s",
    "hits doubled by it",
    "hits short in 1%",
)
# With these a table has 80 columns.
SLICE_COLUMNS = (
    "right",
    "evidence_first",
    "answer_precision",
    "false_answer_rate",
    "f1",
    "passage_hit@5",
)
SET_COLUMNS = (
    "right",
    "evidence_quoted",
    "evidence_complete",
    "answer_precision",
    "false_answer_rate",
    "auroc",
    "passage_hit@5",
)
SHOWN_CHANGES = 30


def diagnosis_table(diagnosis: Diagnosis) -> RenderableType:
    """Show where a run loses questions: in words, then one row for each kind of question."""
    words = Text(" ".join(diagnosis.sentences), style="bold")
    if not diagnosis.losses:
        return words
    table = _table("where it loses")
    table.add_column("kind", no_wrap=True, max_width=24, overflow="ellipsis")
    table.add_column("right", justify="right", no_wrap=True)
    for loss in diagnosis.losses:
        table.add_column(loss.value.replace(" ", "\n"), justify="right")
    for kind in diagnosis.kinds:
        counts = (str(kind.losses.get(loss) or "") for loss in diagnosis.losses)
        table.add_row(Text(kind.name), f"{kind.right} of {kind.questions}", *counts)
    return Group(words, Text(), table, Text())


def scores_table(run: Run, scores: Scores) -> RenderableType:
    """Show every metric that has a value with its interval, then the slices by kind."""
    table = _table(f"{run.name} on {run.header.dataset}: {scores.questions:,} questions")
    table.add_column("metric")
    table.add_column("value", justify="right")
    table.add_column("95% interval", justify="right")
    table.add_column("over", justify="right")
    for group in GROUPS:
        rows = [row for row in scores.with_values(group) if "." not in row[0].name]
        for metric, estimate in rows:
            name = metric.name + (" ↓" if metric.better == "lower" else "")
            table.add_row(
                name,
                figure(metric, estimate.value),
                interval(metric, estimate),
                f"{estimate.count:,}",
            )
        if rows:
            table.add_section()
    if len(scores.slices) < 2 or not run.header.answers:
        return table
    return Group(table, Text(), slices_table(scores))


def slices_table(scores: Scores) -> Table:
    """Show one row for each kind of question."""
    columns = [
        name
        for name in SLICE_COLUMNS
        if any(name in part.estimates and part.estimates[name].is_known for part in scores.slices)
    ]
    table = _table("by kind of question")
    table.add_column("kind", no_wrap=True)
    table.add_column("asked", justify="right")
    for name in columns:
        table.add_column(_heading(name), justify="right")
    for part in scores.slices:
        cells = (figure(metric_named(name), part.estimates[name].value) for name in columns)
        table.add_row(part.kind, f"{part.questions:,}", *cells)
    return table


def comparison_table(comparison: Comparison) -> RenderableType:
    """Show every metric of both runs, with the interval of the difference."""
    before, after = comparison.before, comparison.after
    table = _table(
        f"{comparison.questions:,} questions, paired\nbefore: {before.path}\nafter:  {after.path}"
    )
    for name, justify in (
        ("metric", "left"),
        ("before", "right"),
        ("after", "right"),
        ("difference", "right"),
        ("95% interval", "right"),
        ("p", "right"),
        ("", "left"),
    ):
        table.add_column(name, justify="left" if justify == "left" else "right")
    for difference in comparison.differences:
        spread = ""
        if difference.low == difference.low:
            low, high = (
                signed_figure(difference.metric, end) for end in (difference.low, difference.high)
            )
            spread = f"{low} to {high}"
        table.add_row(
            difference.metric.name,
            figure(difference.metric, difference.before),
            figure(difference.metric, difference.after),
            signed_figure(difference.metric, difference.value),
            spread,
            f"{difference.p:.3f}" if difference.p == difference.p else "",
            Text(
                difference.verdict,
                style={"better": "green", "worse": "red"}.get(difference.verdict, "dim"),
            ),
        )
    return Group(table, Text(), changes_table(comparison.changes))


def changes_table(changes: Sequence[Change]) -> Table:
    """Show the questions that changed, those that are no longer right first."""
    rows = sorted(changes, key=lambda change: change.step)
    table = _table(f"{len(changes):,} questions changed")
    for name in ("question", "kind", "before", "after"):
        table.add_column(name)
    for change in rows[:SHOWN_CHANGES]:
        style = {-1: "red", 1: "green"}.get(change.step, "")
        table.add_row(
            Text(f"{change.before.case.id}  {change.before.case.question}", overflow="ellipsis"),
            Text(change.before.case.kind),
            Text(change.outcome_before),
            Text(change.outcome_after, style=style),
        )
    if len(rows) > SHOWN_CHANGES:
        table.add_row(Text(f"and {len(rows) - SHOWN_CHANGES:,} more", style="dim"))
    return table


def ablation_table(rows: Sequence[AblationResult]) -> Table:
    """Show one row for each ablation, with the questions that are right in it and not in the first,
    and the other way round."""
    rows_shown = [
        (row.ablation.name, row.scores, (str(row.gains), str(row.losses))) for row in rows
    ]
    return _side_by_side("ablations", ABLATION_COLUMNS, rows_shown, ("gained", "lost"))


def bench_table(rows: Sequence[Finish]) -> Table:
    """Show one row for each system, with the seconds of its indexing."""
    rows_shown = [(row.name, row.scores, (f"{row.index_seconds:,.1f} s",)) for row in rows]
    return _side_by_side(
        "the same documents and questions", BENCH_COLUMNS, rows_shown, ("indexing",)
    )


def upkeep_cells(row: Finish) -> tuple[str, ...]:
    """Format a system's cells below ``UPKEEP_COLUMNS``."""
    cold, upkeep = row.cold, row.upkeep
    return (
        f"{cold.seconds:.2f}",
        f"{cold.processor_seconds:.2f}",
        f"{cold.peak_mebibytes:,.0f}",
        f"{upkeep.again_seconds:,.2f}",
        f"{upkeep.duplicates} of {upkeep.hits}",
        f"{upkeep.shortfall} of {upkeep.hits}",
    )


def upkeep_table(rows: Sequence[Finish]) -> Table:
    """Show one row for each system: what its saved index costs, and what comes of it."""
    table = _table("what is saved: opened, added to, filtered")
    table.add_column("system", no_wrap=True)
    for name in UPKEEP_COLUMNS:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(row.name, *upkeep_cells(row))
    return table


def sets_table(rows: Sequence[tuple[str, Scores]]) -> Table:
    """Show one row for each question set, by name."""
    rows_shown = [(name, scores, (f"{scores.questions:,}",)) for name, scores in rows]
    return _side_by_side(
        "question sets", SET_COLUMNS, rows_shown, ("asked",), "set", intervals=False
    )


def _side_by_side(
    title: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Scores, tuple[str, ...]]],
    more: tuple[str, ...] = (),
    first: str = "system",
    intervals: bool = True,
) -> Table:
    metrics = [
        name
        for name in columns
        if any(name in scores.estimates and scores[name].is_known for _, scores, _ in rows)
    ]
    table = _table(title)
    table.add_column(first, no_wrap=True)
    for name in (*metrics, *more):
        table.add_column(_heading(name), justify="right")
    for title, scores, extra in rows:
        cells = (_cell(name, scores, intervals) for name in metrics)
        table.add_row(Text(title), *cells, *extra)
    return table


def _heading(name: str) -> str:
    """Break a column's heading so that no column is wider than its longest word or figure."""
    return name.replace("_", "\n")


def _cell(name: str, scores: Scores, intervals: bool) -> Text:
    metric, estimate = metric_named(name), scores.estimates.get(name)
    if estimate is None:
        return Text(DASH)
    spread = interval(metric, estimate) if intervals else ""
    cell = Text(figure(metric, estimate.value))
    if spread and metric.unit == "share":
        cell.append(f"\n{spread}", style="dim")
    return cell


def _table(title: str) -> Table:
    return Table(
        title=Text(title),
        title_justify="left",
        box=None,
        pad_edge=False,
        header_style="bold",
        padding=(0, 2, 0, 0),
    )
