"""Measure a cold ``pullquote ask``: one whole process over a library that exists already.

``python -m eval.bench.cold`` prints medians of wall time (seconds) and peak memory (MB): of the
command as it is, and of the same command made to import torch as well. Runs of the two alternate.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

__all__ = ["main", "measure"]

QUESTION = "How much will Alibaba invest in AI infrastructure?"
_ASK = "from api.cli import main; main()"


def measure(rounds: int) -> dict[str, Any]:
    """Time ``rounds`` runs of each variant after one run that is not counted; returns the
    medians."""
    kinds = {"as it is": _ASK, "with torch": f"import torch; {_ASK}"}
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for i in range(rounds + 1):
        for name, code in kinds.items():
            cost = _run(code)
            if i:
                runs[name].append(cost)
    return {
        name: {
            "seconds": round(statistics.median(seconds for seconds, _ in costs), 3),
            "least_seconds": round(min(seconds for seconds, _ in costs), 3),
            "peak_mb": round(statistics.median(peak for _, peak in costs)),
        }
        for name, costs in runs.items()
    }


def _run(code: str) -> tuple[float, float]:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, "ask", QUESTION], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"pullquote ask ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    print(json.dumps(measure(parser.parse_args().rounds), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
