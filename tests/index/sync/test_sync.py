from __future__ import annotations

import multiprocessing
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from index.errors import SourceError
from index.library import Library
from index.settings import IndexSettings
from index.sync.engine import SyncOptions, SyncReport, sync_folder
from index.sync.folder import scan
from index.sync.watch import watch_folder
from tests.fakes import FakeModels, article

OLD = 1_600_000_000 * 10**9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("ants", "bees", "cats", "dogs"):
        put(folder / f"{name}.txt", f"About {name}\n\nThe {name} of this town are many indeed.")
    return folder


def put(file: Path, text: str, at: int | None = OLD) -> None:
    file.write_text(text)
    if at is not None:
        os.utime(file, ns=(at, at))


def texts(library: Library) -> list[str]:
    with library.view() as view:
        return sorted(each.text for each in view.articles())


def told(report: SyncReport) -> tuple[int, int, int]:
    return len(report.articles.added), len(report.articles.updated), len(report.removed)


def generation(library: Library) -> int:
    return int(library.status()["generation"])


def test_the_library_becomes_equal_to_the_folder(library: Library, folder: Path) -> None:
    assert told(sync_folder(library, folder)) == (4, 0, 0)
    put(folder / "ants.txt", "About ants\n\nThe ants have moved on.")
    put(folder / "eels.txt", "About eels\n\nThe eels came up the river.")
    (folder / "bees.txt").unlink()
    assert told(sync_folder(library, folder)) == (1, 1, 1)
    found = texts(library)
    assert "The ants have moved on." in found
    assert len(found) == 4
    assert not any("bees" in text for text in found)


