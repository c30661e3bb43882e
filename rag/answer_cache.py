"""Cache answers, for the same question asked again of the same state of the library."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Generator, Hashable
from contextlib import closing
from threading import Lock
from typing import Final

from index.article import Article
from rag.answer import Answer
from rag.contract import Usage
from rag.events import Event, SearchResults, Sentence

__all__ = ["AnswerCache"]

# An answer holds the articles that it found, whole. Characters of all that are kept, at most.
_MOST_CHARACTERS: Final = 20_000_000


class AnswerCache:
    """Keeps the events of the last answers; the least recently used go first. Safe to share between
    threads.

    size: how many answers are kept; 0 keeps none.
    """

    def __init__(self, size: int, most_characters: int = _MOST_CHARACTERS) -> None:
        self._size = size
        self._most_characters = most_characters
        self._kept: OrderedDict[Hashable, tuple[tuple[Event, ...], int]] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def replay(self, key: Hashable) -> Generator[Event, None, None] | None:
        """Return the events stored under ``key``, the answer marked as cached; ``None`` where there
        are none."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            events, _ = self._kept[key]
        return _replay(events)

    def recording(
        self, key: Hashable, generation: int, events: Generator[Event, None, None]
    ) -> Generator[Event, None, None]:
        """Pass events on, and store them under ``key`` once the answer has come, if it is of
        ``generation``."""
        kept: list[Event] = []
        with closing(events):
            for event in events:
                kept.append(event)
                if isinstance(event, Answer) and event.index_generation == generation:
                    self._keep(key, tuple(kept))
                yield event

    def _keep(self, key: Hashable, events: tuple[Event, ...]) -> None:
        characters = _characters(events)
        with self._lock:
            if not self._size or characters > self._most_characters or key in self._kept:
                return
            self._kept[key] = (events, characters)
            self._characters += characters
            while len(self._kept) > self._size or self._characters > self._most_characters:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._characters -= dropped


def _replay(events: tuple[Event, ...]) -> Generator[Event, None, None]:
    start = time.perf_counter()
    for event in events:
        if isinstance(event, Answer):
            latency_ms = 1000 * (time.perf_counter() - start)
            usage = Usage(latency_ms=latency_ms, cached=True)
            event = event.model_copy(update={"usage": usage})
        yield event


def _characters(events: tuple[Event, ...]) -> int:
    """Count the characters of the articles in these events, each article once."""
    articles: dict[int, Article] = {}
    for event in events:
        if isinstance(event, SearchResults):
            articles |= {id(result.article): result.article for result in event.results}
        elif isinstance(event, Sentence):
            articles |= {id(citation.article): citation.article for citation in event.citations}
        elif isinstance(event, Answer):
            articles |= {id(lead.article): lead.article for lead in event.leads}
    return sum(len(article.text) for article in articles.values())
