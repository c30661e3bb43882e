"""The protocol of a baseline: it indexes articles with a given encoder, searches their passages and
keeps them in a folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from eval.bench.process import Command
from index.article import Article, Passage, Span
from rag.answer import SearchResult
from rag.errors import MissingExtra

__all__ = ["Baseline", "extra", "passage_result", "peer_command"]


class Baseline(Protocol):
    """A ``Searcher`` that is built from articles. One that is made for a folder where another was
    saved begins with what that one had."""

    def index(self, articles: Sequence[Article]) -> None:
        """Split, embed and store the articles; what is there already is left out or replaced in
        the way that its documentation shows. Only what was given here can be found."""
        ...

    def search(
        self, question: str, *, top_k: int = 20, article_ids: Collection[str] = ()
    ) -> list[SearchResult]:
        """Return at most ``top_k`` passages, best first; only of these articles where some are
        named, by its own filters as they come."""
        ...

    def save(self) -> None:
        """Write everything to the folder. It is not used any more after that."""
        ...

    def cold_search(self, question: str) -> Command:
        """The command of a process that opens what is in the folder and prints five passages."""
        ...

    def describe(self) -> Mapping[str, Any]: ...


def peer_command(code: str, *arguments: object) -> Command:
    """The command of another system's code, which asks and tells the network nothing."""
    environment = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    return Command(code, tuple(map(str, arguments)), environment)


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
