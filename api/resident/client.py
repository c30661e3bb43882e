"""Let a resident process answer a question from the command line.

Whatever goes wrong with it, the question is answered in this process as if there were none:
nothing is printed before the whole answer is here.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from api.resident.protocol import (
    TERMINAL,
    Lines,
    address,
    identity,
    is_eligible,
    is_own_peer,
    is_supported,
    mode_of,
    open_folder,
    resident_folder,
    send,
)

__all__ = ["Attempt", "ask_resident", "control", "exchange"]

# Seconds until the process has to say that it is there, then between two signs of life, and for
# all of it.
_FIRST_SECONDS: Final = 2.0
_NEXT_SECONDS: Final = 5.0
_ALL_SECONDS: Final = 120.0
_BROKEN_PIPE, _INTERRUPTION = 1, 130

_Operation = tuple[str, str | None]


class Attempt(NamedTuple):
    """The outcome: ``code`` to exit with, ``None`` where the question is still to be answered.
    ``start``: whether to start a process for the next one."""

    code: int | None = None
    start: bool = False


def ask_resident(arguments: Sequence[str]) -> Attempt:
    """Let the resident process do a command and print what it printed, if there is one and the
    command is one that it may do."""
    environment = os.environ
    mode = mode_of(environment)
    if mode == "off" or not is_supported() or not is_eligible(arguments, environment):
        return Attempt()
    if sys.stdout is None or sys.stderr is None:
        return Attempt()
    request = {
        "arguments": list(arguments),
        "identity": identity(environment),
        "terminal": _terminal(environment),
    }
    try:
        reply = exchange(resident_folder(environment), request)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return Attempt(_INTERRUPTION)
    if reply is None:
        return Attempt(start=mode != "started")
    operations, code = _checked(reply)
    if code is None or not all(_fits(operation) for operation in operations):
        return Attempt()
    return Attempt(_replay(operations, code))


def control(environment: Mapping[str, str], action: str) -> dict[str, Any] | None:
    """Ask the resident process for its ``status``, or to ``stop``; ``None`` if there is none."""
    if not is_supported():
        return None
    return exchange(resident_folder(environment), {"control": action})


def exchange(
    folder: str,
    request: Mapping[str, Any],
    first: float = _FIRST_SECONDS,
    following: float = _NEXT_SECONDS,
    whole: float = _ALL_SECONDS,
) -> dict[str, Any] | None:
    """Send a request to the process that listens in a folder, and wait for its reply.

    request: an object of JSON.
    first: seconds that connecting and the first line may take.
    following: seconds that each further line may take. While the process works it sends a line
        every second.
    whole: seconds that all of it may take.

    Returns the reply; ``None`` when no process listens; an empty reply when the one that does
    fails, is of another user, or takes too long.
    """
    descriptor = open_folder(folder)
    if descriptor is None:
        return None
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(first)
            try:
                connection.connect(address(descriptor))
            except (FileNotFoundError, ConnectionRefusedError):
                return None
            return _conversation(connection, request, following, time.monotonic() + whole)
    except (OSError, ValueError):
        return {}
    finally:
        os.close(descriptor)


def _conversation(
    connection: socket.socket, request: Mapping[str, Any], following: float, deadline: float
) -> dict[str, Any]:
    if not is_own_peer(connection):
        return {}
    send(connection, request)
    lines = Lines(connection)
    while True:
        record = lines.next()
        if "alive" not in record:
            return record
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return {}
        connection.settimeout(min(following, remaining))


def _terminal(environment: Mapping[str, str]) -> dict[str, Any]:
    size = None
    for descriptor in (0, 1, 2):
        with suppress(OSError):
            size = list(os.get_terminal_size(descriptor))
            break
    return {
        "environment": {name: environment[name] for name in TERMINAL if name in environment},
        "size": size,
        "out": sys.stdout.isatty(),
        "err": sys.stderr.isatty(),
    }


def _checked(reply: Mapping[str, Any]) -> tuple[list[_Operation], int | None]:
    code, operations = reply.get("code"), reply.get("operations")
    if not isinstance(code, int) or not isinstance(operations, list):
        return [], None
    return [(stream, text) for stream, text in operations], code


def _fits(operation: _Operation) -> bool:
    """Whether the stream's encoding has all of a text; rich explains it where it has not."""
    stream = sys.stdout if operation[0] == "out" else sys.stderr
    try:
        (operation[1] or "").encode(stream.encoding or "utf-8", stream.errors or "strict")
    except UnicodeError:
        return False
    return True


def _replay(operations: Sequence[_Operation], code: int) -> int:
    """Write and flush as the process did, so that a pipe that breaks breaks at the same place."""
    try:
        for name, text in operations:
            stream = sys.stdout if name == "out" else sys.stderr
            if text is None:
                stream.flush()
            else:
                stream.write(text)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    return code
