"""Choose which copy of a story an answer cites; the other copies are named.

The families of copies are known from indexing (``families`` in the store). Which of them is cited
is decided here, by the sentence: only a copy that has every quoted sentence in the same words can
replace another, and only such copies are named. So a changed number or a removed paragraph is never
attributed to an article that does not have it.

A text by a chat model may also rest on what surrounds a sentence, and on its article's title,
publisher and day. So there the passage is taken from the first copy before anything is written and
checked, and a citation stays with the article that it was checked against.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from index.article import Article, Span
from index.snapshot import Found, Selection, View
from index.text.shingles import same_words
from rag.evidence import AlsoIn, Evidence

__all__ = ["CanonicalPassages", "canonical_evidence"]

Words = tuple[str, ...]
SentenceSpans = dict[Words, Span]


def canonical_evidence(
    view: View, selection: Selection, evidence: Sequence[Evidence]
) -> tuple[Evidence, ...]:
    """Move evidence to the copies to cite, and name the other copies that have it.

    view: the state of the library.
    selection: the articles that the filters leave.
    evidence: as the reader found it; the result has the same order.

    From an article's family (as far as the filters leave it) the copy cited is the first, by date,
    completeness and age in the library, that has all the sentences quoted of the article.
    """
    canonical: dict[int, Evidence] = {}
    order = sorted(enumerate(evidence), key=lambda pair: pair[1].article.id)
    for _, group in groupby(order, key=lambda pair: pair[1].article.id):
        places, sentences = zip(*group, strict=True)
        canonical |= zip(places, _canonical_group(view, selection, sentences), strict=True)
    return tuple(canonical[i] for i in range(len(evidence)))


def _canonical_group(
    view: View, selection: Selection, evidence: Sequence[Evidence]
) -> Sequence[Evidence]:
    """Move the evidence of one article to the copy to cite."""
    copies = view.copies_of(evidence[0].article.id, selection)
    if len(copies) < 2:
        return evidence
    quotations = [same_words(item.sentence.of(item.article.text)) for item in evidence]
    copy_sentences = [(copy, _sentence_spans(view, copy)) for copy in copies]
    for copy, sentences in copy_sentences:
        if copy.id == evidence[0].article.id or all(words in sentences for words in quotations):
            return [
                _move_to_copy(
                    item, copy, sentences.get(words), _also_in(copy_sentences, copy, words)
                )
                for item, words in zip(evidence, quotations, strict=True)
            ]
    return evidence


class CanonicalPassages:
    """The passages to write from, each from the first copy that has it.

    The copies of their articles are looked up at construction, so that the library is not held open
    while a model writes.

    view: the state of the library.
    selection: the articles that the filters leave.
    passages: as retrieved, best first; ``hits`` are the replacements, in the same order.
    """

    def __init__(self, view: View, selection: Selection, passages: Iterable[Found]) -> None:
        self._copies: dict[str, list[tuple[Article, SentenceSpans]]] = {}
        hits = [_canonical_hit(view, selection, hit) for hit in passages]
        # Two copies of a passage may lead to one.
        self.hits = tuple({hit.passage.id: hit for hit in hits}.values())
        for article in {hit.article.id: hit.article for hit in self.hits}.values():
            copies = view.copies_of(article.id, selection)
            if len(copies) > 1:
                self._copies[article.id] = [(copy, _sentence_spans(view, copy)) for copy in copies]

    def also_in(self, article: Article, sentence: Span) -> tuple[AlsoIn, ...]:
        """Find the copies of an article of ``hits`` that have its ``sentence`` in the same
        words."""
        copy_sentences = self._copies.get(article.id, [])
        return _also_in(copy_sentences, article, same_words(sentence.of(article.text)))


def _canonical_hit(view: View, selection: Selection, hit: Found) -> Found:
    """Find the passage in the first copy that has one of the same sentences."""
    sentences = _sentence_words(hit)
    for copy in view.copies_of(hit.article.id, selection):
        if copy.id == hit.article.id:
            break
        for passage in view.passages_of(copy.id):
            candidate = Found(copy, passage)
            if _sentence_words(candidate) == sentences:
                return candidate
    return hit


def _sentence_words(hit: Found) -> list[Words]:
    text = hit.article.text
    return [same_words(sentence.of(text)) for sentence in hit.passage.sentences]


def _sentence_spans(view: View, article: Article) -> SentenceSpans:
    spans = [span for passage in view.passages_of(article.id) for span in passage.sentences]
    return {same_words(span.of(article.text)): span for span in reversed(spans)}


def _also_in(
    copy_sentences: Sequence[tuple[Article, SentenceSpans]],
    article: Article,
    words: tuple[str, ...],
) -> tuple[AlsoIn, ...]:
    return tuple(
        AlsoIn(copy, sentences[words])
        for copy, sentences in copy_sentences
        if copy.id != article.id and words in sentences
    )


def _move_to_copy(
    evidence: Evidence, article: Article, sentence: Span | None, also_in: tuple[AlsoIn, ...]
) -> Evidence:
    if sentence is None or article.id == evidence.article.id:
        return replace(evidence, also_in=also_in)
    highlight = sentence
    before = evidence.sentence.start
    if sentence.of(article.text) == evidence.sentence.of(evidence.article.text):
        shift = sentence.start - before
        highlight = Span(evidence.highlight.start + shift, evidence.highlight.end + shift)
    elif evidence.highlight != evidence.sentence:
        highlight = _matching_highlight(evidence, article, sentence)
    return replace(
        evidence, article=article, sentence=sentence, highlight=highlight, also_in=also_in
    )


def _matching_highlight(evidence: Evidence, article: Article, sentence: Span) -> Span:
    """Find the highlight in a copy's sentence that differs in punctuation: its characters where
    they occur exactly once, else the whole sentence."""
    highlight = evidence.highlight.of(evidence.article.text)
    text = sentence.of(article.text)
    if text.count(highlight) != 1:
        return sentence
    start = sentence.start + text.index(highlight)
    return Span(start, start + len(highlight))
