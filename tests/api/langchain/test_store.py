from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.vectorstores import VectorStoreRetriever

from api.langchain import PullquoteVectorStore
from index.errors import InputError
from index.settings import IndexSettings
from rag import Pullquote
from rag.errors import QuestionError
from rag.settings import Settings
from tests.fakes import FakeModels, article

# A text that cleaning would change: offsets are to hold in it as it was handed in.
LONG = "\ufeff  Cafe\u0301s \U0001f600 open  early.\r\n\r\n" + "\r\n".join(
    f"Harbour number {n} has {n} cranes, and each of them loads ships by day and by night."
    for n in range(60)
)


def test_a_passage_stands_where_its_offsets_say(store: PullquoteVectorStore) -> None:
    given = Document(id="harbours", page_content=LONG, metadata={"title": "Harbours", "page": 3})
    store.add_documents([given])
    assert store.get_by_ids(["harbours"]) == [given]
    found = store.similarity_search("How many cranes has harbour number 41?", k=3)
    assert len(found) == 3
    for hit in found:
        known = dict(hit.metadata)
        start, end = known.pop("start_index"), known.pop("end_index")
        assert known.pop("document_id") == "harbours"
        assert known == given.metadata
        assert LONG[start:end] == hit.page_content
    assert "number 41 " in found[0].page_content
    assert store.get_by_ids([str(hit.id) for hit in found]) == found


def test_a_broken_line_is_quoted_whole(store: PullquoteVectorStore) -> None:
    text = "The managers said that repairs would cost 14\nmillion crowns. Ships wait."
    store.add_texts([text], ids=["harbour"])
    (found,) = store.pullquote.search("What do repairs cost?")
    assert [span.of(text) for span in found.passage.sentences] == [text[:-12], "Ships wait."]


def test_metadata_is_what_filters_and_citations_know(store: PullquoteVectorStore) -> None:
    known = {"title": "Chips", "publisher": "The Wire", "published_at": date(2025, 5, 26)}
    store.add_texts(
        ["Acme buys chips.", "Bolt buys chips."],
        [{**known, "tags": ["a", {"b": None}], "seen": datetime(2026, 1, 2)}, {"title": "Bolt"}],
        ids=["acme", "bolt"],
    )
    filters = {"publisher": ["the wire"], "published_from": "2025-05-01"}
    (hit,) = store.similarity_search("Who buys chips?", filters=filters)
    assert hit.id == "acme"
    assert hit.metadata["published_at"] == "2025-05-26"
    assert hit.metadata["tags"] == ["a", {"b": None}]
    assert hit.metadata["seen"] == "2026-01-02T00:00:00"
    assert store.pullquote.article("acme").published_at == date(2025, 5, 26)


def test_articles_of_other_doors_are_documents_too(store: PullquoteVectorStore) -> None:
    store.pullquote.add_articles([article("chips", "Acme buys chips.", publisher="The Wire")])
    (hit,) = store.similarity_search("chips")
    known = {"title": "chips", "publisher": "The Wire", "language": "en"}
    assert hit == Document(id="chips", page_content="Acme buys chips.", metadata=known)


def test_the_same_text_under_two_ids_is_two_documents(store: PullquoteVectorStore) -> None:
    assert store.add_texts(["Acme buys chips."] * 2, ids=["a", "b"]) == ["a", "b"]
    store.delete(["a"])
    assert [document.id for document in store.similarity_search("chips")] == ["b"]


def test_without_ids_the_same_document_is_the_same_article(store: PullquoteVectorStore) -> None:
    first = store.add_texts(["Acme buys chips.", "Acme buys chips."], [{"n": 1}, {"n": 2}])
    assert len(set(first)) == 2
    assert store.add_texts(["Acme buys chips."], [{"n": 1}]) == first[:1]
    assert len(store.pullquote.articles()) == 2


def test_changed_metadata_alone_is_a_new_version(store: PullquoteVectorStore) -> None:
    store.add_texts(["Acme buys chips."], [{"n": 1}], ids=["a"])
    store.add_texts(["Acme buys chips."], [{"n": 2}], ids=["a"])
    assert [document.metadata for document in store.get_by_ids(["a"])] == [{"n": 2}]


def test_metadata_goes_with_its_article(store: PullquoteVectorStore) -> None:
    store.add_texts(["Acme buys chips."], [{"n": 1}], ids=["a"])
    store.pullquote.library.reencode()
    assert store.get_by_ids(["a"])[0].metadata == {"n": 1}
    store.delete(["a"])
    store.pullquote.add_articles([article("a", "Acme sells chips.")])
    assert "n" not in store.get_by_ids(["a"])[0].metadata


def test_metadata_may_be_empty(store: PullquoteVectorStore) -> None:
    (name,) = store.add_texts(["Acme buys chips."])
    assert store.get_by_ids([name]) == [Document(id=name, page_content="Acme buys chips.")]


