"""Jobs as they are kept: a row each in a small SQLite database that all workers read."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from index.error_mapping import storage_errors
from index.errors import NotFoundError

__all__ = ["Failure", "Job", "JobRecords", "State"]

State = Literal["queued", "running", "done", "failed"]

_KEPT_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that was not added, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Job:
    """The adding of some articles. ``total`` is how many there are, once that is known;
    ``error`` why the job as a whole failed."""

    id: str
    created_at: str
    state: State = "queued"
    total: int | None = None
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: int = 0
    passages: int = 0
    failed: tuple[Failure, ...] = ()
    error: str | None = None

    @property
    def finished(self) -> bool:
        return self.state in ("done", "failed")

    def as_json(self) -> dict[str, Any]:
        """The job as ``GET /jobs/{id}`` has it."""
        done = len(self.added) + len(self.updated) + self.unchanged + len(self.failed)
        return {
            "id": self.id,
            "state": self.state,
            "created_at": self.created_at,
            "progress": {"done": done, "total": self.total, "passages": self.passages},
            "report": {
                "added": list(self.added),
                "updated": list(self.updated),
                "unchanged": self.unchanged,
                "passages": self.passages,
                "failed": [asdict(each) for each in self.failed],
            },
            "error": {"detail": self.error} if self.error else None,
        }


class JobRecords:
    """The jobs of the last days. A connection an operation: they are few and short."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def new(self, total: int | None = None) -> Job:
        """A queued job of this process."""
        created = datetime.now(UTC).isoformat(timespec="seconds")
        job = Job(id=secrets.token_hex(8), created_at=created, total=total)
        with self._database() as db:
            db.execute("DELETE FROM jobs WHERE created < ?", (time.time() - _KEPT_SECONDS,))
        return self.put(job)

    def put(self, job: Job) -> Job:
        """Write down how the job is now."""
        with self._database() as db:
            db.execute(
                "INSERT INTO jobs VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET job = excluded.job",
                (job.id, os.getpid(), time.time(), json.dumps(asdict(job))),
            )
        return job

    def get(self, id: str) -> Job:
        """The job as it is now. ``NotFoundError`` when there is none of that id."""
        with self._database() as db:
            row = db.execute("SELECT job, process FROM jobs WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise NotFoundError(f"no job {id!r}; jobs are kept for a week")
        known = json.loads(row[0])
        known["failed"] = tuple(Failure(**each) for each in known["failed"])
        job = Job(**{**known, "added": tuple(known["added"]), "updated": tuple(known["updated"])})
        if not job.finished and not _alive(row[1]):
            return replace(
                job, state="failed", error="the process that ran it ended; send it again"
            )
        return job

    def forget(self, id: str) -> None:
        with self._database() as db:
            db.execute("DELETE FROM jobs WHERE id = ?", (id,))

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        with storage_errors(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self._path, timeout=10.0, isolation_level=None)
            try:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = OFF")
                db.execute(
                    "CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, "
                    "process INTEGER NOT NULL, created REAL NOT NULL, job TEXT NOT NULL)"
                )
                yield db
            finally:
                db.close()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
