"""Log lines as JSON, one object a line, each with the id of the request it belongs to; shorter ones
on a terminal."""

from __future__ import annotations

import json
import logging
import math
import re
import sys
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from index.errors import printable

__all__ = ["JsonLines", "LogSampler", "TerminalLines", "configure", "named_request", "request_id"]

# Empty outside a request. Work that runs in a pool is handed a copy of its request's context.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_KINDS = 1000
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "color_message"}


def named_request(sender_id: str | None) -> str:
    """Choose the id of a request: the sender's own where it is safe to log and echo, or a new
    one."""
    return sender_id if sender_id and _SAFE.fullmatch(sender_id) else uuid.uuid4().hex


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; what a call passes as ``extra`` stands beside the
    message."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": record.process,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TerminalLines(logging.Formatter):
    """Formats a record as a line for somebody who reads along: time, message and how long a request
    took."""

    def format(self, record: logging.LogRecord) -> str:
        loud = f"{record.levelname.lower()}: " if record.levelno > logging.INFO else ""
        took = getattr(record, "milliseconds", None)
        line = f"{datetime.fromtimestamp(record.created):%H:%M:%S} {loud}{record.getMessage()}"
        lines = [line if took is None else f"{line}, {took:.0f} ms"]
        if record.exc_info:
            lines += self.formatException(record.exc_info).splitlines()
        return "\n".join(map(printable, lines))


class LogSampler(logging.Filter):
    """Passes one record of a kind in every ``seconds``, with the number left out since, so that a
    flood of connections does not fill the log.

    A kind is a message before its values are filled in. ``clock`` counts seconds.
    """

    def __init__(self, seconds: float = 10.0, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._seconds = seconds
        self._clock = clock
        # kind: (until when it is left out, how often it was)
        self._kinds: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this record is to be written."""
        now, kind = self._clock(), str(record.msg)[:200]
        until, left_out = self._kinds.get(kind, (-math.inf, 0))
        if now < until:
            self._kinds[kind] = (until, left_out + 1)
            return False
        if len(self._kinds) >= _KINDS:
            self._kinds.clear()
        self._kinds[kind] = (now + self._seconds, 0)
        if left_out:
            record.left_out = left_out
        return True


def configure(level: int = logging.INFO) -> None:
    """Send all log records of this process to standard error: as JSON lines, unless that is a
    terminal."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TerminalLines() if sys.stderr.isatty() else JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # One line for each request is enough.
    logging.getLogger("mcp").setLevel(max(level, logging.WARNING))
    for name in ("asyncio", "uvicorn.error"):
        # Any client can cause these messages as often as it likes.
        logging.getLogger(name).filters = [LogSampler()]
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
