"""JSON Lines: one article a line."""

from __future__ import annotations

import codecs
import functools
import html
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, ClassVar, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from index.article import Article, Findings
from index.boilerplate.rules import byline
from index.errors import LoadError
from index.load.base import Loaded, Source, decode, finish_article, id_for, one_of_many, too_long
from index.load.html.json_ld import names_of
from index.load.html.markup import Piece, words_of_markup
from index.load.plain.text_tables import write_text_tables
from index.load.records.exports import article_fields
from index.load.records.field_names import text_parts
from index.text.dates import needs_order, parse_day
from index.text.line_joining import clean_prose
from index.text.normalise import clean_line

__all__ = ["JsonlLoader", "Record", "explain", "loaded"]

# What a text has that was taken out of a page with its mark-up; prose names a tag once at most.
_MARKUP = re.compile(
    r"</(?:p|div|h[1-6]|li|[ou]l|blockquote|t[dr]|table|section|article|a)>|<br\s*/?>|<a\s+href="
    r"|<(?:b|i|u|em|strong|su[bp]|span|q)(?:\s[^<>]{0,200})?>[^<>]{1,200}</",
    re.IGNORECASE,
)
# The one tag of a text, where it ends a line and is not what the text is about.
_LINE_END = re.compile(
    r"(?<=[.!?:;,\"”’»)])[ \t]{0,9}<br\s{0,9}/?>\s{0,9}"
    r"|(?<=\w)<br\s{0,9}/?>\s{0,9}(?=\w)|(?<=\w)[ \t]<br\s{0,9}/?>(?=\w)",
    re.IGNORECASE,
)
# Line ends that were escaped twice, in a text that has no other.
_ESCAPED_LINE_END = re.compile(r"(?:\\r)?\\n")
_LEAST_ESCAPED = 2
_MOST_NAMES = 12
_BEGINS_AS_MARKUP = re.compile(r"\s*<[A-Za-z][a-z1-6]*(?:\s[^<>]*)?>")
_REFERENCE = re.compile(
    r"&(?:#\d{2,6}|#x[\da-f]{2,5}|amp|quot|apos|nbsp|lt|gt|[lr][sd]quo|[lrb]dquo|[lr]aquo|[nm]dash"
    r"|hellip|[a-z]{1,2}(?:uml|acute|grave|circ|cedil|tilde|ring|slash|caron|lig)|euro|pound|shy);",
    re.IGNORECASE,
)


def _day(value: Any) -> Any:
    """Parse a day; an ambiguous one stays text; ``ValueError`` for what is no day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    # A number is a day as it is written (20250301) or none, but no seconds since 1970.
    value = str(value).strip()
    if not value:
        return None
    if needs_order(value):
        return value
    if day := parse_day(value):
        return day
    raise ValueError(f"{value[:40]!r} is no day; write it as 2025-03-01 or 1 March 2025")


def _names(value: Any) -> Any:
    """Join names that are given as a list, or as objects with a name, to one text; ``None`` for
    what holds none."""
    return "; ".join(names_of(value)) or None if isinstance(value, (list, dict)) else value


def _without_by(author: str) -> str:
    """Return the author of a field that has a whole byline."""
    return (byline(author) if author[:3].lower() == "by " else None) or author


def _line(value: Any) -> Any:
    """Return an empty text for nothing, and the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else value


def _paragraphs(value: Any) -> Any:
    """Join paragraphs that are given as a list."""
    parts = text_parts(value)
    return value if parts is None else "\n\n".join(parts)


_Line = Annotated[str, BeforeValidator(_line)]
_Names = Annotated[str | None, BeforeValidator(_names)]


