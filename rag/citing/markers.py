"""The text of an answer as it grows: sentences, each followed by the marks of its citations.

Here, and nowhere else, a mark ``[n]`` is put into an answer, and its place is kept with the
citation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.article import Article, Span
from rag.answer import Citation
from rag.contract import Stretch, Support
from rag.events import Sentence
from rag.evidence import AlsoIn, Evidence

__all__ = ["ABSTENTION", "Backing", "Composition"]

ABSTENTION = {
    "not_in_articles": "The articles do not say.",
    "empty_library": "There are no articles yet. Add some with pullquote add.",
    "nothing_matches_filters": "No article matches the filters.",
}


@dataclass(frozen=True, slots=True)
class Backing:
    """What backs a sentence of an answer: offsets into ``article.text``, the part of them that
    answers, and the copies of the article that have the same words."""

    article: Article
    span: Span
    highlight: Span
    also_in: tuple[AlsoIn, ...] = ()


@dataclass(slots=True)
class Composition:
    """An answer that grows by sentences. ``unsupported`` are the stretches that nothing backs."""

    text: str = ""
    citations: list[Citation] = field(default_factory=list)
    unsupported: list[Stretch] = field(default_factory=list)
    _articles: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Begin again."""
        self.text = ""
        for each in (self.citations, self.unsupported, self._articles):
            each.clear()

    def add(
        self,
        sentence: str,
        backings: Sequence[Backing],
        support: Support = "verbatim",
        score: float = 1.0,
        separator: str = " ",
    ) -> Sentence:
        """Join a sentence to the answer, with a citation and its mark for each that backs it.

        ``score`` is the probability of the support. ``separator`` stands before the sentence,
        unless it is the first.
        """
        before = len(self.text)
        self.text += separator if self.text else ""
        span = Span(len(self.text), len(self.text) + len(sentence))
        self.text += sentence
        if backings:
            self.text += " "
        else:
            self.unsupported.append(Stretch(start_index=span.start, end_index=span.end))
        cited = tuple(self._cite(each, span, support, score) for each in backings)
        return Sentence(self.text[before:], cited)

    def quote(self, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
        """Join the sentences of the articles, word for word.

        The article of the best evidence comes first; within an article the sentences stand in
        reading order, and one that was found twice (passages overlap) stands once. After what
        is there already they begin a paragraph of their own.
        """
        chosen = {(each.article.id, each.sentence): each for each in reversed(evidence)}
        order = list(dict.fromkeys(each.article.id for each in evidence))
        ordered = sorted(
            chosen.values(), key=lambda each: (order.index(each.article.id), each.sentence)
        )
        separator = "\n\n"
        for each in ordered:
            backing = Backing(each.article, each.sentence, each.highlight, each.also_in)
            words = each.sentence.of(each.article.text)
            yield self.add(words, [backing], score=each.score, separator=separator)
            separator = " "

    def _cite(self, backing: Backing, span: Span, support: Support, score: float) -> Citation:
        if backing.article.id not in self._articles:
            self._articles.append(backing.article.id)
        number = len(self.citations) + 1
        mark = f"[{number}]"
        marker = Span(len(self.text), len(self.text) + len(mark))
        self.text += mark
        made = Citation(
            article=backing.article,
            span=backing.span,
            highlight=backing.highlight,
            answer_span=span,
            marker=marker,
            number=number,
            document_index=self._articles.index(backing.article.id),
            support=support,
            support_score=score,
            also_in=backing.also_in,
        )
        self.citations.append(made)
        return made
