"""Hints for questions that have no answer under their filters: similar publisher names, other
publishers with an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import utils

from index.article import Article
from index.filters import Filters
from rag.text.similar_names import similar_names

__all__ = ["publisher_hint", "unknown_publishers", "without_publishers"]

_MOST_NAMES = 3


def publisher_hint(filters: Filters, publishers: Sequence[str]) -> str | None:
    """Explain that the library has no publisher of the names asked for, and suggest similar ones;
    ``None`` where no name was asked for.

    publishers: all that the library has.
    """
    if not filters.publisher:
        return None
    near = [
        name
        for wanted_name in filters.publisher
        for name in similar_names(wanted_name, publishers, _MOST_NAMES, _plain_name)
    ]
    hint = f"No article matches the publisher {_alternatives(filters.publisher)}"
    suggestions = list(dict.fromkeys(near))
    return f"{hint}; did you mean {_alternatives(suggestions)}?" if suggestions else f"{hint}."


def unknown_publishers(filters: Filters, publishers: Sequence[str]) -> str | None:
    """Name those of the publishers asked for that the library lacks, and similar ones; ``None``
    where it has all."""
    library_names = set(map(_plain_name, publishers))
    unknown = tuple(name for name in filters.publisher if _plain_name(name) not in library_names)
    return publisher_hint(Filters(publisher=unknown), publishers)


def _plain_name(name: str) -> str:
    """Return a publisher's name in lower case, without its leading article and punctuation."""
    return utils.default_process(name).removeprefix("the ")


def without_publishers(filters: Filters, articles: Iterable[Article]) -> str:
    """Explain that the publishers asked for do not answer, and name those that do.

    articles: those that answer without the filter, at least one.
    """
    names = list(
        dict.fromkeys(article.publisher or article.title or article.id for article in articles)
    )
    verb = "has" if len(names) == 1 else "have"
    return f"Not in {_alternatives(filters.publisher)}; {_enumeration(names, 'and')} {verb} it."


def _alternatives(names: Sequence[str]) -> str:
    return _enumeration([f"“{name}”" for name in names], "or")


def _enumeration(names: Sequence[str], word: str) -> str:
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
