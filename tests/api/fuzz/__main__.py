"""``python -m tests.api.fuzz``: every target in turns, until so many cases are done.

Each find is printed with the smallest input that shows it; the exit status is how it went.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from tests.api.fuzz.chats import chat_targets
from tests.api.fuzz.files import FILES
from tests.api.fuzz.served import http_targets, workflow
from tests.api.fuzz.targets import TARGETS, Target
from tests.api.fuzz.words import WORDS, written_targets

# Cases of a target in its turn; of those that a process or a server stands behind, fewer.
_BATCH = 500
_SMALL_BATCH = 50


def main() -> int:
    """Fuzz as the options say; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000, help="how many, all together")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no longer than this")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    options = parser.parse_args()
    _say(f"seed {options.seed}")
    counted: Counter[str] = Counter()
    found: set[str] = set()
    ends = time.monotonic() + options.seconds
    with (
        tempfile.TemporaryDirectory() as made,
        http_targets(Path(made) / "http") as served,
        written_targets(Path(made) / "written") as written,
        chat_targets() as chats,
    ):
        turns = [
            *((target, _BATCH) for target in (*TARGETS, *WORDS)),
            *((target, _SMALL_BATCH) for target in (*FILES, *written, *chats, *served)),
        ]
        batch = options.seed
        while counted.total() < options.cases and time.monotonic() < ends:
            batch += 1
            for target, size in turns:
                if target.name not in found and time.monotonic() < ends:
                    _fuzz(target, size, batch, counted, found)
            if "workflow" not in found and time.monotonic() < ends:
                _follow(Path(made) / f"workflow-{batch}", batch, counted, found)
            _say(f"{counted.total():,} cases, {len(found)} targets with finds: {dict(counted)}")
    return 1 if found else 0


def _fuzz(target: Target, size: int, number: int, counted: Counter[str], found: set[str]) -> None:
    @seed(number)
    @settings(
        max_examples=size,
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def run(value: Any) -> None:
        counted[target.name] += 1
        target.check(value)

    _told(target.name, run, found)


def _follow(home: Path, number: int, counted: Counter[str], found: set[str]) -> None:
    with workflow(home) as machine:

        class Counted(machine):  # type: ignore[misc, valid-type]
            def after_call(self, response: Any, case: Any) -> None:
                counted["workflow"] += 1

        limits = settings(
            max_examples=10,
            stateful_step_count=15,
            deadline=None,
            database=None,
            verbosity=Verbosity.quiet,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        _told("workflow", seed(number)(lambda: Counted.run(settings=limits)), found)


def _told(name: str, run: Any, found: set[str]) -> None:
    try:
        run()
    except BaseException as exc:
        if isinstance(exc, KeyboardInterrupt):
            raise
        found.add(name)
        _say(f"FOUND in {name}:\n{''.join(traceback.format_exception(exc))}")


def _say(what: str) -> None:
    sys.stderr.write(what + "\n")


if __name__ == "__main__":
    sys.exit(main())
