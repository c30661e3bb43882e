"""Loaders run in a process of their own, so that no file can take this one with it.

Parsers of PDF and HTML are large programs in C, and a file made for it can send them into a
crash, into endless work or through all memory. The process has a limit of memory, an article a
limit of time; past either it is killed and the file refused. It is started with the first file,
serves one after another, and ends with this process.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from index.article import Article, Findings
from index.errors import LoadError
from index.load.base import Loaded, Loader, Source

__all__ = ["Isolated", "Limits", "serve"]

# The signal of a process that used up its processor time, where there are signals.
_OUT_OF_TIME = int(getattr(signal, "SIGXCPU", 0))
_START = (
    "import sys; sys.path[:0] = {path!r}; "
    "from index.load.isolate import serve; serve({memory}, {seconds})"
)


@dataclass(frozen=True)
class Limits:
    """``memory`` in bytes, of the process. ``seconds`` of processor time from article to article.
    Ten times as long by the clock is the end for what waits, and for systems (Windows) that keep
    neither limit for us."""

    memory: int = 2 << 30
    seconds: int = 60


class Isolated:
    """A loader that does what ``inner`` does, in another process.

    ``inner`` is an object of a module's public class that is made without arguments. Sources of
    more than its ``max_bytes`` (``None``: any) are refused unread.
    """

    def __init__(self, inner: Loader, limits: Limits | None = None) -> None:
        self.inner = inner
        self.limits = limits or Limits()
        self.suffixes = inner.suffixes
        self.content_types = inner.content_types

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        most = getattr(self.inner, "max_bytes", None)
        if most is not None and source.size > most:
            raise source.refused(
                f"{source.size:,} bytes, over the limit of {most:,} bytes for this format"
            )
        worker = _take(self.limits)
        try:
            kind = type(self.inner)
            yield from worker.work(f"{kind.__module__}:{kind.__qualname__}", source, max_chars)
        except BaseException:
            # Whatever it still had to say must not reach the next file.
            if not worker.idle:
                worker.kill()
            raise
        finally:
            if worker.idle:
                _give_back(worker)


class _Worker:
    """One process. ``idle`` when it waits for the next source."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.idle = True
        self._late = threading.Event()
        code = _START.format(
            path=[each or str(Path.cwd()) for each in sys.path],
            memory=limits.memory,
            seconds=limits.seconds,
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    def work(self, loader: str, source: Source, max_chars: int) -> Iterator[Loaded]:
        self.idle = False
        asked: dict[str, Any] = asdict(source) | {"path": source.path and str(source.path)}
        data = asked.pop("data")
        asked |= {
            "loader": loader,
            "max_chars": max_chars,
            "bytes": None if data is None else len(data),
        }
        try:
            self._stdin.write(json.dumps(asked).encode() + b"\n" + (data or b""))
            self._stdin.flush()
        except OSError:
            raise self._lost(source) from None
        while (said := self._next(source)) is not None:
            yield said
        self.idle = True

    def _next(self, source: Source) -> Loaded | None:
        watchdog = threading.Timer(10 * self.limits.seconds, self._give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            line = self._stdout.readline()
        finally:
            watchdog.cancel()
        if not line.endswith(b"\n"):
            raise self._lost(source)
        said = json.loads(line)
        if "raised" in said:
            self.idle = True
            raise LoadError(*said["raised"])
        if "refused" in said:
            return LoadError(*said["refused"])
        if "article" not in said:
            return None
        return _article(said["article"])

    def _give_up(self) -> None:
        self._late.set()
        self._process.kill()

    def _lost(self, source: Source) -> LoadError:
        code = self._process.wait()
        if self._late.is_set() or code == -_OUT_OF_TIME:
            return source.refused(
                f"given up: {self.limits.seconds} seconds of work did not bring it to an article"
            )
        return source.refused(
            f"its reader crashed or ran out of memory (exit code {code}); the file is damaged, "
            "or made to do harm"
        )

    @property
    def _stdin(self) -> IO[bytes]:
        return cast(IO[bytes], self._process.stdin)

    @property
    def _stdout(self) -> IO[bytes]:
        return cast(IO[bytes], self._process.stdout)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it now, in whatever it does."""
        self._process.kill()
        self._process.wait()
        self.close()

    def close(self) -> None:
        """Let it end by itself: it does when there is nobody left to read from."""
        for pipe in (self._stdin, self._stdout):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


def _article(known: dict[str, Any]) -> Article:
    """The article out of plain JSON types."""
    found = known.pop("findings")
    findings = Findings(
        left_out=tuple((text, reason) for text, reason in found["left_out"]),
        unclear_day=found["unclear_day"],
        other_days=tuple(found["other_days"]),
        guessed_day=_day(found["guessed_day"]),
    )
    day = _day(known.pop("published_at"))
    return Article(**known, published_at=day, findings=findings)


def _day(stated: str | None) -> date | None:
    return date.fromisoformat(stated) if stated else None


_idle: list[_Worker] = []
_mutex = threading.Lock()


def _take(limits: Limits) -> _Worker:
    with _mutex:
        for worker in [each for each in _idle if each.limits == limits]:
            _idle.remove(worker)
            if worker.alive:
                return worker
            worker.close()
    return _Worker(limits)


def _give_back(worker: _Worker) -> None:
    with _mutex:
        if len(_idle) < 2:
            _idle.append(worker)
            return
    worker.close()


@atexit.register
def _close_idle() -> None:
    with _mutex:
        while _idle:
            _idle.pop().close()


# In the other process


def serve(memory: int, seconds: int) -> None:
    """Read sources from standard input and write what loads to standard output, until the end.

    ``memory``: the most bytes of address space that the process may take. ``seconds``: the most
    processor time from one answer to the next, past which the system ends the process.
    """
    import importlib
    import logging

    _limit(memory)
    # Parsers log what they stumble over; what comes of it is said in the answers.
    logging.disable()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # What a library prints must not get among the answers.
    sys.stdout = sys.stderr
    while line := requests.readline():
        asked = json.loads(line)
        size = asked.pop("bytes")
        module, _, name = asked.pop("loader").partition(":")
        max_chars = asked.pop("max_chars")
        path = asked.pop("path")
        source = Source(
            **asked,
            path=Path(path) if path else None,
            data=None if size is None else requests.read(size),
        )
        loader = getattr(importlib.import_module(module), name)()
        _allow(seconds)
        for said in _said(loader, source, max_chars):
            answers.write(json.dumps(said, default=date.isoformat).encode() + b"\n")
            answers.flush()
            _allow(seconds)


def _said(loader: Loader, source: Source, max_chars: int) -> Iterator[dict[str, Any]]:
    try:
        for item in loader.load(source, max_chars):
            if isinstance(item, LoadError):
                yield {"refused": [item.source, item.reason]}
            else:
                yield {"article": asdict(item)}
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


def _allow(seconds: int) -> None:
    """So much more processor time, counted from now."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = until if most == resource.RLIM_INFINITY else min(until, most)
    resource.setrlimit(resource.RLIMIT_CPU, (until, most))
