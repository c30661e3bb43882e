"""Log lines as JSON, one object a line, each with the id of the request it belongs to."""

from __future__ import annotations

import json
import logging
import re
import sys
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

__all__ = ["JsonLines", "configure", "named_request", "request_id"]

# Empty outside a request. Work that runs in a pool is handed a copy of its request's context.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_SAFE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "color_message"}


def named_request(given: str | None) -> str:
    """The id for a request: the one its sender gave where it is safe to repeat, or a new one."""
    return given if given and _SAFE.fullmatch(given) else uuid.uuid4().hex


class JsonLines(logging.Formatter):
    """A record as one line of JSON; what a call gives as ``extra`` stands beside the message."""

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


def configure(level: int = logging.INFO) -> None:
    """Send everything that is logged in this process to standard error, as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # One line for each request is enough.
    logging.getLogger("mcp").setLevel(max(level, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