def test_what_is_unchanged_is_neither_read_nor_written(
    library: Library, folder: Path, models: FakeModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files that are older than any doubt, so that no stamp has to be noted again.
    later = time.time_ns() + 60 * 10**9
    monkeypatch.setattr("index.sync.engine.time.time_ns", lambda: later)
    sync_folder(library, folder)
    before, encoded = generation(library), models.encoder.encoded
    report = sync_folder(library, folder)
    assert (report.files, report.unchanged, report.did_something) == (4, 4, False)
    assert (generation(library), models.encoder.encoded) == (before, encoded)


def test_articles_from_elsewhere_stay(library: Library, folder: Path) -> None:
    library.add([article("elsewhere", "Nobody knows the folder here.")])
    sync_folder(library, folder)
    (folder / "bees.txt").unlink()
    sync_folder(library, folder)
    assert "Nobody knows the folder here." in texts(library)


def test_an_edit_that_keeps_size_and_time_is_seen(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    file = folder / "cats.txt"
    sync_folder(library, folder)
    put(file, file.read_text().replace("many", "most"))
    assert told(sync_folder(library, folder)) == (0, 1, 0)


def test_a_touched_file_is_unchanged(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    os.utime(folder / "cats.txt", ns=(OLD + 1, OLD + 1))
    report = sync_folder(library, folder)
    assert (report.unchanged, told(report)) == (4, (0, 0, 0))


def test_a_moved_file_keeps_its_article(library: Library, folder: Path) -> None:
    (before,) = sync_folder(library, folder).articles.added[:1]
    (folder / "deep").mkdir()
    (folder / "ants.txt").rename(folder / "deep" / "formicidae.txt")
    report = sync_folder(library, folder)
    assert (report.moved, told(report)) == (["deep/formicidae.txt"], (0, 0, 0))
    with library.view() as view:
        assert view.article(before).source == str(folder / "deep" / "formicidae.txt")
    put(folder / "deep" / "formicidae.txt", "About ants\n\nThe ants were edited.")
    assert sync_folder(library, folder).articles.updated == [before]
    with library.view() as view:
        assert [each.number for each in view.history(before)] == [2, 1]


def test_the_same_bytes_in_another_format_are_no_move(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    put(folder / "ants.txt", "About ants\n\nThe *ants* of this town are many.")
    sync_folder(library, folder)
    (folder / "ants.txt").rename(folder / "ants.md")
    assert sync_folder(library, folder).moved == []
    assert "About ants\n\nThe ants of this town are many." in texts(library)
    assert len(texts(library)) == 4


def test_a_move_is_a_new_generation(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    before = generation(library)
    (folder / "ants.txt").rename(folder / "formicidae.txt")
    sync_folder(library, folder)
    assert generation(library) > before


def test_a_copy_of_a_file_outlives_it(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    shutil.copy(folder / "ants.txt", folder / "ants-too.txt")
    assert told(sync_folder(library, folder)) == (0, 0, 0)
    (folder / "ants.txt").unlink()
    assert told(sync_folder(library, folder)) == (0, 0, 0)
    assert len(texts(library)) == 4
    with library.view() as view:
        assert str(folder / "ants-too.txt") in {each.source for each in view.articles()}


@pytest.mark.parametrize("edited", ["ants.txt", "ants-too.txt"])
def test_either_of_two_equal_files_may_be_edited(
    library: Library, folder: Path, edited: str
) -> None:
    shutil.copy(folder / "ants.txt", folder / "ants-too.txt")
    sync_folder(library, folder)
    put(folder / edited, "About ants\n\nOne of two was edited.")
    report = sync_folder(library, folder)
    assert not report.articles.failed
    assert len(texts(library)) == 5
    assert sync_folder(library, folder).unchanged == 5


def test_a_stated_id_belongs_to_one_file(library: Library, folder: Path) -> None:
    put(folder / "one.md", "---\nid: x\n---\nThe first text of all.")
    sync_folder(library, folder)
    put(folder / "two.md", "---\nid: x\n---\nA second text with that id.")
    report = sync_folder(library, folder)
    assert "one.md" in report.articles.failed[0].reason
    assert "The first text of all." in texts(library)
    (folder / "one.md").unlink()
    assert told(sync_folder(library, folder)) == (0, 1, 0)
    assert "A second text with that id." in texts(library)


def test_lines_that_go_from_a_file_go_from_the_library(library: Library, folder: Path) -> None:
    lines = [f'{{"id": "n{i}", "text": "Note {i} says this and that."}}\n' for i in range(3)]
    put(folder / "notes.jsonl", "".join(lines))
    sync_folder(library, folder)
    put(folder / "notes.jsonl", "".join(lines[:2]))
    assert sync_folder(library, folder).removed == ["n2"]
    put(folder / "notes.jsonl", lines[0] + "{broken\n")
    report = sync_folder(library, folder)
    assert (report.removed, len(report.articles.failed)) == ([], 1)
    assert "Note 1 says this and that." in texts(library)
    assert len(sync_folder(library, folder).articles.failed) == 1
    put(folder / "notes.jsonl", lines[0])
    assert sync_folder(library, folder).removed == ["n1"]


def test_a_file_that_cannot_be_read_keeps_its_article(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    (folder / "cats.txt").write_bytes(b"\x00\x01")
    report = sync_folder(library, folder)
    assert (told(report), len(report.articles.failed)) == ((0, 0, 0), 1)
    assert len(texts(library)) == 4


def test_what_was_removed_by_hand_comes_back(library: Library, folder: Path) -> None:
    (first, *_) = sync_folder(library, folder).articles.added
    library.remove([first])
    assert sync_folder(library, folder).articles.added == [first]


def test_a_folder_that_has_gone_wipes_nothing(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    folder.rename(folder.with_name("away"))
    with pytest.raises(SourceError, match="nothing was changed"):
        sync_folder(library, folder, SyncOptions(yes=True))
    assert len(texts(library)) == 4


def test_an_empty_folder_wipes_nothing_unless_told_to(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    for file in folder.iterdir():
        file.unlink()
    said = sync_folder(library, folder, SyncOptions(dry_run=True))
    report = sync_folder(library, folder)
    assert (len(report.kept), report.removed, len(texts(library))) == (4, [], 4)
    assert (said.kept, said.removed) == (report.kept, [])
    told_to = sync_folder(library, folder, SyncOptions(dry_run=True, yes=True))
    assert (len(told_to.removed), len(texts(library))) == (4, 4)
    put(folder / "eels.txt", "About eels\n\nThe eels came up the river.")
    assert told(sync_folder(library, folder)) == (1, 0, 0)
    assert told(sync_folder(library, folder, SyncOptions(yes=True))) == (0, 0, 4)
    assert len(texts(library)) == 1


def test_most_lines_of_a_file_going_asks_first(library: Library, folder: Path) -> None:
    lines = [f'{{"id": "n{i}", "text": "Note {i} says this and that."}}\n' for i in range(30)]
    put(folder / "notes.jsonl", "".join(lines))
    sync_folder(library, folder)
    put(folder / "notes.jsonl", lines[0])
    for _ in range(2):
        assert len(sync_folder(library, folder).kept) == 29
    assert len(sync_folder(library, folder, SyncOptions(yes=True)).removed) == 29


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_inside_that_cannot_be_read_keeps_its_articles(
    library: Library, folder: Path
) -> None:
    (folder / "closed").mkdir()
    (folder / "ants.txt").rename(folder / "closed" / "ants.txt")
    sync_folder(library, folder)
    (folder / "closed").chmod(0)
    try:
        report = sync_folder(library, folder)
    finally:
        (folder / "closed").chmod(0o700)
    assert (told(report), len(report.articles.failed)) == ((0, 0, 0), 1)


def test_a_scan_hides_what_it_could_not_look_into(folder: Path) -> None:
    found = scan(folder)
    assert not found.hides("deep/ants.txt")
    found.unreadable["deep"] = found.unreadable["bees.txt"] = None  # type: ignore[assignment]
    assert found.hides("deep/ants.txt")
    assert found.hides("bees.txt")
    assert not found.hides("deeper/ants.txt")
    found.unreadable[""] = None  # type: ignore[assignment]
    assert found.hides("anything.txt")


def test_a_file_that_links_lead_to_is_read_once(library: Library, folder: Path) -> None:
    (folder / "deep").mkdir(exist_ok=True)
    (folder / "deep" / "again.txt").symlink_to(folder / "ants.txt")
    (folder / "aaa.txt").symlink_to(folder / "bees.txt")
    (folder / "up").symlink_to(folder)
    outside = folder.parent / "eels.txt"
    put(outside, "About eels\n\nThe eels came up the river.")
    (folder / "one.txt").symlink_to(outside)
    (folder / "two.txt").symlink_to(outside)
    names = {"ants.txt", "bees.txt", "cats.txt", "dogs.txt", "one.txt"}
    assert set(scan(folder).files) == names
    report = sync_folder(library, folder)
    assert (report.files, told(report)) == (5, (5, 0, 0))
    assert told(sync_folder(library, folder)) == (0, 0, 0)


def test_a_link_in_a_circle_is_a_refusal(library: Library, folder: Path) -> None:
    (folder / "x.txt").symlink_to(folder / "x.txt")
    report = sync_folder(library, folder)
    assert (told(report), len(report.articles.failed)) == ((4, 0, 0), 1)


def test_hidden_files_and_other_formats_are_not_taken(library: Library, folder: Path) -> None:
    put(folder / ".secret.txt", "Nobody shall read this.")
    put(folder / "picture.png", "no picture")
    (folder / ".git").mkdir()
    put(folder / ".git" / "notes.txt", "Nobody shall read this.")
    (folder / "nowhere.txt").symlink_to(folder / "missing.txt")
    assert sync_folder(library, folder).files == 4


def test_a_dry_run_says_the_same_and_does_nothing(library: Library, folder: Path) -> None:
    sync_folder(library, folder)
    put(folder / "ants.txt", "About ants\n\nThe ants have moved on.")
    put(folder / "eels.txt", "About eels\n\nThe eels came up the river.")
    (folder / "bees.txt").unlink()
    (folder / "cats.txt").rename(folder / "felines.txt")
    before = generation(library), texts(library), library.sync_state(str(folder)).items()
    said = sync_folder(library, folder, SyncOptions(dry_run=True))
    assert before == (generation(library), texts(library), library.sync_state(str(folder)).items())
    done = sync_folder(library, folder)
    assert told(said) == told(done) == (1, 1, 1)
    assert (said.moved, said.removed) == (done.moved, done.removed)


def test_two_sources_may_hold_one_article(library: Library, folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (folder / "ants.txt").rename(inner / "ants.txt")
    put(inner / "more.txt", "About more\n\nThere is always something more to tell.")
    put(inner / "most.txt", "About most\n\nThere is mostly nothing else to tell.")
    sync_folder(library, folder)
    sync_folder(library, inner)
    (inner / "ants.txt").unlink()
    assert sync_folder(library, inner).removed == []
    assert len(sync_folder(library, folder).removed) == 1


def _die_in_the_middle(home: Path, folder: Path) -> None:
    class Dying(FakeModels):
        def passage_encoder(self, name: str) -> object:  # type: ignore[override]
            if self.encoder.encoded >= 256:
                os._exit(9)
            return self.encoder

    library = Library.open(home, IndexSettings(), Dying(), create=True)  # type: ignore[arg-type]
    sync_folder(library, folder)


def test_a_sync_that_is_killed_goes_on_where_it_was(tmp_path: Path, folder: Path) -> None:
    for i in range(300):
        put(folder / f"{i}.txt", f"Ward {i}\n\nIn ward {i} all {i * 7} beds are taken tonight.")
    home = tmp_path / "killed"
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_die_in_the_middle, args=(home, folder))
    process.start()
    process.join(120)
    assert process.exitcode == 9
    models = FakeModels()
    library = Library.open(home, IndexSettings(), models)
    there = library.status()["articles"]
    assert there == 256
    report = sync_folder(library, folder)
    assert told(report) == (304 - there, 0, 0)
    assert models.encoder.encoded == 304 - there
    assert sync_folder(library, folder).unchanged == 304
    assert library.verify() == []
    library.close()


def test_watching_follows_the_folder(library: Library, folder: Path) -> None:
    stop = threading.Event()
    reports = watch_folder(library, folder, stop=stop)
    assert told(next(reports)) == (4, 0, 0)
    writing = threading.Timer(0.2, put, (folder / "eels.txt", "About eels\n\nEels.", None))
    writing.start()
    seen = next(reports)
    writing.join()
    stop.set()
    assert len(seen.articles.added) == 1
    assert list(reports) == []


def test_what_is_wrong_with_one_costs_that_one(library: Library, folder: Path) -> None:
    (folder / "lines.jsonl").write_text(
        '{"id": "x", "text": "The one before is read."}\n'
        '{"id": "y", "text": "A b.", "url": "http://[x"}\n'
        '{"id": "z", "text": "A b.", "n": ' + "9" * 5000 + "}\n"
        '{"id": "w", "text": "The one after is read."}\n'
    )
    odd = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(odd)).write_text("The name is not UTF-8.")
    put(folder / "\x1b[2J.txt", "About terminals\n\nThis one is read.")
    report = sync_folder(library, folder)
    assert told(report) == (7, 0, 0)
    failed = sorted(str(each) for each in report.articles.failed)
    assert len(failed) == 3
    assert "rename it" in "".join(failed)
    assert not any("\x1b" in each for each in failed)
    assert told(sync_folder(library, folder)) == (0, 0, 0)
