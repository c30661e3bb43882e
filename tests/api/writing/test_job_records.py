"""Jobs on record: whose process lives, and what becomes of a damaged record."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from api.problem import Problem
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


WEEK = 7 * 24 * 3600


def _refuse(job: Job) -> Job:
    raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"no room for {job.id}")


def test_of_processes_with_one_claim_one_begins(path: Path) -> None:
    claim, started = Claim("key", "digest"), threading.Barrier(4)

    def begin(records: JobRecords) -> Job:
        started.wait(60)
        return new(records, claim=claim)

    # They make the file as well.
    with ThreadPoolExecutor(4) as pool:
        jobs = list(pool.map(begin, [JobRecords(path) for _ in range(4)]))
    assert len({job.id for job in jobs}) == len(_rows(path)) == 1
    with pytest.raises(Problem) as refused:
        new(JobRecords(path), claim=replace(claim, digest="other"))
    assert refused.value.status == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_refused_job_leaves_the_claim_as_it_was(path: Path) -> None:
    records, claim = JobRecords(path), Claim("key", "digest")
    failed = records.put(replace(new(records, claim=claim), state="failed"))
    before = _rows(path)
    with pytest.raises(Problem, match="no room"):
        records.new(_refuse, None, claim)
    assert _rows(path) == before
    assert not records._running_ids
    # What failed may be sent again, with other content too.
    again = new(records, claim=replace(claim, digest="other"))
    assert again.id != failed.id
    assert new(records, claim=replace(claim, digest="other")) == again


def test_the_claim_of_a_process_that_ended_is_free(path: Path) -> None:
    clock, claim = Clock(), Claim("key", "digest")
    gone, records = (JobRecords(path, lease=30, clock=clock) for _ in range(2))
    lost = new(gone, claim=claim)
    clock.now = 29.0
    assert new(records, claim=claim) == lost
    clock.now = 31.0
    assert new(records, claim=claim).id != lost.id


def test_after_a_week_jobs_go_with_their_claims(path: Path) -> None:
    clock = Clock()
    records = JobRecords(path, clock=clock)
    old = new(records, claim=Claim("old", "digest"))
    clock.now = 1800.0
    middle = new(records, claim=Claim("middle", "digest"))
    # An hour has not passed since the last time.
    clock.now = WEEK + 1.0
    records._cleaned_at = WEEK - 3500.0
    new(records)
    assert records.get(old.id)
    clock.now = WEEK + 200.0
    new(records)
    with pytest.raises(NotFoundError):
        records.get(old.id)
    assert records.get(middle.id)
    assert _rows(path, "SELECT key FROM claims") == [("middle",)]


def test_a_process_that_begins_clears_away_at_once(path: Path) -> None:
    clock = Clock()
    old = new(JobRecords(path, clock=clock))
    with closing(sqlite3.connect(path)) as db:
        # As an older version made it.
        db.execute("DROP INDEX jobs_created")
        db.execute("DROP INDEX claims_id")
    clock.now = WEEK + 1.0
    records = JobRecords(path, clock=clock)
    new(records)
    with pytest.raises(NotFoundError):
        records.get(old.id)
    indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    assert _rows(path, indexes) == [("claims_id",), ("jobs_created",)]


def _rows(path: Path, query: str = "SELECT * FROM jobs") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return sorted(db.execute(query).fetchall())


def _with_finished(path: Path, clock: Clock, count: int) -> JobRecords:
    """Records of so many jobs that are done, with their claims."""
    records = JobRecords(path, clock=clock)
    done = replace(new(records), state="done")
    records.put(done)
    with closing(sqlite3.connect(path)) as db:
        ids = [f"{number:016x}" for number in range(count)]
        text, owner = json.dumps(asdict(done)), records._owner
        db.executemany(
            "INSERT INTO jobs VALUES (?, ?, ?, ?, ?)", ((id, owner, 0.0, 0.0, text) for id in ids)
        )
        db.executemany("INSERT INTO claims VALUES (?, 'digest', ?)", ((id, id) for id in ids))
        db.commit()
    return records


def _steps(path: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many steps the database takes for each operation beside ``count`` jobs; what loops over
    rows takes some for each."""
    clock = Clock()
    records = _with_finished(path, clock, count)
    connect, steps = sqlite3.connect, [0]

    def count_step() -> None:
        steps[0] += 1

    def counted(*values: Any, **options: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*values, **options)
        db.set_progress_handler(count_step, 1)
        return db

    def cost(work: Callable[[], object]) -> int:
        steps[0] = 0
        work()
        return steps[0]

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", counted)
        job = new(records)
        costs = {
            "new": cost(lambda: new(records)),
            "claimed": cost(lambda: new(records, claim=Claim("new", "digest"))),
            "again": cost(lambda: new(records, claim=Claim(f"{1:016x}", "digest"))),
            "put": cost(lambda: records.put(job)),
            "get": cost(lambda: records.get(job.id)),
            "beat": cost(records.beat),
        }
        clock.now = 3601.0
        costs["cleaning"] = cost(lambda: new(records))
    return costs


def test_what_a_job_costs_does_not_grow_with_those_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = _steps(tmp_path / "few.sqlite", 20, monkeypatch)
    many = _steps(tmp_path / "many.sqlite", 2000, monkeypatch)
    assert all(few.values())
    assert few == many
