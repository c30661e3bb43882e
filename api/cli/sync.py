"""``pullquote sync``: the library made, and kept, equal to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.articles import print_failures, report_json, warn_of_languages
from api.cli.ask import AsJson
from api.cli.library import open_library
from api.cli.output import print_json, progress, stderr, stdout
from index.errors import PullquoteError, SourceError
from index.sync.engine import SyncOptions, SyncReport
from index.sync.watch import watch_folder

__all__ = ["register"]

FAILED = 1


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: pullquote sync articles/ --watch")(sync)


def sync(
    source: Annotated[str, typer.Argument(help="A folder.", metavar="FOLDER")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove articles even if it is more than half of them.")
    ] = False,
    reread: Annotated[
        bool, typer.Option("--all", help="Read every file again, changed or not.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on until interrupted, at every change.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the library equal to a folder: add what is new, update what changed, remove what has
    gone from there. Articles from elsewhere stay. Exit code 1 when something was left undone."""
    if source.startswith(("http://", "https://")):
        raise SourceError(f"{source}: only folders can be synced so far; pullquote add takes links")
    if watch and dry_run:
        raise typer.BadParameter("--watch and --dry-run exclude each other")
    folder = Path(source)
    with open_library(create=True) as pullquote:
        encoder = pullquote.settings.encoder
        if watch:
            options = SyncOptions(False, yes, reread, pullquote.settings.max_article_chars)
            for report in watch_folder(pullquote.library, folder, options, on_trouble=_trouble):
                _say(report, encoder, as_json)
            return
        with progress("Syncing") as show:
            report = pullquote.sync(
                folder, dry_run=dry_run, yes=yes, reread=reread, on_progress=show
            )
    _say(report, encoder, as_json)
    if report.articles.failed or report.kept:
        raise typer.Exit(FAILED)


def _trouble(error: PullquoteError) -> None:
    stderr.print(f"warning: {error}", style="yellow", markup=False)


def _say(report: SyncReport, encoder: str, as_json: bool) -> None:
    if as_json:
        print_json(_json(report))
    else:
        _print(report)
    warn_of_languages(report.articles, encoder)


def _json(report: SyncReport) -> dict[str, Any]:
    known = report_json(report.articles)
    del known["unchanged"]
    return {
        "source": report.source,
        "dry_run": report.dry_run,
        "files": report.files,
        "unchanged_files": report.unchanged,
        "moved": report.moved,
        **known,
        "removed": report.removed,
        "kept": report.kept,
    }


def _print(report: SyncReport) -> None:
    articles = report.articles
    parts = [
        f"{len(articles.added)} added",
        f"{len(articles.updated)} updated",
        f"{len(report.removed)} removed",
    ]
    if articles.copies:
        parts.append(f"{len(articles.copies)} copies of others")
    if report.moved:
        parts.append(f"{len(report.moved)} files moved")
    parts.append(f"{report.unchanged} of {report.files} files unchanged")
    if articles.failed:
        parts.append(f"{len(articles.failed)} not added:")
    stdout.print(("Would be done: " if report.dry_run else "") + ", ".join(parts))
    print_failures(articles.failed)
    if report.kept:
        stderr.print(
            f"{len(report.kept)} articles whose files have gone were kept: they are more than "
            f"half of what came from {report.source}. If that is right, run it with --yes.",
            style="yellow",
            markup=False,
        )
