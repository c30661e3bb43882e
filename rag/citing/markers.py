"""Build an answer sentence by sentence, each followed by its citation markers; our own words
between them are recorded.

Only here is a marker ``[n]`` put into an answer, and its place is stored with the citation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.article import Article, Span
from rag.answer import Citation
from rag.citing.lists import is_item, is_row
from rag.citing.quotations import OMISSION, Aside, follows_on, group_quotations
from rag.contract import CitationRole, Stretch, Support
from rag.events import Sentence
from rag.evidence import AlsoIn, Antecedent, Evidence

__all__ = ["ABSTENTION", "AnswerBuilder", "CitationSource"]

ABSTENTION = {
    "not_in_articles": "The articles do not say.",
    "empty_library": "There are no articles yet. Add some with pullquote add.",
    "nothing_matches_filters": "No article matches the filters.",
}


@dataclass(frozen=True, slots=True)
class CitationSource:
    """The source of a citation: the offsets ``span`` into ``article.text``, the part ``highlight``
    of them that answers, the copies that have the same words, and its role in the answer."""

    article: Article
    span: Span
    highlight: Span
    also_in: tuple[AlsoIn, ...] = ()
    role: CitationRole = "answer"
    antecedent: Antecedent | None = None


@dataclass(slots=True)
class AnswerBuilder:
    """Builds the text and the citations of an answer, sentence by sentence.

    ``unsupported`` are the stretches of ``text`` that nothing backs, ``own_words`` those written by
    Pullquote itself.
    """

    text: str = ""
    citations: list[Citation] = field(default_factory=list)
    unsupported: list[Stretch] = field(default_factory=list)
    own_words: list[Stretch] = field(default_factory=list)
    _articles: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Discard the answer built so far."""
        self.text = ""
        for items in (self.citations, self.unsupported, self.own_words, self._articles):
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
        sources: what backs it; without any it is unsupported.
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

    def say(self, words: str, separator: str = "\n\n") -> Sentence:
        """Add words of our own, which are neither quoted nor cited.

        separator: stands before them, unless they are the first.
        """
        before = len(self.text)
        self.text += separator if self.text else ""
        start = len(self.text)
        self.text += words
        self.own_words.append(Stretch(start_index=start, end_index=len(self.text)))
        return Sentence(self.text[before:], (), own=True)

    def quote(
        self, evidence: Sequence[Evidence], role: CitationRole = "answer", separator: str = "\n\n"
    ) -> Iterator[Sentence]:
        """Add the sentences of the evidence, word for word.

        evidence: best first; each article has a quotation of its own.
        role: what the quotations are in the answer.
        separator: stands before the first of them, where there is something already; the others
            begin a paragraph.
        """
        for quotation in group_quotations(evidence):
            yield from self._quote_article(quotation, role, separator)
            separator = "\n\n"

    def quote_aside(self, aside: Aside) -> Iterator[Sentence]:
        """Add an aside: its introduction and, below it, its quotation."""
        yield self.say(aside.introduction)
        yield from self.quote(aside.evidence, aside.role, separator="\n")

    def _quote_article(
        self, quotation: Sequence[Evidence], role: CitationRole, separator: str
    ) -> Iterator[Sentence]:
        before: Span | None = None
        for item in quotation:
            text, sentence = item.article.text, item.sentence
            if before is not None:
                is_line = is_item(sentence.of(text)) or is_row(sentence.of(text))
                separator = "\n" if is_line else " "
                if not follows_on(text, before, sentence):
                    yield self.say(OMISSION, " ")
            yield self._quote_sentence(item, role, separator)
            before = sentence

    def _quote_sentence(self, item: Evidence, role: CitationRole, separator: str) -> Sentence:
        """Add one sentence, with the antecedent of a word in brackets in place of that
        word."""
        sentence, text = item.sentence, item.article.text
        words, brackets = sentence.of(text), ""
        if item.antecedent:
            brackets = item.antecedent.brackets(text)
            words = item.antecedent.in_place(text, sentence)
        start = len(self.text) + (len(separator) if self.text else 0)
        if item.antecedent:
            start += item.antecedent.word.start - sentence.start
            self.own_words.append(Stretch(start_index=start, end_index=start + len(brackets)))
        source = CitationSource(
            item.article,
            sentence,
            item.highlight,
            item.also_in,
            "context" if item.is_context else role,
            item.antecedent,
        )
        return self.add(words, [source], score=item.score, separator=separator)

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
            role=source.role,
            antecedent=source.antecedent,
        )
        self.citations.append(citation)
        return citation
