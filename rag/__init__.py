"""Answer questions: retrieval, reading, citations, and the facade over it all.

The facade is imported on first access, so that a part of this package can be used where the
dependencies of the whole are not installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rag.async_pullquote import AsyncPullquote
    from rag.pullquote import Pullquote
    from rag.question import Filters, Turn
    from rag.settings import Settings

__all__ = ["AsyncPullquote", "Filters", "Pullquote", "Settings", "Turn"]

_HOMES: Final = {
    "AsyncPullquote": "rag.async_pullquote",
    "Filters": "rag.question",
    "Pullquote": "rag.pullquote",
    "Settings": "rag.settings",
    "Turn": "rag.question",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
