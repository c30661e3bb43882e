"""Admission: turn what loaders yield into articles for the library, or errors.

Each input is treated once. Its hash is stored beside its article, so the same input again gives the
stored article, whatever was learned about its publisher's pages in between. Where an article comes
in changed, earlier decisions of the classifier still hold for the lines that stayed. So repetition
bears only on new lines, and no article alternates between two versions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Protocol

from index.article import Article
from index.errors import LoadError
from index.ingest.preparation import prepare_article
from index.ingest.provenance import Provenance, input_hash, line_hashes, longest_lines
from index.load.base import Loaded, id_for, origin_of
from index.settings import IndexSettings
from index.store.base import Stored
from index.text.dates import parse_day
from index.text.language import language_of

__all__ = ["AdmissionRecords", "admit", "ambiguous_day", "identify"]


class AdmissionRecords(Protocol):
    """What admission has to know of the articles that are there: a part of
    :class:`index.store.base.Records`."""

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]: ...
    def id_of_content(self, content_hash: str) -> str | None: ...
    def ids_of_url(self, url: str) -> list[str]: ...
    def article(self, id: str) -> Article | None: ...
    def provenance(self, id: str) -> Provenance | None: ...
    def ids_of_input(self, input_hash: str) -> list[str]: ...
    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]: ...


def admit(
    items: Sequence[Loaded],
    records: AdmissionRecords,
    settings: IndexSettings,
    today: date | None = None,
) -> tuple[list[Loaded], dict[str, Provenance]]:
    """Turn loaded items into the articles to store, and return them with the provenance of each, by
    id.

    Each article gets its language and id (:func:`identify`). A ``text`` is otherwise left as it is
    and has no provenance; a page or record loses its boilerplate and gets its day. An item that is
    nothing but boilerplate, or whose day is ambiguous while no order is set, becomes a
    ``LoadError`` in its place. ``today``: in UTC unless given.
    """
    today = today or datetime.now(UTC).date()
    items = [identify(item, records) if isinstance(item, Article) else item for item in items]
    repetition = _Repetition(items, records) if settings.cleaning else None
    ready: list[Loaded] = []
    provenances: dict[str, Provenance] = {}
    for item in items:
        if isinstance(item, LoadError) or item.found_as == "text":
            ready.append(item)
            continue
        result = _admit_page(item, records, settings, today, repetition)
        if isinstance(result, LoadError):
            ready.append(result)
        else:
            ready.append(result[0])
            provenances.setdefault(item.id, result[1])
    return ready, provenances


def identify(article: Article, records: AdmissionRecords) -> Article:
    """Return the article with its language (of a page by its text rather than by its template),
    under its id in the library: an article known by its URL alone keeps its id when the headline,
    with which the id begins, changes."""
    language = language_of(article.text, article.language, by_template=article.found_as == "page")
    id = article.id
    if article.url and origin_of(id) == origin_of(id_for("", article.url)):
        ids = records.ids_of_url(article.url)
        id = next((candidate for candidate in ids if origin_of(candidate) == origin_of(id)), id)
    return replace(article, id=id, language=language)


def ambiguous_day(text: str) -> str:
    """Return the reason for refusing a day whose order of day and month is not known."""
    return (
        f"{text[:40]!r} may be two days; set PULLQUOTE_DATE_ORDER to dmy or mdy, or write it "
        "as 2025-03-01"
    )


def _admit_page(
    item: Article,
    records: AdmissionRecords,
    settings: IndexSettings,
    today: date,
    repetition: _Repetition | None,
) -> tuple[Article, Provenance] | LoadError:
    """Turn a page or record into the article to store and its provenance, or into an error."""
    if before := _same_input(item, records, settings):
        return before
    unclear = item.findings.unclear_day if item.date_source == "given" else ""
    if unclear and not parse_day(unclear, settings.date_order):
        return LoadError(item.source or item.id, ambiguous_day(unclear))
    counts = repetition.of(item) if repetition else {}
    scores = _scored_before(item, records)
    article, provenance = prepare_article(item, today, settings, counts, scores)
    if not article.text:
        reason = "no article in it, only what pages have around one"
        return LoadError(item.source or item.id, reason)
    return article, provenance


def _same_input(
    item: Article, records: AdmissionRecords, settings: IndexSettings
) -> tuple[Article, Provenance] | None:
    """Find the article that this same input became before, under its present id."""
    ids = records.ids_of_input(input_hash(item, settings))
    id = item.id if item.id in ids else next(iter(ids), "")
    stored_article, provenance = records.article(id), records.provenance(id)
    if stored_article is None or provenance is None:
        return None
    return replace(stored_article, id=item.id, source=item.source), provenance


def _scored_before(item: Article, records: AdmissionRecords) -> dict[str, bool]:
    """Return the lines of the stored version that were classified, and whether each was dropped."""
    before = records.provenance(item.id)
    article = records.article(item.id) if before else None
    if before is None or article is None:
        return {}
    scores = {line.strip(): False for line in article.text.split("\n")}
    return scores | {
        omission.text: True for omission in before.dropped if omission.reason == "scored"
    }


class _Repetition:
    """Counts in how many other articles of its publisher a line stands: those in the library and
    those in the same batch, so that a first batch of pages is cleaned as a later one would be."""

    def __init__(self, items: Sequence[Loaded], records: AdmissionRecords) -> None:
        self._records = records
        pages = [item for item in items if isinstance(item, Article)]
        self._lines = {item.id: line_hashes(item) for item in pages}
        self._numbers = {id: set(lines.values()) for id, lines in self._lines.items()}
        self._longest = {id: _longest(lines) for id, lines in self._lines.items()}
        self._counts = Counter(line for numbers in self._numbers.values() for line in numbers)
        self._with = {
            line: {id for id, lines in self._longest.items() if line in lines}
            for lines in self._longest.values()
            for line in lines
        }

    def of(self, item: Article) -> Mapping[str, int]:
        """Count for each line of an article the other articles that have it."""
        lines = self._lines[item.id]
        long = self._longest[item.id]
        counts = self._records.line_counts(self._numbers[item.id], long, self._lines)
        copies = {id for line in long for id in self._with[line]} | {item.id}
        among = {
            line: self._counts[number] - sum(number in self._numbers[id] for id in copies)
            for line, number in lines.items()
        }
        return {line: counts.get(number, 0) + among[line] for line, number in lines.items()}


def _longest(lines: Mapping[str, int]) -> list[int]:
    return [lines[line] for line in longest_lines(set(lines))]
