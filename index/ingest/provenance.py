"""The provenance of an article, stored beside it so that the same input is recognised again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.article import Article
from index.boilerplate.omission import Omission
from index.settings import IndexSettings
from index.text.date_types import DateSource

__all__ = ["Provenance", "date_source", "input_hash", "line_hashes", "longest_lines"]

# Raised when rules or coefficients change what is dropped: what is there is cleaned again when it
# next comes in.
_RULES = 4
_MAX_REPEATED_CHARS = 160
_LONGEST = 3


@dataclass(frozen=True, slots=True)
class Provenance:
    """The record of how an article came in.

    ``input_hash``: of the input and its treatment. ``date_source``: how its day was found.
    ``dropped``: the lines that were left out. ``lines``: hashes of its lines, dropped ones
    included, as :func:`line_hashes` makes them.
    """

    input_hash: str
    date_source: DateSource | None = None
    dropped: tuple[Omission, ...] = ()
    lines: tuple[int, ...] = ()


def date_source(article: Article, provenance: Provenance | None) -> DateSource | None:
    """Return the source of a stored article's day; ``None`` where it has no day."""
    if article.published_at is None:
        return None
    return (provenance and provenance.date_source) or "given"


def input_hash(article: Article, settings: IndexSettings) -> str:
    """Hash an input together with its treatment, so that the same input is recognised under any
    id."""
    findings = article.findings
    guess = settings.guess_dates and findings.guessed_day
    treatment = f"{_RULES} {article.found_as} {settings.cleaning} {settings.date_order} "
    treatment += f"{article.date_source} {findings.unclear_day} {guess} "
    return hashlib.sha256((treatment + article.content_hash).encode()).hexdigest()


def line_hashes(article: Article) -> dict[str, int]:
    """Hash the lines by which repetition is counted, together with their publisher (or the host of
    their address); returns ``{line: hash}``.

    These are short lines, which may be boilerplate, and the longest lines, which only copies of one
    article share. Empty for what is no page or of no known publisher.
    """
    host = urlsplit(article.url or "").hostname if article.url else None
    publisher = (article.publisher or host or "").casefold().removeprefix("www.")
    if article.found_as != "page" or not publisher:
        return {}
    lines = {line.strip() for line in article.text.split("\n")} - {""}
    selection = {line for line in lines if len(line) <= _MAX_REPEATED_CHARS}
    selection |= set(longest_lines(lines))
    return {line: _hash(f"{publisher}\n{line.casefold()}") for line in sorted(selection)}


def longest_lines(lines: set[str]) -> list[str]:
    """Select the longest lines, which two articles share only when one is a copy of the other."""
    long = [line for line in lines if len(line) > _MAX_REPEATED_CHARS]
    return sorted(long, key=lambda line: (-len(line), line))[:_LONGEST]


def _hash(line: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(line.encode(), digest_size=8).digest(), "big", signed=True
    )
