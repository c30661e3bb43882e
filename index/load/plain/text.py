"""Plain text: one article a file, the title on its first line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import ValidationError

from index.boilerplate.rules import says_who_or_when, sure
from index.load.base import Loaded, Source, read_text, title_from_name
from index.load.plain.form_feeds import join_pages
from index.load.plain.head_lines import are_credits, author_below, head_lines
from index.load.plain.header_fields import split_header
from index.load.plain.line_numbers import without_line_numbers
from index.load.plain.quotations import quotation_depth, quotation_prose
from index.load.plain.text_dialects import read_dialect
from index.load.plain.text_tables import write_text_tables
from index.load.records.jsonl import Record, explain
from index.text.dates import stamp
from index.text.hyphenation import join_divided
from index.text.line_joining import join_lines
from index.text.normalise import clean, clean_line

__all__ = ["TextLoader", "split_title"]

MAX_TITLE_CHARS = 200
_RULED = re.compile(
    r"^(?:(?P<sign>[=~^#*+\"-])(?P=sign){2,}[ \t]*\n)?(?P<heading> ?[^\W_][^\n]{0,118})\n"
    r"(?P<rule>([=~^#*+\"-])\4{2,})[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)
_MOST_OVER = 2
_SENTENCE_END = re.compile(r"[.;:,。]$")
# What papers set above a headline.
_KICKER = re.compile(
    r"(?:(?:guest )?(?:opinion|comment|essay)|(?:news )?analysis|commentary|editorial|column"
    r"|profile|feature|interview|review|obituary|explainer|(?:news )?in brief|exclusive"
    r"|breaking(?: news)?|news|politics|business|sports?|culture|science|world):?",
    re.IGNORECASE,
)


class TextLoader:
    """``.txt`` files. A short first line that ends no sentence is the title."""

    suffixes: ClassVar[tuple[str, ...]] = (".txt", ".text")
    content_types: ClassVar[tuple[str, ...]] = ("text/plain",)

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        text, line_numbers = without_line_numbers(read_text(source, max_chars))
        pages, page_lines = join_pages(text)
        plain = read_dialect(pages)
        header, text = split_header(plain.text)
        text, rows = write_text_tables(text)
        text = clean(join_divided(_without_rules(text)))
        header_fields = {**plain.fields, **header.fields}
        title, body = split_title(text, rows)
        if header_fields.get("title", title) != title:
            title, body = "", text
        body = _prose(body)
        if not body:
            raise source.refused("the file holds no text")
        try:
            record = Record.model_validate({"title": title, **header_fields, "text": body})
        except ValidationError as exc:
            raise source.refused(f"its header: {explain(exc)}") from exc
        record.author = record.author or author_below(
            text.partition(f"{title}\n")[2] if title else ""
        )
        record.url = record.url or source.url
        name = clean_line(record.title) or title_from_name(source.stem)
        left_out = (
            *line_numbers,
            *page_lines,
            *plain.left_out,
            *((line, "header") for line in header.unread_lines),
        )
        yield record.article(source.id(), name, source.name, "page", rows, left_out)


def _prose(text: str) -> str:
    """Join the lines of paragraphs, those of quotations apart from the others."""
    groups = itertools.groupby(text.split("\n"), quotation_depth)
    parts = [(depth, "\n".join(lines)) for depth, lines in groups]
    prose = "\n".join(quotation_prose(part) if depth else join_lines(part) for depth, part in parts)
    return clean(prose)


def _without_rules(text: str) -> str:
    """Remove the lines of one sign below headings, and above them, as reStructuredText has them:
    about as long as the heading, which then stands apart."""

    def heading(match: re.Match[str]) -> str:
        is_ruled = abs(len(match["rule"].strip()) - len(match["heading"].strip())) <= _MOST_OVER
        return f"{match['heading'].strip()}\n\n" if is_ruled else match[0]

    return _RULED.sub(heading, text)


def split_title(text: str, rows: Sequence[str]) -> tuple[str, str]:
    """Split the title from the rest. A row of a table is no title.

    Boilerplate above the title (a breadcrumb, "For immediate release" and the day, "Opinion") is
    skipped; it stays in the rest, from which the library drops it.
    """
    above, first, rest = "", *_line(text)
    while rest and (
        sure(first, "head") or (above and stamp(first)) or _is_kicker(first, rest.lstrip("\n"))
    ):
        above += f"{first}\n"
        first, rest = _line(rest.lstrip("\n"))
    second = rest.partition("\n")[0].strip()
    stands_alone = not second or len(second) > MAX_TITLE_CHARS
    stands_alone = stands_alone or bool(re.fullmatch(r"https?://\S+", second))
    stands_alone = stands_alone or bool(stamp(second)) or are_credits([second])
    stands_alone = stands_alone or are_credits(head_lines(rest))
    ends_sentence = _SENTENCE_END.search(first) or first in rows
    if rest.strip() and len(first) <= MAX_TITLE_CHARS and stands_alone and not ends_sentence:
        # Markdown is often saved as a text.
        return re.sub(r"^#{1,3} ", "", first.strip()), (above + rest).strip()
    return "", text


def _is_kicker(line: str, below: str) -> bool:
    """Whether a line says of what kind the article is, and a title stands below it."""
    title = _line(below)[0].strip()
    is_title = len(title) <= MAX_TITLE_CHARS and not _SENTENCE_END.search(title)
    return bool(_KICKER.fullmatch(line.strip())) and is_title and not says_who_or_when(title)


def _line(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    return first, rest
