"""``pullquote add``, ``remove``, ``show`` and ``open``."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from api.cli.ask import AsJson
from api.cli.exit_codes import FAILURE, INTERRUPTION
from api.cli.history import print_history
from api.cli.ids import complete_id, full_id, full_ids
from api.cli.library import open_library
from api.cli.output import count_of, print_json, source_line, stderr, stdout
from api.cli.progress import FileProgress, file_progress
from index.article import Article
from index.errors import LoadError, NotFoundError, printable
from index.ingest.batch import AddReport
from index.ingest.provenance import Provenance, date_source
from index.load import find_files, load_file
from index.store.versions import correction_notes
from index.sync.engine import is_link
from index.text.language import unread

if TYPE_CHECKING:
    from index.fetch import LinkResult
    from rag import Pullquote

__all__ = [
    "ArticleArgument",
    "add",
    "article_metadata",
    "copies_told",
    "print_failures",
    "register",
    "remove",
    "report_json",
    "show",
    "warn_of_languages",
]

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
    app.command(epilog="Example: pullquote show china-ai-chip-curbs --dropped")(show)


ArticleArgument = Annotated[
    str,
    typer.Argument(
        help="An article id, or its beginning.", metavar="ID", autocompletion=complete_id
    ),
]


def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders (text, Markdown, JSON, CSV, HTML, PDF, DOCX, EPUB, mail, WARC) "
            "or links (of a page, a feed or a sitemap).",
            metavar="SOURCE",
        ),
    ],
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=100_000, help="Articles of each feed or sitemap."),
    ] = None,
    ray: Annotated[
        str,
        typer.Option(
            help="Read and encode files on a Ray cluster: its HOST:PORT, or auto for the one that "
            "runs here, or a new one on this machine. Needs the extra cluster.",
            metavar="ADDRESS",
        ),
    ] = "",
    ray_workers: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="The most workers on the cluster.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add articles, or update those that changed. Exit code 1 when some could not be added."""
    links = [source for source in sources if is_link(source)]
    paths = _paths([source for source in sources if not is_link(source)])
    report = AddReport()
    results: list[dict[str, Any]] = []
    with _interruption_told(report), open_library(create=True) as pullquote:
        if paths:
            with _adder(pullquote, ray, ray_workers) as add_all:
                _add_files(paths, report, add_all)
        of_paths = len(report.failed)
        if links:
            pullquote.add_links(links, limit, _on_link(report, results if as_json else None))
    if as_json:
        print_json(report_json(report) | ({"links": results} if links else {}))
    else:
        _print_report(report, report.failed[:of_paths])
    warn_of_languages(report, pullquote.settings.encoder)
    if report.failed:
        raise typer.Exit(FAILURE)


def _paths(sources: Sequence[str]) -> list[Path]:
    """Return the sources as paths; ``BadParameter`` when there is none of that name."""
    for source in sources:
        if not Path(source).exists():
            advice = "; a link begins with http:// or https://" if "://" in source else ""
            words = f"there is no {printable(source)}{advice}"
            raise typer.BadParameter(words, param_hint="SOURCE")
    return [Path(source) for source in sources]


_AddAll = Callable[[Sequence[Path], AddReport, FileProgress], object]


@contextmanager
def _adder(pullquote: Pullquote, ray: str, workers: int | None) -> Iterator[_AddAll]:
    """Yield what adds files: this machine, or the workers of a cluster until the block ends."""
    library, max_chars = pullquote.library, pullquote.settings.max_article_chars
    if not ray:

        def add_here(files: Sequence[Path], report: AddReport, bar: FileProgress) -> object:
            items = (item for file in bar.files(files) for item in load_file(file, max_chars))
            return library.add(items, report=report)

        yield add_here
        return
    from index.distributed.ingest import add_files
    from index.distributed.ray_pool import RayPool, connect

    connect(ray)
    pool = RayPool(library.settings, workers)
    try:
        yield lambda files, report, bar: add_files(library, bar.files(files), pool, report)
    finally:
        pool.close()


def _add_files(paths: Sequence[Path], report: AddReport, add_all: _AddAll) -> None:
    """Add files and folders to the library and to the report."""
    files = find_files(paths)
    if not files:
        stderr.print("No file of a kind that can be read is there.", style="yellow")
        return
    with file_progress(len(files)) as bar:
        report.on_progress = bar.report
        add_all(files, report, bar)
    report.on_progress = None


@contextmanager
def _interruption_told(report: AddReport) -> Iterator[None]:
    """End the command when it is interrupted, by Ctrl-C or by who stops processes (SIGTERM), with
    what the report counts as written by then."""
    handler = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt as exc:
        count = len(report.added) + len(report.updated)
        done = f": {count_of(count, 'article')} written" if count else " before any was written"
        stderr.print(f"Interrupted{done}. The same command adds the rest.")
        raise typer.Exit(INTERRUPTION) from exc
    finally:
        signal.signal(signal.SIGTERM, handler)


