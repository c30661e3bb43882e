"""Answers: text, citations and, where the articles do not answer, an abstention.

The fields are those of the contract (:mod:`rag.contract`); added here is the promise of the whole
system. A citation is made from an article and offsets and quotes by slicing: quoted words are never
passed in, so a citation can only quote the article's own characters. An answer checks the rest:
every citation lies inside the answer's text and has its mark ``[n]`` where it says, and an
abstention cites nothing.
"""

from __future__ import annotations

from typing import Self

from pydantic import PrivateAttr, model_validator

from index.article import Article, Passage, Span
from rag.contract import (
    AlsoInRecord,
    AnswerRecord,
    AntecedentRecord,
    CitationRecord,
    CitationRole,
    LeadRecord,
    SearchResultRecord,
    Support,
    source_fields,
)
from rag.evidence import AlsoIn, Antecedent, Evidence

__all__ = ["Answer", "Citation", "Lead", "SearchResult"]


class Citation(CitationRecord):
    """A stretch of the answer and the characters of the article that back it, with the article.

    ``span`` is what is cited and ``highlight`` the part of it that answers, both offsets into
    ``article.text``; ``answer_span`` is the stretch of the answer's text that it backs and
    ``marker`` the place of its mark ``[number]`` there. All are code points, end exclusive.
    ``support_score`` is a probability. ``also_in``: copies of the article that have the cited words
    too. ``role``: its purpose in the answer. ``antecedent``: what its first word refers to.

    Raises ``ValueError`` when the span runs past the article, or the highlight out of the span.
    """

    _article: Article = PrivateAttr()

    def __init__(
        self,
        article: Article,
        span: Span,
        highlight: Span,
        answer_span: Span,
        marker: Span,
        number: int,
        document_index: int,
        support: Support = "verbatim",
        support_score: float = 1.0,
        also_in: tuple[AlsoIn, ...] = (),
        role: CitationRole = "answer",
        antecedent: Antecedent | None = None,
    ) -> None:
        if highlight.start < span.start or highlight.end > span.end:
            raise ValueError(f"highlight {highlight} lies outside the citation {span}")
        super().__init__(
            **source_fields(article, span),
            url=article.url,
            id=f"c{number}",
            number=number,
            start_index=answer_span.start,
            end_index=answer_span.end,
            marker_start=marker.start,
            marker_end=marker.end,
            cited_text=span.of(article.text),
            highlight_start=highlight.start,
            highlight_end=highlight.end,
            document_index=document_index,
            role=role,
            support=support,
            support_score=support_score,
            recognition_confidence=article.recognition_confidence(span),
            also_in=tuple(AlsoInRecord.of(copy.article, copy.span) for copy in also_in),
            antecedent=_antecedent_record(antecedent, article, span, answer_span),
        )
        self._article = article

    @property
    def article(self) -> Article:
        """The article that is cited."""
        return self._article


class Lead(LeadRecord):
    """A sentence that may be related to a question that nothing answers, with its article; quoted
    by slicing, as a citation is. Raises ``ValueError`` when it runs past the article."""

    _article: Article = PrivateAttr()

    def __init__(self, evidence: Evidence, number: int) -> None:
        article, sentence, highlight = evidence.article, evidence.sentence, evidence.highlight
        super().__init__(
            **source_fields(article, sentence),
            url=article.url,
            id=f"l{number}",
            number=number,
            cited_text=sentence.of(article.text),
            highlight_start=highlight.start,
            highlight_end=highlight.end,
            score=evidence.score,
            also_in=tuple(AlsoInRecord.of(copy.article, copy.span) for copy in evidence.also_in),
        )
        self._article = article

    @property
    def article(self) -> Article:
        """The article that is quoted."""
        return self._article


class SearchResult(SearchResultRecord):
    """A passage of the search results, with its article. ``score`` orders one search; it is no
    probability. Raises ``ValueError`` when the passage runs past the article."""

    _article: Article = PrivateAttr()
    _passage: Passage = PrivateAttr()

    def __init__(self, article: Article, passage: Passage, score: float) -> None:
        super().__init__(
            **source_fields(article, passage.span),
            passage_id=passage.id,
            text=passage.span.of(article.text),
            score=score,
        )
        self._article, self._passage = article, passage

    @property
    def article(self) -> Article:
        """The article that the passage is from."""
        return self._article

    @property
    def passage(self) -> Passage:
        """The passage, with its sentences."""
        return self._passage


class Answer(AnswerRecord):
    """A cited answer, or an abstention with its reason, leads and the nearest passages.

    Raises ``ValueError`` when an abstention cites, an answer cites nothing or has leads, a citation
    or an unsupported stretch lies outside the text, a citation's mark is not where it says, or an
    extractive answer quotes in other words than those cited, or has words that are neither quoted
    nor listed in ``own_words``.
    """

    citations: tuple[Citation, ...] = ()
    leads: tuple[Lead, ...] = ()
    search_results: tuple[SearchResult, ...] = ()

    @model_validator(mode="after")
    def _keeps_its_promise(self) -> Self:
        if self.abstained == bool(self.citations):
            raise ValueError("an answer cites, an abstention does not")
        if self.leads and not self.abstained:
            raise ValueError("where there is an answer there are no leads")
        for stretch in self.unsupported:
            stretch.span.of(self.answer)
        is_extractive = self.mode == "extractive"
        for citation in self.citations:
            citation.answer_span.of(self.answer)
            if citation.marker.of(self.answer) != f"[{citation.number}]":
                raise ValueError(f"citation {citation.number} has no mark at {citation.marker}")
            if is_extractive and not _has_its_words(citation, self.answer):
                raise ValueError(f"citation {citation.number} is quoted in other words")
        if is_extractive and not self.abstained and (words := self._stray_words()):
            raise ValueError(f"{words!r} is neither quoted nor told to be our own words")
        return self

    def _stray_words(self) -> str:
        """Return the words of an answer besides its quotations, their marks and our own words."""
        spans = [stretch.span for stretch in self.own_words]
        for citation in self.citations:
            spans += [citation.answer_span, citation.marker]
        stray, at = "", 0
        for span in sorted(spans):
            stray += self.answer[at : span.start]
            at = max(at, span.end)
        return (stray + self.answer[at:]).strip()


def _antecedent_record(
    antecedent: Antecedent | None, article: Article, span: Span, answer_span: Span
) -> AntecedentRecord | None:
    if antecedent is None:
        return None
    start = answer_span.start + antecedent.word.start - span.start
    return AntecedentRecord(
        word=antecedent.word.of(article.text),
        name=antecedent.name.of(article.text),
        start_index=start,
        end_index=start + len(antecedent.brackets(article.text)),
        start_char_index=antecedent.name.start,
        end_char_index=antecedent.name.end,
    )


def _has_its_words(citation: Citation, answer: str) -> bool:
    """Whether an extractive answer has the cited words where it cites, but for an antecedent in
    brackets."""
    antecedent = citation.antecedent
    if antecedent is None:
        return citation.answer_span.of(answer) == citation.cited_text
    rest = answer[antecedent.end_index : citation.end_index]
    is_bracketed = answer[antecedent.start_index] == "[" and answer[antecedent.end_index - 1] == "]"
    before = answer[citation.start_index : antecedent.start_index]
    return is_bracketed and before + antecedent.word + rest == citation.cited_text
