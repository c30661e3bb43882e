"""The protocol between a command of the command line and the resident process.

One JSON object a line over a Unix socket in ``PULLQUOTE_HOME/resident``. A request says who asks
(:func:`identity`): a process that was started from other code, with another interpreter or under
other settings declines. Imported by every question, so it imports next to nothing.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

__all__ = [
    "COMMANDS",
    "IDLE_SECONDS",
    "LOCK",
    "MAX_BYTES",
    "SOCKET",
    "TERMINAL",
    "Lines",
    "address",
    "identity",
    "is_eligible",
    "is_own_peer",
    "is_supported",
    "mode_of",
    "open_folder",
    "resident_folder",
    "send",
]

_FORMAT: Final = 1
COMMANDS: Final = ("ask", "search", "timeline")
# Seconds without a question after which the process ends, unless the setting says.
IDLE_SECONDS: Final = 600
SOCKET: Final = "socket"
LOCK: Final = "lock"
MAX_BYTES: Final = 16 * 1024 * 1024
# What decides how an answer looks on a terminal.
TERMINAL: Final = (
    "TERM",
    "COLORTERM",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "TTY_COMPATIBLE",
    "TTY_INTERACTIVE",
)
# What may decide what the answer is, and how it is computed.
_PREFIXES: Final = (
    "PULLQUOTE_",
    "PYTHON",
    "LC_",
    "LD_",
    "OMP_",
    "MKL_",
    "OPENBLAS_",
    "ORT_",
    "CUDA_",
    "HF_",
    "TRANSFORMERS_",
    "TOKENIZERS_",
)
_NAMES: Final = ("HOME", "LANG", "LANGUAGE", "TMPDIR", "TZ", "XDG_CACHE_HOME", "XDG_DATA_HOME")
# How long the process stays is no matter of the answer; keys are nobody's business; the last two
# are always set once anything is imported.
_LEFT_OUT: Final = (
    "PULLQUOTE_RESIDENT",
    "PULLQUOTE_MODEL_API_KEY",
    "ORT_DISABLE_TELEMETRY",
    "HF_HUB_DISABLE_TELEMETRY",
)
_PATHS: Final = ("PULLQUOTE_HOME", "PULLQUOTE_LIBRARY", "PULLQUOTE_ENCODER")
_MODE: Final = re.compile(r"off|started|on|[1-9][0-9]{0,5}")
_CREDENTIALS: Final = struct.Struct("3i")


def is_supported() -> bool:
    """Whether this system has Unix sockets that say who is at their other end."""
    return hasattr(socket, "AF_UNIX") and hasattr(socket, "SO_PEERCRED") and hasattr(os, "geteuid")


def mode_of(environment: Mapping[str, str]) -> str:
    """Return the setting ``PULLQUOTE_RESIDENT``: ``off``, ``started``, ``on`` or a number of
    seconds. A value that is none of these counts as ``off`` here; the settings refuse it later."""
    mode = environment.get("PULLQUOTE_RESIDENT", "started")
    return mode if _MODE.fullmatch(mode) else "off"


def is_eligible(arguments: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a resident process may do this command: a question that our own reader answers from
    a library in a folder. Chat models and servers have keys, which are not handed about."""
    others = ("PULLQUOTE_MODEL", "PULLQUOTE_MODEL_URL", "PULLQUOTE_STORE", "PULLQUOTE_RERANKER")
    return (
        bool(arguments)
        and arguments[0] in COMMANDS
        and not {"-h", "--help"} & set(arguments)
        and not any(environment.get(name) for name in others)
        and not any(name.endswith("_COMPLETE") for name in environment)
        and environment.get("PULLQUOTE_READER", "spans") in ("spans", "fast")
    )


def identity(environment: Mapping[str, str]) -> dict[str, Any]:
    """Describe the code, the interpreter and the settings with which a question is answered, in
    plain JSON types."""
    relevant = {
        name: value
        for name, value in environment.items()
        if (name in _NAMES or name.startswith(_PREFIXES)) and name not in _LEFT_OUT
    }
    is_relative = any(name in relevant and not os.path.isabs(relevant[name]) for name in _PATHS)
    return {
        "format": _FORMAT,
        "python": sys.executable,
        "code": os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
        "environment": relevant,
        # Of paths that are given from here.
        "folder": os.getcwd() if is_relative else "",
    }


def resident_folder(environment: Mapping[str, str]) -> str:
    """Return the folder of the socket, in ``PULLQUOTE_HOME``."""
    home = environment.get("PULLQUOTE_HOME")
    if not home:
        from platformdirs import user_data_dir

        home = user_data_dir("pullquote", appauthor=False)
    return os.path.join(home, "resident")


def open_folder(folder: str) -> int | None:
    """Open the folder of the socket; ``None`` when it is not there, or others may write to it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    status = os.fstat(descriptor)
    if status.st_uid == os.geteuid() and not status.st_mode & 0o077:
        return descriptor
    os.close(descriptor)
    return None


def address(descriptor: int) -> str:
    """Return the address of the socket in an open folder: addresses have 107 bytes at most, folders
    may have longer names."""
    return f"/proc/self/fd/{descriptor}/{SOCKET}"


def is_own_peer(connection: socket.socket) -> bool:
    """Whether a process of the same user is at the other end."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(raw)
    return bool(user == os.geteuid())


def send(connection: socket.socket, record: Mapping[str, Any]) -> None:
    """Send an object as one line of JSON. Raises ``OSError`` when the other end is gone."""
    connection.sendall(json.dumps(record).encode() + b"\n")


class Lines:
    """Reads the JSON objects that arrive over a connection, one a line."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""

    def next(self) -> dict[str, Any]:
        """Wait for the next line and return its object.

        The connection's timeout holds for each piece of the line, not for all of it. Raises
        ``OSError`` when no more comes in that time or the other end has closed, ``ValueError`` for
        a line that is no JSON object or is longer than ``MAX_BYTES``.
        """
        while b"\n" not in self._buffer:
            piece = self._connection.recv(65_536)
            if not piece:
                raise ConnectionError("the other end is gone")
            self._buffer += piece
            if len(self._buffer) > MAX_BYTES:
                raise ValueError("too long")
        line, self._buffer = self._buffer.split(b"\n", 1)
        record = json.loads(line)
        if not isinstance(record, dict):
            raise ValueError("no object")
        return record
