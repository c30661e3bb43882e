"""Simulate a search that asks many shards and waits for the last one: how long its tail is.

``python -m eval.bench.tail --p50 10 --p95 16`` takes the milliseconds that one machine was measured
to search for (``pullquote bench growth``), and prints for numbers of shards what a question
waits, with and without hedged requests, and with a slow replica. ``--into docs/scale.md`` writes
the table to its place there.

Assumed, and not measured: questions come independently of each other (Poisson); the time that a
shard takes is log-normal with the two quantiles, independent of the question and of the other
shards; a replica searches one question after the other; a question goes to a replica of each shard
by chance; networks and merging cost nothing. A hedge is a second request to another replica, when
the first has not answered after the p95; the first answer counts, and no request is taken back.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from eval.report.markdown import show_table, table

__all__ = ["Setup", "main", "simulate", "tail_table"]

# The 95th percentile of the normal distribution.
_Z95: Final = 1.6449


@dataclass(frozen=True, slots=True)
class Setup:
    """The machines, and what comes to them.

    p50, p95: of a replica's search, in milliseconds, nothing waiting before it.
    load: the share of the time that a replica searches, hedges apart.
    hedging: whether there are second requests; they need two replicas.
    slowness: how many times as long one replica of the first shard takes as the others.
    """

    p50: float
    p95: float
    shards: int = 1
    replicas: int = 2
    load: float = 0.3
    hedging: bool = False
    slowness: float = 1.0

    @property
    def sigma(self) -> float:
        """The deviation of the logarithm of a replica's time."""
        return math.log(self.p95 / self.p50) / _Z95

    @property
    def mean(self) -> float:
        """The mean of a replica's time in milliseconds."""
        return self.p50 * math.exp(self.sigma**2 / 2)


def simulate(setup: Setup, questions: int = 20_000, seed: int = 0) -> dict[str, float]:
    """Simulate so many questions; returns p50, p95 and p99 of what they wait in milliseconds, and
    the requests a question and shard (``requests``)."""
    dice = np.random.default_rng(seed)
    gaps = dice.exponential(setup.mean / (setup.load * setup.replicas), questions)
    arrivals = np.cumsum(gaps)
    free_at = [[0.0] * setup.replicas for _ in range(setup.shards)]
    ends = np.full((questions, setup.shards), np.inf)
    # Hedges that are due, among the questions that come meanwhile: time, question, shard, replica.
    due: list[tuple[float, int, int, int]] = []
    requests = 0

    def ask(now: float, question: int, shard: int, replica: int) -> float:
        nonlocal requests
        requests += 1
        time = setup.p50 * math.exp(setup.sigma * dice.standard_normal())
        if (shard, replica) == (0, 0):
            time *= setup.slowness
        end = max(now, free_at[shard][replica]) + time
        free_at[shard][replica] = end
        ends[question, shard] = min(ends[question, shard], end)
        return end

    def hedge_until(now: float) -> None:
        while due and due[0][0] <= now:
            ask(*heapq.heappop(due))

    for question, now in enumerate(arrivals.tolist()):
        hedge_until(now)
        for shard in range(setup.shards):
            replica = int(dice.integers(setup.replicas))
            end = ask(now, question, shard, replica)
            if setup.hedging and end > now + setup.p95:
                second = (replica + 1 + int(dice.integers(setup.replicas - 1))) % setup.replicas
                heapq.heappush(due, (now + setup.p95, question, shard, second))
    hedge_until(math.inf)
    waits = ends.max(axis=1) - arrivals
    p50, p95, p99 = np.percentile(waits, [50, 95, 99]).tolist()
    return {"p50": p50, "p95": p95, "p99": p99, "requests": requests / ends.size}


def tail_table(setup: Setup, shards: Sequence[int], questions: int = 20_000) -> str:
    """Format a Markdown table of what a question waits by the number of shards, alone, hedged, and
    likewise with one replica that is three times as slow."""
    rows: list[tuple[str, ...]] = []
    for count in shards:
        for slowness, state in ((1.0, "as the others"), (3.0, "three times as slow")):
            for hedging, kind in ((False, "one"), (True, "hedged")):
                variant = replace(setup, shards=count, hedging=hedging, slowness=slowness)
                result = simulate(variant, questions)
                times = [f"{result[name]:,.0f} ms" for name in ("p50", "p95", "p99")]
                rows.append((str(count), state, kind, *times, f"{result['requests']:.2f}"))
    head = ("shards", "one replica", "requests", "p50", "p95", "p99")
    return table((*head, "requests a question and shard"), rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.tail", description=__doc__)
    parser.add_argument("--p50", type=float, required=True, help="Of one search, in milliseconds.")
    parser.add_argument("--p95", type=float, required=True)
    parser.add_argument("--shards", type=int, nargs="+", default=[1, 4, 16, 64])
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--load", type=float, default=0.2, help="Of a replica, from 0 to 1.")
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    setup = Setup(options.p50, options.p95, replicas=options.replicas, load=options.load)
    if options.json:
        results: dict[str, Any] = {
            str(count): simulate(replace(setup, shards=count), options.questions)
            for count in options.shards
        }
        print(json.dumps(results))  # noqa: T201
        return
    show_table("tail", tail_table(setup, options.shards, options.questions), options.into)


if __name__ == "__main__":
    main()
