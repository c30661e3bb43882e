"""Measure a cold ``pullquote ask``: one whole process over a library that exists already.

``python -m eval.bench.cold`` prints medians of wall time (seconds) and peak memory (MB): of the
command as it is, and of the same command made to import torch as well. Runs of the two alternate.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from eval.bench.library import QUESTION
from eval.bench.process import Command, Cost, alternate

__all__ = ["ask_command", "main", "measure"]

_ASK = "from api.cli import main; main()"
# An answer, or that there is none.
_EXIT_CODES = (0, 3)


def ask_command(
    question: str = QUESTION, environment: Mapping[str, str] | None = None, before: str = ""
) -> Command:
    """Make the command that asks; ``before`` is code that it runs first."""
    return Command(before + _ASK, ("ask", question), environment or {}, _EXIT_CODES)


def measure(rounds: int) -> dict[str, Any]:
    """Time ``rounds`` runs of each variant after one run that is not counted; returns the
    medians."""
    commands = {"as it is": ask_command(), "with torch": ask_command(before="import torch; ")}
    figures = {}
    for name, costs in alternate(commands, rounds).items():
        middle = Cost.median(costs)
        figures[name] = {
            "seconds": round(middle.seconds, 3),
            "least_seconds": round(min(cost.seconds for cost in costs), 3),
            "peak_mb": round(middle.peak_mebibytes),
        }
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    print(json.dumps(measure(parser.parse_args().rounds), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
