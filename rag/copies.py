"""One answer cites one copy of a story and names the others.

Which articles are copies is known from when they came in (:mod:`index.copy_groups`). Which of
them is cited is settled here, by the sentence: only a copy that has every quoted sentence in the
same words can stand for another, and only such copies are named. So a number that was changed, or
a paragraph that was cut, is never attributed to an article that does not have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from index.article import Article, Span
from index.copies import same_words
from index.view import Selection, View
from rag.read import AlsoIn, Evidence

__all__ = ["cite_one_copy"]

Sentences = dict[tuple[str, ...], Span]


def cite_one_copy(
    view: View, selection: Selection, evidence: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    """The same evidence from the copies to be cited, each with the others that have it too.

    Of an article's group (as far as the filters leave it) the one cited is the first, by date,
    completeness and age in the library, that has all the sentences quoted of the article.
    """
    moved: dict[int, Evidence] = {}
    numbered = sorted(enumerate(evidence), key=lambda pair: pair[1].article.id)
    for _, group in groupby(numbered, key=lambda pair: pair[1].article.id):
        places, quoted = zip(*group, strict=True)
        moved |= zip(places, _cited(view, selection, quoted), strict=True)
    return tuple(moved[i] for i in range(len(evidence)))


def _cited(view: View, selection: Selection, quoted: Sequence[Evidence]) -> Sequence[Evidence]:
    copies = view.copies_of(quoted[0].article.id, selection)
    if len(copies) < 2:
        return quoted
    told = [same_words(each.sentence.of(each.article.text)) for each in quoted]
    having = [(copy, _sentences(view, copy)) for copy in copies]
    for copy, known in having:
        if copy.id == quoted[0].article.id or all(words in known for words in told):
            return [
                _in_place(each, copy, known.get(words), _also_in(having, copy, words))
                for each, words in zip(quoted, told, strict=True)
            ]
    return quoted


def _sentences(view: View, article: Article) -> Sentences:
    spans = [span for passage in view.passages_of(article.id) for span in passage.sentences]
    return {same_words(span.of(article.text)): span for span in reversed(spans)}


def _also_in(
    having: Sequence[tuple[Article, Sentences]], cited: Article, words: tuple[str, ...]
) -> tuple[AlsoIn, ...]:
    return tuple(
        AlsoIn(copy, known[words])
        for copy, known in having
        if copy.id != cited.id and words in known
    )


def _in_place(
    evidence: Evidence, article: Article, sentence: Span | None, others: tuple[AlsoIn, ...]
) -> Evidence:
    if sentence is None or article.id == evidence.article.id:
        return replace(evidence, also_in=others)
    highlight = sentence
    before = evidence.sentence.start
    if sentence.of(article.text) == evidence.sentence.of(evidence.article.text):
        shift = sentence.start - before
        highlight = Span(evidence.highlight.start + shift, evidence.highlight.end + shift)
    elif evidence.highlight != evidence.sentence:
        highlight = _found(evidence, article, sentence)
    return replace(
        evidence, article=article, sentence=sentence, highlight=highlight, also_in=others
    )


def _found(evidence: Evidence, article: Article, sentence: Span) -> Span:
    """The answering part where the sentence differs in punctuation: if its characters stand
    there just once, they, else the whole sentence."""
    marked = evidence.highlight.of(evidence.article.text)
    told = sentence.of(article.text)
    if told.count(marked) != 1:
        return sentence
    start = sentence.start + told.index(marked)
    return Span(start, start + len(marked))
