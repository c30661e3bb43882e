"""A document as a search would hand it to a reader that found all of it."""

from __future__ import annotations

from index.article import Article
from index.snapshot import Found
from index.text.passages import passages_of

__all__ = ["all_passages"]


def all_passages(article: Article) -> tuple[Found, ...]:
    """Every passage of the article, in order, cut as the index cuts it."""
    return tuple(Found(article, passage) for passage in passages_of(article))
