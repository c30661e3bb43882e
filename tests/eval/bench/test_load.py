"""What the load bench reads of a server's process and compares."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from eval.bench.load import ratio
from eval.bench.server import Server


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="read where Linux has it")
def test_processor_time_is_of_the_process() -> None:
    server = Server(0, os.getpid())
    before = server.processor_seconds()
    assert before <= time.process_time() + 0.1
    start = time.process_time()
    while time.process_time() - start < 0.1:
        pass
    assert server.processor_seconds() - before >= 0.05


def test_ratios_are_of_one_run_and_of_nothing_where_there_is_nothing() -> None:
    assert ratio({"goodput": 1.5}, {"goodput": 2.0}, "goodput") == 0.75
    assert ratio({"p99": None}, {"p99": 2.0}, "p99") is None
    assert ratio({"goodput": 1.5}, {"goodput": 0.0}, "goodput") is None
