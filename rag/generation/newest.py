"""Tell the newest articles, as the answer to "what's new?"."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

from index.article import Article
from index.filters import Filters
from index.snapshot import View
from rag.answer import SearchResult
from rag.citing.markers import AnswerBuilder
from rag.events import Sentence
from rag.generation.answer_stream import ComposedAnswer
from rag.overview import opening
from rag.query.small_talk import NEWS_HEADING
from rag.text.english import day_in_words

__all__ = ["compose_newest", "newest_articles"]

_MOST: Final = 5


def newest_articles(view: View, filters: Filters) -> tuple[SearchResult, ...]:
    """Return the newest articles that the filters leave, each with its opening passage."""
    articles, _ = view.page(filters, "", _MOST, 0)
    openings = [(article, view.passages_of(article.id)[:1]) for article in articles]
    return tuple(SearchResult(article, first, 0.0) for article, few in openings for first in few)


def compose_newest(
    view: View, articles: Sequence[Article]
) -> Generator[Sentence, None, ComposedAnswer]:
    """Compose the answer: of each article its title, publisher and day in our words, and below it
    its first sentence. Yields every sentence, returns the whole."""
    builder = AnswerBuilder()
    yield builder.say(NEWS_HEADING)
    for article in articles:
        yield builder.say(_headline(article))
        yield from builder.quote(tuple(opening(view, article)), separator="\n")
    own_words = tuple(builder.own_words)
    return ComposedAnswer(builder.text, tuple(builder.citations), own_words=own_words)


def _headline(article: Article) -> str:
    day = day_in_words(article.published_at) if article.published_at else None
    parts = (article.title or article.id, article.publisher, day)
    return f"{', '.join(filter(None, parts))}:"
