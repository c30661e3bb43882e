"""How long the reader's network takes for five passages, by the way they are handed over.

``python -m eval.bench.reading [--reader FOLDER ...]`` prints medians and 95th percentiles in
milliseconds, and how many times as long each way takes as the first: in one run, in turn, for
every reader that is named (default: the built-in one). Five inputs of one length, and five of the
lengths that retrieval brings. A batch of unlike lengths is padded with a real token, which costs
what a masked one costs and answers nothing: it is timed only.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from rag.span_model import READER_FOLDER

__all__ = ["measure"]

LENGTHS: Final = {
    "five of 250 tokens": (250, 250, 250, 250, 250),
    "five as retrieved": (140, 250, 190, 95, 220),
}
_QUESTION: Final = 14
_WARM_UP: Final = 3

Ints = NDArray[np.int64]
Way = Callable[[Sequence[Ints]], object]


def measure(folder: Path, rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    """By lengths and way: ``p50``, ``p95`` (ms) and ``ratio`` of the medians to the first way."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        ways = _ways(folder / "reader.onnx", cores, pool)
        random = np.random.default_rng(1)
        return {
            name: _timed(ways, [random.integers(1000, 20000, size) for size in sizes], rounds)
            for name, sizes in LENGTHS.items()
        }


def _ways(graph: Path, cores: int, pool: ThreadPoolExecutor) -> dict[str, Way]:
    single, shared = _session(graph, 1), _session(graph, cores)

    def one_a_thread(inputs: Sequence[Ints]) -> object:
        return list(pool.map(lambda ids: _run(single, ids[None]), inputs))

    def longest_first(inputs: Sequence[Ints]) -> object:
        return one_a_thread(sorted(inputs, key=len, reverse=True))

    def batch(inputs: Sequence[Ints]) -> object:
        longest = max(map(len, inputs))
        padded = [np.pad(ids, (0, longest - len(ids)), mode="edge") for ids in inputs]
        return _run(shared, np.stack(padded))

    return {
        "one a thread, longest first": longest_first,
        "one a thread, as they come": one_a_thread,
        "one after the other, all threads": lambda inputs: [_run(shared, i[None]) for i in inputs],
        "one after the other, one thread": lambda inputs: [_run(single, i[None]) for i in inputs],
        "one batch, all threads": batch,
    }


def _session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, ["CPUExecutionProvider"])


def _run(session: onnxruntime.InferenceSession, ids: Ints) -> object:
    types = np.zeros_like(ids)
    types[:, _QUESTION:] = 1
    return session.run(["logits"], {"ids": ids, "types": types})


def _timed(
    ways: Mapping[str, Way], inputs: Sequence[Ints], rounds: int
) -> dict[str, dict[str, float]]:
    times: dict[str, list[float]] = {name: [] for name in ways}
    for i in range(_WARM_UP + rounds):
        for name, way in ways.items():
            began = time.perf_counter()
            way(inputs)
            if i >= _WARM_UP:
                times[name].append(1000 * (time.perf_counter() - began))
    first = statistics.median(next(iter(times.values())))
    return {
        name: {
            "p50": round(statistics.median(each), 1),
            "p95": round(float(np.percentile(each, 95)), 1),
            "ratio": round(statistics.median(each) / first, 2),
        }
        for name, each in times.items()
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, action="append", help="a reader's folder")
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    told: dict[str, Any] = {}
    for folder in given.reader or [READER_FOLDER]:
        told[str(folder)] = measure(folder, given.rounds)
    print(json.dumps(told, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
