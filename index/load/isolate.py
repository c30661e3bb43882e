"""Run loaders in a process of their own, so that no file can harm this one.

A crafted file can make a parser, of PDF as of YAML, crash, loop or use all memory. The process
(:mod:`index.load.reader`) has a limit of memory, an article a limit of time; beyond either it is
killed and the file refused. It is started with the first file, serves one after another, and ends
with this process. Its environment holds what Python needs to run, and no key.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, Protocol, cast

from index.article import Article, Findings
from index.errors import LoadError
from index.load.base import Loaded, Loader, Source
from index.telemetry import OFF

__all__ = ["IsolatedLoader", "Limits", "Parser", "Record", "isolated"]

# The signal of a process that used up its processor time, where there are signals.
_OUT_OF_TIME = int(getattr(signal, "SIGXCPU", 0))
# How many times the limit of processor time it may take by the clock.
_PATIENCE = 10
_START = (
    "import sys; sys.path[:0] = {path!r}; "
    "from index.load.reader import serve; serve({memory}, {seconds})"
)


# What Python, the C library and the loader of shared libraries look up to run at all.
_VARIABLES = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "TZ", "TMPDIR", "TEMP", "TMP"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "OMP_NUM_THREADS", "OMP_WAIT_POLICY"),
)


def _environment() -> dict[str, str]:
    """Make the environment of the other process, of allowed variables only."""
    variables = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
    return variables | OFF | {"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}


@dataclass(frozen=True)
class Limits:
    """``memory`` in bytes, of the process. ``seconds`` of processor time from article to article.

    Ten times as long by the clock is the limit for loaders that wait, and for systems (Windows)
    that enforce neither limit.
    """

    memory: int = 2 << 30
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class Record:
    """A result that is no article: its fields in plain JSON types."""

    values: dict[str, Any]


class Parser(Protocol):
    """What can run in the other process: a loader, or a parser of other things than articles, each
    a dataclass."""

    def load(self, source: Source, limit: int, /) -> Iterator[Any]: ...


class IsolatedLoader:
    """A loader that runs ``inner`` in another process.

    Sources of more than its ``max_bytes`` (``None``: any) are refused unread.
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
        for item in isolated(self.inner, source, max_chars, self.limits):
            if isinstance(item, Record):
                raise source.refused("its reader answered with what is no article")
            yield item


def isolated(
    parser: Parser, source: Source, limit: int, limits: Limits
) -> Iterator[Loaded | Record]:
    """Yield what ``parser.load(source, limit)`` yields, run in another process.

    ``parser`` is an object of a module's public class that is made without arguments. Raises
    ``LoadError`` where the parser does, and when it crashes or exceeds ``limits``.
    """
    worker = _take(limits)
    try:
        kind = type(parser)
        yield from worker.work(f"{kind.__module__}:{kind.__qualname__}", source, limit)
    except BaseException:
        # Whatever it still had to say must not reach the next file.
        if not worker.idle:
            worker.kill()
        raise
    finally:
        if worker.idle:
            _give_back(worker)


class _Worker:
    """One process. ``idle`` is true while it waits for the next source."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.idle = True
        self._late, self._closing = threading.Event(), threading.Event()
        # When it is to have said something, on the clock of time.monotonic.
        self._due: float | None = None
        code = _START.format(
            path=[entry or str(Path.cwd()) for entry in sys.path],
            memory=limits.memory,
            seconds=limits.seconds,
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            # Ctrl-C in a terminal is for this process, which ends that one.
            env=_environment(), process_group=0,
        )  # fmt: skip
        threading.Thread(target=self._watch, daemon=True).start()

    def work(self, loader: str, source: Source, max_chars: int) -> Iterator[Loaded | Record]:
        self.idle = False
        request: dict[str, Any] = asdict(source) | {"path": source.path and str(source.path)}
        data = request.pop("data")
        request |= {
            "loader": loader,
            "max_chars": max_chars,
            "bytes": None if data is None else len(data),
        }
        try:
            self._stdin.write(json.dumps(request).encode() + b"\n" + (data or b""))
            self._stdin.flush()
        except OSError:
            raise self._lost(source) from None
        while (answer := self._next(source)) is not None:
            yield answer
        self.idle = True

    def _next(self, source: Source) -> Loaded | Record | None:
        self._due = time.monotonic() + _PATIENCE * self.limits.seconds
        line = self._stdout.readline()
        self._due = None
        if not line.endswith(b"\n"):
            raise self._lost(source)
        try:
            return self._parse_answer(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as exc:
            # Whoever has taken the process over may say anything.
            self._process.kill()
            raise source.refused("its reader answered with what is no article") from exc

    def _parse_answer(self, answer: dict[str, Any]) -> Loaded | Record | None:
        if "raised" in answer:
            self.idle = True
            raise LoadError(*answer["raised"])
        if "refused" in answer:
            return LoadError(*answer["refused"])
        if "record" in answer:
            return Record(dict(answer["record"]))
        return _article(answer["article"]) if "article" in answer else None

    def _watch(self) -> None:
        while not self._closing.wait(self.limits.seconds):
            due = self._due
            if due is not None and time.monotonic() > due:
                self._late.set()
                self._process.kill()
                return

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
        """End the process at once, whatever it does."""
        self._process.kill()
        self._process.wait()
        self.close()

    def close(self) -> None:
        """Let the process end by itself, by closing its input."""
        self._closing.set()
        for pipe in (self._stdin, self._stdout):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


def _article(fields: dict[str, Any]) -> Article:
    """Make an article of plain JSON types."""
    record = fields.pop("findings")
    findings = Findings(
        left_out=tuple((text, reason) for text, reason in record["left_out"]),
        unclear_day=record["unclear_day"],
        other_days=tuple(record["other_days"]),
        guessed_day=_day(record["guessed_day"]),
        rows=tuple(record["rows"]),
        code=tuple(record["code"]),
    )
    day = _day(fields.pop("published_at"))
    recognition = fields.pop("recognition")
    return Article(
        **fields,
        published_at=day,
        findings=findings,
        recognition=None if recognition is None else tuple(map(float, recognition)),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_idle: list[_Worker] = []
_mutex = threading.Lock()


def _take(limits: Limits) -> _Worker:
    with _mutex:
        for worker in [candidate for candidate in _idle if candidate.limits == limits]:
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
