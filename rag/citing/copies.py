"""One answer cites one copy of a story and names the others.

Which articles are copies is known from when they came in (:mod:`index.store.families`).
Which of them is cited is settled here, by the sentence: only a copy that has every quoted sentence
in the same words can stand for another, and only such copies are named. So a number that was
changed, or a paragraph that was cut, is never attributed to an article that does not have it.

What a chat model writes may also rest on what stands around a sentence, and on its article's title,
publisher and day. So there it is the passage that is taken from the first copy, before anything is
written and checked, and a citation stays with the article that it was checked against.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from index.article import Article, Span
from index.snapshot import Found, Selection, View
from index.text.shingles import same_words
from rag.evidence import AlsoIn, Evidence

__all__ = ["Copies", "cite_one_copy"]

Words = tuple[str, ...]
Sentences = dict[Words, Span]


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


class Copies:
    """The passages to write from, each from the first copy that has it, and the copies of their
    articles, looked up at once: while a model writes, the library is not held open."""

    def __init__(self, view: View, selection: Selection, passages: Iterable[Found]) -> None:
        self._having: dict[str, list[tuple[Article, Sentences]]] = {}
        first = [_first(view, selection, each) for each in passages]
        # Two copies of a passage may lead to one.
        self.passages = tuple({each.passage.id: each for each in first}.values())
        for article in {each.article.id: each.article for each in self.passages}.values():
            copies = view.copies_of(article.id, selection)
            if len(copies) > 1:
                self._having[article.id] = [(copy, _sentences(view, copy)) for copy in copies]

    def also_in(self, article: Article, sentence: Span) -> tuple[AlsoIn, ...]:
        """The other copies of an article of the passages that have a sentence in its words."""
        having = self._having.get(article.id, [])
        return _also_in(having, article, same_words(sentence.of(article.text)))


def _first(view: View, selection: Selection, found: Found) -> Found:
    """The passage in the first copy that has one of the same sentences."""
    wanted = _told(found)
    for copy in view.copies_of(found.article.id, selection):
        if copy.id == found.article.id:
            break
        for passage in view.passages_of(copy.id):
            other = Found(copy, passage)
            if _told(other) == wanted:
                return other
    return found


def _told(found: Found) -> list[Words]:
    text = found.article.text
    return [same_words(sentence.of(text)) for sentence in found.passage.sentences]


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
