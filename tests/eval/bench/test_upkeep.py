"""What is counted over a saved index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eval.bench.baselines.baseline import passage_result
from eval.bench.upkeep import measure_upkeep
from eval.dataset import Case, Dataset
from index.article import Article
from rag.answer import SearchResult

ARTICLES = tuple(Article(f"a{number}", "", f"Text {number}.") for number in range(40))


@dataclass
class Store:
    """Finds articles in the order in which they came, of the first ``reach`` only; keeps what came
    twice twice unless it ``skips``."""

    skips: bool
    reach: int
    articles: list[Article] = field(default_factory=lambda: list(ARTICLES))

    def index(self, articles: Sequence[Article]) -> None:
        if not self.skips:
            self.articles = [article for article in articles for _ in range(2)]

    def search(
        self, question: str, *, top_k: int = 20, article_ids: Collection[str] = ()
    ) -> list[SearchResult]:
        kept = [
            passage_result(article, 0, 5, 1.0)
            for article in self.articles[: self.reach]
            if not article_ids or article.id in article_ids
        ]
        return kept[:top_k]


@pytest.mark.parametrize(
    ("skips", "reach", "duplicates", "shortfall"),
    [(True, 99, 0, 0), (True, 20, 0, 10), (False, 99, 10, 10), (False, 20, 10, 14)],
)
def test_doubled_hits_and_hits_that_a_filter_loses_are_counted(
    skips: bool, reach: int, duplicates: int, shortfall: int
) -> None:
    cases = tuple(Case(id=f"q{number}", question=f"Text {number}?") for number in range(2))
    dataset = Dataset("small", "pullquote", Path("small"), ARTICLES, cases)
    upkeep = measure_upkeep(Store(skips, reach), dataset)  # type: ignore[arg-type]
    assert (upkeep.duplicates, upkeep.shortfall, upkeep.hits) == (duplicates, shortfall, 20)
    assert upkeep.again_seconds >= 0