class Record(BaseModel):
    """The fields of an article in a file: one line of JSON, or the front matter of a page."""

    # Other people's files carry more fields than ours; they are no mistake.
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    text: Annotated[str, BeforeValidator(_paragraphs)]
    title: _Line = ""
    id: Annotated[str | None, Field(validation_alias=AliasChoices("id", "doc_id", "_id"))] = None
    url: str | None = None
    publisher: _Names = None
    author: _Names = None
    published_at: Annotated[
        date | str | None,
        BeforeValidator(_day),
        Field(validation_alias=AliasChoices("published_at", "date")),
    ] = None
    language: _Line = ""

    @model_validator(mode="before")
    @classmethod
    def _with_known_names(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return article_fields(values)

    def article(
        self,
        id: str,
        title: str,
        source: str,
        found_as: Literal["page", "record"] = "record",
        rows: tuple[str, ...] = (),
        left_out: tuple[tuple[str, str], ...] = (),
        code: tuple[str, ...] = (),
    ) -> Article:
        """Make the article, under the id and title that the loader chose. ``rows``: the lines of
        its text that are rows of tables, ``code`` those of programs. ``left_out``: words of it that
        are not there, with the reason."""
        day = self.published_at if isinstance(self.published_at, date) else None
        return Article(
            id=clean_line(id),
            title=title,
            text=self.text,
            publisher=clean_line(self.publisher or "") or None,
            author=_without_by(clean_line(self.author or "")) or None,
            published_at=day,
            language=self.language.strip().lower(),
            url=self.url,
            source=source,
            found_as=found_as,
            date_source="given" if self.published_at else None,
            findings=Findings(
                left_out,
                unclear_day=self.published_at if isinstance(self.published_at, str) else "",
                rows=rows,
                code=code,
            ),
        )


class JsonlLoader:
    """``.jsonl`` files with ``title`` and ``text``; optional ``id`` (or ``doc_id``, ``_id``),
    ``url``, ``publisher``, ``author``, ``published_at`` (or ``date``) and ``language``, or the
    same by another name or within the part that holds the article
    (:mod:`index.load.records.field_names`).
    Names may be lists or objects with a name, a text a list of paragraphs. A text with mark-up is
    read as a page is.

    A day is ``2025-03-01``, ``1 March 2025``, ``01.03.2025`` and the like; ``05/06/2025`` only
    where the settings give the order of days and months. A line with neither id nor URL is
    identified by its text: an edited one is another article.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson")
    content_types: ClassVar[tuple[str, ...]] = (
        "application/jsonl",
        "application/x-ndjson",
        "application/x-jsonlines",
    )

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        # A longest allowed article, escaped as \uXXXX throughout, and its other fields.
        limit = 6 * max_chars + 65_536
        count = 0
        try:
            with source.open() as file:
                number = 0
                read_line = _line_reader(file)
                while line := read_line(limit):
                    number += 1
                    place = f"{source.name}:{number}"
                    if len(line) >= limit and not line.endswith(b"\n"):
                        _skip_line(read_line)
                        count += 1
                        yield LoadError(place, too_long(f"over {limit:,} bytes", max_chars))
                    elif line.strip():
                        count += 1
                        read = functools.partial(_article, line, place, max_chars)
                        yield one_of_many(place, read)
        except OSError as exc:
            raise source.refused(exc.strerror or str(exc)) from exc
        if not count:
            raise source.refused("the file is empty")


def _line_reader(file: BinaryIO) -> Callable[[int], bytes]:
    """Return what reads the next line of a file, up to so many bytes or characters of it; a file in
    two bytes a character is turned to UTF-8."""
    mark = file.read(2)
    file.seek(0)
    if mark not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return file.readline
    # What is no UTF-16 stays as it is, for its line to be refused.
    lines = io.TextIOWrapper(file, "utf-16", errors="surrogateescape", newline="\n")
    return lambda limit: lines.readline(limit).encode(errors="surrogateescape")


def _skip_line(read_line: Callable[[int], bytes]) -> None:
    while (rest := read_line(1 << 20)) and not rest.endswith(b"\n"):
        pass


def _article(line: bytes, source: str, max_chars: int) -> Loaded:
    try:
        record = Record.model_validate(json.loads(decode(line, source), strict=False))
        return loaded(record, source, max_chars)
    except ValidationError as exc:
        return LoadError(source, explain(exc))
    except json.JSONDecodeError as exc:
        return LoadError(source, f"not JSON: {exc.msg} at character {exc.pos + 1}")


def loaded(record: Record, source: str, max_chars: int) -> Loaded:
    """Return the cleaned article of a record, or an error that says why there is none."""
    words, rows, left_out = _words(record.text)
    record.text = clean_prose("\n\n".join(words))
    if not record.text:
        return LoadError(source, "text is empty")
    if len(record.text) > max_chars:
        return LoadError(source, too_long(f"{len(record.text):,} characters", max_chars))
    title = clean_line(" ".join(_words(record.title).blocks))
    name = title or record.text[:60]
    return finish_article(
        record.article(
            id=record.id or id_for(name, record.url or record.text),
            title=title,
            source=source,
            rows=rows,
            left_out=left_out,
        )
    )


def _words(text: str) -> Piece:
    """Return what a text says, which may have mark-up."""
    tags = len(_MARKUP.findall(text))
    if tags > 1 or (tags and _BEGINS_AS_MARKUP.match(text)):
        piece = words_of_markup(text)
        if piece.blocks:
            return piece
    text = _LINE_END.sub("\n", text)
    if "\n" not in text and len(_ESCAPED_LINE_END.findall(text)) >= _LEAST_ESCAPED:
        text = _ESCAPED_LINE_END.sub("\n", text)
    plain, rows = write_text_tables(html.unescape(text) if _REFERENCE.search(text) else text)
    return Piece([plain], rows)


def explain(error: ValidationError) -> str:
    """Describe the first error of a record in one line."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if not where:
        return "not a JSON object"
    if first["type"] == "missing":
        return f"field {where!r} is missing{_names_given(first['input'])}"
    return f"field {where!r}: {first['msg']}"


def _names_given(values: Any) -> str:
    """Name the fields that a record has in place of one, so that it can be seen which was meant."""
    if not isinstance(values, Mapping) or not values:
        return ""
    names: list[str] = []
    for name, value in values.items():
        inner = value if isinstance(value, Mapping) else {}
        names += [f"{name}.{part}" for part in inner] or [str(name)]
    listing = ", ".join(name[:40] for name in names[:_MOST_NAMES])
    return f"; there are {listing}{' ...' if len(names) > _MOST_NAMES else ''}"
