"""Both searches in one call of Milvus: what it finds, under which filters, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from index.filters import Filters
from index.store.base import HybridSearch
from rag import Pullquote, Settings
from tests.fakes import FakeEncoder, FakeModels, article
from tests.index.store.milvus_lite import release_lite
from tests.keyword_reader import KeywordReader
from tests.rag.test_answer import holds

pytest.importorskip("pymilvus", reason="needs the extra cluster")
pytest.importorskip("milvus_lite", reason="needs the extra cluster")

from index.store.milvus.engine import Engine

pytestmark = pytest.mark.cluster

WIRE = "The river rose by two metres on Tuesday and the old bridge had to be closed to all. " * 3
ARTICLES = [
    article(
        "chips",
        "Acme buys chips from a plant in Ohio. The price is secret.",
        publisher="Wire",
        published_at=date(2024, 3, 1),
        language="en",
    ),
    article("cats", "Cats sleep a lot.", published_at=date(2025, 5, 1), language="en-gb"),
    article("plant", "A plant needs water. Ohio has rivers.", language="en"),
]


class Calls(dict[str, int]):
    """How often the engine was asked, by the kind of search."""

    def note(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        search = getattr(Engine, name)

        def count(engine: Engine, *arguments: Any) -> Any:
            self[name] = self.get(name, 0) + 1
            return search(engine, *arguments)

        monkeypatch.setattr(Engine, name, count)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    calls = Calls()
    for name in ("nearest", "bm25", "hybrid"):
        calls.note(monkeypatch, name)
    return calls


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    """A library on milvus-lite whose engine ranks."""
    file = tmp_path / "library.db"
    settings = Settings(home=tmp_path, fusion="engine", store=SecretStr(f"milvus://{file}"))
    with Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=KeywordReader()
    ) as pullquote:
        yield pullquote
    release_lite(file)


def ids(pullquote: Pullquote, question: str, **options: Any) -> list[str]:
    return [result.article.id for result in pullquote.search(question, **options)]


def test_one_call_finds_and_ranks(pullquote: Pullquote, calls: Calls) -> None:
    assert ids(pullquote, "Who buys chips?") == []
    pullquote.add_articles(ARTICLES)
    calls.clear()
    assert ids(pullquote, "Who buys chips in Ohio?", top_k=2) == ["chips", "plant"]
    assert calls == {"hybrid": 1}
    # A question of stop words has no terms: it is searched by its vector alone.
    assert len(ids(pullquote, "is it")) == 3
    assert calls == {"hybrid": 1, "nearest": 1}


def test_a_score_is_the_sum_of_reciprocal_ranks(pullquote: Pullquote) -> None:
    pullquote.add_articles(ARTICLES)
    query, terms = FakeEncoder().encode_query("Ohio rivers and a plant"), ["ohio", "river", "plant"]
    with pullquote.library.store.searching() as snapshot:
        assert isinstance(snapshot, HybridSearch)
        selection = snapshot.select(Filters())
        keys, scores = snapshot.hybrid(query, terms, 10, selection)
        dense, lexical = (
            snapshot.dense(query, 10, selection)[0],
            snapshot.lexical(terms, 10, selection)[0],
        )
    expected = {
        key: sum(1 / (61 + list(ranks).index(key)) for ranks in (dense, lexical) if key in ranks)
        for key in dense
    }
    assert (len(keys), len(lexical)) == (3, 2)
    assert dict(zip(keys, scores, strict=True)) == pytest.approx(expected)
    assert (np.diff(scores) <= 0).all()


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(publisher=("the wire",)), ["chips"]),
        (Filters(published_from=date(2025, 1, 1)), ["cats"]),
        (Filters(published_to=date(2024, 12, 31)), ["chips"]),
        (Filters(article_ids=("plant", "cats")), ["cats", "plant"]),
        (Filters(language=("en",), published_from=date(2024, 1, 1)), ["cats", "chips"]),
        (Filters(language=("de",)), []),
    ],
)
def test_filters_select_before_the_search(
    pullquote: Pullquote, filters: Filters, found: list[str]
) -> None:
    pullquote.add_articles(ARTICLES)
    # The best two of all are not what passes the filters.
    question = "A plant in Ohio"
    assert sorted(ids(pullquote, question, filters=filters, top_k=2)) == found


def test_what_was_removed_or_replaced_is_not_found(pullquote: Pullquote) -> None:
    pullquote.add_articles(ARTICLES)
    pullquote.library.remove(["plant"])
    pullquote.add_articles([replace(ARTICLES[0], text="Acme sells cars to dealers in Iowa.")])
    results = pullquote.search("Which plant in Ohio sells to Acme?")
    assert {result.article.id for result in results} == {"chips", "cats"}
    answer = pullquote.ask("Who sells cars to dealers?")
    assert answer.answer == "Acme sells cars to dealers in Iowa. [1]"
    assert holds(answer)


def test_copies_count_once_and_are_cited_together(pullquote: Pullquote) -> None:
    copies = [article(f"wire-{number}", WIRE, language="en") for number in range(3)]
    pullquote.add_articles([*copies, *ARTICLES], keep_copies=True)
    found = ids(pullquote, "Why was the old bridge over the river closed?", top_k=3)
    assert found[0].startswith("wire-")
    assert len({id.partition("-")[0] for id in found}) == 3
    answer = pullquote.ask("When did the river rise by two metres?")
    assert holds(answer)
    (citation,) = answer.citations
    also_in = {copy.document_id for copy in citation.also_in}
    assert {citation.article.id, *also_in} == {"wire-0", "wire-1", "wire-2"}
