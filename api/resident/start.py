"""Start a resident process in the background."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

from api.resident.protocol import IDLE_SECONDS, mode_of

__all__ = ["start_resident"]


def start_resident(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the process, apart from this one's terminal and streams. Where one is running already,
    the new one ends at once."""
    mode = mode_of(environment)
    idle = mode if mode.isdigit() else str(IDLE_SECONDS)
    # -P: no module of the folder that the question was asked in.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "api.resident", idle],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
