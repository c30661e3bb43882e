from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eval.studies.copies import COPIES, LOOK_ALIKES, make_pairs
from index.library import Library
from index.store.sqlite.database import Database
from index.text.shingles import Fingerprint, are_copies, same_words
from tests.fakes import article

PAIRS = make_pairs(3, seed=7)
STORY = next(pair.one for pair in PAIRS)
OTHER = next(pair.one for pair in PAIRS[1:])


def group(library: Library, id: str) -> list[str]:
    with library.view() as view:
        return [copy.id for copy in view.copies_of(id)]


def test_what_outlets_do_to_a_story_leaves_it_a_copy() -> None:
    found = [are_copies(pair.one, pair.other) for pair in PAIRS if pair.copies]
    assert len(found) == 3 * len(COPIES)
    assert sum(found) >= len(found) - 1


def test_look_alikes_are_no_copies() -> None:
    found = [are_copies(pair.one, pair.other) for pair in PAIRS if not pair.copies]
    assert len(found) == 3 * len(LOOK_ALIKES)
    assert sum(found) <= 1


def test_one_form_with_other_figures_is_no_copy() -> None:
    form = (
        "In week {} the mountain hut counted {} guests, of whom {} stayed a night and {} stayed "
        "longer; {} litres of soup were eaten, and the warden rang the bell {} times in fog."
    )
    assert not are_copies(form.format(12, 310, 95, 17, 88, 41), form.format(13, 287, 70, 22, 63, 9))
    assert are_copies(form.format(12, 310, 95, 17, 88, 41), form.format(12, 310, 95, 17, 88, 42))


def test_short_texts_must_be_nearly_the_same() -> None:
    assert are_copies("The harbour is open again today.", "The harbour is open again today!")
    assert not are_copies("The harbour is open.", "The harbour is open again, and so are the inns.")


def test_scripts_without_spaces_are_compared_too() -> None:
    text = "市议会周四批准了新港口的预算，工程将于明年春天开始，预计耗资三亿八千万元。"
    assert are_copies(text, text.replace("周四", "周五"))
    assert not are_copies(
        text, "昨天夜里的一场大雨使河水上涨，许多居民被迫离开家园，学校停课两天。"
    )


def test_signatures_tell_which_texts_to_compare() -> None:
    one, other = Fingerprint.of(STORY), Fingerprint.of(OTHER)
    assert one.may_copy(Fingerprint.of(STORY[: len(STORY) // 2]))
    assert not one.may_copy(other)
    assert Fingerprint.from_bytes(one.to_bytes(), one.runs).bands() == one.bands()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("“We wait,” he said.", '"We wait", he said', True),
        ("It cost $5.", "It cost €5.", False),
        ("It fell by 5%.", "It fell by 5.", False),
        ("It was 1.2 metres.", "It was 12 metres.", False),
        ("It was −5 degrees.", "It was 5 degrees.", False),
        ("They will not sign.", "They will sign.", False),
        ("He resigned?", "He resigned.", False),
    ],
)
def test_same_words_say_the_same(one: str, other: str, same: bool) -> None:
    assert (same_words(one) == same_words(other)) is same


def test_copies_are_grouped_at_the_door(library: Library) -> None:
    report = library.add(
        [
            article("wire", STORY, publisher="Wire"),
            article("post", STORY[: len(STORY) // 2], publisher="Post"),
            article("else", OTHER),
        ]
    )
    assert report.copies == {"post": "wire"}
    later = library.add([article("mail", "Lede. " + STORY, publisher="Mail")])
    assert set(later.copies) == {"mail"}
    assert set(group(library, "mail")) == {"wire", "post", "mail"}
    assert group(library, "else") == ["else"]


def test_an_article_that_holds_two_halves_joins_them(library: Library) -> None:
    paragraphs = STORY.split("\n\n")
    first, second = "\n\n".join(paragraphs[:4]), "\n\n".join(paragraphs[4:])
    library.add([article("first", first), article("second", second)])
    assert group(library, "first") == ["first"]
    library.add([article("whole", STORY)])
    assert set(group(library, "second")) == {"first", "second", "whole"}


def test_the_earliest_is_cited_first_then_the_most_complete(library: Library) -> None:
    library.add(
        [
            article("undated", STORY),
            article("late", STORY + " More.", published_at=date(2025, 5, 3)),
            article("cut", STORY[:900], published_at=date(2025, 5, 1)),
            article("full", STORY + " Most.", published_at=date(2025, 5, 1)),
        ]
    )
    assert group(library, "late") == ["full", "cut", "late", "undated"]
    library.remove(["full"])
    assert group(library, "late") == ["cut", "late", "undated"]


def test_a_new_version_finds_its_own_group(library: Library) -> None:
    library.add([article("wire", STORY), article("post", "Lede. " + STORY)])
    library.add([article("post", OTHER)])
    assert group(library, "wire") == ["wire"]
    library.add([article("post", "Lede! " + STORY)])
    assert set(group(library, "wire")) == {"wire", "post"}


def test_encoding_again_keeps_the_groups(library: Library) -> None:
    library.add([article("wire", STORY), article("post", "Lede. " + STORY)])
    library.reencode()
    assert set(group(library, "wire")) == {"wire", "post"}
    assert library.uncompared() == 0


def test_nothing_is_left_of_what_was_removed(library: Library) -> None:
    library.add([article("wire", STORY)])
    library.remove(["wire"])
    database = Database(library.folder)
    assert database.execute("SELECT count(*) FROM copy_bands").fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM copies").fetchone() == (0,)
    database.close()


def _age(folder: Path) -> None:
    """Make the library one that was written before copies, versions and sync."""
    with closing(sqlite3.connect(folder / "library.sqlite")) as database, database:
        tables = (
            "copies",
            "copy_bands",
            "versions",
            "sync_items",
            "sync_articles",
            "row_checksums",
        )
        for table in tables:
            database.execute(f"DROP TABLE {table}")
        for index in ("articles_language", "articles_url"):
            database.execute(f"DROP INDEX {index}")
        database.execute("DELETE FROM meta WHERE key = 'copies'")


def test_an_older_library_opens_reads_and_is_completed(library: Library) -> None:
    library.add([article("wire", STORY), article("post", "Lede. " + STORY)])
    library.close()
    _age(library.folder)
    older = Library.open(library.folder, library.settings, library.models)
    assert group(older, "wire") == []
    with older.view() as view:
        assert [version.number for version in view.history("wire")] == [1]
    assert older.sync_state("/somewhere").items() == {}
    assert older.uncompared() == 2
    assert older.add([article("mail", "Other lede. " + STORY)]).copies == {}
    assert older.uncompared() == 2
    assert "2 articles" in older.repair()[0]
    assert set(group(older, "mail")) == {"wire", "post", "mail"}
    older.close()


def test_signatures_of_another_making_are_made_anew(library: Library) -> None:
    library.add([article("wire", STORY)])
    database = Database(library.folder)
    with database.writing():
        database.set_meta("copies", "minhash-of-old")
    database.close()
    assert library.uncompared() == 1
    library.repair()
    assert library.uncompared() == 0
    assert library.add([replace(article("post", "Lede. " + STORY))]).copies == {"post": "wire"}
