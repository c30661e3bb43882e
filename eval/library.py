"""Open a library for a question set: its articles indexed once, in a folder apart from the user's
library."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from eval.command import ReadySystem
from eval.dataset import Dataset
from eval.errors import DatasetError
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.evidence import Reader, Reading

__all__ = ["library_folder", "open_pullquote"]

# What a library is made with: a change of any of these makes another one.
_MAKING = ("encoder", "passage_min_words", "passage_max_words", "vector_index")


def library_folder(dataset: Dataset, settings: Settings) -> Path:
    """Name the folder of a question set's library: one for each corpus and each way to index it."""
    making = json.dumps([getattr(settings, name) for name in _MAKING])
    name = hashlib.sha256(f"{dataset.corpus_hash}{making}".encode()).hexdigest()[:16]
    return settings.home / "eval" / name


class _Remembering:
    """A reader that returns its last reading when it is asked the same again.

    After an abstention the same question is asked once more with the threshold at zero.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._last: tuple[tuple[str, list[str]], Reading] | None = None

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        key = (question, [passage.passage.id for passage in passages])
        if self._last is None or self._last[0] != key:
            self._last = (key, self._reader.read(question, passages))
        return self._last[1]


@contextmanager
def open_pullquote(
    dataset: Dataset, settings: Settings, reader: Reader | None = None
) -> Iterator[ReadySystem]:
    """Open Pullquote over the articles of a question set, and the same with the threshold at zero.

    reader: one that is open already; by default the one that the settings name.

    Questions are asked as on the day of the newest article, so that "last year" means the same in
    every run; on the day of the run where no article has a day.

    Raises ``DatasetError`` when an article of the set cannot be indexed.
    """
    folder = library_folder(dataset, settings)
    began = time.perf_counter()
    with Pullquote.open(folder, settings, create=True, reader=reader) as pullquote:
        report = pullquote.add_articles(dataset.articles)
        if report.failed:
            raise DatasetError(dataset.name, None, str(report.failed[0]))
        seconds = time.perf_counter() - began if report.passages else None
        remembering = _Remembering(pullquote.reader)
        whole, unsilenced = (
            Pullquote(pullquote.library, variant, remembering)
            for variant in (settings, settings.model_copy(update={"threshold": 0.0}))
        )
        day = _day_of_asking(dataset)
        whole.today = unsilenced.today = lambda: day
        yield ReadySystem(whole, seconds, unsilenced)


def _day_of_asking(dataset: Dataset) -> date:
    days = [article.published_at for article in dataset.articles if article.published_at]
    return max(days, default=date.today())
