"""Show the progress of a command on the last line of a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.cli.output import count_of, stderr
from index.errors import printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from index.ingest.batch import AddReport, OnProgress

__all__ = ["FileProgress", "file_progress", "progress"]

# Columns from which there is room for a bar and the time.
_WIDE: Final = 80


@contextmanager
def progress(doing: str) -> Iterator[OnProgress | None]:
    """Show a live count of articles and passages while a terminal is attached; yields ``None``
    otherwise."""
    if not stderr.is_terminal:
        yield None
        return
    # Only what shows a bar imports it: asking shows none.
    from rich.markup import escape
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[articles]}, {task.fields[passages]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=stderr, transient=True) as bar:
        none = count_of(0, "article"), count_of(0, "passage")
        task = bar.add_task(escape(doing), total=None, articles=none[0], passages=none[1])

        def show(report: AddReport) -> None:
            count = len(report.added) + len(report.updated) + report.unchanged
            articles, passages = count_of(count, "article"), count_of(report.passages, "passage")
            bar.update(task, articles=articles, passages=passages)

        yield show


class FileProgress:
    """Progress over files: files done, passages a second, and the current file; shows nothing
    without a ``bar``."""

    def __init__(self, bar: Progress | None = None, files: int = 0) -> None:
        self._bar = bar
        self._began = time.monotonic()
        self._task: TaskID | None = None
        if bar:
            self._task = bar.add_task("", total=files, passages="", file="")

    def files(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Yield the paths; each is shown while it is processed, and counted when the next one is
        requested."""
        for path in paths:
            self._show(file=printable(path.name))
            yield path
            if self._bar and self._task is not None:
                self._bar.advance(self._task)
        self._show(file="")

    def report(self, report: AddReport) -> None:
        """Show the number of passages encoded so far."""
        self._show(passages=_speed(report.passages, time.monotonic() - self._began))

    def _show(self, **fields: Any) -> None:
        if self._bar and self._task is not None:
            self._bar.update(self._task, **fields)


def _speed(passages: int, seconds: float) -> str:
    return f"{count_of(passages, 'passage')} ({passages / seconds if seconds else 0:.0f}/s)"


@contextmanager
def file_progress(files: int) -> Iterator[FileProgress]:
    """Show progress over ``files`` files while a terminal is attached."""
    if not stderr.is_terminal:
        yield FileProgress()
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.table import Column

    name = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    extras = [BarColumn(bar_width=10), TimeElapsedColumn()] if stderr.width >= _WIDE else []
    columns = (
        SpinnerColumn(),
        *extras,
        TextColumn("{task.completed}/{task.total} files"),
        TextColumn("{task.fields[passages]}"),
        TextColumn("{task.fields[file]}", table_column=name, markup=False),
    )
    with Progress(*columns, console=stderr, transient=True, expand=True) as bar:
        yield FileProgress(bar, files)
