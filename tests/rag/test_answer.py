from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from index.article import Article, Passage, Span
from index.text.normalise import clean
from index.text.sentences import sentences
from rag.answer import Answer, Citation, Lead, SearchResult
from rag.citing.markers import AnswerBuilder, CitationSource
from rag.citing.quotations import follows_on
from rag.contract import AnswerRecord, Stretch, Usage
from rag.evidence import Antecedent, Evidence
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

# Where a mark would stand; nothing is checked before there is an answer.
MARK = Span(5, 8)


def evidence(source: Article, span: Span) -> Evidence:
    return Evidence(article=source, sentence=span, highlight=span, score=0.9)


def quoted(found: Sequence[Evidence]) -> Answer:
    """The answer that quotes this evidence."""
    made = AnswerBuilder()
    sentences = list(made.quote(found))
    assert "".join(each.text for each in sentences) == made.text
    assert [cited for each in sentences for cited in each.citations] == made.citations
    return Answer(
        question="q",
        answer=made.text,
        confidence=0.9,
        citations=tuple(made.citations),
        own_words=tuple(made.own_words),
    )


def holds(answer: Answer) -> bool:
    """The promise, checked on what leaves the system."""
    record = json.loads(json.dumps(answer.as_json()))
    texts = {citation.article.id: citation.article.text for citation in answer.citations}
    return all(
        texts[c["document_id"]][c["start_char_index"] : c["end_char_index"]] == c["cited_text"]
        and c["start_char_index"] <= c["highlight_start"] < c["highlight_end"]
        and c["highlight_end"] <= c["end_char_index"]
        and record["answer"][c["start_index"] : c["end_index"]] == c["cited_text"]
        and record["answer"][c["marker_start"] : c["marker_end"]] == f"[{c['number']}]"
        and c["end_index"] < c["marker_start"]
        for c in record["citations"]
    )


@settings(deadline=None)
@given(st.lists(st.tuples(WILD, st.randoms()), min_size=1, max_size=3))
def test_every_citation_quotes_the_article(told: list[tuple[str, object]]) -> None:
    found = []
    for i, (text, _) in enumerate(told):
        source = article(f"a{i}", clean(text))
        found += [evidence(source, span) for span in sentences(source.text)[:2]]
    if found:
        assert holds(quoted(found))


@given(WILD, st.integers(-5, 150), st.integers(-5, 150))
def test_no_citation_lies_outside_its_article(text: str, start: int, end: int) -> None:
    source = article("a", text)
    try:
        span = Span(start, end)
        made = Citation(source, span, span, Span(0, 1), Span(2, 5), number=1, document_index=0)
    except ValueError:
        assert not 0 <= start < end <= len(text)
    else:
        assert made.cited_text == text[start:end] != ""


@pytest.mark.parametrize("recognition", [None, (0.7,)])
def test_a_citation_says_how_sure_the_recogniser_is(recognition: tuple[float, ...] | None) -> None:
    source = replace(article("a", "True words."), recognition=recognition)
    made = Citation(source, Span(0, 4), Span(0, 4), Span(0, 4), MARK, 1, 0)
    assert made.recognition_confidence == (recognition and recognition[0])


def test_a_citation_cannot_be_given_other_words() -> None:
    made = Citation(article("a", "True words."), Span(0, 4), Span(0, 4), Span(0, 4), MARK, 1, 0)
    with pytest.raises(ValidationError, match="frozen"):
        made.cited_text = "False"
    with pytest.raises(TypeError):
        Citation(**dict(made))


def test_a_highlight_stays_inside() -> None:
    with pytest.raises(ValueError, match="highlight"):
        Citation(article("a", "True words."), Span(0, 4), Span(2, 6), Span(0, 4), MARK, 1, 0)


def test_an_abstention_cites_nothing_and_an_answer_something() -> None:
    answer = quoted([evidence(article("a", "True."), Span(0, 5))])
    with pytest.raises(ValueError, match="cites"):
        Answer(**{**dict(answer), "abstain_reason": "not_in_articles", "abstained": True})
    with pytest.raises(ValueError, match="cites"):
        Answer(question="q", answer="True.", confidence=0.9)


