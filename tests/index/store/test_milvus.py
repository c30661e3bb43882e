"""What only a store on Milvus can meet: engines out of reach, other schemas, writers cut off."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from index.errors import (
    LibraryError,
    LibraryLocked,
    LibraryMissing,
    ModelMismatch,
    SchemaTooNew,
    SettingsError,
    StorageError,
)
from index.filters import Filters
from index.library import Library
from index.settings import IndexSettings
from index.store.base import NewArticle, Selection
from index.store.milvus.address import Address
from index.store.sync_changes import Item, KeptByHand, Put
from tests.fakes import FakeEncoder, FakeModels, article
from tests.index.store import store_access
from tests.index.store.milvus_lite import release_lite

pytest.importorskip("pymilvus", reason="needs the extra cluster")
pytest.importorskip("milvus_lite", reason="needs the extra cluster")

from index.store.milvus import change, lease
from index.store.milvus.engine import Engine, SearchScope
from index.store.milvus.passages import indexed_text
from index.store.milvus.store import MilvusStore

pytestmark = pytest.mark.cluster

CHIPS = article("chips", "Chips are scarce. Acme buys chips.", language="en")
ALL = "key > 0"
Opener = Callable[..., MilvusStore]


@pytest.fixture
def opener(tmp_path: Path) -> Iterator[Opener]:
    """Opens a library of milvus-lite, as often as it is asked to."""
    stores: list[MilvusStore] = []

    def open_store(create: bool = True) -> MilvusStore:
        address = f"milvus://{tmp_path}/library.db"
        stores.append(MilvusStore(address, create=create, lock_timeout=0.0))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()
    release_lite(tmp_path / "library.db")


@pytest.fixture
def engine(opener: Opener, tmp_path: Path) -> Iterator[Engine]:
    """The collections of that library, without the store over them."""
    opener()
    engine = Engine(Address.parse(f"milvus://{tmp_path}/library.db"), 10.0, most_rows=3)
    yield engine
    engine.close()


def new(text: str, id: str = "chips", **changes: Any) -> NewArticle:
    return replace(store_access.new(replace(CHIPS, id=id, text=text)), **changes)


def write(store: MilvusStore, *articles: NewArticle, anew: bool = False) -> None:
    with store.writing() as writer:
        writer.write(articles, {}, anew)


def texts(store: MilvusStore) -> list[str]:
    with store.reading() as records:
        return [each.text for each in records.articles()]


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("milvus:///news/library.db", "milvus:///news/library.db", "pullquote"),
        ("milvus+http://engine", "http://engine:19530", "pullquote"),
        ("milvus+https://me:secret@engine:443/desk", "https://engine:443", "desk"),
    ],
)
def test_an_address_names_an_engine_and_keeps_its_password(
    text: str, label: str, name: str
) -> None:
    address = Address.parse(text)
    assert (address.label, address.name) == (label, name)
    assert "secret" not in repr(address)


@pytest.mark.parametrize(
    "text",
    [
        *("milvus", "http://engine", "milvus://library.db", "milvus:///a.sqlite"),
        *("milvus+http://", "milvus+http://engine/a-b", "milvus+http://engine:port"),
        "milvus+http://[engine",
    ],
)
def test_what_is_no_address_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(SettingsError, match=r"milvus\+http://HOST:PORT/NAME"):
        Address.parse(text)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(SettingsError, match=r"\.\[cluster\]"):
        MilvusStore("milvus+http://127.0.0.1:1", lock_timeout=0.0)


def test_an_engine_out_of_reach_is_said_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(StorageError, match=r"http://127.0.0.1:1: Milvus did not answer within 0.3"):
        MilvusStore("milvus+http://me:secret@127.0.0.1:1", lock_timeout=0.0, deadline=0.3)
    assert time.monotonic() - began < 30


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such folder"):
        MilvusStore(f"milvus://{tmp_path}/nowhere/library.db", create=True, lock_timeout=0.0)


def test_a_library_has_to_be_made_first(opener: Opener, tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="pullquote add"):
        opener(create=False)
    assert list(tmp_path.iterdir()) == []
    opener()
    assert (tmp_path / "library.db").stat().st_mode & 0o077 == 0
    opener(create=False)


def test_a_library_is_there_when_the_engine_was_restarted(opener: Opener, tmp_path: Path) -> None:
    first = opener()
    write(first, new("Chips are scarce."))
    first.close()
    release_lite(tmp_path / "library.db")
    again = opener(create=False)
    assert texts(again) == ["Chips are scarce."]
    with again.searching() as snapshot:
        assert len(snapshot.dense(FakeEncoder().encode_query("chips"), 5, Selection())[0]) == 1
        assert len(snapshot.lexical(["chip"], 5, Selection())[0]) == 1
    write(again, new("Chips are back."))
    assert texts(again) == ["Chips are back."]


@pytest.mark.parametrize(("schema", "error"), [(4, SchemaTooNew), (0, LibraryError)])
def test_another_schema_is_not_touched(
    opener: Opener, engine: Engine, schema: int, error: type[LibraryError]
) -> None:
    (row,) = engine.query(engine.state, 'kind == "state"', ["*"])
    body = json.dumps({**json.loads(row["body"]), "schema": schema})
    engine.upsert(engine.state, [{**row, "body": body}])
    with pytest.raises(error, match=f"schema {schema}"):
        opener()


def test_vectors_of_another_model_are_refused_and_take_their_place_anew(opener: Opener) -> None:
    store = opener()
    write(store, new("Chips are scarce."))
    other = new("Chips are back.", vectors=np.eye(1, 8, dtype=np.float32))
    with pytest.raises(ModelMismatch, match="not of 8"):
        write(store, other)
    assert texts(store) == ["Chips are scarce."]
    with store.searching() as before:
        write(store, other, anew=True)
        assert len(before.dense(FakeEncoder().encode_query("chips"), 5, Selection())[0]) == 1
    with store.searching() as after:
        keys, _ = after.dense(np.eye(1, 8, dtype=np.float32)[0], 5, Selection())
        assert (len(keys), len(after)) == (1, 1)


def test_a_library_knows_the_model_that_it_was_made_with(opener: Opener, tmp_path: Path) -> None:
    library = Library(tmp_path, opener(), IndexSettings(), FakeModels())
    library.add([CHIPS])
    settings = IndexSettings(passages={"min_words": 10, "max_words": 20})  # type: ignore[arg-type]
    more = replace(CHIPS, id="more", text="Potatoes are plentiful.")
    with pytest.raises(ModelMismatch, match="was cut with"):
        Library(tmp_path, opener(), settings, FakeModels()).add([more])


def test_a_writer_that_dies_leaves_nothing_behind(
    opener: Opener, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opener()
    write(store, new("Chips are scarce."))
    rows = engine.count(engine.records, ALL)
    with monkeypatch.context() as broken:
        broken.setattr(change, "save", _die)
        with pytest.raises(KeyboardInterrupt):
            write(store, new("Chips went."), new("Cats sleep.", "cats"))
    assert engine.count(engine.records, ALL) == rows + 2
    assert texts(opener()) == ["Chips are scarce."]
    write(opener(), new("Dogs bark.", "dogs"))
    assert sorted(texts(store)) == ["Chips are scarce.", "Dogs bark."]
    assert engine.count(engine.records, ALL) == rows + 1
    assert store.damage() == []


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_claim_that_holds_keeps_others_out_and_a_void_one_does_not(
    opener: Opener, engine: Engine
) -> None:
    store = opener()

    def claim(until: float) -> None:
        body = json.dumps({"holder": "process 7 on desk", "until": until})
        engine.upsert(engine.state, [{"name": "other", "kind": "claim", "body": body}])

    claim(time.time() + 10)
    with pytest.raises(LibraryLocked, match=r"process 7 on desk.*killed"), store.writing():
        pass
    claim(time.time() - 3600)
    write(store, new("Chips are scarce."))
    assert engine.count(engine.state, 'kind == "claim"') == 0


def test_who_lost_the_right_to_write_changes_nothing(opener: Opener, engine: Engine) -> None:
    store = opener()
    with store.writing() as writer:
        engine.delete(engine.state, 'kind == "claim"')
        with pytest.raises(LibraryLocked, match="right to write was lost"):
            writer.write([new("Chips are scarce.")], {})
    assert texts(store) == []
    write(store, new("Chips are back."))
    assert texts(store) == ["Chips are back."]


def test_a_renewal_that_fails_renews_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageError("the engine is not there")

    own = lease.Lease(engine)
    own.acquire(0)
    later = time.monotonic() + 31
    monkeypatch.setattr(lease, "time", SimpleNamespace(monotonic=lambda: later, time=time.time))
    with monkeypatch.context() as patch:
        patch.setattr(Engine, "upsert", fail)
        with pytest.raises(StorageError):
            own._claim()
    with pytest.raises(LibraryLocked, match="right to write was lost"):
        own.check()
    own.release()


def test_what_was_replaced_goes_when_no_snapshot_can_need_it(
    opener: Opener, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opener()
    write(store, new("Chips are scarce."))
    rows = engine.count(engine.records, ALL)
    write(store, new("Chips went."))
    first = f"{engine.address.name}_passages_1"
    write(store, new("Chips are back."), anew=True)
    assert engine.count(engine.records, ALL) == rows + 2
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    store.note("/news", [KeptByHand(["chips"])])
    later += 3600
    with store.writing():
        pass
    assert engine.count(engine.records, ALL) == rows + 1
    assert not engine.has(first)
    assert texts(store) == ["Chips are back."]


def dated(id: str, day: date | None) -> NewArticle:
    made = new(f"Chips are scarce in {id}.", id)
    return replace(made, article=replace(made.article, published_at=day))


def test_days_are_searched_in_the_partitions_of_their_years(
    opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opener()
    days = {"old": date(2024, 12, 31), "new": date(2025, 1, 1), "undated": None}
    write(store, *(dated(id, day) for id, day in days.items()))
    # Moves to another year, and leaves nothing behind.
    write(store, dated("old", date(2023, 5, 1)))
    places: list[Sequence[str] | None] = []
    search = Engine._search

    def note_scope(engine: Engine, scope: SearchScope, *arguments: Any) -> Any:
        places.append(scope.partitions)
        return search(engine, scope, *arguments)

    monkeypatch.setattr(Engine, "_search", note_scope)
    query = FakeEncoder().encode_query("chips")

    def ids(**days: Any) -> list[str]:
        with store.searching() as snapshot:
            keys, _ = snapshot.dense(query, 5, snapshot.select(Filters(**days)))
            return sorted(found.article.id for found in snapshot.passages(keys.tolist()) if found)

    assert ids() == ["new", "old", "undated"]
    assert ids(published_from=date(2024, 1, 1)) == ["new"]
    assert ids(published_to=date(2024, 6, 1)) == ["old"]
    assert ids(published_from=date(2023, 6, 1), published_to=date(2024, 6, 1)) == []
    assert places == [None, ("y2024", "y2025"), ("y2023", "y2024")]


def test_a_library_without_partitions_goes_on_without(opener: Opener, engine: Engine) -> None:
    write(opener(), new("Chips are scarce."))
    (row,) = engine.query(engine.state, 'kind == "state"', ["*"])
    state = {**json.loads(row["body"]), "schema": 1}
    del state["years"]
    engine.upsert(engine.state, [{**row, "body": json.dumps(state)}])
    store = opener()
    write(store, dated("new", date(2025, 1, 1)))
    write(store, dated("new", date(2026, 1, 1)))
    with store.searching() as snapshot:
        selection = snapshot.select(Filters(published_from=date(2026, 1, 1)))
        keys, _ = snapshot.dense(FakeEncoder().encode_query("chips"), 5, selection)
        assert len(keys) == 1
        assert len(snapshot) == 2


def test_a_long_article_fills_several_rows(opener: Opener, engine: Engine) -> None:
    letters = random.Random(1).choices("abcdefghijklmnopqrstuvwxyzäöü", k=300_000)
    text = "".join(letters)
    store = opener()
    write(store, new("Chips.", article=replace(CHIPS, text=text)))
    assert engine.count(engine.records, 'kind == "part"') > 1
    assert texts(store) == [text]
    with store.writing() as writer:
        writer.remove(["chips"])
    with store.reading() as records:
        assert (records.counts(), records.rows('kind == "part"')) == ((0, 0), [])


def test_an_item_may_hold_more_articles_than_a_row_has_tags(opener: Opener) -> None:
    store = opener()
    ids = frozenset(f"article {number}" for number in range(4_500))
    store.note("/news", [Put("all.jsonl", Item("1", "x", ids))])
    with store.reading() as records:
        assert records.held(["article 7", "article 4499", "nobody"]) == {
            "article 7",
            "article 4499",
        }
        assert records.sync_items("/news")["all.jsonl"].articles == ids
    store.note("/news", [Put("all.jsonl", Item("2", "y", frozenset()))])
    with store.reading() as records:
        assert records.held(ids) == set()


def test_more_rows_than_an_answer_holds_come_all_the_same(engine: Engine) -> None:
    rows = [{"name": str(number), "kind": "test", "body": ""} for number in range(8)]
    engine.upsert(engine.state, rows)
    found = engine.query(engine.state, 'kind == "test"', ["name"])
    assert sorted(row["name"] for row in found) == [row["name"] for row in rows]
    assert len(engine.query(engine.state, 'kind == "test"', ["name"], limit=2)) == 2


def test_wrong_numbers_are_found_and_counted_again(opener: Opener, engine: Engine) -> None:
    store = opener()
    write(store, new("Chips are scarce."))
    (row,) = engine.query(engine.state, 'kind == "state"', ["*"])
    body = json.dumps({**json.loads(row["body"]), "articles": 9})
    engine.upsert(engine.state, [{**row, "body": body}])
    assert "9 articles" in store.damage()[0]
    with store.writing() as writer:
        assert "counted again" in writer.repair()[0]
    assert store.damage() == []


@pytest.mark.parametrize("term", ["3.5", "c++", "it's", 'a"b', "東京"])
def test_every_term_is_indexed_as_one_word(term: str) -> None:
    assert len(indexed_text([term, "chip"]).split()) == 2
    assert indexed_text([term]).replace("0x", "").isalnum()
