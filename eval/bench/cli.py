"""``pullquote bench``, which the command line finds as a plug-in, like ``pullquote eval``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from eval.bench.command import run_sections
from eval.bench.figures import SectionFigures
from eval.bench.figures import as_json as record_of
from eval.bench.options import BenchOptions
from eval.bench.sections import SECTIONS
from eval.report.log_plot import short_number
from rag import Settings
from rag.console import SafeConsole

__all__ = ["bench", "register"]

_NAMES = ", ".join(SECTIONS)
_DEFAULTS = BenchOptions()
_Sections = Annotated[
    list[str] | None, typer.Argument(help=f"Which: {_NAMES}. Without any, all of them.")
]
_Largest = Annotated[
    int,
    typer.Option(
        min=100,
        help="Largest size that is searched; the others are a tenth and a hundredth of it."
        " 1000000 needs some gigabytes.",
    ),
]
_Budget = Annotated[
    float, typer.Option(min=0, help="Seconds after which no larger library is asked over HTTP.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("bench", epilog="Example: pullquote bench cold embedding --into bench-report")(
        bench
    )


def bench(
    sections: _Sections = None,
    into: Annotated[Path, typer.Option(help="Folder of bench.json and bench.html.")] = Path(
        "bench-report"
    ),
    passages: Annotated[int, typer.Option(min=1, help="In the library that is asked.")] = (
        _DEFAULTS.passages
    ),
    largest: _Largest = _DEFAULTS.largest,
    texts: Annotated[int, typer.Option(min=1, help="Passages to encode.")] = _DEFAULTS.texts,
    articles: Annotated[int, typer.Option(min=1, help="Articles to take in.")] = _DEFAULTS.articles,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of what is done in turn.")] = (
        _DEFAULTS.rounds
    ),
    seconds: Annotated[float, typer.Option(min=0.1, help="Of each phase over HTTP.")] = (
        _DEFAULTS.seconds
    ),
    budget: _Budget = _DEFAULTS.budget,
    seed: Annotated[int, typer.Option(min=0, help="Of everything made up.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure speed, memory and weight, each beside a baseline in the same run."""
    names = list(dict.fromkeys(sections or SECTIONS))
    if unknown := [name for name in names if name not in SECTIONS]:
        raise typer.BadParameter(f"there is no section {unknown[0]!r}; there are {_NAMES}")
    options = BenchOptions(
        passages,
        largest,
        texts,
        articles,
        rounds,
        seconds,
        budget,
        seed,
        Settings.from_environment(),
    )
    console = SafeConsole(stderr=as_json)
    figures = run_sections(
        names, options, into, lambda name: console.print(f"{SECTIONS[name].title} …", style="dim")
    )
    if as_json:
        typer.echo(
            json.dumps({name: record_of(figure) for name, figure in figures.items()}, indent=2)
        )
        return
    for name, figure in figures.items():
        _print(console, SECTIONS[name].title, figure)
    console.print(f"\n{into / 'bench.html'}\n{into / 'bench.json'}", highlight=False)


def _print(console: Console, title: str, figures: SectionFigures) -> None:
    table = Table("", "Pullquote", "", "baseline", "", "times better", "", title=title, box=None)
    for figure in figures.comparisons:
        verdict = {True: "kept", False: "[red]missed[/]", None: ""}[figure.keeps_target]
        value, base, factor = (
            "" if number is None else short_number(number)
            for number in (figure.value, figure.baseline_value, figure.factor)
        )
        table.add_row(figure.name, value, figure.unit, base, figure.baseline, factor, verdict)
    console.print(table)
