"""A few of the cases of ``make kill``, the same ones every time, and what they rest on."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import shim
from tests.faults.power import after_power_loss
from tests.faults.recovery import Unrecovered, check_recovery
from tests.faults.scenarios import BASE, SCENARIOS, opened
from tests.faults.shim import Operation

_REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(shim.missing() is not None, reason=str(shim.missing()))
def test_nothing_is_lost_to_kills_lost_power_and_full_disks() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--kills", "14", "--seed", "5"],
        cwd=_REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert (report["faults"], report["kills"]) == ([], 14)
    assert set(report["cases"]) == {scenario.name for scenario in SCENARIOS}
    ends = {end for kinds in report["cases"].values() for end in kinds}
    kinds = {end.split()[0] for end in ends}
    assert {"kill killed", "torn killed"} <= ends
    assert kinds == {"kill", "torn", "power", "full", "timed"}


def _base(folder: Path) -> Path:
    SCENARIOS[1].prepare(folder)
    return folder


def test_the_check_sees_what_is_lost(tmp_path: Path) -> None:
    folder = _base(tmp_path / "library")
    check_recovery(folder, [BASE])
    library = opened(folder)
    library.remove(["after", "cats"])
    library.close()
    with pytest.raises(Unrecovered, match="a state that never was"):
        check_recovery(folder, [BASE])


def test_power_loss_keeps_what_was_synced_and_may_lose_the_rest(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    (before / "old").write_bytes(b"old")
    done = [
        Operation("write", "new.part", data=b"synced"),
        Operation("sync", "new.part"),
        Operation("rename", "new.part", "new"),
        Operation("write", "log", data=b"a" * 2000),
        Operation("unlink", "old"),
    ]
    seen = set()
    for seed in range(200):
        target = tmp_path / str(seed)
        after_power_loss(before, done, target, random.Random(seed))
        files = {path.name: path.read_bytes() for path in target.iterdir()}
        assert b"synced" in (files.get("new"), files.get("new.part"))
        assert files.get("log", b"") == b"a" * len(files.get("log", b""))
        seen.add((frozenset(files), len(files.get("log", b""))))
    # Names in order, contents in any: renamed or not, removed or not, whole or torn or nothing.
    names = {name for name, _ in seen}
    assert {frozenset({"new.part", "old"}), frozenset({"new", "log"})} <= names
    assert {0, 512, 2000} <= {size for _, size in seen}


def test_a_second_name_is_the_same_file(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    (before / "old").write_bytes(b"content")
    done = [Operation("link", "old", "part/new"), Operation("rename", "part", "whole"),
            Operation("unlink", "old"), Operation("sync", "")]  # fmt: skip
    after_power_loss(before, done, tmp_path / "after", random.Random(1))
    left = {
        path.name: path.read_bytes() for path in (tmp_path / "after").rglob("*") if path.is_file()
    }
    assert left == {"new": b"content"}
