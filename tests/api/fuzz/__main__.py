"""``python -m tests.api.fuzz``: every target in turns, until so many cases are done.

Each find is printed, and kept with the smallest input that shows it; the exit status is how it
went. What was counted is kept too, and a run goes on from there with ``--resume``.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings

from tests.api.fuzz.families import FAMILIES
from tests.api.fuzz.served import workflow
from tests.api.fuzz.worker import Find, Turn, supervise

# How long a find may be in print.
_PRINTED = 2_000


def main() -> int:
    """Fuzz as the options say; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000, help="how many, all together")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no longer than this")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    parser.add_argument("--families", nargs="*", default=[*FAMILIES, "workflow"])
    parser.add_argument("--resume", action="store_true", help="add to what was counted before")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"), help="of finds, counts")
    options = parser.parse_args()
    run = _Run(options.folder, options.resume)
    _say(f"seed {options.seed}")
    ends, turn = time.monotonic() + options.seconds, 0
    while run.counts.total() < options.cases and time.monotonic() < ends:
        turn += 1
        for family in options.families:
            if time.monotonic() > ends:
                break
            order = f"{options.seed} {turn}"
            if family == "workflow":
                run.follow(order)
            else:
                run.take(Turn(FAMILIES[family], order, frozenset(run.resting)), ends)
            run.tell()
    return 1 if run.places else 0


class _Run:
    """What a run has counted and found, kept in a folder. What killed a process rests from then
    on."""

    def __init__(self, folder: Path, resume: bool) -> None:
        self.places: set[tuple[str, str]] = set()
        self.resting: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._kept = folder / "counts.json"
        known = resume and self._kept.exists()
        self.counts = Counter[str](json.loads(self._kept.read_text()) if known else {})

    def take(self, turn: Turn, ends: float) -> None:
        """Do a turn, until that time of ``time.monotonic``."""
        for report in supervise(turn):
            if isinstance(report, Find):
                self._keep(report)
            else:
                self.counts[report.target] += report.cases
            if time.monotonic() > ends:
                break

    def tell(self) -> None:
        """Keep what has been counted, and say it."""
        self._kept.write_text(json.dumps(self.counts, indent=1))
        _say(f"{self.counts.total():,} cases, {len(self.places)} finds: {dict(self.counts)}")

    def _keep(self, find: Find) -> None:
        if find.fatal:
            self.resting.add(find.target)
        if (find.target, find.place) in self.places:
            return
        self.places.add((find.target, find.place))
        file = self._folder / f"find-{time.time_ns()}.pickle"
        file.write_bytes(pickle.dumps(find))
        _say(f"FOUND in {find.target}, kept in {file}:\n{find.what}{find.value!r:.{_PRINTED}}\n")

    def follow(self, order: str) -> None:
        """Schemathesis' sequences of requests."""
        with tempfile.TemporaryDirectory() as home, workflow(Path(home) / "home") as machine:
            counts = self.counts

            class Counted(machine):  # type: ignore[misc, valid-type]
                def after_call(self, response: Any, case: Any) -> None:
                    counts["workflow"] += 1

            limits = settings(
                max_examples=10,
                stateful_step_count=15,
                deadline=None,
                database=None,
                verbosity=Verbosity.quiet,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            try:
                seed(order)(lambda: Counted.run(settings=limits))()
            except (Exception, BaseExceptionGroup) as exc:
                # Of schemathesis several failures are a group, which ends no run either.
                what = "".join(traceback.format_exception(exc))
                self._keep(Find("workflow", repr(exc)[:200], what, order))


def _say(what: str) -> None:
    sys.stderr.write(what + "\n")


if __name__ == "__main__":
    sys.exit(main())
