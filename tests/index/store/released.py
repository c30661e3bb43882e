"""Libraries as each version of Pullquote that wrote them left them: what stands in their files,
word for word, and none of what came later."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path
from typing import Final

__all__ = ["RELEASED", "written_by"]

_FIRST: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE articles (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    publisher TEXT,
    author TEXT,
    published_at TEXT,
    language TEXT NOT NULL,
    url TEXT,
    source TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    version INTEGER NOT NULL,
    added_at TEXT NOT NULL
);
CREATE INDEX articles_content ON articles (content_hash);
CREATE INDEX articles_published ON articles (published_at);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    sentences BLOB NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX passages_article ON passages (article);
CREATE TABLE tombstones (passage INTEGER PRIMARY KEY);
"""
_COPIES: Final = """
CREATE TABLE copies (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
    family INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    signature BLOB NOT NULL
);
CREATE INDEX copies_family ON copies (family);
CREATE TABLE copy_bands (
    value INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (value, article)
) WITHOUT ROWID;
CREATE TABLE versions (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    publisher TEXT,
    author TEXT,
    published_at TEXT,
    language TEXT NOT NULL,
    url TEXT,
    source TEXT NOT NULL,
    added_at TEXT NOT NULL,
    replaced_at TEXT NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE TABLE sync_items (
    source TEXT NOT NULL,
    item TEXT NOT NULL,
    stamp TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (source, item)
) WITHOUT ROWID;
CREATE TABLE sync_articles (
    source TEXT NOT NULL,
    item TEXT NOT NULL,
    article TEXT NOT NULL,
    PRIMARY KEY (source, item, article)
) WITHOUT ROWID;
CREATE INDEX sync_articles_article ON sync_articles (article);
CREATE INDEX articles_language ON articles (language);
CREATE INDEX articles_url ON articles (url) WHERE url IS NOT NULL;
"""
_ARRIVALS: Final = """
CREATE TABLE arrivals (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
    mark TEXT NOT NULL,
    date_source TEXT,
    dropped TEXT NOT NULL
);
CREATE INDEX arrivals_mark ON arrivals (mark);
CREATE TABLE publisher_lines (
    line INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    PRIMARY KEY (line, article)
) WITHOUT ROWID;
CREATE INDEX publisher_lines_article ON publisher_lines (article);
"""
_CHECKSUMS: Final = """
CREATE TABLE passage_checksums (
    passage INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    checksum INTEGER NOT NULL
);
CREATE INDEX passage_checksums_article ON passage_checksums (article);
"""
# Oldest first: articles alone; with copies, history and sync; with how articles came in, made only
# where a page was added; with that, and the revision of passages in the meta table; with checksums
# of passages.
RELEASED: Final = {
    "first": _FIRST,
    "copies": _FIRST + _COPIES,
    "arrivals": _FIRST + _COPIES + _ARRIVALS,
    "revision": _FIRST + _COPIES,
    "checksums": _FIRST + _COPIES + _ARRIVALS + _CHECKSUMS,
}


def written_by(version: str, folder: Path) -> None:
    """Make the library in a folder, which nobody has open, one that an older version wrote."""
    present, older = folder / "library.sqlite", folder / "older.sqlite"
    database = sqlite3.connect(older)
    database.execute("PRAGMA journal_mode = WAL")
    database.executescript(f"BEGIN; {RELEASED[version]} PRAGMA user_version = 1; COMMIT;")
    database.execute("ATTACH ? AS present", (str(present),))
    for table in re.findall(r"CREATE TABLE (\w+)", RELEASED[version]):
        database.execute(f"INSERT INTO {table} SELECT * FROM present.{table}")  # noqa: S608
    database.execute("DELETE FROM meta WHERE key = 'table_rows_checksummed'")
    if version != "checksums":
        database.execute("DELETE FROM meta WHERE key = 'passages_checksummed'")
    if version not in ("revision", "checksums"):
        database.execute("DELETE FROM meta WHERE key = 'passages_revision'")
        # What the lexical index was made from stood nowhere.
        (folder / "lexical" / "origin.json").unlink()
    database.commit()
    database.close()
    for file in folder.glob("library.sqlite*"):
        file.unlink()
    shutil.move(older, present)
