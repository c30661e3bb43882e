"""Articles that are admitted and not written look to the next ones as if they were stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from index.article import Article
from index.distributed.pending import PendingRecords
from index.ingest.batch import Admission
from index.ingest.provenance import Provenance
from index.store.base import Stored


class Records:
    """A store with one article, ``old``, which has the lines 1 and 2."""

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        return {"old": Stored(7, "its content", 1)} if "old" in ids else {}

    def id_of_content(self, content_hash: str) -> str | None:
        return "old" if content_hash == "its content" else None

    def ids_of_url(self, url: str) -> list[str]:
        return ["old"] if url == "https://wire.example/old" else []

    def article(self, id: str) -> Article | None:
        return None

    def provenance(self, id: str) -> Provenance | None:
        return None

    def ids_of_input(self, input_hash: str) -> list[str]:
        return ["old"] if input_hash == "its input" else []

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        assert set(but) <= {"old"}, "what the store does not have need not be left out"
        return {} if "old" in but else {line: 1 for line in lines if line in (1, 2)}


def admission(
    id: str,
    text: str = "A text.",
    *,
    input: str = "",
    lines: Sequence[int] = (),
    again: bool = False,
) -> Admission:
    article = Article(id=id, title="A title", text=text, url=f"https://wire.example/{id}")
    return Admission(article, 2 if again else 1, Provenance(input, lines=tuple(lines)), again)


@pytest.fixture
def records() -> PendingRecords:
    return PendingRecords(Records())


def test_a_pending_article_is_found_by_all_that_it_has(records: PendingRecords) -> None:
    new = admission("new", input="an input", lines=(1, 3))
    records.add(new)
    assert records.stored(["new"])["new"].content_hash == new.article.content_hash
    assert records.id_of_content(new.article.content_hash) == "new"
    assert records.ids_of_url("https://wire.example/new") == ["new"]
    assert records.ids_of_input("an input") == ["new"]
    assert records.line_counts({1, 2, 3}, set(), set()) == {1: 2, 2: 1, 3: 1}
    assert records.line_counts({1, 2, 3}, {3}, set()) == {1: 1, 2: 1}, "a copy does not count"
    assert records.line_counts({1, 2, 3}, set(), {"old"}) == {1: 1, 3: 1}


def test_what_replaces_a_stored_article_stands_for_it(records: PendingRecords) -> None:
    records.add(admission("old", input="another", lines=(2,), again=True))
    assert records.id_of_content("its content") is None
    assert records.ids_of_input("its input") == []
    assert records.ids_of_url("https://wire.example/old") == ["old"]
    assert records.line_counts({1, 2}, set(), set()) == {2: 1}


def test_a_written_article_is_forgotten_and_a_later_one_of_its_id_is_not(
    records: PendingRecords,
) -> None:
    first, second = admission("new", "One."), admission("new", "Two.", again=True)
    records.add(first)
    records.add(second)
    assert records.id_of_content(first.article.content_hash) is None
    records.discard(first)
    assert records.id_of_content(second.article.content_hash) == "new"
    records.discard(second)
    assert records.id_of_content(second.article.content_hash) is None
    assert records.stored(["new"]) == {}


def test_looking_up_reads_no_pending_article(
    records: PendingRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        records.add(admission(f"a{number}"))
    monkeypatch.setattr(Article, "content_hash", property(lambda article: pytest.fail("hashed")))
    assert records.id_of_content("nothing") is None
    assert len(records.stored([f"a{number}" for number in range(20)])) == 20
