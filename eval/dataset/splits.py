"""Which part of the open sets is never trained on, which is fitted on, which is reported.

All rules go by the name of an article or a conversation, so that no paragraph of one falls on both
sides. They are three because the weights and figures that ship were made with them: another rule
would report on what was fitted.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from typing import Final

from index.article import Article

__all__ = ["alternate", "by_digest", "digest", "group_of", "is_held_out"]

_FOLDS: Final = 20
_HELD_OUT: Final = 3


def group_of(article: Article) -> str:
    """What stays together: the articles of a story, else the article's paragraphs by its title,
    else a text without one alone."""
    story = (article.metadata or {}).get("story")
    return story or article.title or article.id


def is_held_out(group: str) -> bool:
    """Whether the reader is never trained on a group: 15 in 100 are, by their name's CRC-32."""
    return zlib.crc32(group.encode()) % _FOLDS < _HELD_OUT


def alternate(groups: Iterable[str], order: Callable[[str], str] | None = None) -> dict[str, int]:
    """Every second group is in half 1, the others in half 0, in the order of their names or of
    what ``order`` makes of a name."""
    return {group: i % 2 for i, group in enumerate(sorted(set(groups), key=order))}


def by_digest(group: str) -> int:
    """The half, 0 or 1, by the first byte of the name's SHA-256."""
    return hashlib.sha256(group.encode()).digest()[0] % 2


def digest(group: str) -> str:
    """SHA-256 (hex) of the name: an order that nothing in the names has to do with."""
    return hashlib.sha256(group.encode()).hexdigest()
