"""Fusion: combine the scores of several searches into one for each candidate.

There are two fusions here. Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009) uses
only ranks and is the baseline. The default is a weighted sum of four numbers that mean the same for
every question: the cosine, BM25 as a share of the most that the question could score, and the two
shares of :mod:`rag.retrieval.proximity`. ``docs/evaluation.md`` compares them. A third,
by ranks too, is the store's own (:class:`index.store.base.HybridSearch`), which gives one ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.encode.base import Floats
from index.search.analyzer import passage_terms
from index.search.lexical import MAX_TERM_WEIGHT
from index.snapshot import View
from index.store.base import Found, Keys
from rag.retrieval.proximity import Proximity
from rag.settings import Settings

__all__ = [
    "PassageTerms",
    "Ranking",
    "SearchRankings",
    "fuse",
    "fuse_ranks",
    "max_score",
    "scale_engine_scores",
]

# Passage keys, best first, and their scores.
Ranking = tuple[Keys, Floats]

# The constant of the paper.
_RRF_K = 60
# Fitted on questions about half the articles of squadshifts_newwiki and squad2 (softmax over
# the candidates of a question, L2); the order is cosine, BM25 share, bigrams, window.
_WEIGHTS = np.array([1.0, 0.33, 0.36, 0.59], dtype=np.float32)
_WEIGHTS_WITHOUT_PROXIMITY = np.array([1.0, 1.5, 0.0, 0.0], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class SearchRankings:
    """The rankings of one query: ``rankings`` dense before lexical, as far as the settings use
    them; ``vector`` (float32 ``[dim]``) is ``None`` where there was no dense search."""

    query: str
    vector: Floats | None
    rankings: list[Ranking]


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """The terms of a passage, in the order of the text, and its language."""

    language: str
    terms: Sequence[str]

    @classmethod
    def of(cls, hit: Found, proximity: bool) -> Self:
        """Analyse a passage; without ``proximity`` its terms are not needed and left empty."""
        language = hit.article.language
        return cls(language, passage_terms(hit.text, language) if proximity else ())


@dataclass(frozen=True, slots=True)
class _QueryTerms:
    """A query in one language: how close its terms stand in a passage, and the most BM25 that a
    passage of that language can score with them."""

    proximity: Proximity
    max_bm25: float

    @classmethod
    def of(cls, view: View, query: str, language: str) -> Self:
        terms = view.analyzer.terms(query, language)
        idf = {term: view.analyzer.idf(term) for term in terms}
        return cls(Proximity(terms, idf), MAX_TERM_WEIGHT * sum(idf.values()) or 1.0)


def max_score(settings: Settings) -> float | None:
    """Return the most that a passage can score under these settings; ``None`` if nothing bounds it,
    as with BM25 alone."""
    if not settings.use_dense:
        return None
    if not settings.use_lexical:
        return 1.0
    if settings.fusion == "rrf":
        return 2.0 / (_RRF_K + 1)
    if settings.fusion == "engine":
        return float(_WEIGHTS.sum())
    weights = _WEIGHTS if settings.proximity else _WEIGHTS_WITHOUT_PROXIMITY
    return float(weights.sum())


def scale_engine_scores(ranking: Ranking) -> Ranking:
    """Put a ranking by reciprocal ranks of two searches on the scale of the weighted sum: what
    prefers newer articles (:mod:`rag.retrieval.recency`) adds shares of that."""
    keys, scores = ranking
    return keys, scores * (_WEIGHTS.sum() * np.float32((_RRF_K + 1) / 2))


def fuse(
    view: View,
    search: SearchRankings,
    keys: Keys,
    passage_terms: Sequence[PassageTerms],
    settings: Settings,
) -> Floats:
    """Score passages for one query.

    view: the state of the library that was searched.
    search: the query and its rankings; of a single one the scores stand.
    keys: int64 ``[n]``, the passages to score.
    passage_terms: each passage's terms and language.
    settings: which fusion.

    Returns float32 ``[n]``.
    """
    if len(search.rankings) == 1:
        return _scores_of(keys, search.rankings[0])
    if settings.fusion == "rrf" or search.vector is None:
        return fuse_ranks(keys, search.rankings)
    return _weighted_sum(view, search, search.vector, keys, passage_terms, settings.proximity)


def fuse_ranks(keys: Keys, rankings: Sequence[Ranking]) -> Floats:
    """Compute reciprocal rank fusion: for each key the sum of ``1 / (60 + rank)`` over the
    rankings."""
    scores = np.zeros(len(keys), dtype=np.float32)
    for ranking, _ in rankings:
        ranks = {key: i for i, key in enumerate(ranking.tolist(), start=1)}
        scores += [1.0 / (_RRF_K + ranks[key]) if key in ranks else 0.0 for key in keys.tolist()]
    return scores


def _weighted_sum(
    view: View,
    search: SearchRankings,
    vector: Floats,
    keys: Keys,
    passage_terms: Sequence[PassageTerms],
    proximity: bool,
) -> Floats:
    languages = {passage.language for passage in passage_terms}
    queries = {language: _QueryTerms.of(view, search.query, language) for language in languages}
    max_bm25 = np.array([queries[p.language].max_bm25 for p in passage_terms], dtype=np.float32)
    signals = np.zeros((4, len(keys)), dtype=np.float32)
    signals[0] = view.cosines(vector, keys)
    signals[1] = _scores_of(keys, search.rankings[1]) / max_bm25
    if not proximity:
        return np.asarray(_WEIGHTS_WITHOUT_PROXIMITY @ signals)
    for i, passage in enumerate(passage_terms):
        signals[2:, i] = queries[passage.language].proximity.shares(passage.terms)
    return np.asarray(_WEIGHTS @ signals)


def _scores_of(keys: Keys, ranking: Ranking) -> Floats:
    """Return the score that a ranking gives each key, 0 where it does not have it."""
    scores = dict(zip(ranking[0].tolist(), ranking[1].tolist(), strict=True))
    return np.array([scores.get(key, 0.0) for key in keys.tolist()], dtype=np.float32)
