"""List the newest articles, as the reply to "what's new?"."""

from __future__ import annotations

from typing import Final

from index.article import Article
from index.filters import Filters
from index.snapshot import View
from rag.answer import SearchResult
from rag.query.small_talk import NEWS_HEADING

__all__ = ["newest_articles"]

_MOST: Final = 5


def newest_articles(view: View, filters: Filters) -> tuple[str, tuple[SearchResult, ...]]:
    """List the newest articles that the filters leave: a text with title, publisher and day of each
    on a line, and their opening passages; both empty where there are none."""
    articles, _ = view.page(filters, "", _MOST, 0)
    if not articles:
        return "", ()
    openings = [(article, view.passages_of(article.id)[:1]) for article in articles]
    results = [
        SearchResult(article, opening, 0.0) for article, first in openings for opening in first
    ]
    return "\n".join([NEWS_HEADING, *map(_headline, articles)]), tuple(results)


def _headline(article: Article) -> str:
    day = article.published_at
    date_text = f"{day.day} {day:%B %Y}" if day else None
    return "- " + ", ".join(
        filter(None, (article.title or article.id, article.publisher, date_text))
    )
