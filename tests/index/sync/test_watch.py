"""Watching goes on through trouble, and says nothing where nothing changed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.errors import LibraryLocked, PullquoteError, SourceError
from index.library import Library
from index.sync import watch
from index.sync.engine import SyncReport, sync_folder
from index.sync.watch import poll, watch_folder
from tests.index.sync.wire import told


def _put(folder: Path, name: str) -> None:
    (folder / f"{name}.txt").write_text(f"About {name}\n\nThe {name} of this town are many.")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one article, which is looked at every hundredth of a second."""
    monkeypatch.setattr(watch, "_LOOK_ANYWAY", 10)
    folder = tmp_path / "articles"
    folder.mkdir()
    _put(folder, "ants")
    return folder


def test_a_folder_that_went_is_waited_for(library: Library, folder: Path) -> None:
    away, troubles = folder.with_name("away"), []

    def bring_back(trouble: PullquoteError) -> None:
        troubles.append(trouble)
        away.rename(folder)
        _put(folder, "bees")

    stop = threading.Event()
    reports = watch_folder(library, folder, on_trouble=bring_back, stop=stop)
    assert told(next(reports)) == (1, 0, 0)
    folder.rename(away)
    # The next report is of what came with the folder; what it had has stayed.
    assert told(next(reports)) == (1, 0, 0)
    assert [type(trouble) for trouble in troubles] == [SourceError]
    with library.view() as view:
        assert view.counts()[0] == 2
    stop.set()
    assert list(reports) == []


def test_looks_that_found_nothing_new_are_not_reported(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[SyncReport] = []

    def look(*given: object) -> SyncReport:
        looks.append(sync_folder(*given))  # type: ignore[arg-type]
        if len(looks) == 3:
            _put(folder, "bees")
        return looks[-1]

    monkeypatch.setattr(watch, "sync_folder", look)
    stop = threading.Event()
    reports = watch_folder(library, folder, stop=stop)
    assert [told(next(reports)) for _ in range(2)] == [(1, 0, 0), (1, 0, 0)]
    assert [told(look) for look in looks[1:3]] == [(0, 0, 0), (0, 0, 0)]
    stop.set()


@pytest.mark.parametrize("trouble", [SourceError("gone"), LibraryLocked("somebody writes")])
def test_trouble_that_nobody_asked_to_hear_of_ends_nothing(trouble: PullquoteError) -> None:
    waits = iter([False, False, True])
    changed = SyncReport("feed", removed=["one"])

    def sync(first: bool) -> SyncReport:
        if first:
            return SyncReport("feed")
        answer = answers.pop(0)
        if isinstance(answer, PullquoteError):
            raise answer
        return answer

    answers: list[SyncReport | PullquoteError] = [trouble, changed]
    assert list(poll(sync, 1.0, wait=lambda _: next(waits))) == [SyncReport("feed"), changed]
