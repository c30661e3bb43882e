"""The Markdown tables that put question sets side by side, one column a set.

``pullquote eval --into docs/evaluation.md`` writes those of the built-in sets.
``python -m eval.report.sets NAME=results.jsonl ... --into docs/evaluation.md`` writes that of any
others, of the results that ``pullquote eval --dataset`` left; with ``--by-kind`` a table of each
set, of its name, with how many of each kind were answered, and rightly.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from eval.dataset.built_in import BuiltIn
from eval.metrics import Metric, metric_named
from eval.metrics.bootstrap import Estimate
from eval.metrics.outcome import Outcome, outcome_of
from eval.metrics.scores import Scores, score
from eval.report.formatting import DASH
from eval.report.markdown import check_place, table, write_table
from eval.results import Result, read_complete_run

__all__ = [
    "BUILT_IN_ROWS",
    "KIND_COLUMNS",
    "OPEN_ROWS",
    "answers_table",
    "check_places",
    "kinds_table",
    "main",
    "named_file",
    "sets_table",
    "write_built_in",
]

# Metrics, in the order of the rows.
BUILT_IN_ROWS: Final = (
    "violations", "right", "evidence_quoted", "answer_precision", "citation_precision",
    "false_answer_rate", "auroc", "calibration_error", "hit@1", "passage_hit@5", "latency_p50",
    "latency_p95",
)  # fmt: skip
OPEN_ROWS: Final = (
    "right", "sentence_f1", "citation_precision", "citation_recall", "first_quote_contains",
    "violations", "refusal_precision", "refusal_recall", "false_answer_rate", "wrong_refusal_rate",
    "auroc", "aurc", "calibration_error", "hit@1", "hit@5", "hit@10", "recall@5", "mrr@10",
    "ndcg@10", "latency_p50", "latency_p95", "search_p50", "peak_memory",
)  # fmt: skip
KIND_COLUMNS: Final = ("right", "evidence_first")
_BUILT_IN, _UPDATES, _OPEN = "sets", "updates", "open"


def sets_table(rows: Sequence[str], scores_by_set: Mapping[str, Scores]) -> str:
    """Format a table with a row for each metric and a column for each set.

    rows: names of metrics. One that has a value on no set is left out.
    scores_by_set: in the order of the columns.
    """
    heads = [f"{name} ({scores.questions:,})" for name, scores in scores_by_set.items()]
    cells = (
        [name, *(_cell(name, scores.estimates) for scores in scores_by_set.values())]
        for name in rows
        if any(_is_known(name, scores.estimates) for scores in scores_by_set.values())
    )
    return table(("", *heads), cells)


def kinds_table(scores: Scores) -> str:
    """Format a table of one set with a row for each kind of question, in order of their names."""
    return table(("kind (questions)", *KIND_COLUMNS), _kind_rows(scores))


def answers_table(results: Sequence[Result]) -> str:
    """Format a table of one set with the share of each kind that was answered, and of those that
    ended right: answered rightly, or met with silence where nothing answers."""
    kinds = Counter(result.case.kind for result in results)
    rows = []
    for kind, count in sorted(kinds.items()):
        part = [result for result in results if result.case.kind == kind]
        answer_share = sum(not result.abstained for result in part) / count
        right = sum(outcome_of(result) is Outcome.RIGHT for result in part) / count
        rows.append([f"{kind} ({count:,})", f"{answer_share:.2f}", f"{right:.2f}"])
    return table(("kind (questions)", "answered", "right"), rows)


def check_places(document: Path) -> None:
    """Check that a document has places for the tables of the built-in sets. Raises ``TableError``
    where one is missing."""
    for name in (_BUILT_IN, _UPDATES):
        check_place(document, name)


def write_built_in(document: Path, scores_by_set: Mapping[str, Scores]) -> None:
    """Write the tables of the built-in sets into a document: ``updates``, of the updates by kind,
    and ``sets``, of the others."""
    of_sets = {name: scores for name, scores in scores_by_set.items() if name != BuiltIn.UPDATES}
    write_table(document, _BUILT_IN, sets_table(BUILT_IN_ROWS, of_sets))
    write_table(document, _UPDATES, kinds_table(scores_by_set[BuiltIn.UPDATES]))


def named_file(text: str) -> tuple[str, Path]:
    """Take ``NAME=FILE`` apart, as an argument of a command. Raises ``ArgumentTypeError`` where it
    is not of that form."""
    name, separator, path = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=FILE")
    return name, Path(path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table ``open`` of results files into a document, or one of each by kind. Nothing is
    written where a run was interrupted (``ResultsError``)."""
    parser = argparse.ArgumentParser(prog="eval.report.sets", description=main.__doc__)
    parser.add_argument(
        "results", nargs="+", type=named_file, metavar="NAME=FILE", help="a set and its results"
    )
    parser.add_argument("--into", type=Path, required=True, metavar="DOCUMENT")
    parser.add_argument("--by-kind", action="store_true", help="a table NAME of each set, by kind")
    options = parser.parse_args(arguments)
    runs = {name: read_complete_run(path) for name, path in options.results}
    scores_by_set = {}
    for name, run in runs.items():
        if options.by_kind:
            write_table(options.into, name, answers_table(run.results))
            continue
        scores_by_set[name] = score(run.results, answers=run.header.answers)
    if scores_by_set:
        write_table(options.into, _OPEN, sets_table(OPEN_ROWS, scores_by_set))


def _kind_rows(scores: Scores) -> Iterator[list[str]]:
    for part in sorted(scores.slices, key=lambda part: part.kind):
        cells = (_cell(name, part.estimates, with_interval=False) for name in KIND_COLUMNS)
        yield [f"{part.kind} ({part.questions:,})", *cells]


def _cell(name: str, estimates: Mapping[str, Estimate], with_interval: bool = True) -> str:
    if not _is_known(name, estimates):
        return DASH
    metric, estimate = metric_named(name), estimates[name]
    if not (with_interval and estimate.has_interval and metric.unit == "share"):
        return _figure(metric, estimate.value)
    low, high = _figure(metric, estimate.low), _figure(metric, estimate.high)
    return f"{_figure(metric, estimate.value)} ({low}{DASH}{high})"


def _is_known(name: str, estimates: Mapping[str, Estimate]) -> bool:
    return name in estimates and estimates[name].is_known


def _figure(metric: Metric, value: float) -> str:
    """Format a share with two digits: on a few hundred questions a third is chance."""
    return f"{value:.2f}" if metric.unit == "share" else f"{value:,.0f}"


if __name__ == "__main__":
    main()