def test_leads_are_of_what_nothing_answers() -> None:
    found = evidence(article("a", "True."), Span(0, 5))
    lead = Lead(found, 1)
    assert (lead.article, lead.cited_text, lead.id) == (found.article, "True.", "l1")
    nothing = Answer(
        question="q", answer="-", confidence=0.1, abstain_reason="not_in_articles", leads=(lead,)
    )
    assert nothing.leads == (lead,)
    with pytest.raises(ValueError, match="no leads"):
        Answer(**{**dict(quoted([found])), "leads": (lead,)})


def test_articles_are_those_that_it_was_made_from() -> None:
    source = article("a", "True. So.")
    passage = Passage(1, "a", 0, Span(0, 5), (Span(0, 5),))
    result = SearchResult(source, passage, 0.5)
    assert (result.article, result.passage, result.text) == (source, passage, "True.")
    assert quoted([evidence(source, Span(0, 5))]).citations[0].article is source


def test_what_nothing_backs_is_a_stretch_of_the_answer() -> None:
    answer = quoted([evidence(article("a", "True."), Span(0, 5))])
    beyond = Stretch(start_index=3, end_index=len(answer.answer) + 1)
    with pytest.raises(ValueError, match="runs past"):
        Answer(**{**dict(answer), "unsupported": (beyond,)})


@pytest.mark.parametrize("text", ["True.", "[1] is true.", "True [1]."])
def test_a_citation_has_its_mark_where_it_says(text: str) -> None:
    answer = quoted([evidence(article("a", "True."), Span(0, 5))])
    with pytest.raises(ValueError, match=r"mark|runs past"):
        Answer(question="q", answer=text, confidence=0.9, citations=answer.citations)


def test_a_mark_that_the_article_has_is_not_taken_for_the_citations() -> None:
    source = article("a", "See [2] and [1]. It is [1] of two.")
    answer = quoted([evidence(source, Span(0, 16)), evidence(source, Span(17, 34))])
    assert answer.answer == "See [2] and [1]. [1] It is [1] of two. [2]"
    assert [each.marker for each in answer.citations] == [Span(17, 20), Span(39, 42)]
    assert answer.text_without_markers == "See [2] and [1]. It is [1] of two."
    assert answer.segments_between_markers == ("See [2] and [1].", " It is [1] of two.", "")


def test_marks_side_by_side() -> None:
    source = article("a", "True.")
    backing = CitationSource(source, Span(0, 5), Span(0, 5))
    made = AnswerBuilder()
    sentence = made.add("It is so.", [backing, backing], "supported", 0.8)
    assert sentence.text == made.text == "It is so. [1][2]"
    assert [each.marker.of(made.text) for each in made.citations] == ["[1]", "[2]"]
    assert {each.answer_span for each in made.citations} == {Span(0, 9)}
    assert {(each.support, each.support_score) for each in made.citations} == {("supported", 0.8)}


def test_a_sentence_without_sources_has_no_mark() -> None:
    source = article("a", "True.")
    made = AnswerBuilder()
    assert made.add("It may be so.", []).text == "It may be so."
    assert (
        made.add("It is.", [CitationSource(source, Span(0, 5), Span(0, 5))]).text == " It is. [1]"
    )
    assert [stretch.span for stretch in made.unsupported] == [Span(0, 13)]
    made.say("So much.")
    made.clear()
    assert made == AnswerBuilder()


def test_sentences_stand_in_reading_order_and_once() -> None:
    one, two = article("one", "First. Second."), article("two", "Other.")
    found = [
        evidence(one, Span(7, 14)),
        evidence(two, Span(0, 6)),
        evidence(one, Span(0, 6)),
        evidence(one, Span(7, 14)),
    ]
    answer = quoted(found)
    assert answer.answer == "First. [1] Second. [2]\n\nOther. [3]"
    assert [citation.document_index for citation in answer.citations] == [0, 0, 1]


