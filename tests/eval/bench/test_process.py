"""Whole processes, run in turn and weighed."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench.process import Command, Cost, alternate, run_once

BUSY = "import time\nwhile time.process_time() < 0.2: pass"


def test_commands_run_in_turn_and_the_first_run_of_each_does_not_count(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = f"import sys; open({str(log)!r}, 'a').write(sys.argv[1])"
    costs = alternate({name: Command(code, (name,)) for name in "ab"}, rounds=2)
    assert log.read_text() == "ababab"
    assert [len(runs) for runs in costs.values()] == [2, 2]


def test_a_process_is_weighed() -> None:
    cost = run_once(Command(BUSY))
    assert cost.processor_seconds >= 0.2
    assert cost.seconds >= cost.processor_seconds / 2


def test_the_memory_of_who_measures_is_not_counted() -> None:
    mebibytes = bytearray(200 << 20)
    mebibytes[::4096] = b"x" * len(mebibytes[::4096])
    assert 1 < run_once(Command("pass")).peak_mebibytes < 100
    own = Command("x = bytearray(200 << 20); x[::4096] = b'x' * len(x[::4096])")
    assert run_once(own).peak_mebibytes > 200


def test_the_environment_and_exit_codes_are_those_of_the_command() -> None:
    code = "import os, sys; print('why', file=sys.stderr); sys.exit(int(os.environ['CODE']))"
    run_once(Command(code, environment={"CODE": "3"}, exit_codes=(0, 3)))
    with pytest.raises(SystemExit, match="ended with 4: x\nwhy"):
        run_once(Command(code, ("x",), {"CODE": "4"}))


def test_the_middle_of_costs_is_that_of_each() -> None:
    costs = [Cost(1, 9, 5), Cost(3, 7, 4), Cost(2, 8, 6)]
    assert Cost.median(costs) == Cost(2, 8, 5)
