"""Articles that somebody added, and sources that have the same ones."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index.library import Library
from index.load import load_paths
from index.sync.engine import sync_folder
from tests.fakes import article
from tests.index.sync.test_sync import folder, told

__all__ = ["folder"]


@pytest.mark.parametrize("id", ["mine", "ants"])
def test_what_was_added_by_hand_stays_when_a_file_of_the_same_content_goes(
    library: Library, folder: Path, id: str
) -> None:
    (folder / "ants.txt").unlink()
    mine = article(id, "Ants live here. They are many indeed.", title="Ants", language="en")
    library.add([replace(mine, source="the desk")])
    twin = {"id": "ants", "title": "Ants", "text": mine.text, "language": "en"}
    (folder / "ants.jsonl").write_text(json.dumps(twin))
    assert told(sync_folder(library, folder)) == (3, 0, 0)
    (folder / "ants.jsonl").unlink()
    assert told(sync_folder(library, folder)) == (0, 0, 0)
    assert library.has([id])
    # Once it is removed by hand, a file of its content is a file like any other.
    library.remove([id])
    (folder / "ants.jsonl").write_text(json.dumps(twin))
    assert told(sync_folder(library, folder)) == (1, 0, 0)
    (folder / "ants.jsonl").unlink()
    assert told(sync_folder(library, folder)) == (0, 0, 1)


@pytest.mark.parametrize("place", ["-mine/ants.txt", ".zip", ".jsonl:3"])
def test_what_lies_beside_the_folder_was_added_by_hand(
    library: Library, folder: Path, place: str
) -> None:
    mine = article("mine", "Ants live here. They are many indeed.", title="Ants", language="en")
    # Its path begins as the folder's does, and it does not lie there.
    library.add([replace(mine, source=f"{folder.resolve()}{place}")])
    (folder / "ants.txt").unlink()
    twin = {"title": "Ants", "text": mine.text, "language": "en"}
    (folder / "ants.jsonl").write_text(json.dumps(twin))
    assert told(sync_folder(library, folder)) == (3, 0, 0)
    (folder / "ants.jsonl").unlink()
    assert told(sync_folder(library, folder)) == (0, 0, 0)
    assert library.has(["mine"])


@pytest.mark.parametrize("id", ["mine", "ants"])
def test_what_is_added_by_hand_after_a_sync_stays_too(
    library: Library, folder: Path, id: str
) -> None:
    mine = article(id, "Ants live here. They are many indeed.", title="Ants", language="en")
    (folder / "ants.txt").unlink()
    twin = {"id": "ants", "title": "Ants", "text": mine.text, "language": "en"}
    (folder / "ants.jsonl").write_text(json.dumps(twin))
    sync_folder(library, folder)
    for _ in range(2):
        assert library.add([replace(mine, source="the desk")]).unchanged == 1
    (folder / "ants.jsonl").unlink()
    assert told(sync_folder(library, folder)) == (0, 0, 0)
    assert library.has(["ants"])


def test_what_was_added_from_the_folder_by_hand_is_the_folders(
    library: Library, folder: Path
) -> None:
    library.add(load_paths([folder], 5_000_000))
    sync_folder(library, folder)
    (folder / "ants.txt").unlink()
    assert told(sync_folder(library, folder)) == (0, 0, 1)
