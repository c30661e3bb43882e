"""The items of a synced source as a store keeps them, and the changes to them.

:meth:`index.store.base.Store.note` takes a list of :data:`SyncChange`; how they are carried out
is up to the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "Dropped",
    "Item",
    "KeptByHand",
    "Moved",
    "Put",
    "Restamped",
    "SyncChange",
]


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a synced source: a file of a folder, or a link of a feed.

    ``stamp``: describes its state when it was read; empty when it is to be read again. ``hash``:
    SHA-256 of its bytes. ``articles``: ids of its articles in the library. For links
    :mod:`index.sync.links` defines the first two.
    """

    stamp: str
    hash: str
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Put:
    """Store an item of a source, in place of an earlier one of its name."""

    name: str
    item: Item


@dataclass(frozen=True, slots=True)
class Restamped:
    """Store another stamp of an item."""

    name: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Delete an item."""

    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Change where articles lie: their ``source`` begins with the path of their file."""

    articles: Sequence[str]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class KeptByHand:
    """Mark articles as added by hand: no source that holds them too may remove them."""

    articles: Sequence[str]


SyncChange = Put | Restamped | Dropped | Moved | KeptByHand
