from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Span
from index.clean import clean
from index.sentences import sentences
from rag.answer import Answer, Citation
from rag.compose import compose
from rag.read import Evidence
from tests.fakes import article

# Combining marks, emoji with joiners, right-to-left, white space of every width, both newlines.
WILD = st.text(
    st.one_of(
        st.sampled_from(
            "a B.é\u0301\u0327😀👨‍👩‍👧🏽שלוםمرحبا\u200f\u202e\u00a0\u2003\r\n\t“”.!?[1]"
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=120,
)


def evidence(source: Article, span: Span) -> Evidence:
    return Evidence(article=source, sentence=span, highlight=span, score=0.9)


def holds(answer: Answer) -> bool:
    """The promise, checked on what leaves the system."""
    record = json.loads(json.dumps(answer.as_json()))
    texts = {citation.article.id: citation.article.text for citation in answer.citations}
    return all(
        texts[c["document_id"]][c["start_char_index"] : c["end_char_index"]] == c["cited_text"]
        and c["start_char_index"] <= c["highlight_start"] < c["highlight_end"]
        and c["highlight_end"] <= c["end_char_index"]
        and record["answer"][c["start_index"] : c["end_index"]] == c["cited_text"]
        for c in record["citations"]
    )


@given(st.lists(st.tuples(WILD, st.randoms()), min_size=1, max_size=3))
def test_every_citation_quotes_the_article(told: list[tuple[str, object]]) -> None:
    found = []
    for i, (text, _) in enumerate(told):
        source = article(f"a{i}", clean(text))
        found += [evidence(source, span) for span in sentences(source.text)[:2]]
    if found:
        text, citations = compose(found)
        assert holds(Answer(question="q", text=text, confidence=0.9, citations=citations))


@given(WILD, st.integers(-5, 150), st.integers(-5, 150))
def test_no_citation_lies_outside_its_article(text: str, start: int, end: int) -> None:
    source = article("a", text)
    try:
        span = Span(start, end)
        made = Citation(source, span, span, Span(0, 1), number=1, document_index=0)
    except ValueError:
        assert not 0 <= start < end <= len(text)
    else:
        assert made.cited_text == text[start:end] != ""


def test_a_citation_cannot_be_given_other_words() -> None:
    made = Citation(article("a", "True words."), Span(0, 4), Span(0, 4), Span(0, 4), 1, 0)
    with pytest.raises((AttributeError, TypeError)):
        made.cited_text = "False"  # type: ignore[misc]


def test_a_highlight_stays_inside() -> None:
    with pytest.raises(ValueError, match="highlight"):
        Citation(article("a", "True words."), Span(0, 4), Span(2, 6), Span(0, 4), 1, 0)


def test_an_abstention_cites_nothing_and_an_answer_something() -> None:
    text, citations = compose([evidence(article("a", "True."), Span(0, 5))])
    with pytest.raises(ValueError, match="cites"):
        Answer("q", text, 0.1, citations, abstain_reason="not_in_articles")
    with pytest.raises(ValueError, match="cites"):
        Answer("q", "True.", 0.9)


def test_a_citation_has_its_mark_in_the_text() -> None:
    _, citations = compose([evidence(article("a", "True."), Span(0, 5))])
    with pytest.raises(ValueError, match="no mark"):
        Answer("q", "True.", 0.9, citations)


def test_sentences_stand_in_reading_order_and_once() -> None:
    one, two = article("one", "First. Second."), article("two", "Other.")
    found = [
        evidence(one, Span(7, 14)),
        evidence(two, Span(0, 6)),
        evidence(one, Span(0, 6)),
        evidence(one, Span(7, 14)),
    ]
    text, citations = compose(found)
    assert text == "First. [1] Second. [2] Other. [3]"
    assert [citation.document_index for citation in citations] == [0, 0, 1]


def test_the_contract() -> None:
    source = article("a", "True.", publisher="Wire", published_at=date(2025, 5, 26))
    text, citations = compose([evidence(source, Span(0, 5))])
    record = Answer("q", text, 0.9, citations, index_generation=12).as_json()
    assert record["answer"] == "True. [1]"
    assert record["index_generation"] == 12
    (cited,) = record["citations"]
    assert cited["published_at"] == "2025-05-26"
    assert cited["document_title"] == "a"
    assert (cited["id"], cited["number"], cited["support"]) == ("c1", 1, "verbatim")
