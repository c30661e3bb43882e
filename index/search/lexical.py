"""Lexical search: BM25 over passages, by tantivy.

Derived from the store, like the vectors. It may hold passages that the store no longer has or
does not have yet (they are written just before and deleted just after the store's transaction);
such hits have no row there and fall away.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Filter, Occur, Query

from index.encode.base import Floats
from index.error_mapping import lexical_errors
from index.store.sqlite import Keys

__all__ = ["MAX_TERM_WEIGHT", "LexicalIndex", "LexicalRow"]

# BM25 gives a term at most k1 + 1 times its idf, and tantivy's k1 is 1.2.
MAX_TERM_WEIGHT = 2.2

# passage key, article key, title, passage text
LexicalRow = tuple[int, int, str, str]

_TOKENIZER = "pullquote"
_HEAP_BYTES = 64 << 20
# What a match in the title is worth beside one in the passage; measured on newwiki.
TITLE_WEIGHT = 0.5


class LexicalIndex:
    """The BM25 index in one folder, as it was when it was opened or last reloaded."""

    def __init__(self, folder: Path, create: bool = False) -> None:
        self.folder = folder
        self._analyzer = _analyzer()
        with lexical_errors(folder):
            if create:
                folder.mkdir(parents=True, exist_ok=True)
                self._index = tantivy.Index(_schema(), path=str(folder), reuse=True)
            else:
                self._index = tantivy.Index.open(str(folder))
            self._index.register_tokenizer(_TOKENIZER, self._analyzer)
            self._schema = self._index.schema
            self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def reload(self) -> None:
        """See what was written since."""
        with lexical_errors(self.folder):
            self._index.reload()
            self._searcher = self._index.searcher()

    def terms(self, text: str) -> list[str]:
        """The words of a text as they are indexed, in order: folded, stemmed, no stop words."""
        return list(self._analyzer.analyze(text))

    def idf(self, term: str) -> float:
        """What a term tells: BM25's ``ln(1 + (N - n + 0.5) / (n + 0.5))`` over passages."""
        total, holding = len(self), int(self._searcher.doc_freq("body", term))
        return math.log1p((total - holding + 0.5) / (holding + 0.5))

    def holds(self, text: str) -> bool:
        """Whether every word of a text is indexed, in any of its forms."""
        count = self._searcher.doc_freq
        return all(count("body", each) or count("title", each) for each in self.terms(text))

    def search(
        self, question: str, k: int, articles: NDArray[np.int64] | None = None
    ) -> tuple[Keys, Floats]:
        """The ``k`` best passage keys and their BM25 scores, best first.

        ``articles`` restricts the search to these article keys, before it is made. A question
        of which no word is indexed finds nothing.
        """
        terms = list(dict.fromkeys(self.terms(question)))
        if not terms or (articles is not None and not len(articles)):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        query = Query.boolean_query([(Occur.Should, self._term(term)) for term in terms])
        if articles is not None:
            chosen = Query.term_set_query(self._schema, "article", articles.tolist())
            scoreless = Query.const_score_query(chosen, 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, scoreless)])
        with lexical_errors(self.folder):
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
    def changing(self) -> Iterator[tantivy.IndexWriter]:
        """A writer whose changes are committed at the end of the block, or not at all."""
        with lexical_errors(self.folder):
            writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            try:
                yield writer
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()

    def add(self, rows: Iterable[LexicalRow]) -> None:
        with self.changing() as writer:
            for key, article, title, text in rows:
                document = tantivy.Document()
                document.add_unsigned("key", key)
                document.add_unsigned("article", article)
                document.add_text("title", title)
                document.add_text("body", text)
                writer.add_document(document)

    def remove_articles(self, keys: Iterable[int]) -> None:
        chosen = Query.term_set_query(self._schema, "article", list(keys))
        with self.changing() as writer:
            writer.delete_documents_by_query(chosen)

    @classmethod
    def rebuilt(cls, folder: Path, rows: Iterable[LexicalRow]) -> LexicalIndex:
        """A new index in place of whatever is in ``folder``."""
        with lexical_errors(folder):
            shutil.rmtree(folder, ignore_errors=True)
        index = cls(folder, create=True)
        index.add(rows)
        index.reload()
        return index


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", fast=True)
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_text_field("title", tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_text_field("body", tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    filters = [
        Filter.remove_long(80),
        Filter.lowercase(),
        Filter.ascii_fold(),
        Filter.stopword("english"),
        Filter.stemmer("english"),
    ]
    for each in filters:
        builder = builder.filter(each)
    return builder.build()
