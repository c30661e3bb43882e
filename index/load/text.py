"""Plain text: one article a file, the title on its first line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from index.article import Article, Findings
from index.boilerplate.rules import byline, sure
from index.load.base import Loaded, Source, read_text, title_from_name
from index.load.text_tables import write_text_tables
from index.text.dates import stamp
from index.text.hyphenation import join_divided
from index.text.line_joining import unwrap
from index.text.normalise import clean

__all__ = ["TextLoader"]

MAX_TITLE_CHARS = 200


class TextLoader:
    """``.txt`` files. A short first line that ends no sentence is the title."""

    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".text")
    content_types: ClassVar[tuple[str, ...]] = ("text/plain",)

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        text, rows = write_text_tables(read_text(source, max_chars))
        text = clean(join_divided(text))
        title, body = _split_title(text, rows)
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


def _split_title(text: str, rows: Sequence[str]) -> tuple[str, str]:
    """Split the title from the rest. A row of a table is no title.

    Boilerplate above the title (a breadcrumb) is skipped; it stays in the rest, from which the
    library drops it.
    """
    above, first, rest = "", *_line(text)
    while rest and sure(first, "head"):
        above += f"{first}\n"
        first, rest = _line(rest.lstrip("\n"))
    second = rest.partition("\n")[0]
    stands_alone = not second.strip() or len(second) > MAX_TITLE_CHARS
    stands_alone = stands_alone or bool(byline(second) or stamp(second))
    ends_sentence = re.search(r"[.;:,。]$", first) or first in rows
    if rest.strip() and len(first) <= MAX_TITLE_CHARS and stands_alone and not ends_sentence:
        return first.strip(), (above + rest).strip()
    return "", text


def _line(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    return first, rest
