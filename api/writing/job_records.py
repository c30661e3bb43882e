"""Store jobs: one row a job, in a small SQLite database that all workers read."""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from index.error_mapping import storage_errors
from index.errors import NotFoundError, PullquoteError

__all__ = ["Failure", "Job", "JobRecords", "State"]

State = Literal["queued", "running", "done", "failed"]

_KEPT_SECONDS = 7 * 24 * 3600
# Of the table. Rows of an older version are dropped: their jobs have ended.
_VERSION = 3

_log = logging.getLogger("pullquote.jobs")


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that was not added, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job that adds articles. ``total`` is their number, once that is known; ``error`` says why
    the job as a whole failed."""

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
    def is_finished(self) -> bool:
        return self.state in ("done", "failed")

    def as_json(self) -> dict[str, Any]:
        """Return the job in the form of ``GET /jobs/{id}``."""
        count = len(self.added) + len(self.updated) + self.unchanged + len(self.failed)
        return {
            "id": self.id,
            "state": self.state,
            "created_at": self.created_at,
            "progress": {"done": count, "total": self.total, "passages": self.passages},
            "report": {
                "added": list(self.added),
                "updated": list(self.updated),
                "unchanged": self.unchanged,
                "passages": self.passages,
                "failed": [asdict(failure) for failure in self.failed],
            },
            "error": {"detail": self.error} if self.error else None,
        }


class JobRecords:
    """The jobs of the last week. Each operation opens a connection: they are few and short.

    A job counts as running while its lease holds, which the process that took it renews
    (:meth:`beat`, from a thread of its own): a process id means nothing in another container, or
    once another process has it. ``lease`` is in seconds of ``clock``, which all that share the file
    use. A damaged file is renamed and a new one begun: its content can be sent again.
    """

    def __init__(
        self, path: Path, lease: float = 30.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._lease = lease
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._running_ids: set[str] = set()
        self._mutex = threading.Lock()
        self._stop = threading.Event()
        self._beating: threading.Thread | None = None

    def new(self, total: int | None = None) -> Job:
        """Store and return a queued job of this process."""
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        job = Job(id=secrets.token_hex(8), created_at=created_at, total=total)
        self._run("DELETE FROM jobs WHERE created < ?", self._clock() - _KEPT_SECONDS)
        self._run("DELETE FROM claims WHERE id NOT IN (SELECT id FROM jobs)")
        self.put(job)
        with self._mutex:
            if self._beating is None:
                self._beating = threading.Thread(target=self._beat, name="leases", daemon=True)
                self._beating.start()
        return job

    def put(self, job: Job) -> Job:
        """Store the job in its present state, and return it."""
        now = self._clock()
        self._run(
            "INSERT INTO jobs VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET job = excluded.job, leased_until = excluded.leased_until",
            job.id,
            self._owner,
            now,
            now + self._lease,
            json.dumps(asdict(job)),
        )
        with self._mutex:
            (self._running_ids.discard if job.is_finished else self._running_ids.add)(job.id)
        return job

    def get(self, id: str) -> Job:
        """Return the job in its present state. ``NotFoundError`` when there is none of that id."""
        rows = self._run("SELECT job, leased_until FROM jobs WHERE id = ?", id)
        if not rows:
            raise NotFoundError(f"no job {id!r}; jobs are kept for a week")
        ((text, leased_until),) = rows
        try:
            job = _read(text)
        except (ValueError, TypeError, KeyError) as exc:
            raise NotFoundError(f"the record of job {id!r} is damaged ({exc})") from exc
        if not job.is_finished and leased_until < self._clock():
            return replace(
                job, state="failed", error="the process that ran it ended; send it again"
            )
        return job

    def claim(self, key: str, digest: str, id: str) -> None:
        """Record a job under a client's key; ``digest`` is of the content that was sent."""
        self._run("INSERT OR REPLACE INTO claims VALUES (?, ?, ?)", key, digest, id)

    def claim_of(self, key: str) -> tuple[Job, str] | None:
        """Return the job recorded under a client's key, unless it failed, and the digest."""
        for id, digest in self._run("SELECT id, digest FROM claims WHERE key = ?", key):
            try:
                job = self.get(id)
            except NotFoundError:
                return None
            return None if job.state == "failed" else (job, digest)
        return None

    def forget(self, id: str) -> None:
        """Delete the job of that id, if there is one."""
        with self._mutex:
            self._running_ids.discard(id)
        self._run("DELETE FROM jobs WHERE id = ?", id)

    def beat(self) -> None:
        """Renew the leases of this process's jobs that are not finished."""
        with self._mutex:
            has_jobs = bool(self._running_ids)
        if has_jobs:
            until = self._clock() + self._lease
            # The lease of a finished job is never read.
            self._run("UPDATE jobs SET leased_until = ? WHERE owner = ?", until, self._owner)

    def close(self) -> None:
        """Stop renewing leases; nothing is written from then on."""
        self._stop.set()
        with self._mutex:
            beating = self._beating
        if beating is not None:
            beating.join()

    def _beat(self) -> None:
        while not self._stop.wait(self._lease / 3):
            try:
                self.beat()
            except PullquoteError:
                # The next attempt may succeed; a lease lasts as long as three attempts.
                _log.warning("a lease could not be renewed", exc_info=True)

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with storage_errors(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return _rows(self._path, statement, values)
            except sqlite3.DatabaseError as exc:
                if not _is_damage(exc):
                    raise
            with FileLock(f"{self._path}.lock"):
                try:
                    # Another process may have set it aside meanwhile.
                    return _rows(self._path, statement, values)
                except sqlite3.DatabaseError as exc:
                    if not _is_damage(exc):
                        raise
                    self._set_aside(exc)
                return _rows(self._path, statement, values)

    def _set_aside(self, reason: sqlite3.DatabaseError) -> None:
        aside = self._path.with_name(f"{self._path.name}.damaged")
        self._path.replace(aside)
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        _log.error(
            "%s is damaged (%s): it is now %s, and a new one is begun; "
            "jobs that were in it are forgotten, articles are not",
            self._path,
            reason,
            aside,
        )


def _rows(path: Path, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path, timeout=10.0, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = OFF")
        if _version(db) != _VERSION:
            _make(db)
        return db.execute(statement, values).fetchall()


def _make(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    # Another process may have made it meanwhile.
    if _version(db) != _VERSION:
        db.execute("DROP TABLE IF EXISTS jobs")
        db.execute(
            "CREATE TABLE jobs (id TEXT PRIMARY KEY, owner TEXT NOT NULL, "
            "created REAL NOT NULL, leased_until REAL NOT NULL, job TEXT NOT NULL)"
        )
        db.execute("DROP TABLE IF EXISTS claims")
        db.execute(
            "CREATE TABLE claims (key TEXT PRIMARY KEY, digest TEXT NOT NULL, id TEXT NOT NULL)"
        )
        db.execute(f"PRAGMA user_version = {_VERSION}")
    db.execute("COMMIT")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _read(text: str) -> Job:
    record = json.loads(text)
    record["failed"] = tuple(Failure(**failure) for failure in record["failed"])
    return Job(**{**record, "added": tuple(record["added"]), "updated": tuple(record["updated"])})


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
