"""A sync of files whose articles the library has already."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from index.load import load_paths
from index.sync.engine import SyncOptions, SyncReport, sync_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("ants", "bees", "cats"):
        (folder / f"{name}.txt").write_text(f"About {name}\n\nThe {name} here are many indeed.")
    return folder


def counts(report: SyncReport) -> tuple[int, int, int, int]:
    """Articles added and updated, files unchanged, files that could not be read."""
    articles = report.articles
    return len(articles.added), len(articles.updated), report.unchanged, len(articles.failed)


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_was_added_before_is_unchanged(library: Library, folder: Path, dry_run: bool) -> None:
    library.add(load_paths([folder], 5_000_000))
    (folder / "eels.txt").write_text("About eels\n\nThe eels came up the river.")
    assert counts(sync_folder(library, folder, SyncOptions(dry_run=dry_run))) == (1, 0, 3, 0)


def test_a_file_of_which_only_white_space_changed_is_unchanged(
    library: Library, folder: Path
) -> None:
    assert counts(sync_folder(library, folder)) == (3, 0, 0, 0)
    with (folder / "ants.txt").open("a") as file:
        file.write("\n\n")
    (folder / "bees.txt").write_text("")
    (folder / "cats.txt").write_text("About cats\n\nThe cats have left.")
    assert counts(sync_folder(library, folder)) == (0, 1, 1, 1)
