"""The events of one question, in order.

:meth:`rag.pullquote.Pullquote.stream` yields these: the search results once; the sentences of the
answer, each once it is checked; where sentences have to be taken back, a restart, followed by the
new sentences; and last the answer. The texts of the sentences since the last restart, concatenated,
are the answer's. An abstention has no sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.answer import Answer, Citation, SearchResult
from rag.contract import Fallback

__all__ = ["Event", "Restart", "SearchResults", "Sentence"]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The passages retrieved, best first, before they are read; possibly none."""

    results: tuple[SearchResult, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the answer.

    text: what it adds to the answer's text, with its markers and the space before it.
    citations: its own; none where nothing backs it.
    own: whether it is Pullquote's own wording, and not from an article or a chat model.
    """

    text: str
    citations: tuple[Citation, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Restart:
    """Takes all sentences before it back: the answer becomes extractive, for the reason given."""

    reason: Fallback


Event = SearchResults | Sentence | Restart | Answer
