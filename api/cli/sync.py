"""``pullquote sync``: the library made, and kept, equal to a folder or a feed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.articles import copies_told, print_failures, report_json, warn_of_languages
from api.cli.ask import AsJson
from api.cli.exit_codes import FAILURE
from api.cli.library import open_library
from api.cli.output import count_of, print_json, stderr, stdout
from api.cli.progress import progress
from index.errors import PullquoteError
from index.sync.engine import SyncOptions, SyncReport, is_link
from index.sync.watch import poll, watch_folder
from rag import Pullquote

__all__ = ["register", "sync"]

# Minutes between two looks at a link.
_EVERY, _LEAST = 30, 5


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: pullquote sync articles/ --watch")(sync)


def sync(
    source: Annotated[
        str, typer.Argument(help="A folder, or a link to a feed or sitemap.", metavar="SOURCE")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove articles even if it is more than half of them.")
    ] = False,
    reread: Annotated[
        bool,
        typer.Option("--all", help="Read every file again, or ask for every page, changed or not."),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on until interrupted, at every change.")
    ] = False,
    every: Annotated[
        int | None,
        typer.Option(min=_LEAST, help=f"With --watch of a link: minutes between. ({_EVERY})"),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=100_000, help="Articles of a feed or sitemap."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the library equal to a folder, a feed or a sitemap: add what is new, update what
    changed, remove what has gone from there (what drops off a feed stays). Articles from elsewhere
    stay. Exit code 1 when something was left undone."""
    if watch and dry_run:
        raise typer.BadParameter("--watch and --dry-run exclude each other")
    _check_source(source, watch, every, limit)
    with open_library(create=True) as pullquote:
        encoder = pullquote.settings.encoder
        if watch:
            seconds = (every or _EVERY) * 60.0
            for report in _reports(pullquote, source, yes, reread, limit, seconds):
                _say(report, encoder, as_json)
            return
        with progress("Syncing") as show:
            report = pullquote.sync(
                source, dry_run=dry_run, yes=yes, reread=reread, limit=limit, on_progress=show
            )
    _say(report, encoder, as_json)
    if report.articles.failed or report.kept:
        raise typer.Exit(FAILURE)


def _check_source(source: str, watch: bool, every: int | None, limit: int | None) -> None:
    """Refuse addresses that are no links, and the options that only links have where the source is
    a folder."""
    if "://" in source and not is_link(source):
        raise typer.BadParameter("a link begins with http:// or https://", param_hint="SOURCE")
    if limit and not is_link(source):
        raise typer.BadParameter("--limit is for links")
    if every and not (watch and is_link(source)):
        raise typer.BadParameter("--every is for --watch of a link")


def _reports(
    pullquote: Pullquote, source: str, yes: bool, reread: bool, limit: int | None, seconds: float
) -> Iterator[SyncReport]:
    if not is_link(source):
        options = SyncOptions(False, yes, reread, pullquote.settings.max_article_chars)
        return watch_folder(pullquote.library, Path(source), options, on_trouble=_trouble)

    def sync(first: bool) -> SyncReport:
        # --yes confirms the removals of the first run, not those of later ones.
        return pullquote.sync(source, yes=yes and first, reread=reread and first, limit=limit)

    return poll(sync, seconds, _trouble)


def _trouble(error: PullquoteError) -> None:
    stderr.print(f"warning: {error}", style="yellow", markup=False)


def _say(report: SyncReport, encoder: str, as_json: bool) -> None:
    if as_json:
        print_json(_json(report))
    else:
        _print(report)
    warn_of_languages(report.articles, encoder)


def _json(report: SyncReport) -> dict[str, Any]:
    record = report_json(report.articles)
    del record["unchanged"]
    return {
        "source": report.source,
        "dry_run": report.dry_run,
        "files": report.files,
        "unchanged_files": report.unchanged,
        "moved": report.moved,
        **record,
        "removed": report.removed,
        "kept": report.kept,
        "more": report.more,
    }


def _print(report: SyncReport) -> None:
    articles = report.articles
    things = "pages" if is_link(report.source) else "files"
    parts = [
        f"{len(articles.added)} added",
        f"{len(articles.updated)} updated",
        f"{len(report.removed)} removed",
    ]
    if articles.copies:
        parts.append(copies_told(articles))
    if report.moved:
        parts.append(f"{count_of(len(report.moved), 'file')} moved")
    parts.append(f"{report.unchanged} of {report.files} {things} unchanged")
    if report.more:
        parts.append(f"{report.more} more listed (--limit N takes more)")
    if articles.failed:
        parts.append(f"{len(articles.failed)} not added:")
    stdout.print(("Would be done: " if report.dry_run else "") + ", ".join(parts))
    print_failures(articles.failed)
    if report.kept:
        count = count_of(len(report.kept), "article")
        stderr.print(
            f"Kept: {count} whose {things} have gone, more than half of what came from "
            f"{report.source}. If they are to go too, run it with --yes.",
            style="yellow",
            markup=False,
        )
