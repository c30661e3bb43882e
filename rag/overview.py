"""Overviews: a summary of a topic in its best sentences, or a timeline, day by day.

Every article is read by itself, so that one does not keep another from being quoted. Of copies one
is quoted, and a sentence that a later article repeats word for word is quoted once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from index.article import Article, Span
from index.snapshot import Found, Selection, View
from index.text.shingles import same_words
from rag.citing.antecedents import readable_alone
from rag.citing.copies import canonical_evidence
from rag.evidence import Evidence, Reading
from rag.facts.names import KnownWords, Name, names
from rag.query.topic import topic_question, topic_words
from rag.reading.statements import is_statement
from rag.retrieval.candidate import Candidate
from rag.text.article_sentences import article_sentences
from rag.text.english import content_stems

__all__ = [
    "OVERVIEW_PASSAGES", "Overview", "opening", "read_summary", "read_timeline",
]  # fmt: skip

# Passages among which articles of the topic are looked for.
OVERVIEW_PASSAGES: Final = 40
_MOST_DAYS: Final = 16
_MOST_ARTICLES: Final = 3
_MOST_SENTENCES: Final = 5

ReadPassages = Callable[[str, Sequence[Found]], Reading]


@dataclass(frozen=True, slots=True)
class Overview:
    """The evidence to quote, in the order of its articles, and the confidence that the best of it
    answers."""

    evidence: tuple[Evidence, ...]
    confidence: float


def read_timeline(
    view: View,
    selection: Selection,
    question: str,
    candidates: Sequence[Candidate],
    read: ReadPassages,
    threshold: float,
) -> Overview:
    """Select, of each article with a day, the sentence that answers; oldest first.

    view: the state of the library.
    selection: the articles that the filters leave.
    question: standalone; or a topic, for which every article that has its words counts.
    candidates: what was retrieved, best first.
    read: reads passages for a question.
    threshold: the confidence from which an article answers a question.
    """
    topic = topic_words(question)
    asked_words = question if topic is None else topic_question(topic)
    articles = _articles(candidates, topic or "")
    evidence: list[Evidence] = []
    confidence = 0.0
    for article, hits in [pair for pair in articles if pair[0].published_at][:_MOST_DAYS]:
        reading = read(asked_words, hits)
        best = reading.evidence or reading.nearest
        if topic is not None and not best:
            best = tuple(opening(view, article))
        if best and (topic is not None or reading.confidence >= threshold):
            evidence.append(best[0])
            confidence = max(confidence, reading.confidence)
    quotations = canonical_evidence(view, selection, evidence)
    by_day = sorted(quotations, key=lambda item: (str(item.article.published_at), item.article.id))
    once = {_identity(item): item for item in reversed(by_day)}
    return Overview(readable_alone(view, tuple(reversed(once.values()))), confidence)


def read_summary(
    view: View,
    selection: Selection,
    topic: str,
    candidates: Sequence[Candidate],
    read: ReadPassages,
    newest: bool,
) -> Overview:
    """Select up to five sentences on a topic, of up to three articles that have its words: the
    opening of each, and what the reader finds in it.

    newest: whether the newest articles are chosen, and not those that were retrieved first.

    The other parameters are those of ``read_timeline``.
    """
    question = topic_question(topic)
    columns: list[list[Evidence]] = []
    confidence = 0.0
    articles = _articles(candidates, topic)
    if newest:
        articles.sort(key=lambda pair: pair[0].published_at or date.min, reverse=True)
    for article, hits in articles[:_MOST_ARTICLES]:
        reading = read(question, hits)
        confidence = max(confidence, reading.confidence)
        columns.append([*opening(view, article), *reading.evidence, *reading.nearest])
    once: dict[tuple[str, ...], Evidence] = {}
    # A sentence of each article in turn, so that no article is all of it.
    for place in range(max(map(len, columns), default=0)):
        for column in columns:
            if place < len(column) and len(once) < _MOST_SENTENCES:
                once.setdefault(_identity(column[place]), column[place])
    quotations = canonical_evidence(view, selection, tuple(once.values()))
    unique = {_identity(item): item for item in reversed(quotations)}
    return Overview(readable_alone(view, tuple(reversed(unique.values()))), confidence)


def _articles(candidates: Sequence[Candidate], topic: str) -> list[tuple[Article, list[Found]]]:
    """Return the articles that have every content word of a topic, with their retrieved passages. A
    word that none has is not asked for, as long as most others are there."""
    hits: dict[str, list[Found]] = {}
    for candidate in candidates:
        hits.setdefault(candidate.hit.article.id, []).append(candidate.hit)
    groups = [(group[0].article, group) for group in hits.values()]
    article_stems = [content_stems(f"{article.title} {article.text}") for article, _ in groups]
    topic_stems = content_stems(topic)
    stems = topic_stems & set().union(*article_stems)
    is_most = stems == topic_stems or 2 * len(stems) > len(topic_stems)
    if not is_most or any(map(_is_missing(groups), names(f"about {topic}"))):
        return []
    return [pair for pair, own in zip(groups, article_stems, strict=True) if stems <= own]


def _is_missing(groups: Sequence[tuple[Article, list[Found]]]) -> Callable[[Name], bool]:
    """Make the test whether no article has a name."""
    known = KnownWords([f"{article.title}\n{article.text}" for article, _ in groups])
    return lambda name: bool(known.missing(name))


def opening(view: View, article: Article) -> Iterator[Evidence]:
    """Yield the first sentence of an article that states something, if there is one."""
    for span in article_sentences(view, article.id):
        if is_statement(article.text, span):
            yield Evidence(article, span, span, 1.0)
            return


def _identity(evidence: Evidence) -> tuple[str, ...]:
    sentence: Span = evidence.sentence
    return tuple(same_words(sentence.of(evidence.article.text)))
