"""The step between a loader and the library: furniture is dropped, the day is found.

What becomes of a line is decided once. The hash of an article as it came is kept beside it, so the
same input again is the article that is there, whatever was learned about its publisher's pages in
between. Where an article comes in changed, what the score said of a line before still stands for
that line. So what repetition teaches bears on lines that are new, and no article goes back and
forth between two versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from index.article import Article
from index.boilerplate.classifier import LineScorer
from index.boilerplate.detector import LEFT_OUT, Dropped, Layout, furniture
from index.boilerplate.rules import byline
from index.text.dates import DateOrder, DateSource, parse_day, plausible, text_day, url_day
from index.text.normalise import clean

__all__ = [
    "Arrival",
    "date_source",
    "line_hashes",
    "longest",
    "mark",
    "page_day",
    "tidy",
    "without",
]

# Raised when rules or coefficients change what is dropped: what is there is cleaned again when it
# next comes in.
_RULES = 2
_MAX_REPEATED_CHARS = 160
_LONGEST = 3


@dataclass(frozen=True, slots=True)
class Arrival:
    """How an article came in. ``mark``: the hash of what came and how it was treated.
    ``date_source``: how its day was found. ``dropped``: the lines left out. ``lines``: hashes of
    its lines, dropped ones included, as :func:`line_hashes` makes them."""

    mark: str
    date_source: DateSource | None = None
    dropped: tuple[Dropped, ...] = ()
    lines: tuple[int, ...] = ()


def date_source(article: Article, arrival: Arrival | None) -> DateSource | None:
    """How the day of an article in the library was found; ``None`` where it has none."""
    if article.published_at is None:
        return None
    return (arrival and arrival.date_source) or "given"


def mark(article: Article, cleaning: bool, order: DateOrder | None, guesses: bool = False) -> str:
    """The hash by which the same input is known again, under whatever id."""
    day = article.day_stated or ""
    treated = f"{_RULES} {article.found_as} {cleaning} {order} {article.date_source} {day} "
    treated += f"{article.findings.unclear_day} {guesses and article.findings.guessed_day} "
    return hashlib.sha256((treated + article.content_hash).encode()).hexdigest()


def tidy(
    article: Article,
    today: date,
    cleaning: bool = True,
    order: DateOrder | None = None,
    repeated: Mapping[str, int] | None = None,
    settled: Mapping[str, bool] | None = None,
    guesses: bool = False,
) -> tuple[Article, Arrival]:
    """The article without furniture and with its day, and what is to be kept beside it.

    A page is cleaned by rules and score, a record (which somebody has cleaned before) by rules
    alone; a text of one line stays as it is. The text comes back empty when nothing but furniture
    was in it. A day that was given stays; one out of metadata has to be plausible. With
    ``guesses`` a loader's guess counts where nothing states a day, and is called one.
    """
    day, how = _day(article, today, order, guesses)
    dropped: list[Dropped] = []
    layout = Layout.of(article.text)
    if cleaning and len(layout.lines) > 1:
        scorer = LineScorer.load() if article.found_as == "page" else None
        dropped = furniture(layout, article.title, scorer, repeated, settled)
    left_out = [Dropped(LEFT_OUT, *each) for each in article.findings.left_out]
    arrival = Arrival(
        mark(article, cleaning, order, guesses),
        how,
        (*dropped, *left_out),
        tuple(line_hashes(article).values()),
    )
    named = (byline(each.text) for each in dropped if each.reason == "byline")
    author = article.author or next((name for name in named if name), None)
    text = without(article.text, dropped) if dropped else article.text
    known = replace(article, published_at=day, date_source=how, day_stated=None)
    return replace(known, text=text, author=author), arrival


def without(text: str, dropped: list[Dropped]) -> str:
    """The text without these lines, cleaned again (a gap of blank lines closes)."""
    gone = {each.line for each in dropped}
    return clean("\n".join(line for i, line in enumerate(text.split("\n")) if i not in gone))


def _day(
    article: Article, today: date, order: DateOrder | None, guesses: bool
) -> tuple[date | None, DateSource | None]:
    stated = article.published_at or parse_day(article.day_stated or "", order)
    if stated and article.date_source == "given":
        return stated, "given"
    findings = article.findings
    stated = stated or parse_day(findings.unclear_day, order)
    if stated and plausible(stated, today):
        return stated, article.date_source or "metadata"
    day, how = page_day(
        _without_lines(article.text, findings.other_days), article.url, today, order
    )
    guess = findings.guessed_day
    if day is None and guesses and guess and plausible(guess, today):
        return guess, "guessed"
    return day, how


def _without_lines(text: str, lines: Collection[str]) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip() not in lines)


def page_day(
    text: str, url: str | None, today: date, order: DateOrder | None = None
) -> tuple[date | None, DateSource | None]:
    """The day that the address gives, or else the words of the page, and which of the two."""
    if day := url_day(url, today):
        return day, "url"
    layout = Layout.of(text)
    body = layout.part("body")
    if not layout.has_prose:
        return None, None
    found = text_day(layout.part("head"), body[0], layout.part("tail"), today, order)
    return found, "text" if found else None


def line_hashes(article: Article) -> dict[str, int]:
    """``{line: hash}`` of the lines by which repetition is told, hashed with their publisher (or
    the host of their address): short ones, which may be furniture, and the longest, by which two
    copies of one article know each other. Empty for what is no page or of no known publisher."""
    host = urlsplit(article.url or "").hostname if article.url else None
    publisher = (article.publisher or host or "").casefold().removeprefix("www.")
    if article.found_as != "page" or not publisher:
        return {}
    lines = {line.strip() for line in article.text.split("\n")} - {""}
    chosen = {line for line in lines if len(line) <= _MAX_REPEATED_CHARS} | set(longest(lines))
    return {line: _hash(f"{publisher}\n{line.casefold()}") for line in sorted(chosen)}


def longest(lines: set[str]) -> list[str]:
    """The longest lines, which two articles share only when one is a copy of the other."""
    long = [line for line in lines if len(line) > _MAX_REPEATED_CHARS]
    return sorted(long, key=lambda line: (-len(line), line))[:_LONGEST]


def _hash(line: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(line.encode(), digest_size=8).digest(), "big", signed=True
    )
