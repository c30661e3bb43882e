"""Questions to answers: retrieval policy, reader, citations, and the facade over it all."""

from __future__ import annotations

from rag.pullquote import Pullquote
from rag.question import Filters, Turn
from rag.settings import Settings

__all__ = ["Filters", "Pullquote", "Settings", "Turn"]
