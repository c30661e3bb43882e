"""Retrieval: which passages may answer. Dense and lexical candidates, fused.

Two fusions are kept. Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009) knows
only ranks and is the baseline. The default is a weighted sum of four numbers that mean the same
for every question: the cosine, BM25 as a share of the most that the question could score, and
the two shares of :mod:`rag.retrieval.proximity`. ``docs/evaluation.md`` has both side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.encode.base import Floats, QueryEncoder
from index.search.lexical import MAX_TERM_WEIGHT
from index.snapshot import Found, Selection, View
from index.store.base import Keys
from index.text.language import DEFAULT
from index.text.shingles import Runs, runs_of, words
from rag.retrieval.proximity import bigram_share, window_share
from rag.settings import Settings

__all__ = [
    "Retrieved",
    "Wording",
    "collapse_copies",
    "fuse_ranks",
    "greatest_score",
    "retrieve",
]

Ranked = tuple[Keys, Floats]

# The constant of the paper.
_RRF_K = 60
# Fitted on questions about half the articles of squadshifts_newwiki and squad2 (softmax over
# the candidates of a question, L2); the order is cosine, BM25 share, bigrams, window.
_WEIGHTS = np.array([1.0, 0.33, 0.36, 0.59], dtype=np.float32)
_WEIGHTS_WITHOUT_PROXIMITY = np.array([1.0, 1.5, 0.0, 0.0], dtype=np.float32)
# Two passages are copies when they share this much of the shorter one's runs of four words; less
# suffices where their articles are known to be copies, which an editor's pen has gone over.
_COPY_SHARE, _COPY_SHARE_OF_COPIES = 0.7, 0.5
# When copies fill the candidates, so many times more are looked at before there are too few.
_DEEPER, _DEEPEST = 4, 640


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage and its fused score, which orders the passages of one question."""

    found: Found
    score: float


@dataclass(frozen=True, slots=True)
class Wording:
    """Another way to say the question, and what its scores count beside the question's own."""

    text: str
    weight: float


def retrieve(
    view: View,
    encoder: QueryEncoder,
    question: str,
    k: int,
    selection: Selection,
    settings: Settings,
    wordings: Sequence[Wording] = (),
) -> list[Retrieved]:
    """The ``k`` best passages, best first; copies of one passage count once.

    With ``wordings`` the candidates of all are put together, and each passage's score is the mean
    of its scores, by weight.
    """
    depth = max(settings.candidates, k)
    while True:
        ranked = _ranked(view, encoder, question, depth, selection, settings, wordings)
        if not settings.collapse_copies:
            return ranked[:k]
        families = view.families([each.found.article.id for each in ranked])
        kept = collapse_copies(ranked, k, families)
        if len(kept) == k or len(ranked) < depth or depth >= _DEEPEST:
            return kept
        depth *= _DEEPER


def _ranked(
    view: View,
    encoder: QueryEncoder,
    question: str,
    depth: int,
    selection: Selection,
    settings: Settings,
    wordings: Sequence[Wording],
) -> list[Retrieved]:
    """All candidates, best first: ``depth`` of each search."""
    asked = [
        (weight, _search(view, encoder, text, depth, selection, settings))
        for text, weight in [(question, 1.0), *((each.text, each.weight) for each in wordings)]
    ]
    keys = _union([ranked for _, each in asked for ranked in each.lists])
    found = dict(zip(keys.tolist(), view.passages(keys.tolist()), strict=True))
    # The lexical index may hold a passage that was removed a moment ago.
    keys = np.array([key for key in keys.tolist() if found[key]], dtype=np.int64)
    passages = [_terms(view, found[key], settings.proximity) for key in keys.tolist()]
    scores = np.zeros(len(keys), dtype=np.float32)
    for weight, each in asked:
        scores += np.float32(weight) * _fused(view, each, keys, passages, settings)
    scores /= np.float32(sum(weight for weight, _ in asked))
    order = np.lexsort((keys, -scores))
    return [
        Retrieved(each, float(scores[i]))
        for i in order
        if (each := found[int(keys[i])]) is not None
    ]


def greatest_score(settings: Settings) -> float | None:
    """The most that a passage can score under these settings; ``None`` if nothing bounds it, as
    with BM25 alone."""
    if not settings.use_dense:
        return None
    if not settings.use_lexical:
        return 1.0
    if settings.fusion == "rrf":
        return 2.0 / (_RRF_K + 1)
    weights = _WEIGHTS if settings.proximity else _WEIGHTS_WITHOUT_PROXIMITY
    return float(weights.sum())


@dataclass(frozen=True, slots=True)
class _Searched:
    """What one wording found by each search, and its vector, ``None`` when not searched by it."""

    text: str
    query: Floats | None
    lists: list[Ranked]


