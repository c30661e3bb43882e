"""What is done with an index that is saved: the same articles once more, and a search in few of
them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eval.bench.baselines.baseline import Baseline
from eval.bench.timing import stopwatch
from eval.dataset import Dataset

__all__ = ["Upkeep", "measure_upkeep"]

_HITS: Final = 10
_QUESTIONS: Final = 20
# One article in so many is searched, and more of a small set, so that there are ten hits.
_PART: Final = 100


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The upkeep of one system.

    again_seconds: what adding the same articles once more takes.
    duplicates: of how many hits after that are the article and the text those of a better hit.
    shortfall: how many hits of the searches in a hundredth of the articles are not returned,
        although they are there.
    hits: how many hits all searches are to have, with the filter and without.
    """

    again_seconds: float
    duplicates: int
    shortfall: int
    hits: int


def measure_upkeep(system: Baseline, dataset: Dataset) -> Upkeep:
    """Measure with a system that was opened where it was saved."""
    articles = dataset.articles
    seconds, _ = stopwatch(lambda: system.index(articles))
    step = max(1, min(_PART, len(articles) // _HITS))
    few = [article.id for article in articles[::step]]
    hits = min(_HITS, len(few))
    duplicates = shortfall = 0
    questions = [case.question for case in dataset.sample(_QUESTIONS)]
    for question in questions:
        passages = [(hit.article.id, hit.text) for hit in system.search(question, top_k=hits)]
        duplicates += len(passages) - len(set(passages))
        results = system.search(question, top_k=hits, article_ids=few)
        right_hits = {(hit.article.id, hit.text) for hit in results if hit.article.id in few}
        shortfall += hits - len(right_hits)
    return Upkeep(seconds, duplicates, shortfall, hits * len(questions))
