"""Pullquote in a folder of its own, in the form that the others have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.bench.process import MAIN, Command
from index.article import Article
from index.errors import InputError
from index.filters import Filters
from rag import Pullquote, Settings
from rag.answer import SearchResult

__all__ = ["OwnLibrary"]


class OwnLibrary:
    """A library in ``folder``, searched and opened as ``settings`` say."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._folder = folder
        self._pullquote = Pullquote.open(folder, settings, create=True)

    def index(self, articles: Sequence[Article]) -> None:
        """Raises ``InputError`` when an article cannot be indexed."""
        report = self._pullquote.add_articles(articles)
        if report.failed:
            raise InputError(str(report.failed[0]))

    def search(
        self, question: str, *, top_k: int = 20, article_ids: Collection[str] = ()
    ) -> list[SearchResult]:
        filters = Filters(article_ids=tuple(article_ids))
        return self._pullquote.search(question, top_k=top_k, filters=filters)

    def save(self) -> None:
        self._pullquote.close()

    def cold_search(self, question: str) -> Command:
        environment = {"PULLQUOTE_LIBRARY": str(self._folder), "PULLQUOTE_RESIDENT": "off"}
        return Command(MAIN, ("search", question), environment)

    def describe(self) -> Mapping[str, Any]:
        return self._pullquote.describe()
