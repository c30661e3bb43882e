"""The tables of the store."""

from __future__ import annotations

__all__ = ["ADDITIONS", "TABLES"]

TABLES = """
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

# What came after the first schema. A library without it opens and is read as it is; the first
# writing adds what it lacks (`migration.py`), so that no schema number has to rise and an older
# Pullquote reads on.
ADDITIONS = (
    # Near-duplicates: what an article's text hashes to, and the group that it is in.
    """CREATE TABLE IF NOT EXISTS copies (
        article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
        family INTEGER NOT NULL,
        runs INTEGER NOT NULL,
        signature BLOB NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS copies_family ON copies (family)",
    """CREATE TABLE IF NOT EXISTS copy_bands (
        value INTEGER NOT NULL,
        article INTEGER NOT NULL,
        PRIMARY KEY (value, article)
    ) WITHOUT ROWID""",
    # Earlier texts of articles that are there still; never searched.
    """CREATE TABLE IF NOT EXISTS versions (
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
    )""",
    # What sync knows of a source: its files as they were read, and the articles that they hold.
    """CREATE TABLE IF NOT EXISTS sync_items (
        source TEXT NOT NULL,
        item TEXT NOT NULL,
        stamp TEXT NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (source, item)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sync_articles (
        source TEXT NOT NULL,
        item TEXT NOT NULL,
        article TEXT NOT NULL,
        PRIMARY KEY (source, item, article)
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS sync_articles_article ON sync_articles (article)",
    "CREATE INDEX IF NOT EXISTS articles_language ON articles (language)",
    "CREATE INDEX IF NOT EXISTS articles_url ON articles (url) WHERE url IS NOT NULL",
    # How each article came in, and which lines its publisher's pages have.
    """CREATE TABLE IF NOT EXISTS arrivals (
        article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
        mark TEXT NOT NULL,
        date_source TEXT,
        dropped TEXT NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS arrivals_mark ON arrivals (mark)",
    """CREATE TABLE IF NOT EXISTS publisher_lines (
        line INTEGER NOT NULL,
        article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
        PRIMARY KEY (line, article)
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS publisher_lines_article ON publisher_lines (article)",
    # What each passage held when it was written, and whose it was (`checksums.py`).
    """CREATE TABLE IF NOT EXISTS passage_checksums (
        passage INTEGER PRIMARY KEY,
        article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
        checksum INTEGER NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS passage_checksums_article ON passage_checksums (article)",
    # What rows of other tables held when they were written (index/store/sqlite/row_triggers.py).
    """CREATE TABLE IF NOT EXISTS row_checksums (
        name TEXT NOT NULL,
        row TEXT NOT NULL,
        checksum INTEGER NOT NULL,
        PRIMARY KEY (name, row)
    ) WITHOUT ROWID""",
)
