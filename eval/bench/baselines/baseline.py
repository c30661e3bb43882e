"""The protocol of a baseline: it indexes articles with a given encoder and searches their
passages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from index.article import Article, Passage, Span
from rag.answer import SearchResult
from rag.errors import MissingExtra

__all__ = ["Baseline", "extra", "passage_result"]


class Baseline(Protocol):
    """A ``Searcher`` that is built from articles."""

    def index(self, articles: Sequence[Article]) -> None:
        """Split, embed and store the articles."""
        ...

    def search(self, question: str, *, top_k: int = 20) -> list[SearchResult]:
        """Return at most ``top_k`` passages, best first."""
        ...

    def describe(self) -> Mapping[str, Any]: ...


@contextmanager
def extra(package: str) -> Iterator[None]:
    """Turn the import error of ``package`` into ``MissingExtra``, which names the extra ``bench``;
    import errors of other packages pass through."""
    try:
        yield
    except ModuleNotFoundError as exc:
        missing = (exc.name or "").split(".")[0]
        if missing and package.replace("-", "_").startswith(missing):
            raise MissingExtra(package, "bench") from exc
        raise


def passage_result(article: Article, start: int, end: int, score: float) -> SearchResult:
    """Make a search result of a stretch of an article; an empty one becomes one character."""
    end = min(len(article.text), max(end, start + 1))
    span = Span(min(start, end - 1), end)
    return SearchResult(article, Passage(0, article.id, 0, span, (span,)), score)
