"""``pullquote add``, ``remove``, ``list`` and ``show``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from api.cli.ask import AsJson
from api.cli.library import open_library
from api.cli.output import print_json, progress, source_line, stderr, stdout
from index.article import Article
from index.ingest import AddReport

__all__ = ["register"]

FAILED = 1
_SHOWN_FAILURES = 20


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: pullquote add articles/ notes.md wire.jsonl")(add)
    app.command(epilog="Example: pullquote remove china-ai-chip-curbs")(remove)
    app.command("list", epilog="Example: pullquote list --json")(list_articles)
    app.command(epilog="Example: pullquote show china-ai-chip-curbs")(show)


def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            exists=True,
            help="Files or folders: text, Markdown, JSONL, CSV, HTML, PDF, DOCX, EPUB, mail, WARC.",
            metavar="PATH...",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Add articles, or update those that changed. Exit code 1 when some could not be added."""
    with open_library(create=True) as pullquote, progress("Adding") as show_progress:
        report = pullquote.add(paths, show_progress)
    if as_json:
        print_json(_report(report))
    else:
        _print_report(report)
    if report.failed:
        raise typer.Exit(FAILED)


def _report(report: AddReport) -> dict[str, Any]:
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "passages": report.passages,
        "failed": [{"source": each.source, "reason": each.reason} for each in report.failed],
    }


def _print_report(report: AddReport) -> None:
    stdout.print(
        f"{len(report.added)} added, {len(report.updated)} updated, {report.unchanged} unchanged"
        + (f", {len(report.failed)} not added:" if report.failed else "")
    )
    for each in report.failed[:_SHOWN_FAILURES]:
        stderr.print(f"  {each}", style="red", markup=False)
    more = len(report.failed) - _SHOWN_FAILURES
    if more > 0:
        stderr.print(f"  and {more} more; --json lists them all", style="red")


def remove(
    ids: Annotated[list[str], typer.Argument(help="Article ids.", metavar="ID...")],
    as_json: AsJson = False,
) -> None:
    """Remove articles. If one of the ids is not there, none is removed."""
    with open_library() as pullquote:
        pullquote.remove(ids)
    if as_json:
        print_json({"removed": ids})
    else:
        stdout.print(f"{len(ids)} removed")


def list_articles(as_json: AsJson = False) -> None:
    """List the articles, newest first."""
    with open_library() as pullquote:
        articles = pullquote.articles()
    if as_json:
        print_json([_known(article) for article in articles])
        return
    table = Table("id", "title", "publisher", "published", box=None, pad_edge=False)
    for article in articles:
        day = article.published_at.isoformat() if article.published_at else ""
        cells = (article.id, article.title, article.publisher or "", day)
        table.add_row(*(Text(cell) for cell in cells))
    stdout.print(table)


def show(
    id: Annotated[str, typer.Argument(help="An article id.", metavar="ID")],
    as_json: AsJson = False,
) -> None:
    """Print an article as the library has it: the text that citations point into."""
    with open_library() as pullquote:
        article = pullquote.article(id)
    if as_json:
        print_json({**_known(article), "text": article.text})
        return
    stdout.print(Text(source_line(article), style="bold"))
    for line in (article.author, article.url, article.source):
        if line:
            stdout.print(Text(line, style="dim"))
    stdout.print()
    stdout.print(Text(article.text))


def _known(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "language": article.language,
        "url": article.url,
        "source": article.source,
        "characters": len(article.text),
    }
