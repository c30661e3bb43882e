"""Sync whenever something changes, or at intervals, until interrupted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from index.errors import LibraryLocked, PullquoteError, SourceError
from index.library import Library
from index.sync.engine import SyncOptions, SyncReport, sync_folder

__all__ = ["poll", "watch_folder"]

# Milliseconds. Events come in bursts; and some file systems (network shares) send none, and a
# folder that is taken away takes its watcher with it, so now and then it is looked at anyway.
_QUIET, _LOOK_ANYWAY = 400, 30_000


def watch_folder(
    library: Library,
    folder: Path,
    options: SyncOptions | None = None,
    on_trouble: Callable[[PullquoteError], None] | None = None,
    stop: threading.Event | None = None,
) -> Iterator[SyncReport]:
    """Sync now and after every change.

    Yields the reports of the first sync and of those that changed something, until ``stop`` is set
    or the process is interrupted. When the folder is missing, or somebody else writes to the
    library, ``on_trouble`` is called with the error and the sync is tried again later. Raises what
    the first sync raises.
    """
    stop = stop or threading.Event()
    options = options or SyncOptions()
    yield sync_folder(library, folder, options)
    # Leave to remove most of the articles was given for what is the case now.
    options = replace(options, yes=False, reread=False)
    while not stop.is_set():
        for _ in _changes(folder, stop):
            report = _attempt(lambda: sync_folder(library, folder, options), on_trouble)
            if report is None:
                break
            if report.did_something:
                yield report


def poll(
    sync: Callable[[bool], SyncReport],
    seconds: float,
    on_trouble: Callable[[PullquoteError], None] | None = None,
    wait: Callable[[float], bool] | None = None,
) -> Iterator[SyncReport]:
    """Sync now and every ``seconds``, for links, which do not report changes.

    ``sync`` gets whether this is the first time. ``wait`` waits, and returns whether to stop.
    Yields, calls and raises as :func:`watch_folder` does.
    """
    wait = wait or threading.Event().wait
    yield sync(True)
    while not wait(seconds):
        report = _attempt(lambda: sync(False), on_trouble)
        if report and report.did_something:
            yield report


def _attempt(
    sync: Callable[[], SyncReport], on_trouble: Callable[[PullquoteError], None] | None
) -> SyncReport | None:
    """Sync; where that cannot be done now, tell ``on_trouble`` why and return ``None``."""
    try:
        return sync()
    except (SourceError, LibraryLocked) as exc:
        if on_trouble:
            on_trouble(exc)
        return None


def _changes(folder: Path, stop: threading.Event) -> Iterator[object]:
    from watchfiles import watch

    if not folder.is_dir():
        stop.wait(_LOOK_ANYWAY / 1000)
        yield None
        return
    yield from watch(
        folder,
        watch_filter=None,
        debounce=_QUIET * 4,
        step=_QUIET,
        stop_event=stop,
        rust_timeout=_LOOK_ANYWAY,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
