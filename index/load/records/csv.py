"""Tables: one article a row, columns named as the fields of a JSON line."""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, ClassVar, Literal, NamedTuple

from pydantic import ValidationError

from index.errors import LoadError
from index.load.base import Loaded, Source, encoding_of, one_of_many, too_long, wide_encoding
from index.load.records.exports import article_fields
from index.load.records.field_names import field_named
from index.load.records.jsonl import Record, explain, loaded

__all__ = ["CsvLoader"]

_CHUNK = 1 << 20
_HEADER_CHARS = 65_536
# What Excel has above the header.
_SEPARATOR = re.compile(r"(?i)\"?sep=.\"?[\s,;]*")
# What the module csv says of a cell that goes on behind its last quotation mark.
_UNDOUBLED = "expected after"
# A byte that is no character of the encoding.
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
_NAMES = {"text", "title", "id", "doc_id", "_id", "url", "publisher", "author"} | {
    *("published_at", "date", "language"),
}


class _Form(NamedTuple):
    """How cells are quoted, in the words of :mod:`csv`."""

    escapechar: str | None = None
    skipinitialspace: bool = False
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
    quotechar: str = '"'


# Of two that read the first rows alike, the first.
_FORMS = (
    _Form(),
    _Form(skipinitialspace=True),
    _Form(escapechar="\\"),
)
# Where no cell begins with a quotation mark.
_APOSTROPHE_FORMS = (
    _Form(quotechar="'"),
    _Form(quotechar="'", escapechar="\\"),
)
# In tables with tabs quotation marks may be the text's own.
_BARE_FORM = _Form(quoting=csv.QUOTE_NONE)


