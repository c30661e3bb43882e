"""Plain text: one article a file, the title on its first line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from index.article import Article, Findings
from index.boilerplate.rules import sure
from index.load.base import Loaded, Source, read_text, title_from_name
from index.load.rows import write_tabs
from index.text.line_joining import unwrap
from index.text.normalise import clean

__all__ = ["TextLoader"]

MAX_TITLE_CHARS = 200


class TextLoader:
    """``.txt`` files. A short first line that ends no sentence is the title."""

    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".text")
    content_types: ClassVar[tuple[str, ...]] = ("text/plain",)

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        text, rows = write_tabs(read_text(source, max_chars))
        text = clean(text)
        title, body = _split_title(text)
        body = unwrap(body)
        if not body:
            raise source.refused("the file holds no text")
        yield Article(
            id=source.id(),
            title=title or title_from_name(source.stem),
            text=body,
            url=source.url,
            source=source.name,
            findings=Findings(rows=rows),
        )


def _split_title(text: str) -> tuple[str, str]:
    """Split the title from the rest.

    Boilerplate above the title (a breadcrumb) is skipped; it stays in the rest, from which the
    library drops it.
    """
    above, first, rest = "", *_line(text)
    while rest and sure(first, "head"):
        above += f"{first}\n"
        first, rest = _line(rest.lstrip("\n"))
    stands_alone = rest.startswith("\n") or len(rest.partition("\n")[0]) > MAX_TITLE_CHARS
    ends_sentence = re.search(r"[.;:,]$", first)
    if rest.strip() and len(first) <= MAX_TITLE_CHARS and stands_alone and not ends_sentence:
        return first.strip(), (above + rest).strip()
    return "", text


def _line(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    return first, rest
