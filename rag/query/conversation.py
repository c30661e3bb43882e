"""What a conversation is about: the articles that its last answer quotes.

"How long did it run?" fits many articles. An answer that quotes tells which one was talked about:
its words stand in the article. So a question that refers back is read in these articles first, and
what answers it elsewhere has to speak of the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from index.article import Article
from index.snapshot import Selection, View
from index.text.sentences import sentences
from rag.facts.names import KnownWords, Name, names
from rag.query.follow_up import refers_back, turn_text
from rag.query.fragment import complete_fragment
from rag.query.why import ask_why
from rag.question import Question, Turn
from rag.reading.context import absent_name_share

__all__ = ["goes_on", "is_about", "quoted_articles"]

# Shorter sentences stand in many articles.
_LEAST_CHARACTERS: Final = 30
_MOST_SENTENCES: Final = 4
_SEARCHED: Final = 3
# Of the last turns.
_MOST_TURNS: Final = 6
_MOST_WORDS: Final = 2
# A name is missed where half of its words are, or more.
_ABSENT: Final = 0.5


def goes_on(question: Question, *, phrases: bool = True) -> bool:
    """Whether a question needs the conversation before it: it refers back, or is a phrase or "why"
    that is asked with the question before. ``phrases``: whether phrases are."""
    text, history = question.question, question.history
    is_phrase = phrases and complete_fragment(text, history) is not None
    return bool(history and (refers_back(text) or is_phrase or ask_why(text, history)))


def quoted_articles(view: View, selection: Selection, question: Question) -> list[Article]:
    """Find the articles that the last answer of a conversation quotes, word for word; none where it
    quotes none, or where the question names what they have not.

    view: the state of the library.
    selection: the passages that the question's filters leave.
    question: with its history.
    """
    articles: dict[str, Article] = {}
    for sentence in _last_sentences(question.history):
        keys, _ = view.lexical(sentence, _SEARCHED, selection)
        for hit in view.passages(keys.tolist()):
            if hit and sentence in " ".join(hit.article.text.split()):
                articles[hit.article.id] = hit.article
    return [
        article
        for article in articles.values()
        if absent_name_share(question.question, article) < _ABSENT
    ]


def is_about(
    view: View, article: Article, history: Sequence[Turn], sources: Sequence[Article]
) -> bool:
    """Whether an article speaks of what a conversation is about: it has a name that the user's
    turns have, or, where they have none, one of the two rarest words that they share with the
    articles ``sources``."""
    texts = [turn_text(turn) for turn in history[-_MOST_TURNS:] if turn.role == "user"]
    asked_names = [name for text in texts for name in names(text) if not name.first]
    if asked_names:
        return _has_any(article, asked_names)
    analyzer = view.analyzer
    asked_words = {term for text in texts for term in analyzer.terms(text, view.language_of(text))}
    common_terms = asked_words & {term for source in sources for term in _terms(view, source)}
    rarest = sorted(sorted(common_terms), key=analyzer.idf)[-_MOST_WORDS:]
    return not rarest or not _terms(view, article).isdisjoint(rarest)


def _terms(view: View, article: Article) -> set[str]:
    return set(view.analyzer.terms(f"{article.title} {article.text}", article.language))


def _has_any(article: Article, asked_names: Collection[Name]) -> bool:
    known_words = KnownWords([article.title, article.author or "", article.text])
    return any(known_words.missing(name) < _ABSENT for name in asked_names)


def _last_sentences(history: Sequence[Turn]) -> Iterator[str]:
    """Yield the first sentences of the last answer that may be quotations, on one line each."""
    answers = (turn_text(turn) for turn in reversed(history) if turn.role == "assistant")
    text = next(filter(None, answers), "")
    spans = [span for span in sentences(text) if len(span) >= _LEAST_CHARACTERS]
    yield from (span.of(text) for span in spans[:_MOST_SENTENCES])
