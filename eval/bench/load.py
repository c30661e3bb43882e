"""Measure a server beyond its capacity: ``python -m eval.bench.load --seconds 300 --plot
docs/load.svg``

First as many clients ask as the server answers at once; the right answers a second are its
capacity. Then four times as many clients ask as the server's queue has places, beside clients that
send half a request and stop, send a byte at a time, or hang up in the middle of a streamed answer.
Measured in this phase: answers a second that came in time (goodput) as a share of capacity, the
times of ``/healthz``, asked for by a process that does nothing else, and the memory of the server's
process, which is plotted. Clients and server share the processor, perhaps with others. So each
phase also has the answers for a second of the server's own processor time, and their share says
what overload costs the server itself, the processor time that the clients took from it left out
(``processor_seconds`` has both); and ``/healthz`` is compared with the same at capacity, in the
same run.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from markupsafe import escape

from eval.bench.server import Server, request, serving

__all__ = ["main", "measure", "memory_plot", "ratio"]

QUESTIONS: Final = (
    "How much will Alibaba invest in AI infrastructure?",
    "What are the curbs on chips?",
    "Who invests in cloud computing?",
)
_WORKERS, _QUEUE = 2, 8
# Seconds that a client's last question is waited for.
_LAST_ANSWER: Final = 30.0
_SAMPLE_SECONDS: Final = 0.5


def measure(seconds: float, in_time: float = 10.0) -> dict[str, Any]:
    """Measure at capacity for half of ``seconds``, then beyond it for all of them; returns the
    figures that this module's docstring names.

    in_time: seconds after which the server gives up a question.
    """
    settings = {
        "PULLQUOTE_WORK_THREADS": str(_WORKERS),
        "PULLQUOTE_QUEUE": str(_QUEUE),
        "PULLQUOTE_REQUEST_TIMEOUT": str(in_time),
        "PULLQUOTE_RECEIVE_TIMEOUT": "5",
    }
    with serving(settings) as server:
        _ask(server.port, QUESTIONS[0])
        capacity = _phase(server, seconds / 2, [_asking] * _WORKERS)
        crowd = 4 * (_WORKERS + _QUEUE)
        clients: list[_Client] = [*[_asking] * crowd, *[_half_sent, _slow, _hang_up] * 4]
        beyond = _phase(server, seconds, clients)
    return {
        "seconds": seconds,
        "capacity": capacity,
        "beyond": beyond,
        "goodput_share": ratio(beyond, capacity, "goodput"),
        "share_for_processor_time": ratio(beyond, capacity, "answers_for_processor_second"),
        "healthz_times_capacity": {
            name: ratio(beyond["healthz_ms"], capacity["healthz_ms"], name)
            for name in ("p50", "p99")
        },
    }


def ratio(beyond: Mapping[str, Any], capacity: Mapping[str, Any], name: str) -> float | None:
    """What a figure is beyond capacity, as a multiple of the same at capacity; ``None`` where one
    of them is missing or 0."""
    return round(beyond[name] / capacity[name], 2) if beyond[name] and capacity[name] else None


# What one client does, once; the status that came in time, or a word.
_Client = Callable[[Server, str], int | str]


def _phase(server: Server, seconds: float, clients: Sequence[_Client]) -> dict[str, Any]:
    # A process of its own: dozens of threads that wake up at once would keep the one that times
    # ``/healthz`` from seeing its answer.
    start_afresh = multiprocessing.get_context("spawn")
    near_end, far_end = start_afresh.Pipe()
    crowd = start_afresh.Process(target=_run_clients, args=(server, clients, far_end), daemon=True)
    crowd.start()
    near_end.recv()
    began, processor_start = time.monotonic(), server.processor_seconds()
    health, memory, statuses = [], [], Counter[str]()
    while (now := time.monotonic() - began) < seconds:
        start = time.perf_counter()
        status = request(server.port, "GET", "/healthz")
        health.append(1000 * (time.perf_counter() - start))
        statuses[f"healthz {status}"] += 1
        memory.append((round(now, 1), round(server.resident_megabytes(), 1)))
        time.sleep(_SAMPLE_SECONDS)
    near_end.send("stop")
    outcomes, clients_processor = near_end.recv()
    processor = server.processor_seconds() - processor_start
    crowd.join()
    answers = outcomes["200"]
    return {
        "clients": len(clients),
        "goodput": round(answers / seconds, 3),
        "answers_for_processor_second": round(answers / processor, 3) if processor else 0.0,
        "processor_seconds": {
            "server": round(processor, 1),
            "clients": round(clients_processor, 1),
        },
        "outcomes": dict(sorted((outcomes + statuses).items())),
        "healthz_ms": {
            "p50": round(statistics.median(health), 1),
            "p99": round(statistics.quantiles(health, n=100)[98], 1) if len(health) > 1 else None,
        },
        "memory_mb": memory,
    }


def _run_clients(
    server: Server, clients: Sequence[_Client], line: Connection[object, object]
) -> None:
    """Run each client in a thread until a message comes down the line; then tell how often each
    outcome came and the processor time that all took, in seconds."""
    stop, counts = threading.Event(), Counter[str]()
    threads = [
        threading.Thread(target=_go_on, args=(client, server, stop, counts), daemon=True)
        for client in clients
    ]
    start = time.process_time()
    for thread in threads:
        thread.start()
    line.send("started")
    line.recv()
    line.send((counts.copy(), time.process_time() - start))
    stop.set()
    for thread in threads:
        thread.join(timeout=_LAST_ANSWER)


def _go_on(client: _Client, server: Server, stop: threading.Event, counts: Counter[str]) -> None:
    for question in itertools.cycle(QUESTIONS):
        if stop.is_set():
            return
        outcome = client(server, question)
        counts[str(outcome)] += 1
        if outcome in (503, 504):
            # What Retry-After says.
            stop.wait(1)


def _asking(server: Server, question: str) -> int:
    # What takes longer than the server's own limit is a 504.
    return _ask(server.port, question)


def _ask(port: int, question: str) -> int:
    return request(port, "POST", "/ask", json.dumps({"question": question}))


def _half_sent(server: Server, question: str) -> str:
    """Send half a request and wait until the server closes the connection."""
    body = json.dumps({"question": question}).encode()
    return _raw(server, [_head(len(body)) + body[: len(body) // 2]], "half sent")


def _slow(server: Server, question: str) -> str:
    """Send a request a byte at a time."""
    body = json.dumps({"question": question}).encode()
    pieces = [_head(len(body)), *(bytes([byte]) for byte in body)]
    return _raw(server, pieces, "slow", pause=0.2)


def _hang_up(server: Server, question: str) -> str:
    """Close the connection in the middle of a streamed answer."""
    body = json.dumps({"question": question}).encode()
    with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(_head(len(body), "Accept: text/event-stream\r\n") + body)
        connection.recv(64)
    return "dropped"


def _raw(server: Server, pieces: Sequence[bytes], name: str, pause: float = 0.0) -> str:
    with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        while connection.recv(4096):
            pass
    return name


def _head(length: int, more: str = "") -> bytes:
    return (
        f"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode()


def memory_plot(samples: Sequence[tuple[float, float]]) -> str:
    """Draw memory (MB) over time (seconds) as SVG, both axes from 0."""
    width, height, margin, bottom = 640, 240, 56, 36
    right = max((second for second, _ in samples), default=1.0) or 1.0
    top = 1.25 * max((size for _, size in samples), default=1.0)
    points = " ".join(
        f"{margin + second / right * (width - margin - 8):.1f},"
        f"{(height - bottom) * (1 - size / top):.1f}"
        for second, size in samples
    )
    labels = "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
        for x, y, anchor, text in (
            (margin - 6, 14, "end", f"{top:.0f} MB"),
            (margin - 6, height - bottom, "end", "0"),
            (width - 8, height - 12, "end", f"{right:.0f} s beyond capacity"),
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12" fill="#555" role="img">'
        "<title>Memory of the server beyond its capacity</title>"
        f'<path d="M{margin} 0V{height - bottom}H{width}" fill="none" stroke="#999"/>{labels}'
        f'<polyline points="{points}" fill="none" stroke="#b3261e" stroke-width="2"/></svg>\n'
    )


def main() -> None:
    """Measure with the library that the environment names; print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--plot", type=Path, help="an SVG file for the memory beyond capacity")
    parser.add_argument(
        "--in-time", type=float, default=10.0, help="seconds after which a question is given up"
    )
    options = parser.parse_args()
    report = measure(options.seconds, options.in_time)
    if options.plot:
        options.plot.write_text(memory_plot(report["beyond"]["memory_mb"]))
    print(json.dumps(report))  # noqa: T201


if __name__ == "__main__":
    main()
