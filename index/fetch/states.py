"""Store what servers sent and their validators, so that unchanged content is not sent again.

A small database beside the library, not part of it: when it is lost, everything is fetched once
more. A page's state holds only as long as the library has its articles.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from index.error_mapping import storage_errors
from index.errors import LibraryCorrupt
from index.fetch.client import Validators
from index.fetch.link import Link
from index.store.private import make_private

__all__ = ["FetchStates", "Kind", "State"]

Kind = Literal["page", "feed", "sitemap"]

_TABLE = (
    "CREATE TABLE IF NOT EXISTS fetched (link TEXT PRIMARY KEY, kind TEXT NOT NULL, "
    "url TEXT NOT NULL, etag TEXT, last_modified TEXT, listed TEXT NOT NULL, "
    "fetched_at TEXT NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class State:
    """The state of a link when it was last read.

    Of a page: the ids of its ``articles``, and in ``links`` the one link with what was stated of it
    elsewhere. Of a feed its ``links``; of a sitemap its links and the ``sitemaps`` that it lists.
    ``problems``: what could not be read of a feed or sitemap.
    """

    kind: Kind
    validators: Validators
    articles: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class FetchStates:
    """States by link, in an SQLite file that is made when it is first written to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, link: str) -> State | None:
        """Return the state of that link, if it is known; what is damaged is not."""
        if not self._path.exists():
            return None
        try:
            with self._database() as db:
                row = db.execute(
                    "SELECT kind, url, etag, last_modified, listed FROM fetched WHERE link = ?",
                    (link,),
                ).fetchone()
        except LibraryCorrupt:
            self._discard()
            return None
        try:
            return None if row is None else _state(row)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, link: str, state: State) -> None:
        """Keep the state; a list that no server can be asked about is forgotten instead. A file
        that is damaged is begun anew."""
        try:
            self._put(link, state)
        except LibraryCorrupt:
            self._discard()
            self._put(link, state)

    def _discard(self) -> None:
        """Remove the file: what it knows can be asked again."""
        with storage_errors(self._path.parent):
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _put(self, link: str, state: State) -> None:
        validators = state.validators
        with self._database() as db:
            if state.kind != "page" and not validators.etag and not validators.last_modified:
                db.execute("DELETE FROM fetched WHERE link = ?", (link,))
                return
            contents = {
                "articles": state.articles,
                "links": [asdict(item) for item in state.links],
                "sitemaps": state.sitemaps,
                "problems": state.problems,
            }
            db.execute(
                "REPLACE INTO fetched VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    link,
                    state.kind,
                    validators.url,
                    validators.etag,
                    validators.last_modified,
                    json.dumps(contents, default=str),
                    datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        with storage_errors(self._path.parent):
            make_private(self._path)
            db = sqlite3.connect(self._path, timeout=10.0, isolation_level=None)
            try:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = OFF")
                db.execute(_TABLE)
                yield db
            finally:
                db.close()


def _state(row: Sequence[Any]) -> State:
    """The state of a row. ``ValueError``, ``TypeError``, ``KeyError`` or ``AttributeError`` when it
    is none that was written."""
    contents = json.loads(row[4])
    return State(
        kind=row[0],
        validators=Validators(*row[1:4]),
        articles=tuple(contents["articles"]),
        links=tuple(_link(record) for record in contents["links"]),
        sitemaps=tuple(contents["sitemaps"]),
        problems=tuple(contents["problems"]),
    )


def _link(record: dict[str, Any]) -> Link:
    day = record.pop("published_at")
    return Link(**record, published_at=date.fromisoformat(day) if day else None)
