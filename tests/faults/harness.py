"""One case: a scenario in a process of its own, a fault in it, and what is found afterwards.

Processes are forked from one that has everything imported, so a case costs a tenth of a second.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from index.errors import PullquoteError
from tests.faults.power import after_power_loss
from tests.faults.recovery import check_beside, check_recovery
from tests.faults.scenarios import Scenario, State
from tests.faults.shim import Fault, Operation, arm, operations

__all__ = ["Case", "Outcome", "Template", "make_template", "run_case"]

_REFUSED, _FAILED = 3, 4


@dataclass(frozen=True, slots=True)
class Template:
    """A scenario, ready in ``folder``; ``steps`` are what it does to the disk, one after another.
    ``seconds``: how long it takes."""

    scenario: Scenario
    folder: Path
    steps: tuple[Operation, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Case:
    """``kind``: ``kill`` (before step ``at``), ``torn`` (in it), ``timed`` (after a share of its
    time), ``power`` (lost at step ``at``) or ``full`` (disk, from step ``at`` on)."""

    kind: str
    at: int
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """``step``: what was being done. ``ended``: ``killed``, ``refused`` or ``done``. ``fault``:
    what does not hold afterwards, else empty."""

    step: str
    ended: str
    fault: str


def make_template(scenario: Scenario, folder: Path, case_folder: Path) -> Template:
    """Prepare a scenario and count its steps. ``case_folder``: where its cases are run, since a
    synced folder is known by its path."""
    folder.mkdir(parents=True)
    case_folder.mkdir()
    imports = folder / "imports"
    _do_first(lambda: scenario.prepare(case_folder / "library"), imports)
    shutil.copytree(case_folder, folder / "template")
    library, log = case_folder / "library", folder / "steps.log"
    began = time.monotonic()

    def act() -> None:
        arm(case_folder, Fault.NONE, log=log)
        scenario.act(library, lambda: None)

    _do_first(act, imports)
    shutil.rmtree(case_folder)
    steps = tuple(operations(log))
    return Template(scenario, folder / "template", steps, time.monotonic() - began)


def run_case(template: Template, case: Case, folder: Path) -> Outcome:
    """Run a scenario with a fault in it and check what is left; ``folder`` is gone afterwards."""
    shutil.copytree(template.folder, folder)
    library, log = folder / "library", folder / "steps.log"
    left = folder
    reading, writing = os.pipe()

    def act() -> None:
        fault = {"kill": Fault.KILL, "torn": Fault.TORN, "power": Fault.KILL, "full": Fault.FULL}
        kept = log if case.kind == "power" else None
        arm(folder, fault.get(case.kind, Fault.NONE), case.at, kept)
        template.scenario.act(library, lambda: _acknowledge(writing))

    patience = template.seconds * random.Random(case.seed).random()
    code = _forked(act, patience if case.kind == "timed" else None)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        acknowledged = len(pipe.read())
    ended = {0: "done", _REFUSED: "refused", -signal.SIGKILL: "killed"}.get(code, "failed")
    step = template.steps[case.at - 1].name if 0 < case.at <= len(template.steps) else "-"
    fault = f"exit code {code}" if ended == "failed" else ""
    if case.kind == "power":
        left = folder / "lost"
        after_power_loss(template.folder, list(operations(log)), left, random.Random(case.seed))
    fault = fault or _check(template.scenario, left, acknowledged, ended)
    shutil.rmtree(folder)
    return Outcome(step, ended, fault)


def _acknowledge(pipe: int) -> None:
    os.write(pipe, b".")


def _check(scenario: Scenario, folder: Path, acknowledged: int, ended: str) -> str:
    """What does not hold, in a process of its own."""
    states: Sequence[State] = scenario.states[acknowledged : acknowledged + 2]
    reading, writing = os.pipe()

    def check() -> None:
        try:
            check_recovery(folder / "library", states, scenario.mixed, scenario.damaged)
            check_beside(scenario.name, folder / "library", states, bool(acknowledged))
        except AssertionError as exc:
            os.write(writing, f"after {acknowledged} steps, {ended}: {exc}".encode()[:4000])

    code = _forked(check)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode()
    return told or ("" if code == 0 else f"the check ended with {code}")


def _forked(work: Callable[[], None], seconds: float | None = None) -> int:
    """Do something in a process of its own, which is killed after ``seconds``; its exit code,
    negative for a signal."""
    process = os.fork()
    if not process:
        try:
            work()
            os._exit(0)
        except PullquoteError:
            os._exit(_REFUSED)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(_FAILED)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _do_first(work: Callable[[], None], imports: Path) -> None:
    """Do something in a process of its own, then import here what it imported, so that the cases
    need not. This process does not do it itself: it is to be forked, and may start no threads.
    ``imports``: a file for their names."""

    def act() -> None:
        work()
        imports.write_text("\n".join(sys.modules))

    if code := _forked(act):
        raise RuntimeError(f"a scenario that no fault befell ended with {code}")
    for name in imports.read_text().splitlines():
        with suppress(ImportError):  # of names that packages put there for no module
            import_module(name)
