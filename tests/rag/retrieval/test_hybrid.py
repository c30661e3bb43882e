from __future__ import annotations

from typing import Any

import pytest

from index.library import Library
from rag.question import Filters
from rag.retrieval.hybrid import hybrid_search
from rag.settings import Settings
from tests.fakes import article

STORIES = [
    article("chips", "Acme buys chips from a plant in Ohio. The price is secret."),
    article("cats", "Cats sleep a lot. Nobody knows why they do."),
    article("plant", "A plant needs water. Ohio has rivers. Secret gardens have both."),
]


def ids(library: Library, question: str, k: int = 3, **settings: Any) -> list[str]:
    library.add(STORIES)
    chosen = Settings.model_validate(settings)
    with library.view() as view:
        selection = view.select(Filters())
        encoder = library.query_encoder()
        results = hybrid_search(view, encoder, question, k, selection, chosen)
    assert [r.score for r in results] == sorted((r.score for r in results), reverse=True)
    return [result.hit.article.id for result in results]


@pytest.mark.parametrize(
    "settings",
    [{}, {"proximity": False}, {"fusion": "rrf"}, {"use_dense": False}, {"use_lexical": False}],
)
def test_every_way_finds_the_plain_case(library: Library, settings: dict[str, Any]) -> None:
    assert ids(library, "where does Acme buy chips", 3, **settings)[0] == "chips"


def test_words_close_together_count(library: Library) -> None:
    assert ids(library, "secret plant Ohio", k=2) == ["plant", "chips"]


def test_no_more_than_asked_for(library: Library) -> None:
    assert len(ids(library, "anything at all", k=2)) == 2


def test_a_question_of_stop_words_still_searches(library: Library) -> None:
    assert len(ids(library, "who is it")) == 3
