"""Leads: what may touch on a question that nothing answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Span
from rag import Pullquote, Settings
from rag.answer import Answer, Lead
from rag.contract import AnswerRecord
from rag.evidence import Evidence
from tests.fakes import FakeModels, article
from tests.near import NearReader
from tests.rag.citing.test_copies import MAIL, POST, WIRE
from tests.rag.test_answer import WILD

CHIPS = article("chips", "Acme buys chips. They are dear.")


@pytest.fixture
def reader() -> NearReader:
    return NearReader()


@pytest.fixture
def pullquote(tmp_path: Path, reader: NearReader) -> Iterator[Pullquote]:
    chosen = Settings(home=tmp_path, threshold=0.5, lead_threshold=0.5)
    with Pullquote.open(settings=chosen, create=True, models=FakeModels(), reader=reader) as made:
        yield made


@pytest.mark.parametrize(
    ("confidence", "nearness", "leads"),
    [(0.49, 0.5, ["Acme buys chips."]), (0.49, 0.49, []), (0.5, 0.9, [])],
    ids=["near", "far", "answered"],
)
def test_only_silence_has_leads_and_only_when_something_is_near(
    pullquote: Pullquote, reader: NearReader, confidence: float, nearness: float, leads: list[str]
) -> None:
    pullquote.add_articles([CHIPS])
    reader.confidence, reader.nearness = confidence, nearness
    answer = pullquote.ask("Who buys chips?")
    assert answer.abstained == (confidence < 0.5)
    assert [each.cited_text for each in answer.leads] == leads


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(WILD, min_size=1, max_size=3))
def test_whatever_the_articles_hold_a_lead_quotes_them(
    pullquote: Pullquote, texts: list[str]
) -> None:
    pullquote.add_articles(article(f"a{i}", text) for i, text in enumerate(texts))
    answer = pullquote.ask("what is it?")
    assert answer.leads or not answer.search_results
    for lead in AnswerRecord.model_validate(answer.as_json()).leads:
        text = pullquote.article(lead.document_id).text
        assert text[lead.start_char_index : lead.end_char_index] == lead.cited_text
        assert lead.start_char_index <= lead.highlight_start < lead.highlight_end
        assert lead.highlight_end <= lead.end_char_index


def test_a_lead_that_copies_have_is_shown_once_and_names_them(tmp_path: Path) -> None:
    # Each copy is read, and all lead to the same sentence of the first.
    chosen = Settings(home=tmp_path, collapse_copies=False)
    models = FakeModels()
    with Pullquote.open(settings=chosen, create=True, models=models, reader=NearReader()) as made:
        made.add_articles([WIRE, POST])
        (lead,) = made.ask("Who opened the second basin of Belmoor?").leads
        (other,) = lead.also_in
        assert (lead.document_id, other.document_id) == ("wire", "post")
        assert POST.text[other.start_char_index : other.end_char_index] == lead.cited_text


def test_leads_keep_their_order_and_are_numbered(pullquote: Pullquote) -> None:
    pullquote.add_articles([CHIPS, MAIL])
    answer = pullquote.ask("Who buys chips?")
    assert [each.article.id for each in answer.leads] == ["chips", "mail"]
    assert [(each.id, each.number) for each in answer.leads] == [("l1", 1), ("l2", 2)]


def test_an_answer_cannot_be_given_leads(pullquote: Pullquote, reader: NearReader) -> None:
    pullquote.add_articles([CHIPS])
    leads = pullquote.ask("Who buys chips?").leads
    reader.confidence = 0.9
    with pytest.raises(ValueError, match="no leads"):
        Answer(**{**dict(pullquote.ask("Who buys chips?")), "leads": leads})


def test_a_lead_stays_within_its_article() -> None:
    with pytest.raises(ValueError, match="runs past"):
        Lead(Evidence(CHIPS, Span(0, 400), Span(0, 4), 0.1), 1)
