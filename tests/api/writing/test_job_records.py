"""Jobs on record: whose process lives, and what becomes of a damaged record."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from api.writing.idempotency import Claim
from api.writing.job_records import Failure, Job, JobRecords
from index.errors import NotFoundError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jobs.sqlite"


def new(records: JobRecords, total: int | None = None, claim: Claim | None = None) -> Job:
    """A new job, admitted."""
    return records.new(lambda job: job, total, claim)


class Clock:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_job_lives_as_long_as_its_lease_is_renewed(path: Path) -> None:
    clock = Clock()
    ours, others = (JobRecords(path, lease=30, clock=clock) for _ in range(2))
    queued, running = new(ours), new(ours)
    ours.put(replace(running, state="running"))
    for clock.now in (20.0, 40.0, 60.0):
        ours.beat()
        # That the others live does not help.
        others.beat()
    assert [others.get(each.id).state for each in (queued, running)] == ["queued", "running"]
    clock.now = 91.0
    for job in (queued, running):
        known = others.get(job.id)
        assert known.state == "failed"
        assert "the process that ran it ended" in (known.error or "")


def test_what_is_finished_stays_so(path: Path) -> None:
    clock = Clock()
    records = JobRecords(path, lease=30, clock=clock)
    job = new(records)
    done = replace(job, state="done", added=("a",), failed=(Failure("b", "empty"),))
    records.put(done)
    clock.now = 1000.0
    assert records.get(job.id) == done


def test_leases_are_renewed_while_jobs_wait(path: Path) -> None:
    records = JobRecords(path, lease=0.01)
    job = new(records)
    other = JobRecords(path)
    # Longer than the lease: there is no state but this one until the thread ends.
    first = _leased_until(path)
    while _leased_until(path) == first:
        assert other.get(job.id)
    records.close()


def test_what_is_closed_writes_no_more(path: Path) -> None:
    before = threading.active_count()
    records = JobRecords(path, lease=0.01)
    new(records)
    assert threading.active_count() == before + 1
    records.close()
    # At once: whoever removes the folder after this does so without a thread that makes it anew.
    assert threading.active_count() == before


def _leased_until(path: Path) -> float:
    with closing(sqlite3.connect(path)) as db:
        return float(db.execute("SELECT leased_until FROM jobs").fetchone()[0])


def _overwritten(path: Path) -> None:
    path.write_bytes(b"This is no database. " * 1000)


def _flipped(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    data = bytearray(path.read_bytes())
    data[100:] = b"\xff" * (len(data) - 100)
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [_overwritten, _flipped])
def test_a_damaged_file_is_set_aside_and_named(
    path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    records = JobRecords(path)
    lost = new(records)
    damage(path)
    damaged = path.read_bytes()
    job = new(records, total=3)
    assert records.get(job.id).total == 3
    with pytest.raises(NotFoundError):
        records.get(lost.id)
    assert path.with_name("jobs.sqlite.damaged").read_bytes() == damaged
    (line,) = [each.getMessage() for each in caplog.records if "is damaged" in each.getMessage()]
    assert str(path) in line


def test_a_damaged_record_is_that_one_alone(path: Path) -> None:
    records = JobRecords(path)
    job, other = new(records), new(records)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE jobs SET job = '{\"id\": 1}' WHERE id = ?", (job.id,))
        db.commit()
    with pytest.raises(NotFoundError, match="damaged"):
        records.get(job.id)
    assert records.get(other.id) == other


def test_what_an_older_version_wrote_is_dropped(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE jobs (id TEXT PRIMARY KEY, process INTEGER, created REAL, job)")
    records = JobRecords(path)
    job = new(records)
    assert records.get(job.id) == job
