"""A process that checks inputs of a family's targets, one after another, and its supervisor.

A crash takes the process and not the run: what it was at is written down beforehand.
"""

from __future__ import annotations

import multiprocessing
import pickle
import resource
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, BinaryIO

from tests.api.fuzz.mutation import shrink
from tests.api.fuzz.target import Family, Target, inputs_of

__all__ = ["Count", "Find", "Turn", "supervise"]

# Processor time that one input may take, and how long nothing may be heard of any, in seconds.
_SLOW = 20
_PATIENCE = 900
# Address space of a process: what an input makes it take beyond that is a find.
_MEMORY = 16 << 30
# How long the smallest input is looked for, and after how many finds a target rests.
_SHRINKING = 20.0
_FINDS = 3


@dataclass(frozen=True)
class Turn:
    """A turn of each of a family's targets, but for those that rest."""

    family: Family
    seed: str
    resting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Count:
    """So many more cases of a target. ``done`` once its turn is over."""

    target: str
    cases: int
    done: bool = False


@dataclass(frozen=True)
class Find:
    """What happened to an input, in words, and where, which is the same for the same fault.
    ``fatal`` where the process died of it."""

    target: str
    place: str
    what: str
    value: Any
    fatal: bool = False


class _SlowError(BaseException):
    """An input took more processor time than any should. Nothing catches it on the way."""


def supervise(turn: Turn) -> Iterator[Count | Find]:
    """Have a turn done in processes of its own, and tell how it goes. When one dies or says nothing
    for long, the target it was at rests, and another process does the others."""
    resting = set(turn.resting)
    while True:
        with _started(Turn(turn.family, turn.seed, frozenset(resting))) as ran:
            process, reports, note = ran
            while reports.poll(_PATIENCE):
                try:
                    report = reports.recv()
                except EOFError:
                    break
                if report is None:
                    return
                if isinstance(report, Count) and report.done:
                    resting.add(report.target)
                yield report
            process.kill()
            process.join()
            name, value = pickle.loads(note.read_bytes())  # noqa: S301 - our own
            resting.add(name)
            what = f"its process ended ({process.exitcode}) or said nothing for {_PATIENCE} s"
            yield Find(name, what, what, value, fatal=True)


@contextmanager
def _started(turn: Turn) -> Iterator[tuple[Any, Connection, Path]]:
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as home:
        note = Path(home) / "note"
        note.write_bytes(pickle.dumps(("opening", None)))
        reports, told = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(turn, told, Path(home)))
        process.start()
        told.close()
        try:
            yield process, reports, note
        finally:
            process.join(10)
            process.kill()
            reports.close()


def _work(turn: Turn, reports: Connection, home: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, _raise)
    with turn.family.open(home / "home") as targets, (home / "note").open("r+b") as note:
        for target in targets:
            if target.name not in turn.resting:
                random = Random(f"{turn.seed} {target.name}")
                _fuzz(target, random, turn.family.cases, _Bench(note, reports.send, target))
    reports.send(None)


def _raise(number: int, frame: FrameType | None) -> None:
    raise _SlowError(f"more than {_SLOW} seconds of processor time")


class _Bench:
    """Checks inputs of a target, each written down before."""

    def __init__(self, note: BinaryIO, send: Callable[[Any], None], target: Target) -> None:
        self.send = send
        self._note = note
        self._target = target

    def fault_of(self, value: Any) -> BaseException | None:
        """What is raised of an input; nothing, as a rule."""
        self._note.seek(0)
        self._note.write(pickle.dumps((self._target.name, value)))
        self._note.flush()
        signal.setitimer(signal.ITIMER_PROF, _SLOW)
        try:
            self._target.check(value)
        except BaseException as exc:  # a native library's panic is no Exception
            if isinstance(exc, KeyboardInterrupt):
                raise
            return exc
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        return None


def _fuzz(target: Target, random: Random, cases: int, bench: _Bench) -> None:
    told, untold = time.monotonic(), 0
    places: set[str] = set()
    for value in islice(inputs_of(target, random), cases):
        untold += 1
        fault = bench.fault_of(value)
        if fault is not None and (place := _place(fault)) not in places:
            places.add(place)
            bench.send(_find(target, value, fault, bench))
        if len(places) >= _FINDS:
            break
        if time.monotonic() > told + 1:
            bench.send(Count(target.name, untold))
            told, untold = time.monotonic(), 0
    bench.send(Count(target.name, untold, done=True))


def _find(target: Target, value: Any, fault: BaseException, bench: _Bench) -> Find:
    place = _place(fault)

    def fails(part: Any) -> bool:
        again = bench.fault_of(part)
        return again is not None and _place(again) == place

    if not isinstance(fault, _SlowError):
        value = shrink(value, fails, _SHRINKING)
        fault = bench.fault_of(value) or fault
    return Find(target.name, place, "".join(traceback.format_exception(fault)), value)


def _place(fault: BaseException) -> str:
    """Where it was raised, without the input."""
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {frame.filename}:{frame.lineno}"
