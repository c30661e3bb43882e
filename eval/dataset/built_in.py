"""The built-in question sets, each with its articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from eval.dataset import Dataset, open_questions
from index.article import Article
from index.ingest.preparation import prepare_article
from index.load import load_paths
from index.settings import IndexSettings

__all__ = ["BuiltIn", "open_built_in"]

_ROOT = Path(__file__).resolve().parents[2]
_QUESTIONS = Path(__file__).resolve().parents[1] / "questions"


class BuiltIn(StrEnum):
    """A built-in set, by its name on the command line."""

    SEEDS = "seeds"
    NEWSROOM = "newsroom"
    UPDATES = "updates"

    @property
    def articles(self) -> Path:
        """The folder of its articles."""
        if self is BuiltIn.SEEDS:
            return _ROOT / "seeds"
        return _QUESTIONS / self / "articles"

    @property
    def questions(self) -> Path:
        """The file of its questions."""
        if self is BuiltIn.SEEDS:
            return _QUESTIONS / "seeds.jsonl"
        return _QUESTIONS / self / "questions.jsonl"


def open_built_in(built_in: BuiltIn, max_article_chars: int, split: str | None = None) -> Dataset:
    """Open a built-in set, its articles cleaned as a library would clean them; with ``split`` only
    the questions of that split.

    Raises ``LoadError`` for an article that cannot be read, and ``DatasetError`` where the text at
    a gold span is not the text that the set records, or no question is of the split.
    """
    articles = _articles(built_in.articles, max_article_chars)
    return open_questions(built_in.questions, articles, built_in, split)


def _articles(folder: Path, max_chars: int) -> Iterator[Article]:
    """Load and clean the articles, and mark them as not to be cleaned again: the gold offsets count
    in the cleaned text, whatever cleaning the settings of a run ask for."""
    for record in load_paths([folder], max_chars):
        if isinstance(record, Exception):
            raise record
        article, _ = prepare_article(record, date.today(), IndexSettings())
        yield replace(article, found_as="text")
