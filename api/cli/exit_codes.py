"""The exit codes of the commands, beside 0 for success."""

from __future__ import annotations

__all__ = ["FAILURE", "INTERRUPTION", "MISUSE"]

FAILURE = 1
# A question or a setting that makes no sense; also what typer exits with for unknown options.
MISUSE = 2
# 128 + SIGINT, as shells have it.
INTERRUPTION = 130
