"""What a library on Milvus counts as it is written, and what it remembers of a generation, so that
no question reads all of it, or asks the same of a term again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.filters import Filters
from index.snapshot import View
from index.store.base import NewArticle
from tests.fakes import article
from tests.index.store import store_access
from tests.index.store.milvus_lite import release_lite

pytest.importorskip("pymilvus", reason="needs the extra cluster")
pytest.importorskip("milvus_lite", reason="needs the extra cluster")

from index.store.milvus.engine import Engine
from index.store.milvus.state import SCHEMA
from index.store.milvus.store import MilvusStore
from index.store.milvus.term_counts import TermCounts

pytestmark = pytest.mark.cluster

Calls = list[tuple[str, int]]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    yield f"milvus://{tmp_path}/library.db"
    release_lite(tmp_path / "library.db")


@pytest.fixture
def store(address: str) -> Iterator[MilvusStore]:
    store = MilvusStore(address, create=True, lock_timeout=0.0)
    yield store
    store.close()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The questions that the engine was asked: the condition, and how many rows came (1 for a
    count)."""
    calls: Calls = []
    query, count = Engine.query, Engine.count

    def note_query(
        engine: Engine, collection: str, condition: str, *more: Any, **options: Any
    ) -> Any:
        rows = query(engine, collection, condition, *more, **options)
        calls.append((condition, len(rows)))
        return rows

    def note_count(engine: Engine, collection: str, condition: str) -> int:
        calls.append((condition, 1))
        return count(engine, collection, condition)

    monkeypatch.setattr(Engine, "query", note_query)
    monkeypatch.setattr(Engine, "count", note_count)
    return calls


def new(id: str, text: str, language: str = "en") -> NewArticle:
    return store_access.new(article(id, text, language=language))


def write(store: MilvusStore, *articles: NewArticle) -> None:
    with store.writing() as writer:
        writer.write(articles, {})


def languages(store: MilvusStore) -> dict[str, int]:
    with store.reading() as snapshot:
        assert snapshot.languages() == snapshot.languages_anew()
        return snapshot.languages()


def test_languages_are_counted_as_articles_come_change_and_go(store: MilvusStore) -> None:
    assert languages(store) == {}
    write(store, new("chips", "Chips are scarce."), new("katzen", "Katzen schlafen.", "de"))
    assert languages(store) == {"en": 1, "de": 1}
    write(store, new("chips", "Chips sind knapp.", "de"), new("cats", "Cats sleep."))
    assert languages(store) == {"en": 1, "de": 2}
    with store.writing() as writer:
        writer.remove(["cats", "katzen", "nobody"])
    assert languages(store) == {"de": 1}


def put_state(store: MilvusStore, change: Callable[[dict[str, Any]], object]) -> None:
    """Write a state as somebody else would."""
    engine = store._engine
    (row,) = engine.query(engine.state, 'kind == "state"', ["*"])
    state = json.loads(row["body"])
    change(state)
    engine.upsert(engine.state, [{**row, "body": json.dumps(state)}])


def test_a_library_that_did_not_count_them_does_with_the_next_change(
    store: MilvusStore, address: str, calls: Calls
) -> None:
    write(store, new("chips", "Chips are scarce."), new("katzen", "Katzen schlafen.", "de"))

    def age(state: dict[str, Any]) -> None:
        del state["languages"]
        state["schema"] = SCHEMA - 1

    put_state(store, age)
    again = MilvusStore(address, lock_timeout=0.0)
    assert languages(again) == {"en": 1, "de": 1}
    write(again, new("hunde", "Hunde bellen.", "de"))
    assert languages(again) == {"en": 1, "de": 2}
    calls.clear()
    with again.reading() as snapshot:
        assert snapshot.languages() == {"en": 1, "de": 2}
    assert [rows for _, rows in calls] == [1]
    again.close()


def test_wrong_counts_are_found_and_counted_again(store: MilvusStore) -> None:
    write(store, new("chips", "Chips are scarce."))
    put_state(store, lambda state: state.update(languages={"en": 7}))
    assert "by language" in store.damage()[0]
    with store.writing() as writer:
        assert "counted again" in writer.repair()[0]
    assert store.damage() == []
    assert languages(store) == {"en": 1}


def test_a_question_reads_no_more_of_a_larger_library(store: MilvusStore, calls: Calls) -> None:
    write(store, *(new(f"chips {i}", f"Chips are scarce in town {i}.") for i in range(30)))
    calls.clear()
    with store.searching() as snapshot:
        view = View(snapshot)
        selection = view.select(Filters())
        keys, _ = view.lexical("Where are chips scarce?", 3, selection)
        assert view.language_of("Where are chips scarce?") == "en"
        assert view.holds("scarce chips")
        assert view.analyzer.idf("chip") > 0
        assert sum(found is not None for found in view.passages(keys.tolist())) == 3
    assert max(rows for _, rows in calls) == 3


def counts_of(calls: Sequence[tuple[str, int]]) -> list[str]:
    return [condition for condition, _ in calls if condition.startswith("text_match")]


def test_a_term_is_counted_once_a_generation(store: MilvusStore, calls: Calls) -> None:
    write(store, new("chips", "Chips are scarce."))

    def frequency() -> int:
        with store.searching() as snapshot:
            return snapshot.document_frequency("chip")

    calls.clear()
    assert [frequency(), frequency()] == [1, 1]
    assert len(counts_of(calls)) == 1
    write(store, new("more", "Chips are plentiful."))
    assert [frequency(), frequency()] == [2, 2]
    assert len(counts_of(calls)) == 2


def test_no_more_terms_are_remembered_than_there_is_room_for() -> None:
    counts = TermCounts(most=2)
    questions: list[str] = []

    def ask(term: str) -> int:
        def count() -> int:
            questions.append(term)
            return 7

        return counts.get("body", term, count)

    assert [ask(term) for term in ("a", "b", "a", "c", "a")] == [7] * 5
    assert questions == ["a", "b", "c", "a"]
