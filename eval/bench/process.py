"""Run a command as a whole process and say what it cost."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

__all__ = ["MAIN", "Command", "Cost", "alternate", "run_once"]

# The code of our own command line.
MAIN: Final = "from api.cli import main; main()"

# Characters of a failed command's messages that are repeated.
_REASON: Final = 2_000
# Linux counts the peak of whoever starts a process to the process itself. So it is started by a
# process that has next to nothing in memory, whatever the one that measures has imported.
_LAUNCHER: Final = """
import json, os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - began
exit_code = os.waitstatus_to_exitcode(status)
print(json.dumps([seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, exit_code]))
"""


@dataclass(frozen=True, slots=True)
class Command:
    """Python code and its arguments, the variables added to the environment, and the exit codes
    that mean that it did its work."""

    code: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    exit_codes: Collection[int] = (0,)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: wall and processor time in seconds, the peak of its memory in MiB."""

    seconds: float
    processor_seconds: float
    peak_mebibytes: float

    @classmethod
    def median(cls, costs: Sequence[Cost]) -> Cost:
        """The median of each, over several runs."""
        return cls(
            statistics.median(cost.seconds for cost in costs),
            statistics.median(cost.processor_seconds for cost in costs),
            statistics.median(cost.peak_mebibytes for cost in costs),
        )


def alternate(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Cost]]:
    """Run each command ``rounds`` times, in turn, after one run of each that does not count."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = run_once(command)
            if number:
                costs[name].append(cost)
    return costs


def run_once(command: Command) -> Cost:
    """Run a command to its end; ``SystemExit`` when it fails, with the end of what it said."""
    python = [sys.executable]
    with tempfile.TemporaryFile() as messages:
        launcher = subprocess.run(
            [*python, "-I", "-S", "-c", _LAUNCHER, *python, "-c", command.code, *command.arguments],
            env={**os.environ, **command.environment},
            stdout=subprocess.PIPE,
            stderr=messages,
            check=True,
        )
        seconds, processor_seconds, peak, exit_code = json.loads(launcher.stdout)
        if exit_code not in command.exit_codes:
            messages.seek(0)
            reason = messages.read().decode(errors="replace").strip()[-_REASON:]
            arguments = " ".join(command.arguments)
            raise SystemExit(f"a measured command ended with {exit_code}: {arguments}\n{reason}")
    return Cost(seconds, processor_seconds, peak / 1024)
