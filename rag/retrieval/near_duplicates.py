"""Collapse near-duplicates among the candidates: of passages with the same words, the best
stays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from index.text.shingles import Runs, runs_of, words
from rag.retrieval.candidate import Candidate

__all__ = ["collapse_copies"]

# Two passages are copies when they share this much of the shorter one's runs of four words; less
# suffices where their articles are known to be copies, which an editor's pen has gone over.
_COPY_SHARE, _COPY_SHARE_OF_COPIES = 0.7, 0.5


def collapse_copies(
    candidates: Sequence[Candidate], k: int, families: Mapping[str, int] | None = None
) -> list[Candidate]:
    """Select the first ``k`` candidates that are not copies of a better one.

    Passages of one article overlap by design and are no copies.

    candidates: best first.
    k: how many are wanted.
    families: the family of near-duplicates of each article, by id.
    """
    families = families or {}
    distinct: list[tuple[Candidate, Runs]] = []
    all_runs: Runs = set()
    fewest: float = math.inf
    for candidate in candidates:
        if len(distinct) == k:
            break
        runs = runs_of(words(candidate.text))
        # What it shares with all of them together is the most that it can share with one.
        most = len(runs & all_runs)
        if most >= _COPY_SHARE_OF_COPIES * min(len(runs), fewest) and any(
            _are_copies(candidate, runs, *better, families) for better in distinct
        ):
            continue
        distinct.append((candidate, runs))
        all_runs |= runs
        fewest = min(fewest, len(runs))
    return [candidate for candidate, _ in distinct]


def _are_copies(
    candidate: Candidate,
    runs: Runs,
    better: Candidate,
    better_runs: Runs,
    families: Mapping[str, int],
) -> bool:
    first, second = candidate.hit.article.id, better.hit.article.id
    if first == second:
        return False
    family = families.get(first)
    same_family = family is not None and family == families.get(second)
    share = _COPY_SHARE_OF_COPIES if same_family else _COPY_SHARE
    return len(runs & better_runs) >= share * min(len(runs), len(better_runs))
