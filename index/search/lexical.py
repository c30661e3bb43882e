"""Lexical search: BM25 over passages, by tantivy.

Derived from the store, like the vectors. :mod:`index.search.analyzer` makes the terms that tantivy
indexes. An index may hold passages that the store no longer has or does not have yet (they are
written just before and deleted just after the store's transaction); hits on these have no row there
and are skipped.
"""

from __future__ import annotations

import errno
import shutil
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from index.encode.base import Floats
from index.error_mapping import lexical_errors
from index.search.analyzer import terms_of
from index.search.lexical_files import Origin, count_deleted, linked_copy
from index.store.private import keep_private, private_folder

__all__ = ["MAX_TERM_WEIGHT", "TITLE_WEIGHT", "LexicalIndex", "LexicalRow"]

# BM25 gives a term at most k1 + 1 times its idf, and tantivy's k1 is 1.2.
MAX_TERM_WEIGHT = 2.2
_TOKENIZER = "pullquote"
_HEAP_BYTES = 64 << 20
# How often a folder is removed that is not empty afterwards.
_REMOVALS = 3
# What a match in the title is worth beside one in the passage; measured on newwiki.
TITLE_WEIGHT = 0.5


class LexicalRow(NamedTuple):
    """A passage as it is indexed; ``passage`` and ``article`` are keys."""

    passage: int
    article: int
    language: str
    title: str
    text: str


class LexicalIndex:
    """The BM25 index in a folder (or in memory), in the state in which it was opened."""

    def __init__(self, place: Path, index: tantivy.Index, on_disk: bool = True) -> None:
        self._place = place
        self._index = index
        self._on_disk = on_disk
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        with lexical_errors(place):
            index.register_tokenizer(_TOKENIZER, analyzer)
            # Else a thread follows the files, and locks them after each change: also in a folder
            # that is just being removed, which then is not empty.
            index.config_reader("manual")
            self._schema = index.schema
        self._look()

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open the index in a folder. ``LibraryCorrupt`` when it cannot be used."""
        with lexical_errors(folder):
            return cls(folder, tantivy.Index.open(str(folder)))

    @classmethod
    def open_read_only(cls, folder: Path) -> LexicalIndex:
        """Open the index in a folder that cannot be written to, through links to its files that go
        with it."""
        with lexical_errors(folder):
            copy = linked_copy(folder)
            try:
                index = cls(folder, tantivy.Index.open(str(copy)))
            except BaseException:
                shutil.rmtree(copy)
                raise
        weakref.finalize(index, shutil.rmtree, copy, ignore_errors=True)
        return index

    @classmethod
    def in_memory(cls, place: Path, rows: Iterable[LexicalRow]) -> LexicalIndex:
        """Make an index of these passages in memory, for when the one at ``place`` cannot be
        used."""
        with lexical_errors(place):
            index = cls(place, tantivy.Index(_schema()), on_disk=False)
        index.add(rows)
        index.reload()
        return index

    @classmethod
    def rebuilt(cls, folder: Path, rows: Iterable[LexicalRow], revision: str) -> LexicalIndex:
        """Replace whatever is in ``folder`` by a new index, made from that revision."""
        part_folder = folder.with_name(f"{folder.name}.part")
        with lexical_errors(folder):
            _clear(part_folder)
            private_folder(part_folder)
            cls(part_folder, tantivy.Index(_schema(), path=str(part_folder), reuse=False)).add(rows)
            keep_private(part_folder)
            Origin.settled(part_folder, revision).write(part_folder)
            _clear(folder)
            part_folder.rename(folder)
        return cls.open(folder)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def reload(self) -> None:
        """Search from now on in the state that was written last."""
        with lexical_errors(self._place):
            self._index.reload()
        self._look()

    def _look(self) -> None:
        with lexical_errors(self._place):
            self._searcher = self._index.searcher()
        self._deleted_count = count_deleted(self._place) if self._on_disk else 0

    def document_frequency(self, term: str) -> int:
        """Count the passages that contain a term, titles aside.

        tantivy counts deleted passages until it merges its files: the same share of them is taken
        to contain the term.
        """
        with lexical_errors(self._place):
            count = int(self._searcher.doc_freq("body", term))
            return round(count * len(self) / max(len(self) + self._deleted_count, 1))

    def has_term(self, term: str) -> bool:
        """Whether a term stands in any passage or title."""
        with lexical_errors(self._place):
            most = max(self._searcher.doc_freq(name, term) for name in ("body", "title"))
            if not most or most > self._deleted_count:
                return bool(most)
            # All that have it may be deleted.
            return bool(self._searcher.search(self._term(term), 1, count=False).hits)

    def search(
        self, terms: Sequence[str], k: int, articles: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], Floats]:
        """Return the ``k`` best passage keys and their BM25 scores, best first.

        ``articles`` restricts the search to these article keys, before it is made. Without terms
        nothing is found.
        """
        terms = list(dict.fromkeys(terms))
        if not terms or (articles is not None and not len(articles)):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        with lexical_errors(self._place):
            query = Query.boolean_query([(Occur.Should, self._term(term)) for term in terms])
            if articles is not None:
                article_query = Query.term_set_query(self._schema, "article", articles.tolist())
                scoreless = Query.const_score_query(article_query, 0.0)
                query = Query.boolean_query([(Occur.Must, query), (Occur.Must, scoreless)])
            hits = self._searcher.search(query, k, count=False).hits
            keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        scores = [score for score, _ in hits]
        return np.array(keys, dtype=np.int64), np.array(scores, dtype=np.float32)

    def _term(self, term: str) -> Query:
        body = Query.term_query(self._schema, "body", term, index_option="freq")
        title = Query.term_query(self._schema, "title", term, index_option="freq")
        return Query.boolean_query(
            [(Occur.Should, body), (Occur.Should, Query.boost_query(title, TITLE_WEIGHT))]
        )

    @contextmanager
    def _changing(self) -> Iterator[tantivy.IndexWriter]:
        """Open a writer whose changes are committed at the end of the block, or not at all."""
        with lexical_errors(self._place):
            writer: Any = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            try:
                yield writer
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()
            if self._on_disk:
                keep_private(self._place)

    def add(self, rows: Iterable[LexicalRow]) -> None:
        """Index these passages."""
        # A writer for none, as in a new library, takes as long as one for a few articles.
        remaining = iter(rows)
        first = next(remaining, None)
        if first is None:
            return
        with self._changing() as writer:
            for row in chain([first], remaining):
                document = tantivy.Document()
                document.add_unsigned("key", row.passage)
                document.add_unsigned("article", row.article)
                document.add_text("title", " ".join(terms_of(row.title, row.language)))
                document.add_text("body", " ".join(terms_of(row.text, row.language)))
                writer.add_document(document)

    def remove_articles(self, keys: Iterable[int]) -> None:
        """Remove the passages of these articles, given by key."""
        article_query = Query.term_set_query(self._schema, "article", list(keys))
        with self._changing() as writer:
            writer.delete_documents_by_query(article_query)


def _clear(folder: Path) -> None:
    """Remove a folder; of a link to one, the link."""
    if folder.is_symlink():
        folder.unlink()
        return
    attempts = _REMOVALS
    while folder.exists():
        attempts -= 1
        try:
            shutil.rmtree(folder)
        except OSError as exc:
            # The thread that tantivy starts with an index makes a lock there once.
            if exc.errno != errno.ENOTEMPTY or not attempts:
                raise


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", fast=True)
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_text_field("title", tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_text_field("body", tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()
