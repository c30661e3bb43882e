"""What every store has to do: one suite over those that ship and one in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.article import Span
from index.encode.base import EncoderId
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.library import Library
from index.settings import IndexSettings
from index.store.base import Selection, Store
from tests.fakes import FakeEncoder, FakeModels, article
from tests.index.store.store_access import CATS, CHIPS, WIRE, dense, lexical, new, write


def test_an_empty_store_finds_nothing(store: Store) -> None:
    assert (dense(store, "chips"), lexical(store, "chip")) == ([], [])
    with store.searching() as snapshot:
        assert (len(snapshot), snapshot.counts()) == (0, (0, 0))


def test_how_sure_a_recogniser_is_stays_with_its_article(store: Store) -> None:
    write(store, replace(CHIPS, recognition=(0.9,)), CATS)
    with store.reading() as records:
        found = records.article("chips"), records.article("cats")
    assert [article and article.recognition for article in found] == [(0.9,), None]
    with store.writing() as writer:
        writer.remove(["chips"])
    write(store, CHIPS)
    with store.reading() as records:
        again = records.article("chips")
    assert again is not None
    assert again.recognition is None


def test_what_is_written_is_read_and_found(store: Store) -> None:
    write(store, CHIPS, CATS)
    with store.searching() as snapshot:
        assert snapshot.article("chips") == CHIPS
        assert [each.id for each in snapshot.articles()] == ["cats", "chips"]
        assert (snapshot.counts(), len(snapshot)) == ((2, 2), 2)
        assert snapshot.languages() == {"en": 2}
        assert snapshot.publishers() == [("Wire", 1)]
        assert snapshot.metadata("made") == "here"
        assert snapshot.metadata("nothing") is None
        assert list(snapshot.content_hashes()) == [
            ("cats", CATS.content_hash),
            ("chips", CHIPS.content_hash),
        ]
    assert dense(store, "Acme buys chips")[0] == "chips"
    assert lexical(store, "chip", "scarc") == lexical(store, "acm") == ["chips"]


def test_passages_are_whole_sentences_in_order(store: Store) -> None:
    write(store, CHIPS)
    with store.searching() as snapshot:
        (passage,) = snapshot.passages_of("chips")
        assert passage.sentences == (Span(0, 17), Span(18, 34))
        assert (passage.span, passage.ordinal) == (Span(0, 34), 0)
        found, missing = snapshot.passages([passage.key, passage.key + 100])
        assert found is not None
        assert (found.article.id, found.passage, missing) == ("chips", passage, None)
        vectors = snapshot.vectors([passage.key])
        assert vectors.shape == (1, FakeEncoder().id.dim)
        with pytest.raises(KeyError):
            snapshot.vectors([passage.key + 100])
    assert store.problems == []


def test_articles_and_their_passages_have_keys_of_their_own(store: Store) -> None:
    text = " ".join(f"Ship {number} left the harbour at noon." for number in range(60))
    write(store, article("long", text, language="en"))
    with store.reading() as records:
        passages = records.passages_of("long")
        assert len(passages) > 1
        assert [each.ordinal for each in passages] == [*range(len(passages))]
        assert records.counts() == (1, len(passages))
    # The keys of articles and of passages are no longer the same ones.
    write(store, CHIPS)
    for id, term in (("long", "ship"), ("chips", "chip")):
        only = Filters(article_ids=(id,))
        assert set(lexical(store, "ship", "chip", filters=only)) == {id}
        assert set(dense(store, term, only)) == {id}


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(), ["cats", "chips"]),
        (Filters(publisher=("WIRE", "Other")), ["chips"]),
        (Filters(publisher=("the wire",)), ["chips"]),
        (Filters(publisher=("Wi\u00adre",)), ["chips"]),
        (Filters(published_from=date(2025, 5, 1)), ["cats"]),
        (Filters(published_to=date(2025, 4, 30)), []),
        (Filters(article_ids=("cats", "dogs")), ["cats"]),
        (Filters(language=("EN",)), ["cats", "chips"]),
        (Filters(language=("de",)), []),
    ],
)
def test_filters_select_before_both_searches(
    store: Store, filters: Filters, ids: list[str]
) -> None:
    write(store, CHIPS, replace(CATS, language="en-gb"))
    assert sorted(dense(store, "chips cats", filters)) == ids
    assert sorted(lexical(store, "chip", "cat", filters=filters)) == ids
    with store.reading() as records:
        assert sorted(each.id for each in records.page(filters, "", 10, 0)[0]) == ids


def test_a_filter_may_have_very_many_values(store: Store) -> None:
    write(store, CHIPS, CATS)
    others = tuple(f"other-{number}" for number in range(300_000))
    filters = Filters(article_ids=("cats", *others), language=("en", *others))
    assert dense(store, "cats", filters) == ["cats"]


def test_a_page_of_articles_is_counted_whole(store: Store) -> None:
    write(store, CHIPS, CATS, article("dogs", "Dogs bark.", language="en", author="Ann Oak"))
    with store.reading() as records:
        found, total = records.page(Filters(), "", 1, 1)
        assert ([each.id for each in found], total) == (["chips"], 3)
        assert records.page(Filters(), " ann  OAK ", 10, 0)[1] == 1
        assert records.page(Filters(), "nobody", 10, 0) == ([], 0)


def test_terms_are_counted_over_passages(store: Store) -> None:
    write(store, CHIPS, CATS, replace(CHIPS, id="more", title="Sand", text="Chips again."))
    with store.searching() as snapshot:
        assert snapshot.document_frequency("chip") == 2
        assert (snapshot.has_term("sand"), snapshot.document_frequency("sand")) == (True, 0)
        assert not snapshot.has_term("potato")
        assert len(snapshot.lexical([], 10, Selection())[0]) == 0


def test_a_new_version_takes_the_place_of_the_old(store: Store) -> None:
    write(store, CHIPS)
    changed = replace(CHIPS, text="Potatoes are plentiful.")
    with store.reading() as records:
        before = records.stored(["chips"])["chips"]
    with store.writing() as writer:
        writer.write([new(changed, version=2)], {})
    assert (lexical(store, "scarc"), lexical(store, "potato")) == ([], ["chips"])
    with store.reading() as records:
        after = records.stored(["chips", "nobody"])
        assert list(after) == ["chips"]
        assert (after["chips"].version, after["chips"].content_hash) == (2, changed.content_hash)
        assert after["chips"].key > before.key
        now, old = records.versions("chips")
        assert (now.number, now.replaced_at, now.article.text) == (2, None, changed.text)
        assert (old.number, old.article.text) == (1, CHIPS.text)
        assert old.replaced_at is not None
        assert records.versions("nobody") == []


def test_what_is_removed_is_gone_with_its_history(store: Store) -> None:
    write(store, CHIPS, CATS)
    with store.writing() as writer:
        writer.write([new(replace(CHIPS, text="Chips went."), version=2)], {})
        writer.remove(["chips"])
        assert writer.records.article("chips") is None
    assert (dense(store, "chips"), lexical(store, "chip")) == (["cats"], [])
    write(store, CHIPS)
    with store.reading() as records:
        assert [each.number for each in records.versions("chips")] == [1]


def test_passage_keys_are_never_used_twice(store: Store) -> None:
    write(store, CHIPS)
    with store.reading() as records:
        (old,) = records.passages_of("chips")
    with store.writing() as writer:
        writer.remove(["chips"])
        writer.write([new(CHIPS)], {})
    with store.reading() as records:
        (again,) = records.passages_of("chips")
    assert again.key > old.key


def test_near_duplicates_are_one_family(store: Store) -> None:
    late = article("late", WIRE + "More.", language="en", published_at=date(2025, 5, 3))
    early = article("early", "Lede. " + WIRE, language="en", published_at=date(2025, 5, 1))
    assert write(store, late, CATS) == {}
    assert write(store, early) == {"early": "late"}
    with store.searching() as snapshot:
        families = snapshot.families(["late", "early", "cats", "nobody"])
        assert families["late"] == families["early"] != families["cats"]
        assert [each.id for each in snapshot.family("late")] == ["early", "late"]
        only = snapshot.select(Filters(published_from=date(2025, 5, 2)))
        assert [each.id for each in snapshot.family("late", only)] == ["late"]
        assert snapshot.uncompared() == 0


def test_provenance_stays_beside_its_article(store: Store) -> None:
    known = Provenance("hash", "text", (), (3, 5, 8))
    other = Provenance("other", None, (), (5, 8, 9))
    with store.writing() as writer:
        writer.write([new(CHIPS, provenance=known), new(CATS, provenance=other)], {})
    with store.reading() as records:
        assert records.provenance("chips") == known
        assert records.ids_of_input("hash") == ["chips"]
        assert records.line_counts([3, 5, 7], [], []) == {3: 1, 5: 2}
        assert records.line_counts([5], [9], []) == {5: 1}
        assert records.line_counts([5], [], ["chips"]) == {5: 1}
    with store.writing() as writer:
        writer.remove(["chips"])
    with store.reading() as records:
        assert records.provenance("chips") is None
        assert records.ids_of_input("hash") == []


def test_content_and_address_lead_to_an_article(store: Store) -> None:
    write(store, replace(CHIPS, url="https://example.org/chips"))
    with store.reading() as records:
        (found,) = records.ids_of_url("https://example.org/chips")
        there = records.article(found)
        assert there is not None
        assert records.id_of_content(there.content_hash) == "chips"
        assert records.id_of_content("nothing") is None


def test_a_library_works_over_any_store(store: Store, tmp_path: Path) -> None:
    library = Library(tmp_path, store, IndexSettings(), FakeModels())
    report = library.add([CHIPS, CATS, replace(CHIPS, id="again")])
    assert (report.added, report.unchanged) == (["chips", "cats"], 1)
    assert library.add([replace(CHIPS, text="Chips are back.")]).updated == ["chips"]
    library.reencode()
    with library.view() as view:
        keys, _ = view.lexical("which chips are back?", 5, view.select(Filters()))
        assert [found and found.article.id for found in view.passages(keys.tolist())] == ["chips"]
        assert [each.number for each in view.history("chips")] == [2, 1]
    recorded = library.status()["encoder"]
    assert EncoderId.from_json(recorded) == FakeEncoder().id
    library.remove(["cats"])
    assert (library.status()["articles"], library.verify(), library.repair()) == (1, [], [])
