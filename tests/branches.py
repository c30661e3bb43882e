"""``python -m tests.branches [TESTS]``: count the branches of index, rag and api that tests take.

They are counted in every process that the tests start. The reader of files and what answers in the
background get an environment that says nothing of it, so all run in an environment of Python
(``build/branches``) that begins to count as it starts. What was counted adds up over several runs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import time
import venv
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_FOLDER = ROOT / "build" / "branches"
_PACKAGES, _COUNTS, _OPTIONS = _FOLDER / "packages", _FOLDER / "counts", _FOLDER / "options"
_PARTS = ("index", "rag", "api")
# The tests of all parts, and of what is above them.
_TESTS = ("tests/index", "tests/rag", "tests/api", "tests/examples", "tests/eval")
_RUN = f"""[run]
branch = true
parallel = true
sigterm = true
patch = _exit
data_file = {_COUNTS}/branches
source = {",".join(str(ROOT / part) for part in _PARTS)}
"""
# How long a reader's counts may be unwritten while it reads one file, in seconds.
_UNWRITTEN = 0.5


def start() -> None:
    """Begin to count, in a process that has just started."""
    os.environ["COVERAGE_PROCESS_START"] = str(_OPTIONS)
    coverage: Any = __import__("coverage")
    count = coverage.process_startup()
    if count is not None and b"index.load.reader" in Path("/proc/self/cmdline").read_bytes():
        _write_often(count)


def _write_often(count: Any) -> None:
    """Have the counts of a reader written before it waits for a file and after an article: who
    wants no more of one ends the process."""
    written = time.monotonic()

    class Requests:
        buffer = sys.stdin.buffer

        def readline(self) -> bytes:
            count.save()
            return self.buffer.readline()

        def read(self, size: int) -> bytes:
            return self.buffer.read(size)

    class Answers:
        buffer = sys.stdout.buffer

        def write(self, data: bytes) -> int:
            return self.buffer.write(data)

        def flush(self) -> None:
            nonlocal written
            self.buffer.flush()
            if time.monotonic() > written + _UNWRITTEN:
                count.save()
                written = time.monotonic()

    class Stream:
        def __init__(self, buffer: object) -> None:
            self.buffer = buffer

    streams: tuple[Any, Any] = Stream(Requests()), Stream(Answers())
    sys.stdin, sys.stdout = streams


def _prepare() -> Path:
    """Make the environment; returns its Python."""
    _COUNTS.mkdir(parents=True, exist_ok=True)
    _OPTIONS.write_text(_RUN)
    environment = _FOLDER / "environment"
    python = environment / "bin" / "python"
    if not python.exists():
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        subprocess.run([*pip, "--target", str(_PACKAGES), "coverage>=7.10"], check=True)
        venv.create(environment, symlinks=True, with_pip=False)
    (packages,) = environment.glob("lib/python*/site-packages")
    known = sysconfig.get_path("purelib")
    lines = [str(ROOT), known, str(_PACKAGES), "from tests.branches import start; start()"]
    # A line that is no path has to be one that imports.
    lines[-1] = f"import tests.branches; exec({lines[-1]!r})"
    (packages / "branches.pth").write_text("\n".join(lines) + "\n")
    return python


def _told() -> str:
    """Return the counts of each part, and of all."""
    known = {**os.environ, "PYTHONPATH": str(_PACKAGES)}
    command = [sys.executable, "-m", "coverage"]
    options, whole = f"--rcfile={_OPTIONS}", f"--data-file={_FOLDER}/whole"
    counts = sorted(map(str, _COUNTS.glob("branches.*")))
    combined = [*command, "combine", "--quiet", "--keep", options, whole, *counts]
    subprocess.run(combined, env=known, check=True)
    report = _FOLDER / "report.json"
    subprocess.run(
        [*command, "json", "--quiet", options, whole, "-o", report], env=known, check=True
    )
    taken, there = Counter[str](), Counter[str]()
    for name, file in json.loads(report.read_text())["files"].items():
        part = Path(name).resolve().relative_to(ROOT).parts[0]
        for key in (part, "all"):
            taken[key] += file["summary"]["covered_branches"]
            there[key] += file["summary"]["num_branches"]
    return "\n".join(
        f"{part}: {taken[part]:,} of {there[part]:,} branches, {taken[part] / there[part]:.1%}"
        for part in (*_PARTS, "all")
    )


def main() -> None:
    """Run tests and print the counts, whether or not all of them passed: some measure time."""
    python = _prepare()
    for tests in [sys.argv[1:]] if sys.argv[1:] else [[folder] for folder in _TESTS]:
        subprocess.run([python, "-m", "pytest", "-p", "no:cacheprovider", *tests], cwd=ROOT)
    print(_told())  # noqa: T201


if __name__ == "__main__":
    main()
