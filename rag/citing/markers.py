"""Citation markers: an answer is built sentence by sentence, each followed by its markers.

Here, and nowhere else, a marker ``[n]`` is put into an answer, and its place is kept with the
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

__all__ = ["ABSTENTION", "AnswerBuilder", "CitationSource"]

ABSTENTION = {
    "not_in_articles": "The articles do not say.",
    "empty_library": "There are no articles yet. Add some with pullquote add.",
    "nothing_matches_filters": "No article matches the filters.",
}


@dataclass(frozen=True, slots=True)
class CitationSource:
    """What backs a sentence of an answer: the offsets ``span`` into ``article.text``, the part
    ``highlight`` of them that answers, and the copies that have the same words."""

    article: Article
    span: Span
    highlight: Span
    also_in: tuple[AlsoIn, ...] = ()


@dataclass(slots=True)
class AnswerBuilder:
    """Builds the text and the citations of an answer, sentence by sentence.

    ``unsupported`` are the stretches of ``text`` that nothing backs.
    """

    text: str = ""
    citations: list[Citation] = field(default_factory=list)
    unsupported: list[Stretch] = field(default_factory=list)
    _articles: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Begin again."""
        self.text = ""
        for items in (self.citations, self.unsupported, self._articles):
            items.clear()

    def add(
        self,
        sentence: str,
        sources: Sequence[CitationSource],
        support: Support = "verbatim",
        score: float = 1.0,
        separator: str = " ",
    ) -> Sentence:
        """Add a sentence to the answer, with a citation and its marker for each source.

        sentence: its text, without markers.
        sources: what backs it; without one it is unsupported.
        support: how well it is backed.
        score: the probability of that.
        separator: stands before the sentence, unless it is the first.
        """
        before = len(self.text)
        self.text += separator if self.text else ""
        span = Span(len(self.text), len(self.text) + len(sentence))
        self.text += sentence
        if sources:
            self.text += " "
        else:
            self.unsupported.append(Stretch(start_index=span.start, end_index=span.end))
        citations = tuple(self._cite(source, span, support, score) for source in sources)
        return Sentence(self.text[before:], citations)

    def quote(self, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
        """Add the sentences of the evidence, word for word.

        The article of the best evidence comes first; within an article the sentences stand in
        reading order, and one that was found twice (passages overlap) stands once. After what
        is there already they begin a paragraph of their own.
        """
        unique = {(item.article.id, item.sentence): item for item in reversed(evidence)}
        order = list(dict.fromkeys(item.article.id for item in evidence))
        sentences = sorted(
            unique.values(), key=lambda item: (order.index(item.article.id), item.sentence)
        )
        separator = "\n\n"
        for item in sentences:
            source = CitationSource(item.article, item.sentence, item.highlight, item.also_in)
            words = item.sentence.of(item.article.text)
            yield self.add(words, [source], score=item.score, separator=separator)
            separator = " "

    def _cite(self, source: CitationSource, span: Span, support: Support, score: float) -> Citation:
        if source.article.id not in self._articles:
            self._articles.append(source.article.id)
        number = len(self.citations) + 1
        marker_text = f"[{number}]"
        marker = Span(len(self.text), len(self.text) + len(marker_text))
        self.text += marker_text
        citation = Citation(
            article=source.article,
            span=source.span,
            highlight=source.highlight,
            answer_span=span,
            marker=marker,
            number=number,
            document_index=self._articles.index(source.article.id),
            support=support,
            support_score=score,
            also_in=source.also_in,
        )
        self.citations.append(citation)
        return citation
