"""Find articles of the same story, a series of news about the same events.

Two articles are of one story when they are near-duplicates, or when they share at least two names
or words of their titles that are rare in the library and were published within a year and a half of
each other. For a question one such name is enough, if the question names both articles' subject.
Reports on two rivals share much of that too: where the title of one names somebody of whom the
other says nothing, their titles have to have a word in common. And of what the one says of a
question the other has to speak too: it has most of the question's words that the one has, by how
rare they are, so that two reports from one town on milk and on tickets are told apart.
That is coarse: an article about the same people in another matter passes too. So a story alone
decides nothing; whether an article of it answers a question is for the reader to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Set
from typing import Final

from index.article import Article
from index.snapshot import View
from index.text.months import ENGLISH_MONTHS
from index.text.weekdays import WEEKDAYS
from rag.facts.names import KnownWords, names
from rag.query.word_list import common_words
from rag.text.english import content_stems, is_function_word, stem, words

__all__ = ["articles_of_story"]

_MOST_DAYS_APART: Final = 548
_SHARED_NAMES: Final = 2
# The text from its beginning, in characters, whose names are compared: news begins with who and
# where.
_READ_CHARS: Final = 3000
# A rare name stands in at most so many passages, or in such a share of them.
_RARE_PASSAGES: Final = 12
_RARE_SHARE: Final = 0.01
# The share of the question's weight that another article of the story has to have.
_LEAST_MATTER: Final = 0.55
_CALENDAR: Final = frozenset((*ENGLISH_MONTHS, *WEEKDAYS["en"]))


def articles_of_story(
    view: View, article: Article, candidates: Iterable[Article], question: str = ""
) -> list[Article]:
    """Select, of ``candidates``, the articles of the same story from another day, in their order.

    view: the state of the library, which knows how rare a name is.
    article: one that answers; without a day it has no story.
    question: what it answers.
    """
    day = article.published_at
    if day is None:
        return []
    near = [
        other
        for other in candidates
        if other.published_at and 0 < abs((other.published_at - day).days) <= _MOST_DAYS_APART
    ]
    if not near:
        return []
    families = view.families([article.id, *(candidate.id for candidate in near)])
    family = families.get(article.id)
    own_names = _rare_names(view, article)
    asked_names = [name for name in _names_of(view, question, article.language) if name]
    matter = _terms_of(view, article) & set(view.analyzer.terms(question, article.language))
    result: list[Article] = []
    for candidate in near:
        candidate_names = _rare_names(view, candidate)
        is_copy = family is not None and families.get(candidate.id) == family
        common = _count_common(own_names, candidate_names)
        is_asked_for = _count_common(asked_names, own_names) and _count_common(
            asked_names, candidate_names
        )
        is_near = common >= _SHARED_NAMES or (common and is_asked_for)
        is_near = is_near and not _are_rivals(article, candidate)
        if is_copy or (is_near and _shares_matter(view, matter, candidate)):
            result.append(candidate)
    return result


def _shares_matter(view: View, matter: Set[str], candidate: Article) -> bool:
    """Whether an article has most of these terms, by their idf; true of none. ``matter``: what an
    article that answers has of the question's."""
    idf = view.analyzer.idf
    shared_terms = matter & _terms_of(view, candidate)
    return sum(map(idf, shared_terms)) >= _LEAST_MATTER * sum(map(idf, matter))


def _terms_of(view: View, article: Article) -> set[str]:
    return set(view.analyzer.terms(f"{article.title}\n{article.text}", article.language))


def _are_rivals(first: Article, second: Article) -> bool:
    """Whether two articles are about different subjects, by their titles: one names somebody of
    whom the other says nothing, and they have no word in common."""
    if content_stems(first.title) & content_stems(second.title):
        return False
    return _names_a_stranger(first, second) or _names_a_stranger(second, first)


def _names_a_stranger(article: Article, second: Article) -> bool:
    """Whether the title of an article has a name of which another article has no word."""
    known_words = KnownWords([f"{second.title}\n{second.text}"])
    return any(
        known_words.missing(name) == 1.0
        for name in names(article.title)
        if not (name.first and name.words[0] in common_words())
    )


def _rare_names(view: View, article: Article) -> list[frozenset[str]]:
    """The names of an article and the words of its title, each as the stems of its words that are
    rare in the library."""
    title_words = [word.lower() for word in words(article.title) if not is_function_word(word)]
    titles = (_rare_words(view, (word,), article.language) for word in title_words)
    every = {*_names_of(view, article.text[:_READ_CHARS], article.language), *titles}
    return [name for name in every if name]


def _names_of(view: View, text: str, language: str) -> set[frozenset[str]]:
    return {_rare_words(view, name.words, language) for name in names(text)}


def _rare_words(view: View, name: Iterable[str], language: str) -> frozenset[str]:
    """Return the stems of a name's words that are rare in the library."""
    return frozenset(stem(word) for word in name if _is_rare(view, word, language))


def _is_rare(view: View, word: str, language: str) -> bool:
    terms = view.analyzer.terms(word, language)
    if word in _CALENDAR or word.isdigit() or not terms:
        return False
    total = len(view)
    # BM25's idf, solved for the number of passages that hold the term.
    most = max(_RARE_PASSAGES, _RARE_SHARE * total)
    least_idf = math.log1p(max(total - most + 0.5, 0.0) / (most + 0.5))
    return max(view.analyzer.idf(term) for term in terms) >= least_idf


def _count_common(first: list[frozenset[str]], second: list[frozenset[str]]) -> int:
    """Count the names that two articles share, by any of their words; forms of a name count
    once."""
    rest = frozenset().union(*second)
    count, matches = 0, set[str]()
    for name in sorted(first, key=lambda name: (-len(name), sorted(name))):
        if name & rest and not name & matches:
            count += 1
            matches |= name
    return count
