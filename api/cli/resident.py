"""``pullquote resident``: the process that keeps the models open for the command line."""

from __future__ import annotations

import os
import time
from typing import Final

import typer

from api.cli.exit_codes import FAILURE
from api.cli.output import count_of, stderr, stdout
from api.resident.client import control
from api.resident.protocol import is_supported
from api.resident.start import start_resident
from rag import Settings

__all__ = ["register", "start", "status", "stop"]

_START_SECONDS: Final = 120.0
_PAUSE: Final = 0.1
_NOT_RUNNING: Final = "No such process is running; pullquote resident start starts it."


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    resident = typer.Typer(
        help="Keep the models open, so that questions are answered at once.", no_args_is_help=True
    )
    resident.command(epilog="Example: PULLQUOTE_RESIDENT=3600 pullquote resident start")(start)
    resident.command(epilog="Example: pullquote resident stop")(stop)
    resident.command(epilog="Example: pullquote resident status")(status)
    app.add_typer(resident, name="resident", epilog="Example: pullquote resident start")


def start() -> None:
    """Start the process that answers ask, search and timeline from now on, until none came for
    ten minutes (or as many seconds as PULLQUOTE_RESIDENT says)."""
    Settings.from_environment()
    if not is_supported():
        stderr.print("It needs Linux: this system does not say whose process listens at a socket.")
        raise typer.Exit(FAILURE)
    if control(os.environ, "status"):
        stdout.print("It is running already.")
        return
    process = start_resident(os.environ)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if control(os.environ, "status"):
            stdout.print("It is running.")
            return
        # One that ends well leaves it to another that is starting.
        if process.poll():
            break
        time.sleep(_PAUSE)
    stderr.print("It did not start: pullquote doctor may say why.")
    raise typer.Exit(FAILURE)


def stop() -> None:
    """Stop the process; exit code 1 if there is none."""
    if not control(os.environ, "stop"):
        stderr.print(_NOT_RUNNING)
        raise typer.Exit(FAILURE)
    stdout.print("It is stopped.")


def status() -> None:
    """Say whether the process is running; exit code 1 if it is not."""
    state = control(os.environ, "status")
    if not state:
        stderr.print(_NOT_RUNNING)
        raise typer.Exit(FAILURE)
    stdout.print(
        f"Process {state['pid']}, {count_of(state['answered'], 'command')} in {state['age']} s; "
        f"it ends in {state['ends_in']} s unless asked."
    )
