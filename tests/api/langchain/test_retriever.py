from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from api.langchain import PullquoteAsk, PullquoteRetriever
from rag import Filters, Pullquote
from rag.errors import QuestionError
from tests.fakes import article

TEXT = "Acme buys chips. They are dear."


@pytest.fixture
def retriever(pullquote: Pullquote) -> PullquoteRetriever:
    pullquote.add_articles(
        [
            article("chips", TEXT, publisher="The Wire", published_at=date(2025, 5, 26)),
            article("cats", "Cats sleep on chips.", publisher="Cat Weekly", language="fr"),
        ]
    )
    retriever = pullquote.as_retriever(k=1)
    assert isinstance(retriever, PullquoteRetriever)
    return retriever


def test_documents_can_still_be_cited(retriever: PullquoteRetriever) -> None:
    (document,) = retriever.invoke("Who buys chips?")
    start, end = document.metadata["start_char_index"], document.metadata["end_char_index"]
    assert document.metadata["document_id"] == "chips"
    assert TEXT[start:end] == document.page_content
    assert (start, end) == (document.metadata["start_index"], document.metadata["end_index"])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"publisher": ["cat weekly"]}, ["cats"]),
        ({"published_from": "2025-05-26"}, ["chips"]),
        ({"article_ids": ["cats"]}, ["cats"]),
        ({"language": ["fr"]}, ["cats"]),
        ({"published_from": "2025-05-27"}, []),
        (Filters(published_to=date(2025, 5, 26)), ["chips"]),
    ],
)
def test_filters_at_the_start_or_with_a_question(
    retriever: PullquoteRetriever, filters: Filters | dict[str, object], found: list[str]
) -> None:
    filtered = retriever.pullquote.as_retriever(filters=filters)
    for documents in (filtered.invoke("chips"), retriever.invoke("chips", k=5, filters=filters)):
        assert [document.metadata["document_id"] for document in documents] == found


def test_a_filter_that_does_not_exist_is_an_error(retriever: PullquoteRetriever) -> None:
    with pytest.raises(QuestionError, match=r"filters\.topic: there is no such filter"):
        retriever.invoke("chips", filters={"topic": "cats"})


def test_an_option_that_does_not_exist_is_an_error(
    retriever: PullquoteRetriever, pullquote: Pullquote
) -> None:
    with pytest.raises(ValidationError, match="search_kwargs"):
        pullquote.as_retriever(search_kwargs={"k": 1})
    with pytest.raises(ValidationError, match="depth"):
        PullquoteAsk(pullquote=pullquote, depth=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="filter"):
        retriever.invoke("Who?", filter={})


def test_nothing_found_for_no_results_asked(retriever: PullquoteRetriever) -> None:
    with pytest.raises(QuestionError, match="top_k"):
        retriever.invoke("chips", k=0)
