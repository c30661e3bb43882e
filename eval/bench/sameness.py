"""Whether two libraries hold the same: articles, passages and provenance, and nearly the same
vectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.encode.base import Floats
from index.library import Library

__all__ = ["ArticleContent", "Sameness", "compare_libraries", "contents"]


@dataclass(frozen=True, slots=True)
class ArticleContent:
    """What a library holds of an article: ``facts`` but for its vectors (float32
    ``[passages, dim]``)."""

    id: str
    facts: tuple[Any, ...]
    vectors: Floats


@dataclass(frozen=True, slots=True)
class Sameness:
    """The comparison of two libraries.

    differences: ids of articles that one alone has, or of which anything but the vectors differs.
    vector_difference: the largest of any number of a vector, over the articles of both.
    """

    articles: int
    passages: int
    differences: tuple[str, ...]
    vector_difference: float

    @property
    def is_same(self) -> bool:
        """Whether all is equal, and vectors within 0.001."""
        return not self.differences and self.vector_difference < 1e-3


def contents(library: Library) -> Iterator[ArticleContent]:
    """Yield what a library holds of each article, by id."""
    with library.store.searching() as snapshot:
        for article in sorted(snapshot.articles(), key=lambda article: article.id):
            passages = snapshot.passages_of(article.id)
            facts = (
                article,
                article.source,
                snapshot.stored([article.id])[article.id],
                snapshot.provenance(article.id),
                passages,
                snapshot.families([article.id]),
            )
            yield ArticleContent(
                article.id, facts, snapshot.vectors([passage.key for passage in passages])
            )


def compare_libraries(library: Library, model: Library) -> Sameness:
    """Compare a library with the one that it should be like, article by article."""
    rest = {content.id: content for content in contents(model)}
    articles = passages = 0
    differences: list[str] = []
    largest = 0.0
    for content in contents(library):
        match = rest.pop(content.id, None)
        if match is None or match.facts != content.facts:
            differences.append(content.id)
            continue
        articles, passages = articles + 1, passages + len(content.vectors)
        change = np.abs(content.vectors - match.vectors).max(initial=0.0)
        largest = max(largest, float(change))
    return Sameness(articles, passages, (*differences, *rest), largest)
