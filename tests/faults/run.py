"""Kills, lost power and full disks at each step that writes; :mod:`tests.faults` starts it.

Every scenario (:mod:`tests.faults.scenarios`) is done once to count what it does to the disk. Then
come ``--kills`` cases, in turns over the scenarios: killed before a step, killed in the middle of
one, killed at any time, or without power; and beside them a fifth as many with a full disk. Steps
go round, so that with enough cases each is hit. Prints what was found as JSON; the exit status is
how it went.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from index.load.plain.text import TextLoader
from index.load.registry import registry
from tests.faults.harness import Case, Template, make_template, run_case
from tests.faults.scenarios import SCENARIOS

__all__ = ["main"]

_KINDS = ("kill", "torn", "power", "full", "kill", "timed")
_PROGRESS_EVERY = 25


def main() -> int:
    """Run the cases as the options say; 1 when something was lost, half done or wrong."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    parser.add_argument("--only", help="of the scenarios, the one of this name")
    options = parser.parse_args()
    # One that is killed must leave no process behind that reads its files for it.
    registry().suffixes[".txt"] = TextLoader()
    scenarios = [each for each in SCENARIOS if options.only in (None, each.name)]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        case = folder / "case"
        templates = [
            make_template(each, folder / each.name.replace(" ", "-"), case) for each in scenarios
        ]
        report = _run(templates, options.kills, options.seed, case)
    print(json.dumps(report, indent=1))  # noqa: T201
    return 1 if report["faults"] else 0


def _run(templates: list[Template], kills: int, seed: int, folder: Path) -> dict[str, object]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    steps: dict[str, set[str]] = defaultdict(set)
    faults: list[str] = []
    sources = [(each, _cases(each, seed)) for each in templates]
    kills_done = 0
    for template, cases in itertools.cycle(sources):
        if kills_done >= kills:
            break
        case = next(cases)
        outcome = run_case(template, case, folder)
        name = template.scenario.name
        kills_done += case.kind != "full"
        if case.kind != "full" and kills_done % _PROGRESS_EVERY == 0:
            sys.stderr.write(f"{kills_done} kills, {len(faults)} faults\n")
        counts[name][f"{case.kind} {outcome.ended}"] += 1
        steps[name].add(outcome.step)
        if outcome.fault:
            faults.append(f"{name}, {case}, {outcome.step}: {outcome.fault}")
            sys.stderr.write(f"FOUND {faults[-1]}\n")
    return {
        "seed": seed,
        "kills": kills_done,
        "cases": {name: dict(sorted(kinds.items())) for name, kinds in counts.items()},
        "steps": {
            each.scenario.name: {
                "calls": len(each.steps),
                "named": len({step.name for step in each.steps}),
                "hit": len(steps[each.scenario.name] - {"-"}),
            }
            for each in templates
        },
        "faults": faults,
    }


def _cases(template: Template, seed: int) -> Iterator[Case]:
    """Cases without end; the steps of a scenario in an order of their own."""
    chance = random.Random(f"{seed} {template.scenario.name}")
    # Scenarios begin with different kinds, so that a few cases have all of them.
    kinds = itertools.islice(
        itertools.cycle(_KINDS), SCENARIOS.index(template.scenario) % len(_KINDS), None
    )
    while True:
        order = list(range(1, len(template.steps) + 1))
        chance.shuffle(order)
        for at in order:
            kind = next(kinds)
            yield Case(kind, 0 if kind == "timed" else at, chance.getrandbits(32))


if __name__ == "__main__":
    sys.exit(main())
