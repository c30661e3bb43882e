"""Hybrid retrieval: dense and lexical candidates, fused, near-duplicates collapsed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.encode.base import QueryEncoder
from index.snapshot import Selection, View
from rag.retrieval.candidate import Candidate, QueryVariant
from rag.retrieval.fusion import PassageTerms, Ranking, SearchRankings, fuse, scale_engine_scores
from rag.retrieval.near_duplicates import collapse_copies
from rag.settings import Settings

__all__ = ["hybrid_search"]

# When copies fill the candidates, so many times more are looked at before there are too few.
_DEPTH_FACTOR, _MAX_DEPTH = 4, 640


def hybrid_search(
    view: View,
    encoder: QueryEncoder,
    question: str,
    k: int,
    selection: Selection,
    settings: Settings,
    variants: Sequence[QueryVariant] = (),
) -> list[Candidate]:
    """Search for the ``k`` best passages, best first; copies of one passage count once.

    view: the state of the library to search.
    encoder: the one that its passages were encoded with.
    question: in plain words.
    k: how many passages are wanted.
    selection: the passages that the filters leave.
    settings: which searches, how deep, and how they are fused.
    variants: other wordings; the candidates of all are combined, and each passage's score is the
        mean of its scores, by weight.
    """
    depth = max(settings.candidates, k)
    queries = [QueryVariant(question, 1.0), *variants]
    while True:
        candidates = _search_all(view, encoder, queries, depth, selection, settings)
        if not settings.collapse_copies:
            return candidates[:k]
        families = view.families([candidate.hit.article.id for candidate in candidates])
        distinct = collapse_copies(candidates, k, families)
        if len(distinct) == k or len(candidates) < depth or depth >= _MAX_DEPTH:
            return distinct
        depth *= _DEPTH_FACTOR


def _search_all(
    view: View,
    encoder: QueryEncoder,
    queries: Sequence[QueryVariant],
    depth: int,
    selection: Selection,
    settings: Settings,
) -> list[Candidate]:
    """Collect the candidates of all queries, best first: ``depth`` of each search."""
    searches = [
        (query.weight, _search(view, encoder, query.text, depth, selection, settings))
        for query in queries
    ]
    distinct = _union([ranking for _, search in searches for ranking in search.rankings])
    passages = zip(distinct, view.passages(distinct), strict=True)
    # The lexical index may hold a passage that was removed a moment ago.
    hits = {key: hit for key, hit in passages if hit}
    keys = np.array(list(hits), dtype=np.int64)
    candidates = [Candidate(hit, 0.0) for hit in hits.values()]
    proximity = settings.proximity and settings.fusion == "weighted"
    terms = [PassageTerms.of(hit, proximity) for hit in hits.values()]
    scores = np.zeros(len(keys), dtype=np.float32)
    for weight, search in searches:
        scores += np.float32(weight) * fuse(view, search, keys, terms, settings)
    scores /= np.float32(sum(weight for weight, _ in searches))
    return [Candidate(candidates[i].hit, float(scores[i])) for i in np.lexsort((keys, -scores))]


def _search(
    view: View,
    encoder: QueryEncoder,
    query: str,
    depth: int,
    selection: Selection,
    settings: Settings,
) -> SearchRankings:
    vector = encoder.encode_query(query) if settings.use_dense else None
    if settings.fusion == "engine" and vector is not None and settings.use_lexical:
        ranking = view.hybrid(vector, query, depth, selection)
        return SearchRankings(query, vector, [scale_engine_scores(ranking)])
    rankings: list[Ranking] = []
    if vector is not None:
        rankings.append(view.dense(vector, depth, selection))
    if settings.use_lexical:
        rankings.append(view.lexical(query, depth, selection))
    return SearchRankings(query, vector, rankings)


def _union(rankings: Sequence[Ranking]) -> list[int]:
    # Not with np.unique: it imports np.ma, for 10 ms of a cold question.
    return sorted({key for keys, _ in rankings for key in keys.tolist()})
