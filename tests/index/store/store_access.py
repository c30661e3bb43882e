"""Articles to keep in a store, and what its tests do with one in a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from index.article import Article
from index.filters import Filters
from index.ingest.batch import Admission, Batch, cut
from index.ingest.provenance import Provenance
from index.settings import IndexSettings
from index.store.base import NewArticle, Store
from tests.fakes import FakeEncoder, article

__all__ = [
    "CATS",
    "CHIPS",
    "WIRE",
    "Opener",
    "dense",
    "generation",
    "lexical",
    "new",
    "remove",
    "write",
]

CHIPS = article("chips", "Chips are scarce. Acme buys chips.", language="en", publisher="Wire")
CATS = article(
    "cats", "Cats sleep a lot. Nobody knows why.", language="en", published_at=date(2025, 5, 1)
)
WIRE = "The river rose by two metres on Tuesday and the old bridge had to be closed to all. " * 3

# Opens the same store again, as somebody else would.
Opener = Callable[[], Store]


def new(article: Article, version: int = 1, provenance: Provenance | None = None) -> NewArticle:
    """An article as a batch has it, with the vectors of the test encoder."""
    batch = Batch()
    admission = Admission(article, version, provenance, keep_previous=version > 1)
    batch.put(admission, cut(article, IndexSettings()))
    (made,) = batch.new_articles(FakeEncoder().encode(batch.texts))
    return made


def write(store: Store, *articles: Article) -> dict[str, str]:
    with store.writing() as writer:
        return writer.write([new(each) for each in articles], {"made": "here"})


def generation(store: Store) -> int:
    with store.reading() as records:
        return records.generation


def lexical(store: Store, *terms: str, filters: Filters | None = None) -> list[str]:
    with store.searching() as snapshot:
        keys, _ = snapshot.lexical(terms, 10, snapshot.select(filters or Filters()))
        return [found.article.id for found in snapshot.passages(keys.tolist()) if found]


def dense(store: Store, text: str, filters: Filters | None = None) -> list[str]:
    with store.searching() as snapshot:
        query = FakeEncoder().encode_query(text)
        keys, scores = snapshot.dense(query, 10, snapshot.select(filters or Filters()))
        assert (np.diff(scores) <= 0).all()
        return [found.article.id for found in snapshot.passages(keys.tolist()) if found]


def remove(store: Store, id: str) -> None:
    with store.writing() as writer:
        writer.remove([id])
