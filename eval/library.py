"""A library for a question set: its articles indexed once, apart from anybody's own library."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from eval.command import Opened
from eval.dataset import Dataset, open_questions
from eval.errors import DatasetError
from index.load import load_paths
from index.view import Found
from rag import Pullquote, Settings
from rag.read import Reader, Reading

__all__ = ["SEED_QUESTIONS", "library_folder", "open_pullquote", "seed_questions"]

_ROOT = Path(__file__).resolve().parents[1]
SEED_QUESTIONS = _ROOT / "eval" / "questions" / "seeds.jsonl"
# What a library is made with: a change of any of these makes another one.
_MAKING = ("encoder", "passage_min_words", "passage_max_words", "vector_index")


def seed_questions(settings: Settings) -> Dataset:
    """The built-in question set over the built-in articles."""
    articles = []
    for loaded in load_paths([_ROOT / "seeds"], settings.max_article_chars):
        if isinstance(loaded, Exception):
            raise loaded
        articles.append(loaded)
    return open_questions(SEED_QUESTIONS, articles, "the built-in questions")


def library_folder(dataset: Dataset, settings: Settings) -> Path:
    """Where the library of a question set is kept: one for each corpus and way of indexing it."""
    made = json.dumps([getattr(settings, name) for name in _MAKING])
    name = hashlib.sha256(f"{dataset.corpus_hash}{made}".encode()).hexdigest()[:16]
    return settings.home / "eval" / name


class _Remembering:
    """A reader that gives its last reading again when it is asked the same: a question that was
    met with silence is asked once more without a threshold."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._last: tuple[tuple[str, list[str]], Reading] | None = None

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        asked = (question, [found.passage.id for found in passages])
        if self._last is None or self._last[0] != asked:
            self._last = (asked, self._reader.read(question, passages))
        return self._last[1]


@contextmanager
def open_pullquote(dataset: Dataset, settings: Settings) -> Iterator[Opened]:
    """Pullquote over the articles of a question set, and once more with no threshold.

    Raises ``DatasetError`` when an article of the set cannot be indexed.
    """
    folder = library_folder(dataset, settings)
    began = time.perf_counter()
    with Pullquote.open(folder, settings, create=True) as pullquote:
        report = pullquote.add_articles(dataset.articles)
        if report.failed:
            raise DatasetError(dataset.name, None, str(report.failed[0]))
        seconds = time.perf_counter() - began if report.passages else None
        reader = _Remembering(pullquote.reader)
        whole, unsilenced = (
            Pullquote(pullquote.library, chosen, reader)
            for chosen in (settings, settings.model_copy(update={"threshold": 0.0}))
        )
        yield Opened(whole, seconds, unsilenced)
