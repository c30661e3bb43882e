"""``pullquote add``, ``remove``, ``list`` and ``show``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from api.cli.ask import AsJson
from api.cli.history import print_history
from api.cli.library import open_library
from api.cli.output import print_json, progress, source_line, stderr, stdout
from index.article import Article
from index.errors import LoadError, NotFoundError
from index.ingest.batch import AddReport
from index.ingest.provenance import Provenance, date_source
from index.store.versions import correction_notes
from index.sync.engine import is_link
from index.text.language import unread

if TYPE_CHECKING:
    from index.fetch import LinkResult

__all__ = [
    "add",
    "list_articles",
    "print_failures",
    "register",
    "remove",
    "report_json",
    "show",
    "warn_of_languages",
]

FAILED = 1
_SHOWN_FAILURES = 20
_WHERE: dict[str | None, str] = {
    "metadata": "date from its metadata",
    "url": "date from its address",
    "text": "date from its text",
    "guessed": "date guessed: the page states none",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: pullquote add articles/ wire.jsonl https://example.org/feed.xml")(
        add
    )
    app.command(epilog="Example: pullquote remove china-ai-chip-curbs")(remove)
    app.command("list", epilog="Example: pullquote list --json")(list_articles)
    app.command(epilog="Example: pullquote show china-ai-chip-curbs --dropped")(show)


def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders (text, Markdown, JSONL, CSV, HTML, PDF, DOCX, EPUB, mail, WARC) "
            "or links (of a page, a feed or a sitemap).",
            metavar="SOURCE...",
        ),
    ],
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=100_000, help="Articles of each feed or sitemap."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add articles, or update those that changed. Exit code 1 when some could not be added."""
    links = [each for each in sources if is_link(each)]
    paths = [Path(each) for each in sources if not is_link(each)]
    for path in paths:
        if not path.exists():
            raise typer.BadParameter(f"there is no {path}", param_hint="SOURCE")
    report = AddReport()
    results: list[dict[str, Any]] = []
    with open_library(create=True) as pullquote:
        if paths:
            with progress("Adding") as show_progress:
                report.include(pullquote.add(paths, show_progress))
        of_paths = len(report.failed)
        if links:
            show = _print_result if not as_json else lambda each: results.append(_result(each))
            report.include(pullquote.add_links(links, limit, show))
    if as_json:
        print_json(report_json(report) | ({"links": results} if links else {}))
    else:
        _print_report(report, report.failed[:of_paths])
    warn_of_languages(report, pullquote.settings.encoder)
    if report.failed:
        raise typer.Exit(FAILED)


def _print_result(result: LinkResult) -> None:
    said = Text(f"{result.outcome:<9} ", style="red" if result.outcome == "failed" else "cyan")
    if result.outcome == "more":
        said.append(f"{result.url} lists more; --limit N takes more of it")
    elif result.outcome == "failed":
        said.append("; ".join(str(each) for each in result.report.failed))
    else:
        said.append(f"{result.title}  " if result.title else "")
        said.append(result.url, style="dim")
    stdout.print(said, soft_wrap=True)


def _result(result: LinkResult) -> dict[str, Any]:
    return {
        "url": result.url,
        "outcome": result.outcome,
        "ids": list(result.ids),
        "reasons": [each.reason for each in result.report.failed],
    }


def report_json(report: AddReport) -> dict[str, Any]:
    """What adding did, in plain JSON types."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "passages": report.passages,
        "failed": [{"source": each.source, "reason": each.reason} for each in report.failed],
        "copies": report.copies,
        "languages": dict(report.languages),
    }


def _print_report(report: AddReport, unsaid: Sequence[LoadError]) -> None:
    stdout.print(
        f"{len(report.added)} added, {len(report.updated)} updated, {report.unchanged} unchanged"
        + (f", {len(report.copies)} of them copies of others" if report.copies else "")
        + (f", {len(report.failed)} not added" if report.failed else "")
        + (":" if unsaid else "")
    )
    print_failures(unsaid)


def warn_of_languages(report: AddReport, encoder: str) -> None:
    """Say so when what was added is in languages that the encoder does not read."""
    if warning := unread(report.languages, encoder):
        stderr.print(f"warning: {warning}", style="yellow", markup=False)


def print_failures(failed: Sequence[LoadError]) -> None:
    """What could not be added, and why."""
    for each in failed[:_SHOWN_FAILURES]:
        stderr.print(f"  {each}", style="red", markup=False)
    more = len(failed) - _SHOWN_FAILURES
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
    history: Annotated[
        bool, typer.Option("--history", help="Its versions, and what changed in each.")
    ] = False,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="The text of an earlier version.")
    ] = None,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="Print the lines that were left out of it instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print an article as the library has it: the text that citations point into."""
    with open_library() as pullquote, pullquote.library.view() as view:
        versions = view.history(id)
        copies = [copy for copy in view.copies_of(id) if copy.id != id]
        provenance = view.provenance(id)
    if history:
        print_history(versions, as_json)
        return
    if dropped and not as_json:
        _print_dropped(provenance)
        return
    chosen = [each for each in versions if version in (None, each.number)][:1]
    if not chosen:
        there = ", ".join(str(each.number) for each in versions)
        raise NotFoundError(f"{id} has no version {version}; there are {there}")
    # What is kept of an article's provenance is of the present version.
    now = version in (None, versions[0].number)
    _print_article(
        chosen[0].article, copies if version is None else [], provenance if now else None, as_json
    )


def _print_article(
    article: Article, copies: list[Article], provenance: Provenance | None, as_json: bool
) -> None:
    if as_json:
        named = [_known(copy) for copy in copies]
        known = {**_known(article), **_provenance(article, provenance)}
        print_json({**known, "text": article.text, "copies": named})
        return
    stdout.print(Text(source_line(article), style="bold"))
    if article.published_at and (how := date_source(article, provenance)) != "given":
        stdout.print(Text(_WHERE[how], style="dim"))
    for line in (article.author, article.url, article.source):
        if line:
            stdout.print(Text(line, style="dim"))
    for copy in copies:
        stdout.print(Text(f"also: {source_line(copy)}  {copy.id}", style="dim"))
    for note in correction_notes(article):
        stdout.print(Text(note.of(article.text), style="yellow"))
    stdout.print()
    stdout.print(Text(article.text))


def _provenance(article: Article, provenance: Provenance | None) -> dict[str, Any]:
    dropped = provenance.dropped if provenance else ()
    return {
        "date_source": date_source(article, provenance),
        "dropped": [asdict(each) for each in dropped],
    }


def _print_dropped(provenance: Provenance | None) -> None:
    if provenance is None or not provenance.dropped:
        stdout.print("Nothing was left out.", style="dim")
        return
    for each in provenance.dropped:
        number = "-" if each.line < 0 else str(each.line + 1)
        line = Text(f"{number:>5}  {each.reason:<10}  ", style="dim")
        stdout.print(line.append(each.text, style="default"))


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
