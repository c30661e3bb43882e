"""What happens on the way to an answer, in the order in which it does.

:meth:`rag.pullquote.Pullquote.stream` yields these: the search results once; the sentences of the
answer, each once it is sure; where what was let out cannot stand, a restart, and the sentences
anew; and last the answer. The text of the sentences since the last restart, put together, is the
answer's. An abstention has no sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.answer import Answer, Citation, SearchResult
from rag.contract import Fallback

__all__ = ["Event", "Restart", "SearchResults", "Sentence"]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What retrieval found, best first, while it is still to be read; it may be nothing."""

    results: tuple[SearchResult, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it joins the answer: the text it adds, with its marks and the space before it,
    and its citations: none where nothing backs it. ``own``: it is no sentence of an article or of
    a chat model but Pullquote's own words around them."""

    text: str
    citations: tuple[Citation, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Restart:
    """All sentences before it are taken back: the answer will be extractive, for this reason."""

    reason: Fallback


Event = SearchResults | Sentence | Restart | Answer
