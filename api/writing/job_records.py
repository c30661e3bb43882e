"""Store jobs: one row a job, in a small SQLite database that all workers read."""

from __future__ import annotations

import json
import logging
import math
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from filelock import FileLock

from api.writing.idempotency import Claim
from index.error_mapping import storage_errors
from index.errors import NotFoundError, PullquoteError

__all__ = ["Failure", "Job", "JobRecords", "State"]

State = Literal["queued", "running", "done", "failed"]

T = TypeVar("T")

_KEPT_SECONDS = 7 * 24 * 3600
_CLEANING_SECONDS = 3600
# Of the table. Rows of an older version are dropped: their jobs have ended.
_VERSION = 3
# By what is deleted, so that its cost is that of what goes, not of what stays.
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS jobs_created ON jobs (created)",
    "CREATE INDEX IF NOT EXISTS claims_id ON claims (id)",
)

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
    """The jobs of the last week. Each operation opens a connection, and waits up to ten seconds for
    another process that writes: none is for the event loop. What is older goes with the first job
    of a process, and with one an hour from then on.

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
        self._file_lock = FileLock(f"{path}.lock")
        self._owner = secrets.token_hex(8)
        self._running_ids: set[str] = set()
        self._mutex = threading.Lock()
        self._stop = threading.Event()
        self._beating: threading.Thread | None = None
        self._cleaned_at = -math.inf

    def new(
        self, admit: Callable[[Job], T], total: int | None = None, claim: Claim | None = None
    ) -> T | Job:
        """Store a queued job of this process under the client's ``claim``, where there is one, and
        return what ``admit`` makes of it. Nothing is stored where ``admit`` raises, whose exception
        is raised, or where the claim has a job already that has not failed: that one is returned,
        or ``Problem`` (422) raised when it was for other content.

        All of it is one transaction: of two processes with the same claim, one begins.
        """
        created_at = datetime.now(UTC).isoformat(timespec="seconds")
        job = Job(id=secrets.token_hex(8), created_at=created_at, total=total)

        def store(db: sqlite3.Connection) -> T | Job:
            with _transaction(db):
                if claim and (earlier := self._job_of(db, claim)):
                    return earlier
                self._put(db, job)
                if claim:
                    db.execute(
                        "INSERT OR REPLACE INTO claims VALUES (?, ?, ?)",
                        (claim.key, claim.digest, job.id),
                    )
                return self._admit(job, admit)

        self._clean()
        return self._run(store)

    def put(self, job: Job) -> Job:
        """Store the job in its present state, and return it."""
        self._run(lambda db: self._put(db, job))
        with self._mutex:
            (self._running_ids.discard if job.is_finished else self._running_ids.add)(job.id)
        return job

    def get(self, id: str) -> Job:
        """Return the job in its present state. ``NotFoundError`` when there is none of that id."""
        return self._run(lambda db: self._get(db, id))

    def beat(self) -> None:
        """Renew the leases of this process's jobs that are not finished."""
        until = self._clock() + self._lease
        with self._mutex:
            leases = [(until, id) for id in self._running_ids]

        def renew(db: sqlite3.Connection) -> None:
            with _transaction(db):
                db.executemany("UPDATE jobs SET leased_until = ? WHERE id = ?", leases)

        if leases:
            self._run(renew)

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

    def _admit(self, job: Job, admit: Callable[[Job], T]) -> T:
        """Return what ``admit`` makes of the job, whose lease is renewed unless it raises."""
        with self._mutex:
            # Before it is admitted: from then on another thread may finish it at any time.
            self._running_ids.add(job.id)
            if self._beating is None:
                self._beating = threading.Thread(target=self._beat, name="leases", daemon=True)
                self._beating.start()
        try:
            return admit(job)
        except BaseException:
            with self._mutex:
                self._running_ids.discard(job.id)
            raise

    def _put(self, db: sqlite3.Connection, job: Job) -> None:
        now = self._clock()
        # The owner is read by processes of an older version alone, which may share the file.
        db.execute(
            "INSERT INTO jobs VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET job = excluded.job, leased_until = excluded.leased_until",
            (job.id, self._owner, now, now + self._lease, json.dumps(asdict(job))),
        )

    def _get(self, db: sqlite3.Connection, id: str) -> Job:
        row = db.execute("SELECT job, leased_until FROM jobs WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise NotFoundError(f"no job {id!r}; jobs are kept for a week")
        text, leased_until = row
        try:
            job = _read(text)
        except (ValueError, TypeError, KeyError) as exc:
            raise NotFoundError(f"the record of job {id!r} is damaged ({exc})") from exc
        if not job.is_finished and leased_until < self._clock():
            return replace(
                job, state="failed", error="the process that ran it ended; send it again"
            )
        return job

    def _job_of(self, db: sqlite3.Connection, claim: Claim) -> Job | None:
        """Return the job that is recorded under the claim's key, unless it failed. ``Problem``
        (422) when that was for other content."""
        query = "SELECT id, digest FROM claims WHERE key = ?"
        row = db.execute(query, (claim.key,)).fetchone()
        if row is None:
            return None
        id, digest = row
        try:
            job = self._get(db, id)
        except NotFoundError:
            return None
        if job.state == "failed":
            return None
        claim.check(digest)
        return job

    def _clean(self) -> None:
        """Delete the jobs of more than a week ago, and what was claimed of them; nothing where this
        was done within the hour."""
        now = self._clock()
        if now - self._cleaned_at < _CLEANING_SECONDS:
            return

        def delete(db: sqlite3.Connection) -> None:
            with _transaction(db):
                for index in _INDEXES:
                    # An older version made the file without.
                    db.execute(index)
                before = (now - _KEPT_SECONDS,)
                db.execute(
                    "DELETE FROM claims WHERE id IN (SELECT id FROM jobs WHERE created < ?)", before
                )
                db.execute("DELETE FROM jobs WHERE created < ?", before)

        self._run(delete)
        self._cleaned_at = now

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with storage_errors(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return self._with_connection(work)
            except sqlite3.DatabaseError as exc:
                if not _is_damage(exc):
                    raise
            with self._file_lock:
                try:
                    # Another process may have set it aside meanwhile.
                    return self._with_connection(work)
                except sqlite3.DatabaseError as exc:
                    if not _is_damage(exc):
                        raise
                    self._set_aside(exc)
                return self._with_connection(work)

    def _with_connection(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what ``work`` returns for a connection of its own to the file."""
        with closing(sqlite3.connect(self._path, timeout=10.0, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = OFF")
            if _version(db) != _VERSION:
                # SQLite waits for no other process where both change the mode of the file.
                with self._file_lock:
                    _make(db)
            return work(db)

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


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Have what is done meanwhile stored as a whole; nothing of it where there is an exception, as
    the connection is closed then."""
    db.execute("BEGIN IMMEDIATE")
    yield
    db.execute("COMMIT")


def _make(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    with _transaction(db):
        # Another process may have made it meanwhile.
        if _version(db) == _VERSION:
            return
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


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _read(text: str) -> Job:
    record = json.loads(text)
    record["failed"] = tuple(Failure(**failure) for failure in record["failed"])
    return Job(**{**record, "added": tuple(record["added"]), "updated": tuple(record["updated"])})


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))
