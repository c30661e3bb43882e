"""The protocol of loaders, their input, and the decoding of bytes.

A loader turns one source, a file or bytes that were fetched, into articles. It yields, in order, an
:class:`Article` for each one it can read and a :class:`LoadError` for each that it cannot, so that
one broken line costs one article and not the file. Only what makes the whole source unreadable is
raised.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import BinaryIO, Literal, Protocol, Self
from urllib.parse import urlsplit

from charset_normalizer import from_bytes

from index.article import Article
from index.errors import LoadError, printable
from index.load.accents import compose_accents
from index.load.encoding.code_page import EUROPEAN, code_page
from index.load.encoding.east_asian import east_asian_page, wide_east_asian_text
from index.load.note_marks import without_note_marks
from index.load.superscripts import settle_superscripts
from index.text.normalise import clean_line, without_controls

__all__ = [
    "Loaded",
    "Loader",
    "Source",
    "address_problem",
    "check_article",
    "decode",
    "encoding_of",
    "finish_article",
    "id_for",
    "one_of_many",
    "origin_of",
    "read_text",
    "title_from_name",
    "too_long",
    "unmarked_text",
    "wide_encoding",
]

Loaded = Article | LoadError

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SAMPLE = 65_536
# Chinese in pairs of ASCII letters between "~{" and "~}".
_HZ = re.compile(rb"~\{(?:[!-w][!-~]){4,}~\}")
_STRAY_ZEROS = 3
# What one version of Python nests and writes, another might not read: the versions end between
# about 1,000 and 10,000 levels.
_METADATA_LEVELS = 100
# Code pages of DOS and of the Macintosh before 2001, which fit almost any bytes.
_OBSOLETE = [
    *(f"cp{number}" for number in (437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862)),
    *(f"cp{number}" for number in (863, 864, 865, 866, 869, 1125)),
    *(f"mac_{name}" for name in ("cyrillic", "greek", "iceland", "latin2", "roman", "turkish")),
]


@dataclass(frozen=True, slots=True)
class Source:
    """The input of a loader: a file, or bytes from elsewhere. One of ``path`` and ``data`` is set.

    ``name`` (a path or a URL) stands in errors and in ``Article.source``. ``origin`` identifies an
    article that states neither id nor URL. ``url`` is where the bytes came from, ``content_type``
    the server's header, with its charset.
    """

    name: str
    origin: str
    path: Path | None = None
    data: bytes | None = None
    url: str | None = None
    content_type: str | None = None

    @classmethod
    def of_file(cls, path: Path, name: str | None = None, origin: str | None = None) -> Self:
        """Make a source of a file, identified by its full path by default.

        A file name may hold any character but NUL and a slash; what cannot be printed of it is
        escaped.
        """
        if origin is None:
            # Links that lead in a circle have no end to follow them to.
            origin = os.path.realpath(path)
        return cls(printable(name or str(path)), origin, path=path)

    @classmethod
    def of_bytes(
        cls, data: bytes, name: str, url: str | None = None, content_type: str | None = None
    ) -> Self:
        """Make a source of bytes, identified by their URL or else by their name."""
        name = printable(name)
        return cls(name, url or name, data=data, url=url, content_type=content_type)

    @property
    def stem(self) -> str:
        """The bare name without folder and suffix, of the file or of the URL's last part."""
        return PurePath(re.sub(r"[?#].*", "", self.name) if self.url else self.name).stem

    @property
    def size(self) -> int:
        """The size in bytes. ``LoadError`` when the file cannot be accessed."""
        if self.data is not None:
            return len(self.data)
        assert self.path is not None
        try:
            return self.path.stat().st_size
        except OSError as exc:
            raise self.refused(exc.strerror or str(exc)) from exc

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read; of what is no regular file (a pipe) nobody knows."""
        return not self.size and (self.path is None or self.path.is_file())

    def open(self) -> BinaryIO:
        """Open the bytes as a seekable file. ``LoadError`` when it cannot be opened."""
        if self.data is not None:
            return io.BytesIO(self.data)
        assert self.path is not None
        try:
            return self.path.open("rb")
        except OSError as exc:
            raise self.refused(exc.strerror or str(exc)) from exc

    def read(self, limit: int) -> bytes:
        """Read all bytes; ``LoadError``, before any is read, when there are more than ``limit``."""
        if self.size > limit:
            raise self.refused(
                f"{self.size:,} bytes, over the limit of {limit:,} bytes for this format"
            )
        try:
            with self.open() as file:
                return file.read(limit + 1)
        except OSError as exc:
            raise self.refused(exc.strerror or str(exc)) from exc

    def refused(self, reason: str) -> LoadError:
        """Make the error that says why there is no article here."""
        return LoadError(self.name, reason)

    def id(self, part: str = "") -> str:
        """Make the id of an article that is identified by its location; ``part`` distinguishes
        several."""
        name, origin = (f"{self.stem}-{part}", f"{self.origin}#{part}") if part else ("", "")
        return id_for(name or self.stem, origin or self.origin)


def finish_article(article: Article) -> Loaded:
    """Finish an article of any format: remove raised characters that join its numbers
    (:mod:`index.load.superscripts`) and marks of notes (:mod:`index.load.note_marks`), and check
    it; returns the article, or the error that says why it cannot be stored."""
    title, _ = without_note_marks(settle_superscripts(article.title), ())
    rows = tuple(map(settle_superscripts, article.findings.rows))
    text = settle_superscripts(article.text)
    text, rows = without_note_marks(text, rows, article.findings.code)
    if title != article.title or text != article.text:
        findings = replace(article.findings, rows=rows)
        article = replace(article, title=title, text=text, findings=findings)
    return check_article(article)


def check_article(article: Article) -> Loaded:
    """Check what holds for articles of every format; returns the article, or an error for an
    invalid address, an id that cannot be used in a request, characters that cannot be encoded, or
    metadata that is no JSON. Its accents are composed (Unicode NFC), as those of questions are."""
    place = article.source or article.id
    article = compose_accents(article)
    metadata = (article.publisher, article.author, article.language, article.url, article.source)
    try:
        "".join([article.id, article.title, article.text, *filter(None, metadata)]).encode()
    except UnicodeEncodeError as exc:
        odd = f"U+{ord(exc.object[exc.start]):04X}"
        return LoadError(
            place, f"it holds {odd}, half a character (a lone surrogate); clean it first"
        )
    if problem := address_problem(article.url):
        return LoadError(place, problem)
    try:
        json.dumps(dict(article.metadata or {}))
    except (TypeError, ValueError, RecursionError) as exc:
        return LoadError(place, f"its metadata cannot be kept as JSON: {str(exc)[:80]}")
    if _is_deeper(article.metadata, _METADATA_LEVELS):
        reason = f"its metadata is nested more than {_METADATA_LEVELS} levels deep"
        return LoadError(place, reason)
    if not article.id.strip():
        return LoadError(place, "the article has no id")
    return article


def _is_deeper(value: object, levels: int) -> bool:
    """Whether JSON types (no circle in them) are nested deeper than so many levels."""
    layer = [value]
    for _ in range(levels + 1):
        nested = [part for part in layer if isinstance(part, Mapping | list | tuple)]
        layer = [
            inner
            for part in nested
            for inner in (part.values() if isinstance(part, Mapping) else part)
        ]
        if not layer:
            return False
    return True


def address_problem(url: str | None) -> str:
    """Return what is wrong with a web address, in a message for people; empty where nothing is."""
    try:
        # Reading an address to its host finds it.
        _ = urlsplit(url or "").hostname
    except ValueError as exc:
        return f"{(url or '')[:80]!r} is no address: {exc}; mend its url"
    return ""


def one_of_many(place: str, read: Callable[[], Loaded]) -> Loaded:
    """Call ``read`` for one record of a source and return its result, or a ``LoadError`` for any
    failure, so that one bad record does not stop the next."""
    try:
        item = read()
        return check_article(item) if isinstance(item, Article) else item
    except LoadError as exc:
        return exc
    except RecursionError:
        return LoadError(place, "not an article: nested too deeply")
    except Exception as exc:
        return LoadError(place, f"not an article: {type(exc).__name__}: {exc}")


class Loader(Protocol):
    """Reads one format. ``suffixes`` are lower-case, with the dot; ``content_types`` lower-case,
    without parameters."""

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    @property
    def content_types(self) -> tuple[str, ...]: ...

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        """Yield the articles of the source; ``LoadError`` is raised if it is unreadable as a
        whole."""
        ...


def read_text(source: Source, max_chars: int) -> str:
    """Read and decode a source that holds one article.

    Raises ``LoadError`` when it cannot be read, is empty, binary, longer than ``max_chars``, or in
    an encoding that cannot be determined.
    """
    # No encoding in use spends more than four bytes on a character.
    if source.size > 4 * max_chars:
        raise source.refused(too_long(f"{source.size:,} bytes", max_chars))
    text = decode(source.read(4 * max_chars), source.name)
    if len(text) > max_chars:
        raise source.refused(too_long(f"{len(text):,} characters", max_chars))
    if not text.strip():
        raise source.refused("the file is empty")
    # YAML and JSON do without control characters, and no text needs them.
    return without_controls(text)


def too_long(size: str, limit: int) -> str:
    """Return the reason for refusing an article over the limit."""
    return (
        f"{size}, over the limit of {limit:,} characters an article; "
        "split it, or raise PULLQUOTE_MAX_ARTICLE_CHARS"
    )


def decode(data: bytes, source: str) -> str:
    """Decode as UTF-8, or by the byte-order mark, or by what charset-normalizer is sure of.

    Raises ``LoadError`` for binary data, for UTF-8 with stray bytes (a guess would garble every
    accent of it) and for anything that no encoding fits.
    """
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as exc:
                raise LoadError(source, f"not valid {encoding}: {exc.reason}") from exc
    if (wide := unmarked_text(data)) is not None:
        return wide
    if zeros := data.count(0):
        # One is a slip of whatever wrote the file; pictures and programs are full of them.
        if zeros > max(min(_STRAY_ZEROS, len(data) // 10), len(data) // 1000):
            raise LoadError(source, f"binary data, not text (it holds {zeros:,} zero bytes)")
        data = data.replace(b"\x00", b"")
    try:
        return data.decode()
    except UnicodeDecodeError as exc:
        encoding = _guess(data, source, exc)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise LoadError(source, f"neither UTF-8 nor {encoding}; save it as UTF-8") from exc


def unmarked_text(data: bytes) -> str | None:
    """Decode text in two bytes a character without a byte-order mark, or in ASCII bytes as Japanese
    mail has it; ``None`` for any other."""
    if b"\x1b$" in data[:_SAMPLE] and data.isascii():
        with suppress(UnicodeDecodeError):
            return data.decode("iso2022_jp")
    if _HZ.search(data[:_SAMPLE]) and data.isascii():
        with suppress(UnicodeDecodeError):
            return data.decode("hz")
    encoding = wide_encoding(data)
    if len(data) % 2 or encoding is None:
        return wide_east_asian_text(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    odd = sum(not (char.isprintable() or char.isspace()) for char in text[:_SAMPLE])
    return text if odd <= 0.01 * len(text[:_SAMPLE]) else None


def wide_encoding(data: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """Tell by its zero bytes in which order text has two bytes a character; ``None`` where they do
    not tell, as in any other encoding."""
    sample = data[: _SAMPLE & ~1]
    low, high = sample[::2].count(0), sample[1::2].count(0)
    few, many = sorted((low, high))
    if many < 0.3 * len(sample) / 2 or few > 0.02 * many:
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def encoding_of(data: bytes, source: str) -> str:
    """Determine the encoding of text without a byte-order mark, of which some bytes may not fit
    it. ``LoadError`` where it cannot be determined."""
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        return "utf-8" if _stray_bytes(data) else _guess(data, source, exc)
    return "utf-8"


def _stray_bytes(data: bytes) -> int:
    """Count the bytes that do not fit into UTF-8; 0 where most do not, as it is none then."""
    lenient = data.decode(errors="replace")
    stray, high = lenient.count("\ufffd"), sum(char > "\x7f" for char in lenient)
    return stray if high > 2 * stray else 0


def _guess(data: bytes, source: str, error: UnicodeDecodeError) -> str:
    if stray := _stray_bytes(data):
        line = data.count(b"\n", 0, error.start) + 1
        raise LoadError(
            source, f"UTF-8 with {stray} invalid byte(s), the first on line {line}; repair the file"
        ) from error
    # A window around the first odd byte tells the encoding; a long file is decoded only once.
    first = max(0, error.start - _SAMPLE // 2)
    sample = data[first : first + _SAMPLE]
    if page := code_page(sample) or east_asian_page(sample):
        return page
    best = from_bytes(sample, cp_exclusion=_OBSOLETE).best()
    # What Europe wrote in was tried; what is left is written in other scripts.
    if best is None or best.percent_chaos > 20 or best.encoding in EUROPEAN:
        raise LoadError(source, "the encoding cannot be told; save it as UTF-8") from error
    return best.encoding


def id_for(name: str, origin: str) -> str:
    """Make a stable article id: a readable slug of ``name`` and eight hex digits of ``origin``."""
    slug = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:40].strip("-") or "article"
    return f"{slug}-{hashlib.sha256(origin.encode(errors='replace')).hexdigest()[:8]}"


def origin_of(id: str) -> str:
    """Return the part of an id that :func:`id_for` made of the origin; it is the same under any
    name."""
    return id.rpartition("-")[2]


def title_from_name(stem: str) -> str:
    """Make a title of a bare file name, with spaces for dashes."""
    return clean_line(re.sub(r"[-_\s]+", " ", stem)) or stem
