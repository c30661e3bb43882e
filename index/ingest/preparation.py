"""Prepare one article between its loader and the library: remove boilerplate, find its day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from index.article import Article
from index.boilerplate.classifier import LineScorer
from index.boilerplate.detector import Layout, furniture
from index.boilerplate.omission import LEFT_OUT, Omission
from index.boilerplate.rules import byline_names
from index.ingest.provenance import Provenance, input_hash, line_hashes
from index.settings import IndexSettings
from index.text.agencies import is_agency
from index.text.date_types import DateOrder, DateSource
from index.text.dates import parse_day, plausible, url_day
from index.text.normalise import clean
from index.text.page_day import text_day

__all__ = ["page_day", "prepare_article"]


def prepare_article(
    article: Article,
    today: date,
    settings: IndexSettings,
    repeated: Mapping[str, int] | None = None,
    scored: Mapping[str, bool] | None = None,
) -> tuple[Article, Provenance]:
    """Remove an article's boilerplate and find its day; returns the article and its provenance.

    A page is cleaned by rules and classifier, a record (which somebody has cleaned before) by rules
    alone; a text of one line stays as it is. The text is empty when it was nothing but boilerplate.
    A day that was given stays; one from metadata has to be plausible. A loader's guess counts only
    if the settings allow guesses and nothing states a day; it is stored as a guess.

    today: no article is of a later day.
    repeated: in how many other articles of its publisher a line stands.
    scored: lines of an earlier version that were classified, and whether they were dropped.
    """
    day, how = _day(article, today, settings)
    omissions: list[Omission] = []
    layout = Layout.of(article.text, article.findings.rows)
    if settings.cleaning and len(layout.lines) > 1:
        scorer = LineScorer.load() if article.found_as == "page" else None
        omissions = furniture(layout, article.title, scorer, repeated, scored)
    left_out = [Omission(LEFT_OUT, *part) for part in article.findings.left_out]
    provenance = Provenance(
        input_hash(article, settings),
        how,
        (*omissions, *left_out),
        tuple(line_hashes(article).values()),
    )
    authors = (
        "; ".join(byline_names(omission.text))
        for omission in omissions
        if omission.reason in ("byline", "date")
    )
    author = article.author or next(
        (name for name in authors if name and not is_agency(name)), None
    )
    text = _without(article.text, omissions) if omissions else article.text
    ready = replace(article, published_at=day, date_source=how, text=text, author=author)
    if article.recognition is not None:
        numbers = {omission.line for omission in omissions}
        lines = zip(layout.numbers, article.recognition, strict=False)
        sure = tuple(confidence for number, confidence in lines if number not in numbers)
        ready = replace(ready, recognition=sure)
    return ready, provenance


def _without(text: str, omissions: list[Omission]) -> str:
    """Remove lines from a text and clean it again, which closes gaps of blank lines."""
    numbers = {omission.line for omission in omissions}
    return clean("\n".join(line for i, line in enumerate(text.split("\n")) if i not in numbers))


def _day(
    article: Article, today: date, settings: IndexSettings
) -> tuple[date | None, DateSource | None]:
    order = settings.date_order
    findings = article.findings
    stated_day = article.published_at or parse_day(findings.unclear_day, order)
    if stated_day and article.date_source == "given":
        return stated_day, "given"
    if stated_day and plausible(stated_day, today):
        return stated_day, article.date_source or "metadata"
    day, how = page_day(
        _without_lines(article.text, findings.other_days), article.url, today, order
    )
    guess = findings.guessed_day
    if day is None and settings.guess_dates and guess and plausible(guess, today):
        return guess, "guessed"
    return day, how


def _without_lines(text: str, lines: Collection[str]) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip() not in lines)


def page_day(
    text: str, url: str | None, today: date, order: DateOrder | None = None
) -> tuple[date | None, DateSource | None]:
    """Find the day in the address, or else in the words of the page; returns it and which of the
    two it is from."""
    if day := url_day(url, today):
        return day, "url"
    layout = Layout.of(text)
    body = layout.part("body")
    head = layout.part("head")
    if not body or not (layout.has_prose or head):
        return None, None
    page_text_day = text_day(head, body[0], layout.part("tail"), today, order)
    return page_text_day, "text" if page_text_day else None