def _search(
    view: View,
    encoder: QueryEncoder,
    text: str,
    depth: int,
    selection: Selection,
    settings: Settings,
) -> _Searched:
    query = encoder.encode_query(text) if settings.use_dense else None
    lists: list[Ranked] = []
    if query is not None:
        lists.append(view.dense(query, depth, selection))
    if settings.use_lexical:
        lists.append(view.lexical(text, depth, selection))
    return _Searched(text, query, lists)


def _fused(
    view: View,
    one: _Searched,
    keys: Keys,
    passages: Sequence[_PassageTerms],
    settings: Settings,
) -> Floats:
    """The score of each of these passages for one wording."""
    if len(one.lists) == 1:
        return _score_of(keys, one.lists[0])
    if settings.fusion == "rrf" or one.query is None:
        return fuse_ranks(keys, one.lists)
    return _weighted(view, one.text, one.query, keys, passages, one.lists[1], settings.proximity)


def fuse_ranks(keys: Keys, lists: Sequence[Ranked]) -> Floats:
    """Reciprocal rank fusion: for each key the sum of ``1 / (60 + rank)`` over the lists."""
    scores = np.zeros(len(keys), dtype=np.float32)
    for found, _ in lists:
        rank = {key: i for i, key in enumerate(found.tolist(), start=1)}
        scores += [1.0 / (_RRF_K + rank[key]) if key in rank else 0.0 for key in keys.tolist()]
    return scores


def _weighted(
    view: View,
    question: str,
    query: Floats,
    keys: Keys,
    passages: Sequence[_PassageTerms],
    lexical: Ranked,
    proximity: bool,
) -> Floats:
    asked = {
        language: _QuestionTerms.of(view, question, language)
        for language in {passage.language for passage in passages}
    }
    most = np.array([asked[each.language].most for each in passages], dtype=np.float32)
    signals = np.zeros((4, len(keys)), dtype=np.float32)
    signals[0] = view.cosines(query, keys)
    signals[1] = _score_of(keys, lexical) / most
    if not proximity:
        return np.asarray(_WEIGHTS_WITHOUT_PROXIMITY @ signals)
    for i, passage in enumerate(passages):
        terms, idf = asked[passage.language].terms, asked[passage.language].idf
        signals[2, i] = bigram_share(terms, passage.terms, idf)
        signals[3, i] = window_share(terms, passage.terms, idf)
    return np.asarray(_WEIGHTS @ signals)


@dataclass(frozen=True, slots=True)
class _PassageTerms:
    """The terms of a passage, and the language that they are of."""

    language: str
    terms: Sequence[str]


@dataclass(frozen=True, slots=True)
class _QuestionTerms:
    """The terms of a question in one language, what each tells, and the most BM25 that a passage
    of that language can score with them."""

    terms: Sequence[str]
    idf: Mapping[str, float]
    most: float

    @classmethod
    def of(cls, view: View, question: str, language: str) -> _QuestionTerms:
        terms = view.analyzer.terms(question, language)
        idf = {term: view.analyzer.idf(term) for term in terms}
        return cls(terms, idf, MAX_TERM_WEIGHT * sum(idf.values()) or 1.0)


def _terms(view: View, found: Found | None, proximity: bool) -> _PassageTerms:
    """The terms of a passage; none where nobody asks which are near to each other."""
    language = found.article.language if found else DEFAULT
    return _PassageTerms(language, view.analyzer.terms(_text(found), language) if proximity else ())


def _score_of(keys: Keys, ranked: Ranked) -> Floats:
    """The score that a list gives each key, 0 where it does not have it."""
    scores = dict(zip(ranked[0].tolist(), ranked[1].tolist(), strict=True))
    return np.array([scores.get(key, 0.0) for key in keys.tolist()], dtype=np.float32)


def _union(lists: Sequence[Ranked]) -> Keys:
    return np.unique(np.concatenate([np.zeros(0, np.int64), *(keys for keys, _ in lists)]))


def _text(found: Found | None) -> str:
    return found.passage.span.of(found.article.text) if found else ""


def collapse_copies(
    ranked: Sequence[Retrieved], k: int, families: Mapping[str, int] | None = None
) -> list[Retrieved]:
    """The first ``k`` without those that tell what a better one tells in the same words, as
    wire stories do. Passages of one article overlap by design and are no copies. ``families``
    has the group of copies that an article is known to be in, by its id."""
    families = families or {}
    kept: list[tuple[Retrieved, Runs]] = []
    for result in ranked:
        if len(kept) == k:
            break
        runs = runs_of(words(_text(result.found)))
        if not any(_are_copies(result, runs, *other, families) for other in kept):
            kept.append((result, runs))
    return [result for result, _ in kept]


def _are_copies(
    one: Retrieved, mine: Runs, other: Retrieved, yours: Runs, families: Mapping[str, int]
) -> bool:
    first, second = one.found.article.id, other.found.article.id
    if first == second:
        return False
    family = families.get(first)
    known = family is not None and family == families.get(second)
    share = _COPY_SHARE_OF_COPIES if known else _COPY_SHARE
    return len(mine & yours) >= share * min(len(mine), len(yours))