def test_of_a_sentence_that_comes_twice_the_better_is_quoted() -> None:
    best = evidence(article("a", "First. Second."), Span(0, 6))
    best = replace(best, highlight=Span(1, 5))
    again = replace(best, highlight=Span(0, 1), score=0.1)
    (cited,) = quoted([best, again]).citations
    assert (cited.support_score, cited.highlight_start, cited.highlight_end) == (0.9, 1, 5)


@pytest.mark.parametrize(
    ("before", "after", "follows"),
    [((0, 6), (7, 14), True), ((0, 6), (8, 14), False), ((7, 14), (0, 6), False)],
)
def test_what_follows_on(before: tuple[int, int], after: tuple[int, int], follows: bool) -> None:
    assert follows_on("First. Second.", Span(*before), Span(*after)) is follows


def test_below_a_heading_each_article_begins_a_paragraph() -> None:
    made = AnswerBuilder()
    made.say("Who?")
    items = [evidence(article(id, "True."), Span(0, 5)) for id in ("a", "b")]
    assert len(list(made.quote(items, separator="\n"))) == 2
    assert made.text == "Who?\nTrue. [1]\n\nTrue. [2]"
    # Of an article that was cited before, it is the number that it had.
    assert [cited.document_index for each in made.quote(items[:1]) for cited in each.citations] == [
        0
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 7)), min_size=1, max_size=6))
def test_no_two_sentences_run_on_that_do_not_in_their_article(
    picked: list[tuple[int, int]],
) -> None:
    # Two of the gaps between sentences hold a heading's words, which are no sentence.
    sources = [
        article(
            f"a{i}",
            " ".join(f"Sentence {i}{j} ends." + " Heading" * (j in (2, 5)) for j in range(8)),
        )
        for i in range(3)
    ]
    spans = [
        list(map(_span_of, re.finditer(r"Sentence \d+ ends\.", each.text))) for each in sources
    ]
    answer = quoted([evidence(sources[i], spans[i][j]) for i, j in picked])
    for paragraph in answer.text_without_markers.split("\n\n"):
        texts = [source.text for source in sources]
        pieces = [piece.strip() for piece in paragraph.split("[…]")]
        (text,) = [each for each in texts if all(piece in each for piece in pieces)]
        places = [text.index(piece) for piece in pieces]
        assert places == sorted(places)
        assert all(
            text[place + len(piece) : after].strip()
            for place, piece, after in zip(places, pieces, places[1:], strict=False)
        )


def _span_of(match: re.Match[str]) -> Span:
    return Span(*match.span())


def test_what_is_left_out_is_marked_and_said_to_be_our_words() -> None:
    source = article("a", "First. Second. Third.")
    answer = quoted([evidence(source, Span(0, 6)), evidence(source, Span(15, 21))])
    assert answer.answer == "First. [1] […] Third. [2]"
    assert [stretch.span.of(answer.answer) for stretch in answer.own_words] == ["[…]"]


def test_an_answer_has_no_words_that_are_neither_quoted_nor_our_own() -> None:
    source = article("a", "First. Second. Third.")
    answer = quoted([evidence(source, Span(0, 6)), evidence(source, Span(15, 21))])
    with pytest.raises(ValueError, match=r"'\[…\]' is neither quoted"):
        Answer(**{**dict(answer), "own_words": ()})


def test_an_extractive_answer_quotes_in_no_other_words() -> None:
    source = article("a", "The mayor resigned.")
    answer = quoted([evidence(source, Span(0, 19))])
    with pytest.raises(ValueError, match="citation 1 is quoted in other words"):
        Answer(**{**dict(answer), "answer": "The mayor has died. [1]"})


@pytest.mark.parametrize(("before", "after"), [("x", ""), ("", "x"), ("[", "]")])
def test_not_even_a_letter_is_there_that_nobody_said(before: str, after: str) -> None:
    at = len(before)
    cited = Citation(
        article("a", "True."), Span(0, 5), Span(0, 5), Span(at, at + 5), Span(at + 6, at + 9), 1, 0
    )
    text = f"{before}True. [1]{after}"
    with pytest.raises(ValueError, match="neither quoted"):
        Answer(question="q", answer=text, confidence=0.9, citations=(cited,))


