"""What an article says around a sentence: its opening (who, where and when, in whose light later
sentences are read), and whether it has the names that a question has."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from index.article import Article, Span
from index.text.sentences import sentences
from rag.facts.names import KnownWords, names
from rag.reading.statements import is_statement

__all__ = ["absent_name_share", "opening_of"]

# Of a text, so much is looked at.
_MOST_CHARACTERS: Final = 1_500
# What is shorter is a dateline, a byline or an exclamation.
_LEAST_CHARACTERS: Final = 26


@lru_cache(maxsize=512)
def opening_of(text: str, language: str) -> Span | None:
    """Return the first sentence of a text that states something; ``None`` where its beginning has
    none."""
    beginning = text[:_MOST_CHARACTERS]
    for span in sentences(beginning, language):
        if len(span) >= _LEAST_CHARACTERS and is_statement(beginning, span):
            return span
    return None


def absent_name_share(question: str, article: Article) -> float:
    """Return the share of the words of a question's names that an article lacks, 0 to 1; the mean
    over the names, 0 where there are none.

    A capitalised word that begins the question may be any word and is passed over.
    """
    question_names = [name for name in names(question) if not name.first]
    if not question_names:
        return 0.0
    known_words = _words_of(article.title, article.text)
    return sum(map(known_words.missing, question_names)) / len(question_names)


@lru_cache(maxsize=256)
def _words_of(title: str, text: str) -> KnownWords:
    return KnownWords([title, text])
