"""Mark-up as a tree, and the words of a piece of it: of a short mail, of HTML within Markdown or a
Word document, where nothing has to be looked for."""

from __future__ import annotations

from typing import Any

from index.load.blocks import blocks
from index.load.captions import write_captions
from index.load.charset import without_odd_characters
from index.load.inline import settle_inline
from index.load.popups import is_hidden
from index.load.table import write_definitions, write_tables
from index.load.tags import local_name, remove

__all__ = ["MAX_ELEMENTS", "TooManyElements", "parse_markup", "words_of_markup"]

# Trafilatura takes about a second of processor time for 8,000.
MAX_ELEMENTS = 100_000
# Characters of mark-up that is read without looking for an article in it.
MAX_PIECE = 1_000_000


class TooManyElements(ValueError):
    """The mark-up has this many elements."""


def parse_markup(markup: str) -> Any:
    """The tree of a page without its comments. ``ValueError`` where there is none to be made,
    ``TooManyElements`` for one that is too large."""
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True, no_network=True
    )
    data = without_odd_characters(markup).encode(errors="replace")
    try:
        tree = document_fromstring(data, parser=parser)
    except (LxmlError, AssertionError) as exc:
        raise ValueError(str(exc)) from exc
    count = sum(1 for _ in tree.iter())
    if count > MAX_ELEMENTS:
        raise TooManyElements(f"{count:,}")
    return tree


def words_of_markup(markup: str) -> tuple[list[str], tuple[str, ...]]:
    """The blocks of a piece of mark-up from first to last, and which of them are rows of tables.
    Both are empty where there are none, or where the piece is too large."""
    if len(markup) > MAX_PIECE:
        return [], ()
    try:
        body = parse_markup(markup).find("body")
    except ValueError:
        return [], ()
    if body is None:
        return [], ()
    _remove_hidden(body)
    settle_inline(body)
    rows = write_tables(body)
    write_definitions(body)
    write_captions(body)
    return list(blocks(body)), tuple(rows)


def _remove_hidden(body: Any) -> None:
    """Take out what is not seen: no script shows it here as it may on a page."""
    for element in list(body.iterdescendants()):
        if local_name(element) and element.getparent() is not None and is_hidden(element):
            remove(element)
