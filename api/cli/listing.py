"""``pullquote list`` and ``open``: which articles there are, and a look at one of them."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from enum import StrEnum
from typing import Annotated, Any, Final

import typer
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from api.cli.articles import ArticleArgument, article_metadata
from api.cli.ask import (
    ArticleId,
    AsJson,
    Language,
    Publisher,
    Since,
    Until,
    filters_of,
    with_full_ids,
)
from api.cli.ids import full_id
from api.cli.library import open_library
from api.cli.output import print_json, print_nothing, source_line, stdout
from index.article import Article
from rag.console import without_controls

__all__ = ["SortKey", "list_articles", "open_article", "register"]

# Columns that a table needs beside the ids.
_BESIDE_IDS: Final = 50


class SortKey(StrEnum):
    """The order of a list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    PUBLISHER = "publisher"
    LONGEST = "longest"


# Articles come newest first; sorting keeps that order among equals.
_KEYS: Final[dict[SortKey, Callable[[Article], Any]]] = {
    SortKey.NEWEST: lambda _: 0,
    SortKey.OLDEST: lambda article: article.published_at.toordinal() if article.published_at else 0,
    SortKey.TITLE: lambda article: article.title.casefold(),
    SortKey.PUBLISHER: lambda article: (article.publisher or "\U0010ffff").casefold(),
    SortKey.LONGEST: lambda article: -len(article.text),
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("list", epilog="Example: pullquote list --publisher Reuters --sort title")(
        list_articles
    )
    app.command("open", epilog="Example: pullquote open china-ai")(open_article)


def list_articles(
    match: Annotated[
        str,
        typer.Option("--match", "-m", metavar="WORDS", help="Words in title, publisher or author."),
    ] = "",
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    article: ArticleId = None,
    language: Language = None,
    sort: Annotated[SortKey, typer.Option("--sort", "-s", help="Order.")] = SortKey.NEWEST,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="At most.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the articles, newest first. Into a pipe it writes a line each, cells parted by tabs."""
    filters = filters_of(publisher, since, until, article, language)
    with open_library() as pullquote, pullquote.library.view() as view:
        filters = with_full_ids(pullquote, filters)
        articles, _ = view.page(filters, match, view.counts()[0] or 1, 0)
        if not articles and not as_json:
            print_nothing(view, filters)
            return
    articles = sorted(articles, key=_KEYS[sort])[:limit]
    if as_json:
        print_json([article_metadata(article) for article in articles])
    elif not stdout.is_terminal:
        for row in map(_cells, articles):
            cells = (without_controls(cell.replace("\t", " ")) for cell in row)
            sys.stdout.write("\t".join(cells) + "\n")
    else:
        _print_list(articles)


def _cells(article: Article) -> tuple[str, str, str, str]:
    day = article.published_at.isoformat() if article.published_at else ""
    return article.id, article.title, article.publisher or "", day


def _print_list(articles: Sequence[Article]) -> None:
    """Print a table; where the ids leave no room for one, each id in full on a line of its own."""
    longest = max((len(article.id) for article in articles), default=0)
    if longest + _BESIDE_IDS > stdout.width:
        for article in articles:
            stdout.print(Text(article.id, style="cyan"), soft_wrap=True)
            stdout.print(Padding(Text(source_line(article), style="dim"), (0, 0, 0, 2)))
        return
    ids = Column("id", no_wrap=True, min_width=longest)
    table = Table(ids, "title", "publisher", "published", box=None, pad_edge=False)
    table.columns[-1].no_wrap = True
    for article in articles:
        table.add_row(*(Text(cell) for cell in _cells(article)))
    stdout.print(table)


def open_article(
    id: ArticleArgument,
    text: Annotated[
        bool, typer.Option("--text", help="Show the text that is kept, not the page it came from.")
    ] = False,
) -> None:
    """Open an article: its page in the browser where it has a link, else its text in the pager."""
    with open_library() as pullquote, pullquote.library.view() as view:
        article = view.article(full_id(view, id))
    is_link = (article.url or "").startswith(("http://", "https://"))
    if is_link and not text and _browse(article.url or ""):
        stdout.print(article.url, markup=False, soft_wrap=True)
        return
    with stdout.pager() if stdout.is_terminal else nullcontext():
        stdout.print(Text(f"{source_line(article)}\n\n{article.text}"))


def _browse(url: str) -> bool:
    """Open a link in a graphical browser; ``False`` where there is none."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("BROWSER")
    ):
        return False
    return webbrowser.open(url)
