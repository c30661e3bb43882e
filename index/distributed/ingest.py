"""Add files to a library with the help of other machines.

Workers load, cut and encode; this process reads the files' bytes, admits articles in their order
(:mod:`index.ingest.admission` needs the library) and alone writes. What is written is what one
machine would have written, so the library itself says how far a run came: the same call again finds
those articles unchanged and does the rest.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from index.distributed.pending import PendingRecords
from index.distributed.scheduler import Pool, Scheduler, Task
from index.distributed.watchdog import Watchdog
from index.distributed.work import FileContent, FileResult, Shard, ShardResult
from index.ingest.batch import AddReport, Admission, Batch, admissions, batches
from index.ingest.batch_writer import BatchWriter
from index.library import Library
from index.load import load_file
from index.load.base import Loaded
from index.store.indexed_settings import require_same

__all__ = ["OnShard", "add_files"]

# Told of each shard when its articles go to the writer.
OnShard = Callable[[ShardResult], None]

# Some 64 passages.
_SHARD_CHARS: Final = 64_000
_FILES, _FILE_BYTES = 16, 4_000_000
# Larger files are read where they are, article by article.
_LARGEST_SENT: Final = 32_000_000
_RESTARTS: Final = 3
_PATIENCE: Final = 900.0


def add_files(
    library: Library,
    files: Iterable[Path],
    pool: Pool,
    report: AddReport,
    *,
    patience: float = _PATIENCE,
    on_shard: OnShard | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> AddReport:
    """Add the articles of files, as :meth:`index.library.Library.add` does for a person who adds
    them by hand, with a pool's workers.

    files: in the order in which their articles are admitted.
    pool: the workers.
    report: what came of each article is added to it; returned.
    patience: seconds without any result after which all workers are replaced.
    on_shard: told of each shard when its articles go to the writer.
    clock: counts the seconds of ``patience``.

    Raises ``ClusterError`` when workers are lost or stuck again and again, ``ModelMismatch``, and
    what ``Library.add`` raises; what was finished before stays.
    """
    scheduler = Scheduler(pool, Watchdog(patience, _RESTARTS, clock))
    with library.store.writing() as writer:
        require_same(writer.records, library.folder, pool.encoder, library.settings.passages)
        with library.batch_writer(writer, pool.encoder, report) as batch_writer:
            run = _Run(scheduler, PendingRecords(writer.records), batch_writer, report, on_shard)
            try:
                run.add(library, files)
            finally:
                run.write_finished()
    library.note_by_hand(report)
    return report


class _Run:
    """One run: shards in the order of their articles, written in that order."""

    def __init__(
        self,
        scheduler: Scheduler,
        records: PendingRecords,
        writer: BatchWriter,
        report: AddReport,
        on_shard: OnShard | None,
    ) -> None:
        self._scheduler = scheduler
        self._records = records
        self._writer = writer
        self._report = report
        self._on_shard = on_shard
        self._shards: deque[Task] = deque()
        self._unwritten: list[Admission] = []
        self._limit = 4 * scheduler.pool.width + 4

    def add(self, library: Library, files: Iterable[Path]) -> None:
        settings = library.settings
        loaded = self._load(files, settings.max_article_chars)
        # By number and size alone: where a batch ends must not depend on how fast workers are.
        for part in batches(loaded, settings, lambda: 0.0):
            articles = list(admissions(part, self._records, settings, self._report))
            for admission in articles:
                self._records.add(admission)
            for group in _groups(articles):
                while len(self._shards) >= self._limit:
                    self._step()
                task = Task("encode", Shard.of(group, settings))
                self._shards.append(task)
                self._scheduler.submit(task)
        while self._shards:
            self._step()

    def write_finished(self) -> None:
        """Hand the writer all shards that are finished, up to the first that is not."""
        while self._shards and isinstance(self._shards[0].result, ShardResult):
            task = self._shards.popleft()
            shard, result = task.work, task.result
            assert isinstance(shard, Shard)
            assert isinstance(result, ShardResult)
            batch = Batch()
            for admission, cut in zip(shard.admissions, result.cuts, strict=True):
                batch.put(admission, cut)
            self._unwritten.extend(shard.admissions)
            if self._writer.put(batch, result.vectors):
                for admission in self._unwritten:
                    self._records.discard(admission)
                self._unwritten.clear()
            self._report.count_encoded(len(batch.texts))
            if self._on_shard:
                self._on_shard(result)

    def _step(self) -> None:
        self._scheduler.step()
        self.write_finished()

    def _load(self, files: Iterable[Path], max_chars: int) -> Iterator[Loaded]:
        """Yield what the files hold, in order; some are loaded ahead."""
        groups = _file_groups(files)
        ahead: deque[Task | Path] = deque()
        width = 2 * self._scheduler.pool.width
        while True:
            while len(ahead) < width and (group := next(groups, None)) is not None:
                if isinstance(group, Path):
                    ahead.append(group)
                else:
                    ahead.append(self._submit(group))
            if not ahead:
                return
            head = ahead.popleft()
            if isinstance(head, Path):
                yield from load_file(head, max_chars)
                continue
            while head.result is None:
                self._step()
            assert isinstance(head.result, FileResult)
            assert not isinstance(head.work, Shard)
            if rest := head.work[head.result.files :]:
                ahead.appendleft(self._submit(rest))
            yield from head.result.items

    def _submit(self, files: Sequence[FileContent]) -> Task:
        task = Task("load", files)
        self._scheduler.submit(task)
        return task


def _groups(articles: Sequence[Admission]) -> Iterator[list[Admission]]:
    """Group articles into shards of similar size; a long one is a shard of its own."""
    group: list[Admission] = []
    chars = 0
    for admission in articles:
        group.append(admission)
        chars += len(admission.article.text)
        if chars >= _SHARD_CHARS:
            yield group
            group, chars = [], 0
    if group:
        yield group


def _file_groups(files: Iterable[Path]) -> Iterator[list[FileContent] | Path]:
    """Read files for workers, some together; yields the path of one that is to be read here: a
    large one, or one whose reading says what is wrong with it."""
    group: list[FileContent] = []
    size = 0
    for path in files:
        content = _content(path)
        if content is not None:
            group.append(content)
            size += len(content.data)
        if group and (content is None or len(group) >= _FILES or size >= _FILE_BYTES):
            yield group
            group, size = [], 0
        if content is None:
            yield path
    if group:
        yield group


def _content(path: Path) -> FileContent | None:
    try:
        if path.stat().st_size > _LARGEST_SENT:
            return None
        return FileContent(path, str(path.resolve()), path.read_bytes())
    except OSError:
        return None