# A sentence whose first word stands for the name before it, and one in which it is a later word.
BACK = "SiCarrier grew. It makes chips. So does its boss."


def explained(text: str, span: Span, antecedent: Antecedent) -> Answer:
    """An answer that quotes a sentence of BACK, with a name in place of a word, and a mark."""
    end = len(text) - len(" [1]")
    cited = Citation(
        article("a", BACK),
        span,
        span,
        Span(0, end),
        Span(end + 1, end + 4),
        number=1,
        document_index=0,
        antecedent=antecedent,
    )
    return Answer(question="q", answer=text, confidence=0.9, citations=(cited,))


def test_a_name_in_brackets_stands_for_one_word_of_a_quotation() -> None:
    it = Antecedent(word=Span(16, 18), name=Span(0, 9))
    (cited,) = explained("[SiCarrier] makes chips. [1]", Span(16, 31), it).citations
    assert cited.cited_text == "It makes chips."
    assert cited.antecedent
    assert cited.antecedent.model_dump() == {
        "word": "It",
        "name": "SiCarrier",
        "start_index": 0,
        "end_index": 11,
        "start_char_index": 0,
        "end_char_index": 9,
    }
    its = Antecedent(word=Span(40, 43), name=Span(0, 9), is_possessive=True)
    (cited,) = explained("So does [SiCarrier’s] boss. [1]", Span(32, 49), its).citations
    assert cited.antecedent
    assert (cited.antecedent.start_index, cited.antecedent.end_index) == (8, 21)


@pytest.mark.parametrize(
    "text",
    [
        "(SiCarrier] makes chips. [1]",
        "[SiCarrier) makes chips. [1]",
        "[SiCarrier] makes crisp. [1]",
        "[SiCarrier] makes chips  [1]",
    ],
)
def test_no_other_word_of_a_quotation_is_changed(text: str) -> None:
    it = Antecedent(word=Span(16, 18), name=Span(0, 9))
    with pytest.raises(ValueError, match="in other words"):
        explained(text, Span(16, 31), it)


def test_words_before_the_brackets_are_those_of_the_article() -> None:
    its = Antecedent(word=Span(40, 43), name=Span(0, 9), is_possessive=True)
    with pytest.raises(ValueError, match="in other words"):
        explained("So dyes [SiCarrier’s] boss. [1]", Span(32, 49), its)


def test_the_contract() -> None:
    source = article("a", "True.", publisher="Wire", published_at=date(2025, 5, 26))
    answer = quoted([evidence(source, Span(0, 5))])
    record = Answer(**{**dict(answer), "index_generation": 12}).as_json()
    assert record["answer"] == "True. [1]"
    assert record["index_generation"] == 12
    (cited,) = record["citations"]
    assert cited["published_at"] == "2025-05-26"
    assert cited["document_title"] == "a"
    assert (cited["id"], cited["number"], cited["support"]) == ("c1", 1, "verbatim")
    assert (cited["marker_start"], cited["marker_end"]) == (6, 9)


def test_what_is_written_is_read_back() -> None:
    source = article("a", "True. [1] So.")
    written = quoted([evidence(source, Span(0, 5)), evidence(source, Span(10, 13))]).as_json()
    read = AnswerRecord.model_validate(json.loads(json.dumps(written)))
    assert read.as_json() == written
    assert (read.abstained, read.text_without_markers) == (False, "True. […] So.")
    with pytest.raises(ValidationError, match="nonsense"):
        AnswerRecord.model_validate({**written, "nonsense": 1})


def test_numbers_are_rounded_when_they_are_written() -> None:
    usage = Usage(latency_ms=61.2345, stages_ms={"read": 41.0456})
    answer = Answer(
        question="q",
        answer="Nothing.",
        confidence=0.123456,
        abstain_reason="not_in_articles",
        usage=usage,
    )
    assert (answer.confidence, answer.as_json()["confidence"]) == (0.123456, 0.1235)
    told = answer.as_json()["usage"]
    assert told == {"latency_ms": 61.2, "stages_ms": {"read": 41.0}, "chat": None, "cached": False}
