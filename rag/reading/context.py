"""What an article says around a sentence: its heading and opening (who, where and when, in whose
light later sentences are read), whether it has the names that a question has, and which place
retrieval gave it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from index.article import Article, Span
from index.snapshot import Found
from index.text.sentences import sentences
from rag.facts.names import KnownWords, names
from rag.reading.statements import is_statement

__all__ = ["absent_name_share", "article_rank", "heading_of", "opening_of"]

# Of a text, so much is looked at.
_MOST_CHARACTERS: Final = 1_500
# What is shorter is a dateline, a byline or an exclamation.
_LEAST_CHARACTERS: Final = 26
# "Li" is a word of many questions.
_SHORTEST_NAME: Final = 3


@lru_cache(maxsize=512)
def opening_of(text: str, language: str) -> Span | None:
    """Return the first sentence of a text that states something; ``None`` where its beginning has
    none."""
    beginning = text[:_MOST_CHARACTERS]
    for span in sentences(beginning, language):
        if len(span) >= _LEAST_CHARACTERS and is_statement(beginning, span):
            return span
    return None


def heading_of(question: str, article: Article) -> str:
    """Return what is read above an article: its title, and its author where the question has the
    last word of the author's name, since an author's own text names its author nowhere."""
    author = (article.author or "").split()
    if not author or len(author[-1]) < _SHORTEST_NAME:
        return article.title
    is_named = re.search(rf"\b{re.escape(author[-1])}\b", question, re.IGNORECASE)
    heading = f"{article.title}, by {article.author}".removeprefix(", ")
    return heading if is_named else article.title


def absent_name_share(question: str, article: Article) -> float:
    """Return the share of the words of a question's names that an article lacks (with its title,
    author and publisher), 0 to 1; the mean over the names, 0 where there are none.

    A capitalised word that begins the question may be any word and is passed over.
    """
    question_names = [name for name in names(question) if not name.first]
    if not question_names:
        return 0.0
    byline = f"{article.author or ''}. {article.publisher or ''}"
    known_words = _words_of(article.title, byline, article.text)
    return sum(map(known_words.missing, question_names)) / len(question_names)


def article_rank(passages: Sequence[Found], index: int) -> int:
    """Return how many other articles come before that of ``passages[index]``, where passages stand
    as retrieval put them."""
    article = passages[index].article.id
    return list(dict.fromkeys(passage.article.id for passage in passages)).index(article)


@lru_cache(maxsize=256)
def _words_of(*texts: str) -> KnownWords:
    return KnownWords(texts)
