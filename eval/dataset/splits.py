"""The splits of the open sets: what is never trained on, what is fitted on, what is reported.

Each rule goes by the name of an article or a conversation, so that no article is on both sides.
There are three rules because the shipped weights and the figures were made with them: another rule
would report on questions that were fitted on.
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
    """Name the group of articles that must stay on one side: the story, else the title (the
    paragraphs of one page share it), else the text's own id."""
    story = (article.metadata or {}).get("story")
    return story or article.title or article.id


def is_held_out(group: str) -> bool:
    """Whether a group is never trained on: 15 in 100 are, by the CRC-32 of the name."""
    return zlib.crc32(group.encode()) % _FOLDS < _HELD_OUT


def alternate(groups: Iterable[str], order: Callable[[str], str] | None = None) -> dict[str, int]:
    """Assign every second group to half 1 and the others to half 0, in the order of the names or of
    what ``order`` returns for a name."""
    return {group: i % 2 for i, group in enumerate(sorted(set(groups), key=order))}


def by_digest(group: str) -> int:
    """Assign a group to half 0 or 1 by the first byte of its name's SHA-256."""
    return hashlib.sha256(group.encode()).digest()[0] % 2


def digest(group: str) -> str:
    """SHA-256 (hex) of the name, for an order that does not depend on what the names mean."""
    return hashlib.sha256(group.encode()).hexdigest()