def test_what_cannot_be_added_is_told_and_the_rest_is_added(store: PullquoteVectorStore) -> None:
    documents = [
        Document(id="blank", page_content=" \n\t"),
        Document(id="broken", page_content="Half a pair: \ud83d"),
        Document(id="odd date", page_content="Acme.", metadata={"date": "some day in May"}),
        Document(id="odd value", page_content="Acme.", metadata={"value": object()}),
        Document(id="good", page_content="Acme buys chips.", metadata={"publisher": "\ud83d"}),
    ]
    with pytest.raises(InputError, match="4 of 5 documents could not be added") as raised:
        store.add_documents(documents)
    # The first three are named.
    assert "broken: it holds U+D83D" in str(raised.value)
    assert "odd date: metadata field 'date'" in str(raised.value)
    assert "odd value: metadata" in str(raised.value)
    assert [each.id for each in store.pullquote.articles()] == ["good"]
    assert store.get_by_ids(["good"]) == documents[-1:]


def test_one_id_for_two_texts_is_an_error(store: PullquoteVectorStore) -> None:
    with pytest.raises(InputError, match="was used before"):
        store.add_texts(["Acme buys chips.", "Bolt buys chips."], ids=["a", "a"])


@pytest.mark.parametrize("metadata", [{"language": "No language found."}, {"title": None}])
def test_what_loaders_leave_in_metadata_is_no_obstacle(
    store: PullquoteVectorStore, metadata: dict[str, object]
) -> None:
    store.add_texts(["Acme buys chips. They are dear."], [metadata], ids=["a"])
    assert store.get_by_ids(["a"])[0].metadata == metadata


def test_a_passage_is_not_deleted_alone(store: PullquoteVectorStore) -> None:
    store.add_texts([LONG], ids=["harbours"])
    hit = store.similarity_search("cranes", k=1)[0]
    with pytest.raises(InputError, match="passage of harbours"):
        store.delete([str(hit.id)])
    with pytest.raises(InputError, match="ids is None"):
        store.delete()
    assert store.get_by_ids(["harbours"])


def test_scores_fall_and_relevance_is_a_share(store: PullquoteVectorStore) -> None:
    store.add_texts(["Acme buys chips.", "Cats sleep.", "Acme sells cars."])
    scores = [score for _, score in store.similarity_search_with_score("Acme buys chips.")]
    assert scores == sorted(scores, reverse=True)
    shares = store.similarity_search_with_relevance_scores("Acme buys chips.")
    assert 0 <= shares[-1][1] < shares[0][1] <= 1


@pytest.mark.parametrize(
    ("settings", "bounded"),
    [
        ({"fusion": "rrf"}, True),
        ({"use_lexical": False}, True),
        ({"proximity": False}, True),
        ({"use_dense": False}, False),
    ],
)
def test_relevance_needs_scores_with_a_bound(
    tmp_path: Path, settings: dict[str, object], bounded: bool
) -> None:
    chosen = Settings.model_validate({"home": tmp_path, **settings})
    with Pullquote.open(settings=chosen, create=True, models=FakeModels()) as pullquote:
        store = PullquoteVectorStore(pullquote)
        store.add_texts(["Acme buys chips.", "Cats sleep."])
        if bounded:
            found = store.similarity_search_with_relevance_scores("Acme buys chips.")
            assert found[0][1] == pytest.approx(1.0, abs=0.5)
            assert found[0][1] <= 1
        else:
            with pytest.raises(NotImplementedError, match="BM25"):
                store.similarity_search_with_relevance_scores("chips")


def test_options_that_do_not_exist_are_errors(store: PullquoteVectorStore) -> None:
    with pytest.raises(TypeError, match="unknown option filter"):
        store.similarity_search("chips", filter={"publisher": "The Wire"})
    with pytest.raises(QuestionError, match="no such filter"):
        store.similarity_search("chips", filters={"page": 3})
    with pytest.raises(ValueError, match="2 ids"):
        store.add_texts(["Acme buys chips."], ids=["a", "b"])
    with pytest.raises(ValueError, match="2 metadatas"):
        store.add_texts(["Acme buys chips."], [{}, {}])


def test_its_retriever_takes_filters(store: PullquoteVectorStore) -> None:
    store.add_texts(["Acme buys chips.", "Bolt buys chips."], ids=["acme", "bolt"])
    retriever = store.as_retriever(search_kwargs={"k": 1, "filters": {"article_ids": ["bolt"]}})
    assert isinstance(retriever, VectorStoreRetriever)
    assert [document.id for document in retriever.invoke("Acme buys chips.")] == ["bolt"]


def test_made_from_texts_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_HOME", str(tmp_path / "home"))
    store = PullquoteVectorStore.from_texts([], path=tmp_path / "made")
    assert store.pullquote.library.folder == tmp_path / "made"
    assert store.pullquote.library.settings == IndexSettings()
    store.pullquote.close()


def test_made_from_documents_of_an_open_library(pullquote: Pullquote) -> None:
    documents = [Document(id="a", page_content="Acme buys chips."), Document(page_content="Cats.")]
    store = PullquoteVectorStore.from_documents(documents, None, pullquote=pullquote)  # type: ignore[arg-type]
    assert [document.id for document in store.similarity_search("Acme buys chips.", k=1)] == ["a"]


def test_a_foreign_encoder_is_refused(pullquote: Pullquote) -> None:
    with pytest.raises(ValueError, match="its own encoder, not with DeterministicFakeEmbedding"):
        PullquoteVectorStore.from_texts(
            ["Acme."], DeterministicFakeEmbedding(size=6), pullquote=pullquote
        )
    with pytest.raises(ValueError, match="where the texts are to go"):
        PullquoteVectorStore.from_texts(["Acme."])
