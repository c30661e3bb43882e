from __future__ import annotations

from index.article import Article, Passage, Span
from index.snapshot import Found
from rag.retrieval.candidate import Candidate
from rag.retrieval.near_duplicates import collapse_copies
from tests.fakes import article


def candidate(source: Article, score: float = 1.0, ordinal: int = 0) -> Candidate:
    span = Span(0, len(source.text))
    passage = Passage(ordinal, source.id, ordinal, span, (span,))
    return Candidate(Found(source, passage), score)


def test_copies_count_once() -> None:
    text = "The same wire story runs here word for word, as such stories do everywhere."
    one, two = article("one", text), article("two", text + " Staff.")
    other = article("other", "Something else is told here in quite other words than those.")
    kept = collapse_copies([candidate(one, 3), candidate(two, 2), candidate(other, 1)], 5)
    assert [result.hit.article.id for result in kept] == ["one", "other"]


def test_passages_of_one_article_are_no_copies() -> None:
    source = article("one", "The same wire story runs here word for word.")
    assert len(collapse_copies([candidate(source, 2), candidate(source, 1, ordinal=1)], 5)) == 2
