"""Measure how long finding an article's near-duplicates takes in a large library.

``python -m eval.bench.copies`` fills a library's tables with the signatures of 100,000 unrelated
articles, then files made-up stories among them. It prints milliseconds an article, for computing
the fingerprint and for looking it up.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from eval.studies.copies import make_pairs
from index.article import Article
from index.store.articles import ArticleTable
from index.store.database import Database
from index.store.families import FamilyTable
from index.store.migration import migrate
from index.text.shingles import BANDS, HASHES, Fingerprint

__all__ = ["main", "measure"]

_BATCH = 1_000


def measure(articles: int, stories: int) -> dict[str, Any]:
    """Measure with ``articles`` in the database and ``stories`` filed; returns medians and maxima
    in milliseconds, and the size of the database."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "library", create=True)
        migrate(database)
        table, families = ArticleTable(database), FamilyTable(database)
        _fill(database, articles)
        fingerprints: list[float] = []
        placings: list[float] = []
        count = 0
        for number, pair in enumerate(make_pairs(stories // 24 + 1, seed=3)[: stories // 2]):
            for side, text in (("a", pair.one), ("b", pair.other)):
                with database.writing():
                    key = table.insert(Article(f"{number}{side}", "", text), 1)
                    began = time.perf_counter()
                    fingerprint = Fingerprint.of(text)
                    between = time.perf_counter()
                    count += families.place(key, text, fingerprint) is not None
                    placings.append(1000 * (time.perf_counter() - between))
                    fingerprints.append(1000 * (between - began))
        size = database.path.stat().st_size
        database.close()
    return {
        "articles": articles,
        "database_mb": round(size / 1e6),
        "fingerprint_ms": round(statistics.median(fingerprints), 2),
        "place_ms": round(statistics.median(placings), 2),
        "place_worst_ms": round(max(placings), 2),
        "copies_found": count,
    }


def _fill(database: Database, articles: int) -> None:
    table = ArticleTable(database)
    dice = np.random.default_rng(1)
    for start in range(0, articles, _BATCH):
        with database.writing():
            FamilyTable(database).prepare()
            for number in range(start, min(start + _BATCH, articles)):
                key = table.insert(Article(f"filler-{number}", "", "A filler."), 1)
                signature = dice.integers(0, 2**32, HASHES, dtype=np.uint32)
                stranger = Fingerprint(signature, 500)
                rows = [(value, key) for value in stranger.bands()]
                assert len(rows) == BANDS
                database.execute(
                    "INSERT INTO copies VALUES (?, ?, ?, ?)", (key, key, 500, stranger.to_bytes())
                )
                for row in rows:
                    database.execute("INSERT INTO copy_bands VALUES (?, ?)", row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--stories", type=int, default=60)
    options = parser.parse_args()
    print(json.dumps(measure(options.articles, options.stories), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
