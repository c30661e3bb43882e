"""A flipped bit in a passage's row or in an index of the store is found, gives no wrong answer, and
is healed from the article's text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import LibraryCorrupt, LibraryError
from index.filters import Filters
from index.library import Library
from index.store.sqlite.checksums import _checksum, is_intact
from index.store.sqlite.database import Database
from tests.fakes import article
from tests.index.store.derived_files import CATS, CHIPS, lexical, replaced

Reopened = Callable[[], Library]

LONG = article("long", " ".join(f"Ship {n} left the harbour at noon." for n in range(60)))
FLIPS = {
    "where a sentence begins": "sentences = flipped(sentences, 0)",
    "where a sentence ends": "sentences = flipped(sentences, 4)",
    "far beyond the text": "sentences = flipped(sentences, 7)",
    "its sentences cut": "sentences = substr(sentences, 1, 5)",
    "the lowest bit of its vector": "vector = flipped(vector, 0)",
    "an exponent of its vector": "vector = flipped(vector, 3)",
    "its vector cut": "vector = substr(vector, 1, 8)",
    "its place among the others": "ordinal = ordinal + 4",
    "whose it is": "article = (SELECT key FROM articles WHERE id = 'cats')",
    "whose it is, nobody's": "article = 4099",
    "what is no number": "article = 'x', ordinal = 'y'",
    "its own key": "key = key + 64",
}


def _changed(folder: Path, *statements: str) -> None:
    """Change the database as no writer does."""
    with closing(sqlite3.connect(folder / "library.sqlite")) as database:
        database.create_function("flipped", 2, _flipped)
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _flipped(blob: bytes, at: int) -> bytes:
    return blob[:at] + bytes([blob[at] ^ 1 << 4]) + blob[at + 1 :]


def _spans(library: Library) -> dict[str, list[tuple[int, int]]]:
    with library.view() as view:
        return {
            id: [(each.span.start, each.span.end) for each in view.passages_of(id)]
            for id in ("chips", "cats", "long")
        }


def _cited(library: Library) -> set[tuple[str, str]]:
    """Article and text of everything that either search finds."""
    cited = set()
    with library.view() as view:
        every = view.select(Filters())
        query = library.query_encoder().encode_query("Ship 3 left the harbour at noon.")
        for keys in (
            view.dense(query, 20, every)[0],
            view.lexical("chips cats ship harbour", 20, every)[0],
        ):
            found = [each for each in view.passages(keys.tolist()) if each]
            cosines = view.cosines(query, np.array([each.passage.key for each in found]))
            assert np.all(np.abs(cosines) < 1.001)
            cited |= {(each.article.id, each.text) for each in found}
    return cited


@pytest.mark.parametrize("flip", FLIPS)
def test_a_passage_is_found_left_out_and_healed(
    library: Library, reopened: Reopened, flip: str
) -> None:
    library.add([CHIPS, CATS, LONG])
    before, spans = _cited(library), _spans(library)
    assert len(spans["long"]) > 1
    library.close()
    _changed(
        library.folder,
        f"UPDATE passages SET {FLIPS[flip]} WHERE ordinal = 1 "  # noqa: S608
        "AND article = (SELECT key FROM articles WHERE id = 'long')",
    )
    again = reopened()
    assert _cited(again) < before
    assert sum("left out" in problem for problem in again.problems) == 1 or "key" in flip
    (fault,) = again.verify()
    assert "'long'" in fault
    assert "doctor --repair" in fault
    assert again.repair()
    assert again.verify() == []
    assert (_cited(again), _spans(again)) == (before, spans)
    assert (_cited(reopened()), reopened().verify()) == (before, [])


@pytest.mark.parametrize("gone", range(1, 6))
def test_what_a_damaged_row_has_no_more_is_missed(gone: int) -> None:
    """The schema wants all columns; a flipped bit of a page does not ask."""
    columns = (1, 2, 3, b"sentences", b"vector")
    row: list[Any] = [*columns, _checksum(*columns)]
    assert is_intact(*row)
    row[gone] = None
    assert not is_intact(*row)


def test_lost_passages_are_missed(library: Library, reopened: Reopened) -> None:
    library.add([CHIPS, CATS, LONG])
    before = _cited(library)
    library.close()
    _changed(
        library.folder,
        "DELETE FROM passages WHERE ordinal > 0 OR key = 1",
        "DELETE FROM tombstones",
    )
    again = reopened()
    assert ["'chips'" in fault or "'long'" in fault for fault in again.verify()] == [True, True]
    assert again.repair()
    assert (_cited(again), again.verify()) == (before, [])


def test_a_checksum_itself_may_be_damaged(library: Library, reopened: Reopened) -> None:
    library.add([CHIPS, CATS, LONG])
    before = _cited(library)
    library.close()
    _changed(library.folder, "UPDATE passage_checksums SET checksum = checksum + 1")
    again = reopened()
    assert _cited(again) == set()
    assert len(again.verify()) == 3
    assert again.repair()
    assert (_cited(again), again.verify()) == (before, [])


def test_a_passage_noted_as_removed_is_there_again(library: Library, reopened: Reopened) -> None:
    library.add([CHIPS, CATS])
    library.close()
    _changed(library.folder, "INSERT INTO tombstones VALUES (1)")
    again, reader = reopened(), reopened()
    (fault,) = again.verify()
    assert "noted as removed" in fault
    with reader.view() as view:
        assert len(view) == 1
    assert again.repair()
    assert again.verify() == []
    # Also for who had the library open.
    with reader.view() as view:
        assert len(view) == 2


def test_what_is_noted_as_removed_is_replaced(library: Library, reopened: Reopened) -> None:
    library.add([CHIPS, CATS])
    library.close()
    _changed(library.folder, "INSERT INTO tombstones VALUES (1)")
    again = reopened()
    assert again.add([replace(CHIPS, text="Chips are back.")]).updated == ["chips"]
    assert (lexical(again, "back"), again.verify()) == (["chips"], [])


def test_of_a_changed_text_nothing_is_made(library: Library, reopened: Reopened) -> None:
    library.add([CHIPS, CATS])
    library.close()
    _changed(
        library.folder,
        "UPDATE articles SET text = replace(text, 'scarce', 'plenty') WHERE id = 'chips'",
        "UPDATE passages SET ordinal = 3",
    )
    again = reopened()
    again.repair()
    assert [lexical(again, word) for word in ("chips", "cats")] == [[], ["cats"]]
    (fault,) = again.verify()
    assert "'chips' is not as it was written" in fault


def test_indexes_of_the_database_are_held_against_their_tables(
    library: Library, reopened: Reopened
) -> None:
    library.add([CHIPS, CATS])
    library.close()
    _changed(library.folder)
    file = library.folder / "library.sqlite"
    intact = file.read_bytes()
    needle = CHIPS.content_hash.encode()
    places = [at for at in range(len(intact)) if intact.startswith(needle, at)]
    assert len(places) == 2  # In the table, and in the index over it.
    healed = []
    for at in places:
        damaged = bytearray(intact)
        damaged[at] = ord(b"0") if damaged[at] != ord(b"0") else ord(b"1")
        replaced(file, bytes(damaged))
        again = reopened()
        assert again.verify()
        again.repair()
        healed.append(again.verify() == [])
        again.close()
    assert sorted(healed) == [False, True]


def test_indexes_that_cannot_be_made_anew_are_not_said_to_be(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([CHIPS])
    execute = Database.execute

    def damaged(database: Database, query: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        if query == "REINDEX":
            raise LibraryCorrupt("database disk image is malformed")
        return execute(database, query, values)

    monkeypatch.setattr(Database, "damage", lambda _: ["page 7"])
    monkeypatch.setattr(Database, "execute", damaged)
    assert library.repair() == ["page 7; its indexes cannot be made anew"]


def test_an_older_pullquote_writes_none(library: Library, reopened: Reopened) -> None:
    """What it wrote is read as it is, and has checksums from the next writing on."""
    library.add([CHIPS, CATS, LONG])
    before = _cited(library)
    library.close()
    _changed(
        library.folder,
        "DELETE FROM passage_checksums WHERE passage <> 2",
        "UPDATE meta SET value = value + 1 WHERE key = 'generation'",
        "UPDATE meta SET value = json_set(value, '$.generation', json_extract(value, "
        "'$.generation') + 1) WHERE key = 'passages_revision'",
    )
    again = reopened()
    assert (_cited(again), again.verify()) == (before, [])
    again.remove(["cats"])
    assert again.verify() == []
    again.close()
    with closing(sqlite3.connect(library.folder / "library.sqlite")) as database:
        (bare,) = database.execute(
            "SELECT count(*) FROM passages WHERE key NOT IN (SELECT passage FROM passage_checksums)"
        ).fetchone()
    assert bare == 0


@pytest.mark.parametrize("value", ["{", '"x"', '{"a": 1}', "[]", b"\xff"])
@pytest.mark.parametrize(
    "key", ["generation", "passages_revision", "passages_checksummed", "encoder", "vector_base"]
)
def test_entries_that_say_something_else(
    library: Library, reopened: Reopened, key: str, value: str | bytes
) -> None:
    """They are done without, or are an error of ours."""
    library.add([CHIPS, CATS])
    before = _cited(library)
    library.close()
    with closing(sqlite3.connect(library.folder / "library.sqlite")) as database:
        database.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))
        database.commit()
    try:
        again = reopened()
        assert _cited(again) == before
        again.verify()
        again.add([LONG])
        assert again.verify() == []
    except LibraryError as exc:
        assert key in str(exc) or key in ("encoder", "vector_base")  # noqa: PT017


def test_a_schema_that_is_no_text(library: Library, reopened: Reopened) -> None:
    library.add([CHIPS])
    library.close()
    _changed(library.folder)
    file = library.folder / "library.sqlite"
    data = file.read_bytes()
    at = data.index(b"CREATE TABLE passages") + 13
    replaced(file, data[:at] + b"\xac" + data[at + 1 :])
    with pytest.raises(LibraryCorrupt, match="damaged"):
        _cited(reopened())
