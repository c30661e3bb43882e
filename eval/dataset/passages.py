"""All passages of a document, in the form in which a search returns them."""

from __future__ import annotations

from index.article import Article
from index.snapshot import Found
from index.text.passages import passages_of

__all__ = ["all_passages"]


def all_passages(article: Article) -> tuple[Found, ...]:
    """Cut an article as the index does and return every passage, in order."""
    return tuple(Found(article, passage) for passage in passages_of(article))
