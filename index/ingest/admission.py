"""The door: pages and records on their way into the library, as it will have them.

:mod:`index.ingest.preparation` says what becomes of one article. Here it is decided once: what came
before in the very same form is the article that is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from index.article import Article
from index.errors import LoadError
from index.ingest.preparation import Arrival, line_hashes, longest, mark, tidy
from index.load.base import Loaded
from index.settings import IndexSettings
from index.store.sqlite import Store
from index.text.dates import parse_day

__all__ = ["let_in", "two_days"]


def let_in(
    loaded: Sequence[Loaded], store: Store, settings: IndexSettings, today: date | None = None
) -> tuple[list[Loaded], dict[str, Arrival]]:
    """The articles without furniture and with their days, and how each of them came in, by id.

    A day that may be two and whose order is not set is a ``LoadError``.

    What is a ``text`` passes as it is and has no arrival. A page with nothing but furniture is a
    ``LoadError`` in its place. ``today``: in UTC unless given.
    """
    today = today or datetime.now(UTC).date()
    repetition = _Repetition(loaded, store) if settings.cleaning else None
    ready: list[Loaded] = []
    arrivals: dict[str, Arrival] = {}
    for item in loaded:
        if isinstance(item, LoadError) or item.found_as == "text":
            ready.append(item)
        elif known := _there(item, store, settings):
            article, arrival = known
            arrivals.setdefault(item.id, arrival)
            ready.append(article)
        elif item.day_stated and not parse_day(item.day_stated, settings.date_order):
            ready.append(LoadError(item.source or item.id, two_days(item.day_stated)))
        else:
            repeated = repetition.of(item) if repetition else {}
            settled = _settled(item, store)
            article, arrival = tidy(
                item, today, settings.cleaning, settings.date_order, repeated, settled,
                settings.guess_dates,
            )  # fmt: skip
            if article.text:
                arrivals.setdefault(item.id, arrival)
                ready.append(article)
            else:
                reason = "no article in it, only what pages have around one"
                ready.append(LoadError(item.source or item.id, reason))
    return ready, arrivals


def two_days(stated: str) -> str:
    """The reason given for a day whose order of day and month nobody has told."""
    return (
        f"{stated[:40]!r} may be two days; set PULLQUOTE_DATE_ORDER to dmy or mdy, or write it "
        "as 2025-03-01"
    )


def _there(item: Article, store: Store, settings: IndexSettings) -> tuple[Article, Arrival] | None:
    """The article that this very input became before, under the id that it has now."""
    ids = store.arrivals.ids_of(
        mark(item, settings.cleaning, settings.date_order, settings.guess_dates)
    )
    id = item.id if item.id in ids else next(iter(ids), "")
    known, arrival = store.article(id), store.arrivals.of(id)
    if known is None or arrival is None:
        return None
    return replace(known, id=item.id, source=item.source), arrival


def _settled(item: Article, store: Store) -> dict[str, bool]:
    """The lines of the version that is there, and whether the score dropped them from it."""
    before = store.arrivals.of(item.id)
    known = store.article(item.id) if before else None
    if before is None or known is None:
        return {}
    kept = {line.strip(): False for line in known.text.split("\n")}
    return kept | {each.text: True for each in before.dropped if each.reason == "scored"}


class _Repetition:
    """In how many other articles of its publisher a line stands: in the library, and among those
    that come in together, so that a first batch of pages is cleaned as a later one would be."""

    def __init__(self, loaded: Sequence[Loaded], store: Store) -> None:
        self._arrivals = store.arrivals
        pages = [item for item in loaded if isinstance(item, Article)]
        self._lines = {item.id: line_hashes(item) for item in pages}
        self._longest = {item.id: _longest(self._lines[item.id]) for item in pages}
        self._counts = Counter(
            line for lines in self._lines.values() for line in set(lines.values())
        )
        self._with = {
            line: {id for id, lines in self._longest.items() if line in lines}
            for lines in self._longest.values()
            for line in lines
        }

    def of(self, item: Article) -> Mapping[str, int]:
        lines = self._lines[item.id]
        long = self._longest[item.id]
        stored = self._arrivals.counts(set(lines.values()), long, self._lines)
        copies = {id for line in long for id in self._with[line]} | {item.id}
        among = {
            line: self._counts[number] - sum(number in self._lines[id].values() for id in copies)
            for line, number in lines.items()
        }
        return {line: stored.get(number, 0) + among[line] for line, number in lines.items()}


def _longest(lines: Mapping[str, int]) -> list[int]:
    return [lines[line] for line in longest(set(lines))]