def _on_link(
    report: AddReport, records: list[dict[str, Any]] | None
) -> Callable[[LinkResult], None]:
    """Make a function that counts the result of a link in the report, and adds it to the records,
    or prints it where there are none."""

    def take(result: LinkResult) -> None:
        report.include(result.report)
        if records is None:
            _print_result(result)
        else:
            records.append(_result(result))

    return take


def _print_result(result: LinkResult) -> None:
    line = Text(f"{result.outcome:<9} ", style="red" if result.outcome == "failed" else "cyan")
    if result.outcome == "more":
        line.append(f"{result.url} lists more; --limit N takes more of it")
    elif result.outcome == "failed":
        line.append("; ".join(str(failure) for failure in result.report.failed))
    else:
        line.append(f"{result.title}  " if result.title else "")
        line.append(result.url, style="dim")
    stdout.print(line, soft_wrap=True)


def _result(result: LinkResult) -> dict[str, Any]:
    return {
        "url": result.url,
        "outcome": result.outcome,
        "ids": list(result.ids),
        "reasons": [failure.reason for failure in result.report.failed],
    }


def report_json(report: AddReport) -> dict[str, Any]:
    """Return a report of adding in plain JSON types."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "passages": report.passages,
        "failed": [
            {"source": failure.source, "reason": failure.reason} for failure in report.failed
        ],
        "copies": report.copies,
        "languages": dict(report.languages),
    }


def _print_report(report: AddReport, failures: Sequence[LoadError]) -> None:
    stdout.print(
        f"{len(report.added)} added, {len(report.updated)} updated, {report.unchanged} unchanged"
        + (f", {copies_told(report)}" if report.copies else "")
        + (f", {len(report.failed)} not added" if report.failed else "")
        + (":" if failures else "")
    )
    print_failures(failures)


def copies_told(report: AddReport) -> str:
    """Say how many of the articles written are copies, as in "2 are copies of others"."""
    count = len(report.copies)
    return "1 is a copy of another" if count == 1 else f"{count} are copies of others"


def warn_of_languages(report: AddReport, encoder: str) -> None:
    """Warn where articles were added in languages that the encoder does not read."""
    if warning := unread(report.languages, encoder):
        stderr.print(f"warning: {warning}", style="yellow", markup=False)


def print_failures(failures: Sequence[LoadError]) -> None:
    """Print which articles could not be added, and why: the first 20."""
    for failure in failures[:_SHOWN_FAILURES]:
        stderr.print(f"  {failure}", style="red", markup=False)
    more = len(failures) - _SHOWN_FAILURES
    if more > 0:
        stderr.print(f"  and {more} more; --json lists them all", style="red")


def remove(
    ids: Annotated[
        list[str],
        typer.Argument(
            help="Article ids, or their beginnings.", metavar="ID", autocompletion=complete_id
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Remove articles. If one of the ids is not there, none is removed."""
    with open_library() as pullquote:
        with pullquote.library.view() as view:
            ids = full_ids(view, ids)
        pullquote.remove(ids)
    if as_json:
        print_json({"removed": ids})
    else:
        stdout.print(f"{len(ids)} removed")


def show(
    id: ArticleArgument,
    history: Annotated[
        bool, typer.Option("--history", help="Its versions, and what changed in each.")
    ] = False,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="The text of an earlier version.")
    ] = None,
    dropped_lines: Annotated[
        bool, typer.Option("--dropped", help="Print the lines that were left out of it instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print an article as the library has it: the text that citations point into."""
    with open_library() as pullquote, pullquote.library.view() as view:
        id = full_id(view, id)
        versions = view.history(id)
        copies = [copy for copy in view.copies_of(id) if copy.id != id]
        provenance = view.provenance(id)
    if history:
        print_history(versions, as_json)
        return
    if dropped_lines and not as_json:
        _print_dropped(provenance)
        return
    matches = [item for item in versions if version in (None, item.number)][:1]
    if not matches:
        numbers = ", ".join(str(item.number) for item in versions)
        raise NotFoundError(f"{id} has no version {version}, only {numbers}")
    # Provenance is stored for the present version alone.
    now = version in (None, versions[0].number)
    _print_article(
        matches[0].article, copies if version is None else [], provenance if now else None, as_json
    )


def _print_article(
    article: Article, copies: list[Article], provenance: Provenance | None, as_json: bool
) -> None:
    if as_json:
        copy_records = [article_metadata(copy) for copy in copies]
        record = {**article_metadata(article), **_provenance(article, provenance)}
        print_json({**record, "text": article.text, "copies": copy_records})
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
    lines = provenance.dropped if provenance else ()
    return {
        "date_source": date_source(article, provenance),
        "dropped": [asdict(line) for line in lines],
    }


def _print_dropped(provenance: Provenance | None) -> None:
    if provenance is None or not provenance.dropped:
        stdout.print("Nothing was left out.", style="dim")
        return
    for entry in provenance.dropped:
        number = "-" if entry.line < 0 else str(entry.line + 1)
        line = Text(f"{number:>5}  {entry.reason:<10}  ", style="dim")
        stdout.print(line.append(entry.text, style="default"))


def article_metadata(article: Article) -> dict[str, Any]:
    """Return the metadata of an article in plain JSON types."""
    return {**article.header(), "characters": len(article.text)}
