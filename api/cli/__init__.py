"""The command line: ``pullquote COMMAND``.

Exit codes: 0 answered or done, 1 failed (or a part of it failed), 2 used wrongly, 3 abstained.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.cli.application import app

__all__ = ["app", "main"]


def __getattr__(name: str) -> Any:
    # A question that the resident process answers needs nothing of the application.
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from api.cli.application import app

    return app


def main() -> None:
    """Entry point of the ``pullquote`` script. An interruption ends it without a traceback, also
    while the application is being imported."""
    try:
        _run()
    except KeyboardInterrupt:
        from api.cli.exit_codes import INTERRUPTION

        sys.stderr.write("Interrupted.\n")
        sys.exit(INTERRUPTION)


def _run() -> None:
    from api.resident.client import ask_resident

    attempt = ask_resident(sys.argv[1:])
    if attempt.code is not None:
        sys.exit(attempt.code)
    # Before the application, whose first import looks for what would trace it.
    from index.telemetry import switch_off_tracing

    switch_off_tracing()
    from api.cli.application import main as run

    try:
        run()
    finally:
        # Only now: before, it would take the processor from this question.
        if attempt.start:
            from api.resident.start import start_resident

            start_resident(os.environ)
