"""``pullquote eval``. The command line finds it as a plug-in (entry point
``pullquote.commands``), so that ``api`` does not import ``eval``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eval.command import EvalOptions, EvalOutcome, run_ablations, run_bench, run_compare, run_sets
from eval.dataset import Dataset, open_dataset
from eval.dataset.built_in import BuiltIn, open_built_in
from eval.errors import MetricError
from eval.library import open_pullquote
from eval.metrics.limits import parse_limits
from eval.metrics.scores import Scores
from eval.studies.ablation import Ablation
from eval.system import System
from index.article import Article
from index.encode.files import find_model
from index.errors import LibraryMissing
from rag import Pullquote, Settings
from rag.console import SafeConsole
from rag.reading.opening import open_reader

__all__ = ["evaluate", "register"]

_DatasetPath = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        help="A question set: documents.jsonl and questions.jsonl, BEIR, SQuAD, JSONL or CSV"
        " (question, answer, and article: its text, or its id in the library)."
        " Without it, the built-in sets.",
    ),
]
_BuiltInSet = Annotated[
    BuiltIn | None, typer.Option("--set", help="One of the built-in sets alone.")
]
_OutFolder = Annotated[
    Path, typer.Option(help="Where reports and results go; a built-in set has its own folder.")
]
_Limits = Annotated[
    list[str] | None,
    typer.Option(metavar="METRIC=VALUE", help="Exit with 1 when it is not kept (repeatable)."),
]
_ResultsPair = Annotated[
    tuple[Path, Path] | None,
    typer.Option(metavar="A B", help="Compare two results.jsonl, question by question."),
]
_TableDocument = Annotated[
    Path | None,
    typer.Option(exists=True, help="A document to write the tables to, between their markers."),
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("eval", epilog="Example: pullquote eval --fail-under false_answer_rate=0.2")(
        evaluate
    )


def evaluate(
    dataset: _DatasetPath = None,
    built_in: _BuiltInSet = None,
    split: Annotated[str | None, typer.Option(help="Which split, where a set has several.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="So many questions, drawn evenly.")] = (
        None
    ),
    out: _OutFolder = Path("eval-report"),
    top_k: Annotated[int, typer.Option(min=1, max=100, help="Passages a question.")] = 5,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again, do not resume.")] = False,
    fail_under: _Limits = None,
    compare: _ResultsPair = None,
    ablations: Annotated[bool, typer.Option("--ablate", help="Change one part at a time.")] = False,
    bench: Annotated[bool, typer.Option("--bench", help="LangChain and others beside it.")] = False,
    into: _TableDocument = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Ask a question set and measure the answers. An interrupted run goes on where it was."""
    _check_limits(fail_under or (), is_plain=not (compare or ablations or bench))
    console = SafeConsole(stderr=as_json)
    if compare:
        run_compare(*compare, console)
        return
    side_by_side = _ablate if ablations else _bench if bench else None
    if into and not side_by_side and (dataset or built_in or sample):
        raise typer.BadParameter(
            "--into needs --ablate or --bench, or all questions of the built-in sets"
        )
    settings = Settings.from_environment()
    datasets = _sets(dataset, built_in, split, sample, settings)
    if into and side_by_side and len(datasets) > 1:
        raise typer.BadParameter("--into needs --dataset or --set: its table is of one set")
    options = EvalOptions(out, top_k, fresh=fresh, fail_under=tuple(fail_under or ()), into=into)
    if side_by_side:
        for name, chosen_set in datasets.items():
            side_by_side(replace(options, out=out / name), chosen_set, settings, console)
        return
    outcomes = run_sets(
        options, datasets, lambda dataset: open_pullquote(dataset, settings), console
    )
    _finish(outcomes, console, as_json)


def _check_limits(limits: Sequence[str], *, is_plain: bool) -> None:
    """Refuse limits that make no sense, or that nothing would hold a run to."""
    if limits and not is_plain:
        raise typer.BadParameter(
            "it is for a run alone: leave out --compare, --ablate and --bench",
            param_hint="--fail-under",
        )
    try:
        parse_limits(limits)
    except MetricError as exc:
        raise typer.BadParameter(str(exc), param_hint="--fail-under") from exc


def _sets(
    path: Path | None,
    built_in: BuiltIn | None,
    split: str | None,
    sample: int | None,
    settings: Settings,
) -> dict[str, Dataset]:
    """Open the question sets to ask, by the folder below ``--out`` that their results go to; the
    key is empty for the user's own set."""
    if path is not None:
        if built_in is not None:
            raise typer.BadParameter("--dataset and --set name two sets: leave one of them out")
        library = partial(_library_articles, settings)
        return {"": open_dataset(path, split=split, sample=sample, library=library)}
    if split is not None and built_in is None:
        raise typer.BadParameter("--split needs --dataset or --set: not every set has that split")
    names = [built_in] if built_in else list(BuiltIn)
    limit = settings.max_article_chars
    datasets = {name.value: open_built_in(name, limit, split) for name in names}
    return (
        {name: dataset.sample(sample) for name, dataset in datasets.items()} if sample else datasets
    )


def _library_articles(settings: Settings) -> list[Article]:
    """The articles of the user's library, which a question set may name by their ids; as they are,
    for its offsets count in these texts. None where there is no library."""
    try:
        with Pullquote.open(settings=settings) as pullquote:
            return [replace(article, found_as="text") for article in pullquote.articles()]
    except LibraryMissing:
        return []


def _finish(outcomes: Mapping[str, EvalOutcome], console: Console, as_json: bool) -> None:
    for outcome in outcomes.values():
        if outcome.report:
            console.print(f"\n{outcome.report}\n{outcome.results}", highlight=False)
            console.print(f"{outcome.seconds:.0f} s", style="dim", highlight=False)
    figures = {
        name: _figures(outcome.scores) for name, outcome in outcomes.items() if outcome.scores
    }
    if as_json and figures:
        typer.echo(json.dumps(figures.get("", figures), indent=2))
    if code := max(outcome.exit_code for outcome in outcomes.values()):
        raise typer.Exit(code)


def _figures(scores: Scores) -> dict[str, dict[str, float]]:
    """Collect every metric that has a value on this set, with its interval."""
    estimates = {name: estimate for name, estimate in scores.estimates.items() if estimate.is_known}
    return {
        name: {"value": estimate.value, "low": estimate.low, "high": estimate.high}
        for name, estimate in estimates.items()
    }


def _ablate(options: EvalOptions, dataset: Dataset, settings: Settings, console: Console) -> None:
    # None of the ablations is of the reader, which is the longest part of all.
    reader = open_reader(settings)

    @contextmanager
    def open_ablation(ablation: Ablation) -> Iterator[System]:
        variant = settings.model_copy(update=dict(ablation.overrides))
        with open_pullquote(dataset, variant, reader) as ready:
            yield ready.system

    run_ablations(options, dataset, open_ablation, console)


def _bench(options: EvalOptions, dataset: Dataset, settings: Settings, console: Console) -> None:
    from eval.bench.baselines import OwnLibrary, baselines

    others = baselines(Path(find_model(settings.encoder)))
    run_bench(options, dataset, {"pullquote": partial(OwnLibrary, settings), **others}, console)
