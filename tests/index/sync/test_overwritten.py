"""A sync of files with the words of an article that the same sync gives other words."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from index.settings import IndexSettings
from index.sync.engine import sync_folder

OLD = "About ants\n\nThe ants of this town are many indeed."
NEW = "About bees\n\nThe bees have come back to the town."


@pytest.fixture
def folder(tmp_path: Path, library: Library) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "report.txt").write_text(OLD)
    (folder / "other.txt").write_text("About cats\n\nThe cats of this town are few.")
    sync_folder(library, folder)
    return folder


def titles(library: Library) -> list[str]:
    with library.view() as view:
        return sorted(each.title for each in view.articles())


@pytest.mark.parametrize("chunk", [1, 256])
@pytest.mark.parametrize("name", ["a.txt", "z.txt"])
def test_a_file_keeps_its_words_under_another_name(
    library: Library, folder: Path, name: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.sync.engine._CHUNK", chunk)
    (folder / "report.txt").rename(folder / name)
    (folder / "report.txt").write_text(NEW)
    report = sync_folder(library, folder)
    assert titles(library) == ["About ants", "About bees", "About cats"]
    assert (len(report.articles.added), len(report.articles.updated)) == (1, 1)
    assert (report.articles.unchanged, report.articles.failed) == (0, [])
    assert not sync_folder(library, folder).did_something
    (folder / name).unlink()
    sync_folder(library, folder)
    assert titles(library) == ["About bees", "About cats"]


def test_two_copies_are_one_article(library: Library, folder: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(OLD)
    (folder / "report.txt").write_text(NEW)
    report = sync_folder(library, folder)
    assert titles(library) == ["About ants", "About bees", "About cats"]
    assert (len(report.articles.added), report.articles.unchanged) == (1, 1)


def test_what_cannot_be_added_is_reported_once(library: Library, folder: Path) -> None:
    library.settings = IndexSettings(max_article_chars=2_000)
    (folder / "long.txt").write_text("A long one\n\n" + "The council met on Tuesday. " * 100)
    report = sync_folder(library, folder)
    assert len(report.articles.failed) == 1
