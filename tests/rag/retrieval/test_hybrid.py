from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from index.article import Article, Passage, Span
from index.library import Library
from index.snapshot import Found
from rag.question import Filters
from rag.retrieval.candidate import Candidate
from rag.retrieval.fusion import fuse_ranks
from rag.retrieval.hybrid import hybrid_search
from rag.retrieval.near_duplicates import collapse_copies
from rag.retrieval.proximity import bigram_share, window_share
from rag.settings import Settings
from tests.fakes import article

STORIES = [
    article("chips", "Acme buys chips from a plant in Ohio. The price is secret."),
    article("cats", "Cats sleep a lot. Nobody knows why they do."),
    article("plant", "A plant needs water. Ohio has rivers. Secret gardens have both."),
]


def found(source: Article, score: float = 1.0, ordinal: int = 0) -> Candidate:
    span = Span(0, len(source.text))
    passage = Passage(ordinal, source.id, ordinal, span, (span,))
    return Candidate(Found(source, passage), score)


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


def test_rank_fusion_adds_reciprocal_ranks() -> None:
    lists = [
        (np.array([5, 7]), np.array([0.9, 0.1], np.float32)),
        (np.array([7, 9]), np.array([20.0, 1.0], np.float32)),
    ]
    scores = fuse_ranks(np.array([5, 7, 9]), lists)
    np.testing.assert_allclose(scores, [1 / 61, 1 / 62 + 1 / 61, 1 / 62], rtol=1e-5)


def test_copies_count_once() -> None:
    text = "The same wire story runs here word for word, as such stories do everywhere."
    one, two = article("one", text), article("two", text + " Staff.")
    other = article("other", "Something else is told here in quite other words than those.")
    kept = collapse_copies([found(one, 3), found(two, 2), found(other, 1)], 5)
    assert [result.hit.article.id for result in kept] == ["one", "other"]


def test_passages_of_one_article_are_no_copies() -> None:
    source = article("one", "The same wire story runs here word for word.")
    assert len(collapse_copies([found(source, 2), found(source, 1, ordinal=1)], 5)) == 2


def test_bigrams_must_be_adjacent_and_in_order() -> None:
    idf = {"red": 1.0, "cat": 1.0, "sat": 1.0}
    assert bigram_share(["red", "cat"], ["a", "red", "cat"], idf) == 1.0
    assert bigram_share(["red", "cat"], ["cat", "red"], idf) == 0.0
    assert bigram_share(["red", "cat", "sat"], ["cat", "sat"], idf) == 0.5
    assert bigram_share(["cat"], ["cat"], idf) == 0.0


def test_the_window_is_bounded() -> None:
    idf = {"red": 3.0, "cat": 1.0}
    assert window_share(["red", "cat"], ["red", *["x"] * 14, "cat"], idf) == 1.0
    assert window_share(["red", "cat"], ["red", *["x"] * 15, "cat"], idf) == 0.75
    assert window_share([], ["red"], {}) == 0.0
