"""``pullquote copy``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.ask import AsJson
from api.cli.output import count_of, print_json, stderr, stdout
from index.store.copying import copy_store
from index.store.opening import open_place
from rag import Settings

__all__ = ["copy", "register"]

_Place = Annotated[str, typer.Argument(help="A library's folder, or an address of Milvus.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "pullquote copy ~/news/library milvus+http://milvus:19530/newsroom"
    app.command(epilog=f"Example: {example}")(copy)


def copy(source: _Place, target: _Place, as_json: AsJson = False) -> None:
    """Copy a library into another store, vectors included, and verify the copy. A copy that was
    interrupted goes on; earlier versions of articles and notes of syncs are not copied."""
    settings = Settings.from_environment().index_settings()
    origin = open_place(source, settings, create=False)
    try:
        copied = open_place(target, settings, create=True)
        try:
            report = copy_store(origin, copied, None if as_json else _show)
        finally:
            copied.close()
    finally:
        origin.close()
    if as_json:
        print_json(asdict(report))
        return
    counts = f"{count_of(report.articles, 'article')}, {count_of(report.passages, 'passage')}"
    stdout.print(f"{counts} copied, {report.present} of the articles were there; verified")


def _show(done: int, total: int) -> None:
    stderr.print(f"{done:,} of {count_of(total, 'article')}", style="dim")
