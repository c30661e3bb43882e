"""The process that reads files for another one (:mod:`index.load.isolate`).

Requests come on standard input, a line of JSON and the bytes after it; results go to standard
output, a line of JSON an article.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.load.base import Source

__all__ = ["allow_seconds", "serve"]


def serve(memory: int, seconds: int) -> None:
    """Read sources from standard input and write results to standard output, until the input ends.

    memory: the most bytes of address space that the process may take.
    seconds: the most processor time from one answer to the next; beyond it the system ends the
        process.
    """
    _limit(memory)
    # Parsers log what they stumble over; what comes of it is said in the answers.
    logging.disable()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # What a library prints must not get among the answers.
    sys.stdout = sys.stderr
    while line := requests.readline():
        request = json.loads(line)
        size = request.pop("bytes")
        module, _, name = request.pop("loader").partition(":")
        max_chars = request.pop("max_chars")
        path = request.pop("path")
        source = Source(
            **request,
            path=Path(path) if path else None,
            data=None if size is None else requests.read(size),
        )
        loader = getattr(importlib.import_module(module), name)()
        _limit_seconds(seconds)
        for answer in _answers(loader, source, max_chars):
            answers.write(json.dumps(answer, default=date.isoformat).encode() + b"\n")
            answers.flush()
            _limit_seconds(seconds)


def _answers(loader: Any, source: Source, max_chars: int) -> Iterator[dict[str, Any]]:
    try:
        for item in loader.load(source, max_chars):
            if isinstance(item, LoadError):
                yield {"refused": [item.source, item.reason]}
            elif isinstance(item, Article):
                yield {"article": asdict(item)}
            else:
                yield {"record": asdict(item)}
    except LoadError as exc:
        yield {"raised": [exc.source, exc.reason]}
    except MemoryError:
        yield {
            "raised": [source.name, "too large or too tangled: it needs more memory than is given"]
        }
    except RecursionError:
        yield {"raised": [source.name, "nested too deeply"]}
    except Exception as exc:  # a parser stumbled: that is the file's fault, and the next one's turn
        yield {"raised": [source.name, f"unreadable: {type(exc).__name__}: {exc}"]}
    else:
        yield {"done": True}


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    # Who started us may have been given less than that, and nobody may take more.
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    memory = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_seconds(seconds: int) -> None:
    """Set the processor time allowed from now, where there is a limit: for a loader whose parts
    take long."""
    try:
        import resource
    except ImportError:
        return
    if resource.getrlimit(resource.RLIMIT_CPU)[0] != resource.RLIM_INFINITY:
        _limit_seconds(seconds)


def _limit_seconds(seconds: int) -> None:
    """Limit the processor time, counted from now."""
    try:
        import resource
    except ImportError:
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = int(usage.ru_utime + usage.ru_stime) + 1 + seconds
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = until if most == resource.RLIM_INFINITY else min(until, most)
    resource.setrlimit(resource.RLIMIT_CPU, (until, most))
