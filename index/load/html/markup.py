"""Parse mark-up, and extract all words of a piece of it: of a short mail, or of HTML within
Markdown or a Word document, where no article has to be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from index.load.encoding.charset import without_odd_characters
from index.load.html.blocks import blocks
from index.load.html.captions import write_captions
from index.load.html.inline import settle_inline
from index.load.html.popups import is_hidden, removal
from index.load.html.style_sheet import write_styles
from index.load.html.table import write_definitions, write_tables
from index.load.html.tags import is_within, local_name, remove

__all__ = [
    "MAX_ELEMENTS",
    "Piece",
    "TooManyAttributes",
    "TooManyElements",
    "parse_markup",
    "words_of_markup",
]

# Trafilatura takes about a second of processor time for 8,000.
MAX_ELEMENTS = 100_000
# Characters of mark-up that is read without looking for an article in it.
MAX_PIECE = 1_000_000
# What is left out, and listed.
_MOST_REMOVALS = 100
# Libxml2 compares each attribute of a tag with all before it.
_MAX_ATTRIBUTES = 5_000
# A tag to its end, or to that of the page: what is open is never tried twice. Then, what is quoted.
_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*+"?|'[^']*+'?)*+""")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"?|'[^']*+'?)""")
# Libxml2 reads nothing behind them; browsers pass over them, wherever they stand.
# A line end between characters of Chinese or Japanese, which have no spaces between words. Korean
# has them.
_WIDE = (
    r"[\u3001-\u303f\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f"
    r"\U00020000-\U0003fffd]"
)
_WIDE_LINE_END = re.compile(rf"(?<={_WIDE})[ \t\r]*+\n\s*+(?={_WIDE})")
_VERBATIM = {"pre", "textarea", "script", "style"}
_END_OF_PAGE = re.compile(r"(?i)</(?:body|html)\s{0,99}>")


class TooManyElements(ValueError):
    """The mark-up has more elements than are read; the argument is their number."""


class TooManyAttributes(ValueError):
    """A tag has more attributes than are read, in a message for people."""


def parse_markup(markup: str) -> Any:
    """The tree of a page without its comments. ``ValueError`` where there is none to be made,
    ``TooManyElements`` and ``TooManyAttributes`` for one that is too large."""
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    if any(_attributes(tag[0]) > _MAX_ATTRIBUTES for tag in _TAG.finditer(markup)):
        raise TooManyAttributes(f"a tag of over {_MAX_ATTRIBUTES:,} attributes")
    parser = HTMLParser(
        encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True, no_network=True
    )
    data = without_odd_characters(_END_OF_PAGE.sub("", markup)).encode(errors="replace")
    try:
        tree = document_fromstring(data, parser=parser)
    except (LxmlError, AssertionError) as exc:
        raise ValueError(str(exc)) from exc
    count = sum(1 for _ in tree.iter())
    if count > MAX_ELEMENTS:
        raise TooManyElements(f"{count:,}")
    if _WIDE_LINE_END.search(markup):
        _join_wide_lines(tree)
    return tree


def _join_wide_lines(tree: Any) -> None:
    """Leave out the line ends of the mark-up that would be spaces within words."""
    for element in tree.iter():
        is_written = not is_within(element, _VERBATIM)
        if is_written and local_name(element) not in _VERBATIM and element.text:
            element.text = _WIDE_LINE_END.sub("", element.text)
        if is_written and element.tail:
            element.tail = _WIDE_LINE_END.sub("", element.tail)


def _attributes(tag: str) -> int:
    """Count the attributes of a tag, or return a number that is not below theirs."""
    # The shortest is a letter and a space.
    if len(tag) <= 2 * _MAX_ATTRIBUTES:
        return 0
    return len(_QUOTED.sub(" ", tag).replace("/", " ").split())


class Piece(NamedTuple):
    """What a piece of mark-up says: its blocks, which of them are rows of tables, and ``(text,
    reason)`` of what is left out."""

    blocks: list[str]
    rows: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


def words_of_markup(markup: str) -> Piece:
    """Return what a piece of mark-up says; nothing where there are no words, or where the piece is
    too large."""
    if len(markup) > MAX_PIECE:
        return Piece([])
    try:
        tree = parse_markup(markup)
    except ValueError:
        return Piece([])
    body = tree.find("body")
    if body is None:
        return Piece([])
    write_styles(tree)
    removals = [*_remove_hidden(body), *settle_inline(body)][:_MOST_REMOVALS]
    rows = write_tables(body)
    write_definitions(body)
    write_captions(body)
    return Piece(list(blocks(body)), tuple(rows), tuple(removals))


def _remove_hidden(body: Any) -> Iterator[tuple[str, str]]:
    """Remove hidden elements, as no script can show them here; yield their words, with the
    reason."""
    for element in list(body.iterdescendants()):
        if local_name(element) and element.getparent() is not None and is_hidden(element):
            yield from removal(element, "hidden")
            remove(element)
