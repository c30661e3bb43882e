"""Read one generation of a library."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from index.article import Article, Passage
from index.encode.base import Floats
from index.errors import NotFoundError, SettingsError
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.search.analyzer import Analyzer, base_language, terms_of
from index.store.base import Found, HybridSearch, Keys, Ranking, Selection, Snapshot
from index.store.versions import Version, history
from index.text.language import DEFAULT

__all__ = ["NO_HYBRID", "Found", "Selection", "View"]


class View:
    """One generation of a library, for reading: a store's snapshot with the library's analyzer."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.generation = snapshot.generation
        self.analyzer: Analyzer = _SnapshotAnalyzer(snapshot)

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self._snapshot)

    def select(self, filters: Filters) -> Selection:
        """Select the articles and passages that meet the filters."""
        return self._snapshot.select(filters)

    def dense(self, query: Floats, k: int, selection: Selection) -> Ranking:
        """Return the ``k`` nearest passage keys and their cosines, best first."""
        return self._snapshot.dense(query, k, selection)

    def lexical(self, question: str, k: int, selection: Selection) -> Ranking:
        """Return the ``k`` best passage keys and their BM25 scores, best first.

        The question is analysed in each of the library's languages.
        """
        return self._snapshot.lexical(self._terms_of(question), k, selection)

    @property
    def has_hybrid(self) -> bool:
        """Whether the store makes one ranking of both searches by itself."""
        return isinstance(self._snapshot, HybridSearch)

    def hybrid(self, query: Floats, question: str, k: int, selection: Selection) -> Ranking:
        """Return the ``k`` best passage keys of both searches as the store itself ranks them, best
        first: by vector, and by the words of the question as :meth:`lexical` has them.

        ``SettingsError`` where the store makes no such ranking.
        """
        if not isinstance(self._snapshot, HybridSearch):
            raise SettingsError(NO_HYBRID)
        return self._snapshot.hybrid(query, self._terms_of(question), k, selection)

    def _terms_of(self, question: str) -> list[str]:
        """The terms of a question in each of the library's languages."""
        terms = (
            term
            for language in self._languages()
            for term in self.analyzer.terms(question, language)
        )
        return list(dict.fromkeys(terms))

    def language_of(self, question: str) -> str:
        """Return the library's language in which most of a question's terms are known; in a tie the
        one with most articles, and ``en`` in an empty library."""
        best, most = DEFAULT, -1.0
        for language in self._languages():
            terms = self.analyzer.terms(question, language)
            share = sum(map(self._snapshot.has_term, terms)) / max(len(terms), 1)
            if share > most:
                best, most = language, share
        return best

    def _languages(self) -> list[str]:
        """The languages of the articles, as far as terms depend on them, most articles first."""
        counts: dict[str, int] = {}
        for tag, count in self._snapshot.languages().items():
            counts[base_language(tag)] = counts.get(base_language(tag), 0) + count
        return sorted(counts, key=lambda base: (-counts[base], base))

    def cosines(self, query: Floats, keys: Keys) -> Floats:
        """The cosine of each of these passages, which must be there: float32 ``[len(keys)]``."""
        if not len(keys):
            return np.zeros(0, dtype=np.float32)
        return self._snapshot.vectors(keys.tolist()) @ query

    def holds(self, text: str) -> bool:
        """Whether every word of a text is in the library, in any of its forms, in one of its
        languages."""
        has = self._snapshot.has_term
        languages = self._languages() or [DEFAULT]
        return any(all(map(has, self.analyzer.terms(text, language))) for language in languages)

    def passages(self, keys: Sequence[int]) -> list[Found | None]:
        """Return the passages of these keys, in their order; ``None`` for one that does not
        exist."""
        return self._snapshot.passages(keys)

    def article(self, id: str) -> Article:
        """Return the article of that id. ``NotFoundError`` when there is none."""
        stored_article = self._snapshot.article(id)
        if stored_article is None:
            raise NotFoundError(_NO_ARTICLE.format(id))
        return stored_article

    def families(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the number of each article's family of near-duplicates, by id; those in none are
        left out."""
        return self._snapshot.families(ids)

    def copies_of(self, id: str, selection: Selection | None = None) -> list[Article]:
        """Return an article's family, including itself, the one to cite first."""
        return self._snapshot.family(id, selection)

    def history(self, id: str) -> list[Version]:
        """Return all versions of an article, the present one first. ``NotFoundError`` if there is
        none."""
        versions = self._snapshot.versions(id)
        if not versions:
            raise NotFoundError(_NO_ARTICLE.format(id))
        return history(versions)

    def provenance(self, id: str) -> Provenance | None:
        """Return the provenance of an article: what was dropped, how its day was found. ``None``
        for an article that was added as it is."""
        return self._snapshot.provenance(id)

    def articles(self) -> Iterator[Article]:
        """Return all articles, newest first."""
        return self._snapshot.articles()

    def page(
        self, filters: Filters, words: str, limit: int, offset: int
    ) -> tuple[list[Article], int]:
        """Return a page of the articles that meet the filters and whose title, publisher or author
        contains ``words`` (in any case), newest first, and how many there are in all."""
        return self._snapshot.page(filters, words, limit, offset)

    def counts(self) -> tuple[int, int]:
        """Count articles and passages."""
        return self._snapshot.counts()

    def publishers(self) -> list[tuple[str, int]]:
        """Count the articles of each publisher; names that differ only in case are one."""
        return self._snapshot.publishers()

    def languages(self) -> dict[str, int]:
        """Count the articles in each language, by its tag."""
        return self._snapshot.languages()

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of one article, in order."""
        return self._snapshot.passages_of(article_id)


class _SnapshotAnalyzer:
    """The analyzer of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def terms(self, text: str, language: str) -> list[str]:
        return terms_of(text, language)

    def idf(self, term: str) -> float:
        total = len(self._snapshot)
        # The index may have passages of a state to come.
        holding = min(self._snapshot.document_frequency(term), total)
        return math.log1p((total - holding + 0.5) / (holding + 0.5))


NO_HYBRID: Final = (
    "PULLQUOTE_FUSION=engine needs a store that searches by vector and by words in one call, as "
    "Milvus does (PULLQUOTE_STORE); with this one set it to weighted or rrf"
)
_NO_ARTICLE: Final = "no article {!r} in the library; pullquote list shows them"
