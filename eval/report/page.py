"""The report's page: a template filled with a run and its scores. All text is escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from eval.metrics import Metric
from eval.metrics.bootstrap import Estimate
from eval.metrics.cost import stages
from eval.metrics.outcome import Outcome, outcome_of
from eval.metrics.scores import Scores
from eval.report.comparison import Comparison, Difference
from eval.report.diagnosis import Diagnosis
from eval.report.entry import Entry
from eval.report.formatting import figure, interval, signed_figure
from eval.report.plots import interval_bar, reliability_plot, risk_coverage_plot, stage_bar
from eval.report.templates import open_template
from eval.results import Run

__all__ = ["MAX_ENTRIES", "render", "write_report"]

MAX_ENTRIES = 1000
FOLDER = Path(__file__).parent
GROUPS = {
    "answers": "Is the answer right?",
    "citations": "Do the citations back it?",
    "silence": "Is it silent when it should be?",
    "retrieval": "Are the right passages found?",
}


# Of the comparison with the run before; the command line compares in full.
COMPARISON_METRICS = (
    "right",
    "evidence_quoted",
    "answer_precision",
    "false_answer_rate",
    "wrong_refusal_rate",
    "auroc",
    "passage_hit@5",
    "latency_p50",
)
_HASH_CHARS = 12


def write_report(run: Run, scores: Scores, path: Path, previous: Comparison | None = None) -> Path:
    """Write the report to ``path``, whose folder is made if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(run, scores, previous), encoding="utf-8")
    return path


def render(run: Run, scores: Scores, previous: Comparison | None = None) -> str:
    """Render the report as HTML that loads no other file; with the comparison to the ``previous``
    run where there is one."""
    entries = _entries(run)
    has_confidence = run.header.answers and any(not result.is_error for result in run.results)
    return _template().render(
        css=Markup((FOLDER / "report.css").read_text(encoding="utf-8")),
        script=Markup((FOLDER / "report.js").read_text(encoding="utf-8")),
        run=run,
        header=run.header,
        diagnosis=Diagnosis.of(run.results) if run.header.answers else None,
        previous=previous,
        differences=_differences(previous),
        short=_short,
        signed=signed_figure,
        scores=scores,
        groups=[(title, _rows(scores, name)) for name, title in GROUPS.items()],
        outcomes=[(outcome, count) for outcome, count in scores.outcomes.items() if count],
        slices=_slices(scores),
        stages=_stages(run, scores),
        cost=scores.with_values("cost"),
        risk_coverage=risk_coverage_plot(run.results) if has_confidence else None,
        reliability=reliability_plot(run.results) if has_confidence else None,
        entries=entries,
        left_out=len(run.results) - len(entries),
        kinds=[part.kind for part in scores.slices],
        provenance=_provenance(run),
        figure=figure,
        interval=interval,
        slug=_slug,
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    return open_template(FOLDER / "report.html.j2")


def _entries(run: Run) -> list[Entry]:
    """Select the questions of the table, failures first: all, or as many as one page can hold."""
    results = list(enumerate(run.results, start=1))
    results.sort(key=lambda item: outcome_of(item[1]) is Outcome.RIGHT)
    return [Entry.of(number, result) for number, result in results[:MAX_ENTRIES]]


def _differences(previous: Comparison | None) -> list[Difference]:
    """Select the differences of the main metrics that both runs have."""
    by_name = (
        {difference.metric.name: difference for difference in previous.differences}
        if previous
        else {}
    )
    return [by_name[name] for name in COMPARISON_METRICS if name in by_name]


def _short(value: str) -> str:
    """Shorten a hash to its first characters; anything else stays."""
    is_hash = len(value) > 2 * _HASH_CHARS and all(char in "0123456789abcdef" for char in value)
    return f"{value[:_HASH_CHARS]}…" if is_hash else value


def _rows(scores: Scores, group: str) -> list[tuple[Metric, Estimate, Markup]]:
    return [
        (metric, estimate, interval_bar(estimate) if metric.unit == "share" else Markup(""))
        for metric, estimate in scores.with_values(group)
    ]


def _slices(scores: Scores) -> list[tuple[str, list[tuple[str, str]]]]:
    """Collect the columns that have a value for some kind: value and interval of each slice."""
    columns = []
    for metric in scores.metrics:
        cells = [part.estimates.get(metric.name) for part in scores.slices]
        if any(cell is not None and cell.is_known for cell in cells):
            figures = [(figure(metric, c.value), interval(metric, c)) for c in cells if c]
            columns.append((metric.name, figures))
    return columns


def _stages(run: Run, scores: Scores) -> list[tuple[str, list[str], Markup]]:
    """Collect the times of every stage and of the whole: p50, p95, p99 as text, and a bar."""
    names = [("the whole answer", ""), *((stage, f".{stage}") for stage in stages(run.results))]
    estimates = scores.estimates
    most = max(
        (
            estimates[f"latency_p95{end}"].value
            for _, end in names
            if f"latency_p95{end}" in estimates
        ),
        default=0.0,
    )
    rows = []
    for name, end in names:
        latencies = [
            metric
            for metric in scores.metrics
            if metric.name in {f"latency_{q}{end}" for q in ("p50", "p95", "p99")}
        ]
        if latencies:
            values = [estimates[metric.name].value for metric in latencies]
            cells = [figure(metric, value) for metric, value in zip(latencies, values, strict=True)]
            rows.append((name, cells, stage_bar(values[0], values[1], most)))
    return rows


def _provenance(run: Run) -> list[tuple[str, list[tuple[str, str]]]]:
    """Describe the question set, system and versions of a run, as titled lists of pairs."""
    header = run.header
    question_set = {
        "set": header.dataset,
        "layout": header.dataset_format,
        "questions": f"{header.questions:,}",
        "articles": f"{header.articles:,}",
        "set hash": header.dataset_hash,
        "corpus hash": header.corpus_hash,
        "asked": f"top_k {header.top_k}, searched to depth {header.depth}",
        "begun": header.started_at,
    }
    preparation = {
        name.replace("_", " "): f"{value:g}" for name, value in header.preparation.items()
    }
    return [
        ("Question set", _pairs({**question_set, **preparation})),
        ("System", _pairs(header.system)),
        ("Versions", _pairs({"Pullquote": header.code, **header.versions})),
    ]


def _pairs(value: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, item in value.items():
        if isinstance(item, Mapping):
            pairs += _pairs(item, f"{prefix}{name}.")
        else:
            text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
            pairs.append((prefix + name, text))
    return pairs


def _slug(outcome: Outcome) -> str:
    return outcome.value.replace(" ", "-")
