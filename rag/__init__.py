"""Questions to answers: retrieval policy, reader, citations, and the facade over it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.pullquote import Pullquote
from rag.question import Filters, Turn
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.async_pullquote import AsyncPullquote

__all__ = ["AsyncPullquote", "Filters", "Pullquote", "Settings", "Turn"]


def __getattr__(name: str) -> Any:
    # asyncio is a tenth of a second that a question from the command line need not wait for.
    if name == "AsyncPullquote":
        from rag.async_pullquote import AsyncPullquote

        return AsyncPullquote
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
