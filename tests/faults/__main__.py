"""``python -m tests.faults``: build the shim and run :mod:`tests.faults.run` with it loaded."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.faults.shim import build, missing

__all__ = ["main"]


def main() -> int:
    """Run with the options of :mod:`tests.faults.run`; its exit status."""
    if reason := missing():
        raise SystemExit(f"no faults can be injected here: {reason}")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "LD_PRELOAD": str(build(Path(folder))),
            # A process that has threads already cannot be forked safely.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", "tests.faults.run", *sys.argv[1:]]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
