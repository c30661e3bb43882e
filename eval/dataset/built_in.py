"""The question sets that come along, each with its articles."""

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
    """A set that comes along, by its name on the command line."""

    SEEDS = "seeds"
    NEWSROOM = "newsroom"

    @property
    def articles(self) -> Path:
        """The folder of its articles."""
        if self is BuiltIn.SEEDS:
            return _ROOT / "seeds"
        return _QUESTIONS / "newsroom" / "articles"

    @property
    def questions(self) -> Path:
        """The file of its questions."""
        if self is BuiltIn.SEEDS:
            return _QUESTIONS / "seeds.jsonl"
        return _QUESTIONS / "newsroom" / "questions.jsonl"


def open_built_in(built_in: BuiltIn, max_article_chars: int) -> Dataset:
    """The set over its articles as a library would have them. Raises ``LoadError`` for an article
    that cannot be read, ``DatasetError`` where a gold span does not read as it should."""
    articles = _articles(built_in.articles, max_article_chars)
    return open_questions(built_in.questions, articles, built_in)


def _articles(folder: Path, max_chars: int) -> Iterator[Article]:
    """Loaded and cleaned, and marked as texts to be taken as they are: the offsets of the gold
    count in what is left, whatever the settings of a run say about cleaning."""
    for loaded in load_paths([folder], max_chars):
        if isinstance(loaded, Exception):
            raise loaded
        article, _ = prepare_article(loaded, date.today(), IndexSettings())
        yield replace(article, found_as="text")
