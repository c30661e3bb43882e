"""Measure how fast ``/healthz`` answers while questions fill every queue.

``python -m eval.bench.health`` serves the library on loopback in this process. It times
``/healthz`` without load, then again while clients flood ``/ask``, and prints both in milliseconds,
the loaded times also as multiples of the idle median. There are more clients than places in the
queue; a client that is refused asks again after the seconds of ``Retry-After``. Clients and server
share the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from eval.bench.server import request

__all__ = ["main", "measure"]

QUESTION = "How much will Alibaba invest in AI infrastructure?"


def measure(clients: int, samples: int) -> dict[str, Any]:
    """Time ``samples`` requests to ``/healthz`` without load and with ``clients`` asking without
    pause; returns both, and how ``/ask`` answered the clients."""
    with _serving() as port:
        _ask(port)
        _times(port, samples // 10)
        idle = _times(port, samples)
        stop, answer_counts = threading.Event(), Counter[int]()
        with ThreadPoolExecutor(clients) as pool:
            futures = [pool.submit(_flood, port, stop) for _ in range(clients)]
            try:
                # By the time that one more was answered or refused, the queue is full.
                _ask(port)
                began = time.perf_counter()
                busy_times = _times(port, samples)
                seconds = time.perf_counter() - began
            finally:
                stop.set()
            for future in futures:
                answer_counts += future.result()
    rest = statistics.median(idle)
    return {
        "clients": clients,
        "samples": samples,
        "loaded_seconds": round(seconds, 1),
        "ask_statuses": dict(answer_counts),
        "idle_ms": _quantiles(idle, 1.0),
        "loaded_ms": _quantiles(busy_times, 1.0),
        "loaded_times_idle_p50": _quantiles(busy_times, 1 / rest),
    }


def _quantiles(times: list[float], factor: float) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {
        "p50": round(factor * cuts[49], 2),
        "p99": round(factor * cuts[98], 2),
        "max": round(factor * max(times), 2),
    }


@contextmanager
def _serving() -> Iterator[int]:
    # ``eval`` does not import ``api``; the command is how both are put together.
    import uvicorn
    from uvicorn.importer import import_from_string

    app = import_from_string("api.cli.serve:app_of_environment")()
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        try:
            while request(port, "GET", "/readyz") != 200:
                time.sleep(0.1)
            yield port
        finally:
            server.should_exit = True
            serving.join()


def _ask(port: int) -> int:
    return request(port, "POST", "/ask", json.dumps({"question": QUESTION}))


def _flood(port: int, stop: threading.Event) -> Counter[int]:
    answer_counts = Counter[int]()
    while not stop.is_set():
        status = _ask(port)
        answer_counts[status] += 1
        if status != 200:
            # What Retry-After says. Without it the clients' own work would be what is measured.
            stop.wait(1)
    return answer_counts


def _times(port: int, samples: int) -> list[float]:
    """Time requests one after another, each with its own connection; returns milliseconds."""
    times = []
    for _ in range(samples):
        began = time.perf_counter()
        if request(port, "GET", "/healthz") != 200:
            raise SystemExit("/healthz did not answer")
        times.append(1000 * (time.perf_counter() - began))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=48)
    parser.add_argument("--samples", type=int, default=200)
    options = parser.parse_args()
    # What is measured is answering, not remembering.
    os.environ["PULLQUOTE_CACHED_ANSWERS"] = "0"
    print(json.dumps(measure(options.clients, options.samples), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