class CsvLoader:
    """``.csv`` and ``.tsv`` with a header row: ``text``, and the other fields of a JSON line.

    The separator is a comma, semicolon, tab or bar, whichever the header uses; quotation marks are
    doubled in a cell, or have a backslash before them, or mean nothing, or are apostrophes,
    whichever the first rows show. Blank lines and Excel's ``sep=;`` may stand above the header.
    Its case does not matter, a column may have another name of its field
    (:mod:`index.load.records.field_names`), other columns are ignored, an empty cell is a
    missing value.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv")
    content_types: ClassVar[tuple[str, ...]] = ("text/csv", "text/tab-separated-values")

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        # The limit is one for the whole process; it is only ever raised. A cell that is over it
        # ends the reading of its file, one that is too long for an article costs its row.
        csv.field_size_limit(max(csv.field_size_limit(), _longest_line(max_chars)))
        with source.open() as file:
            encoding = _encoding(file, source)
            file.seek(0)
            opening = io.TextIOWrapper(file, encoding, errors="replace", newline="")
            sample = opening.read(_CHUNK)
            opening.detach()
            file.seek(0)
            # What does not fit the encoding costs its row.
            lines = io.TextIOWrapper(file, encoding, errors="surrogateescape", newline="")
            try:
                yield from _rows(lines, sample, source, max_chars)
            except OSError as exc:
                raise source.refused(exc.strerror or str(exc)) from exc


def _encoding(file: BinaryIO, source: Source) -> str:
    """Determine the encoding by the first stretch that is not ASCII; the file is read no
    further."""
    head = file.read(_CHUNK)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if wide := wide_encoding(head):
        return wide
    chunk = head
    while chunk.isascii() and (following := file.read(_CHUNK)):
        chunk = following
    # A character may be cut in two where a chunk begins or ends within the file.
    start = 0 if chunk is head else chunk.find(b"\n") + 1
    end = len(chunk) if len(chunk) < _CHUNK else chunk.rfind(b"\n") + 1
    encoding = encoding_of(chunk[start:end] or chunk, source.name)
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _longest_line(max_chars: int) -> int:
    """How many characters a line may have: more than a text and its other fields need."""
    return 2 * max_chars + 65_536


def _limit_lines(lines: io.TextIOWrapper, limit: int, source: Source) -> Iterator[str]:
    """Yield the lines, none longer than ``limit`` characters."""
    while line := lines.readline(limit):
        if len(line) == limit and not line.endswith("\n"):
            raise source.refused(f"a line of over {limit:,} characters")
        yield line


def _rows(lines: io.TextIOWrapper, sample: str, source: Source, max_chars: int) -> Iterator[Loaded]:
    above, first = _first_line(lines)
    if not first:
        raise source.refused("the file is empty")
    delimiter, names = _header(first, f"{source.name}:{above + 1}")
    # Cut as the rows are: str.splitlines would also cut at U+2028 and other signs within a cell.
    form = _form(list(io.StringIO(sample, newline=""))[above + 1 :], delimiter, len(names))
    limit = _longest_line(max_chars)
    rows = csv.reader(
        _limit_lines(lines, limit, source), delimiter=delimiter, strict=True, **form._asdict()
    )
    while True:
        place = f"{source.name}:{rows.line_num + above + 2}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as exc:
            reason = str(exc)
            if _UNDOUBLED in reason:
                yield LoadError(place, f"{reason}: quotation marks within a cell are to be doubled")
                continue
            if "field larger" in reason:
                reason = too_long("a cell", max_chars)
            yield LoadError(place, f"{reason}; a quotation mark may be left open here, so nothing "
                            "after this line was read")  # fmt: skip
            return
        if byte := _STRAY_BYTE.search("".join(row)):
            reason = f"the byte 0x{ord(byte[0]) & 0xFF:02x} in it is no {lines.encoding}"
            yield LoadError(place, f"{reason}; repair the row")
        elif any(cell.strip() for cell in row):
            read = functools.partial(_article, row, names, place, max_chars)
            yield one_of_many(place, read)


def _first_line(lines: io.TextIOWrapper) -> tuple[int, str]:
    """Read to the header; returns how many lines stand above it, and the line, which is empty at
    the end of the file."""
    above = 0
    while line := lines.readline(_HEADER_CHARS):
        if line.strip("\ufeff \r\n\t,;|") and not _SEPARATOR.fullmatch(line.lstrip("\ufeff")):
            return above, line
        above += 1
    return above, ""


def _form(sample: list[str], delimiter: str, columns: int) -> _Form:
    """Choose the form in which the first rows are whole for longest."""

    def whole_lines(form: _Form) -> int:
        rows = csv.reader(sample, delimiter=delimiter, strict=True, **form._asdict())
        count = 0
        with suppress(csv.Error):
            for row in rows:
                if row and len(row) != columns:
                    break
                count = rows.line_num
        return count

    forms = (*_FORMS, _BARE_FORM) if delimiter == "\t" else _FORMS
    if not re.search(rf'(?m)(?:^|{re.escape(delimiter)}) *"', "".join(sample)):
        forms = (*forms, *_APOSTROPHE_FORMS)
    return max(forms, key=whole_lines)


def _header(line: str, place: str) -> tuple[str, list[str]]:
    """Return the separator that the header uses, and its names, each field under its own if its
    column has another one."""
    best: list[str] = []
    delimiter = ","
    for mark in ",;\t|":
        cells = next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
        names = [_without_quotes(name.strip("\ufeff ")).lower() for name in cells]
        if _count_known(names) > _count_known(best):
            best, delimiter = names, mark
    if "text" not in article_fields(dict.fromkeys(best, "-")):
        raise LoadError(
            place,
            f"the header row has no column 'text' (known: {', '.join(sorted(_NAMES))})",
        )
    twice = next((name for name in best if name in _NAMES and best.count(name) > 1), None)
    if twice:
        raise LoadError(place, f"the header row has the column {twice!r} twice")
    return delimiter, best


def _without_quotes(name: str) -> str:
    return name[1:-1] if len(name) > 2 and name[0] == name[-1] == "'" else name


def _count_known(names: list[str]) -> int:
    return len(
        {field for name in names if (field := name if name in _NAMES else field_named(name))}
    )


def _article(row: list[str], names: list[str], place: str, max_chars: int) -> Loaded:
    if len(row) != len(names):
        return LoadError(
            place, f"{len(row)} cells for {len(names)} columns; quote cells that hold the divider"
        )
    metadata = {
        name: cell for name, cell in zip(names, row, strict=True) if name == "text" or cell.strip()
    }
    try:
        return loaded(Record.model_validate(metadata), place, max_chars)
    except ValidationError as exc:
        return LoadError(place, explain(exc))
