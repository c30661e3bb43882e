"""``pullquote eval``. The command line finds it as a plug-in (entry point
``pullquote.commands``), so that ``api`` does not import ``eval``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eval.ablate import Ablation
from eval.command import EvalOptions, EvalOutcome, run_ablations, run_bench, run_compare, run_eval
from eval.dataset import Dataset, open_dataset
from eval.library import open_pullquote, seed_questions
from eval.score import Scores
from eval.system import System
from index.encode.files import find_model
from rag import Settings

__all__ = ["evaluate", "register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("eval", epilog="Example: pullquote eval --fail-under false_answer_rate=0.2")(
        evaluate
    )


def evaluate(
    dataset: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            help="A question set: documents.jsonl and questions.jsonl, BEIR, SQuAD, JSONL or CSV."
            " Without it, the built-in questions over the built-in articles.",
        ),
    ] = None,
    split: Annotated[str | None, typer.Option(help="Which split, where a set has several.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="So many questions, drawn evenly.")] = (
        None
    ),
    out: Annotated[Path, typer.Option(help="Where report.html and results.jsonl go.")] = Path(
        "eval-report"
    ),
    top_k: Annotated[int, typer.Option(min=1, max=100, help="Passages a question.")] = 5,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again, do not resume.")] = False,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC=VALUE", help="Exit with 1 when it is not kept (repeatable)."),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="A B", help="Compare two results.jsonl, question by question."),
    ] = None,
    ablations: Annotated[
        bool, typer.Option("--ablate", help="Run with one part changed at a time.")
    ] = False,
    bench: Annotated[
        bool, typer.Option("--bench", help="Run LangChain, LlamaIndex and txtai beside it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Ask a question set and measure the answers. An interrupted run goes on where it was."""
    console = Console(stderr=as_json)
    if compare:
        run_compare(*compare, console)
        return
    settings = Settings.from_environment()
    chosen = _dataset(dataset, split, sample, settings)
    options = EvalOptions(out, top_k, fresh=fresh, fail_under=tuple(fail_under or ()))
    if ablations:
        _ablate(options, chosen, settings, console)
    elif bench:
        _bench(options, chosen, settings, console)
    else:
        outcome = run_eval(options, chosen, lambda it: open_pullquote(it, settings), console)
        _finish(outcome, console, as_json)


def _dataset(
    path: Path | None, split: str | None, sample: int | None, settings: Settings
) -> Dataset:
    if path is not None:
        return open_dataset(path, split=split, sample=sample)
    chosen = seed_questions(settings)
    return chosen.sample(sample) if sample else chosen


def _finish(outcome: EvalOutcome, console: Console, as_json: bool) -> None:
    if outcome.report:
        console.print(f"\n{outcome.report}\n{outcome.results}", highlight=False)
        console.print(f"{outcome.seconds:.0f} s", style="dim", highlight=False)
    if as_json and outcome.scores:
        typer.echo(json.dumps(_figures(outcome.scores), indent=2))
    if outcome.exit_code:
        raise typer.Exit(outcome.exit_code)


def _figures(scores: Scores) -> dict[str, dict[str, float]]:
    """Every figure that is known on this set, with its interval."""
    known = {name: it for name, it in scores.estimates.items() if it.known}
    return {name: {"value": it.value, "low": it.low, "high": it.high} for name, it in known.items()}


def _ablate(options: EvalOptions, chosen: Dataset, settings: Settings, console: Console) -> None:
    @contextmanager
    def opened(ablation: Ablation) -> Iterator[System]:
        changed = settings.model_copy(update=dict(ablation.overrides))
        with open_pullquote(chosen, changed) as it:
            yield it.system

    run_ablations(options, chosen, opened, console)


def _bench(options: EvalOptions, chosen: Dataset, settings: Settings, console: Console) -> None:
    from eval.bench.baselines import baselines

    with open_pullquote(chosen, settings) as it:
        ready = [("pullquote", it.system, it.index_seconds or 0.0)]
        run_bench(options, chosen, baselines(Path(find_model(settings.encoder))), console, ready)
