"""Every kind of write on a real disk that is full, a small tmpfs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from index.errors import PullquoteError
from tests.faults.recovery import check_beside, check_recovery
from tests.faults.scenarios import SCENARIOS, Scenario

_SIZE = 24 << 20


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of 24 MB."""
    mount = shutil.which("mount")
    if not sys.platform.startswith("linux") or os.getuid() or not mount:
        pytest.skip("only root of a Linux may mount a tmpfs; the simulated disk is tested anyway")
    folder = tmp_path_factory.mktemp("disk")
    command = [mount, "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a tmpfs cannot be mounted here, as in most containers")
    yield folder
    subprocess.run([mount.replace("mount", "umount"), "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("free", [0, 24 << 10, 160 << 10])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_full_disk_costs_a_message(disk: Path, scenario: Scenario, free: int) -> None:
    folder = disk / f"{scenario.name}-{free}"
    library = folder / "library"
    folder.mkdir()
    scenario.prepare(library)
    acknowledged = 0

    def acknowledge() -> None:
        nonlocal acknowledged
        acknowledged += 1

    message = "full"
    _fill(disk, free)
    try:
        scenario.act(library, acknowledge)
    except PullquoteError as exc:
        message = str(exc)
    finally:
        (disk / "filling").unlink()
    assert "full" in message
    states = scenario.states[acknowledged : acknowledged + 2]
    check_recovery(library, states, scenario.mixed, scenario.damaged)
    check_beside(scenario.name, library, states, bool(acknowledged))
    # An index that has just been opened makes a lock in its folder, maybe after it is listed.
    shutil.rmtree(folder, ignore_errors=True)


def _fill(disk: Path, free: int) -> None:
    with (disk / "filling").open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(bytes(1 << 20))
        with suppress(OSError):
            while True:
                file.write(bytes(4096))
        file.truncate(max(file.tell() - free, 0))
