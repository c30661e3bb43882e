"""Parse JSON from untrusted clients: its size and depth are checked before it is parsed.

A megabyte of ``[0,0,...]`` is half a million values, and a validator that reports an error for each
of them takes gigabytes. So the values are counted in the bytes first, without parsing. Bodies of
more than a few kilobytes are never handled on the event loop.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.problem import Problem, invalid

__all__ = [
    "MAX_DEPTH",
    "MAX_LIST",
    "MAX_VALUES",
    "JsonRequest",
    "check_bounds",
    "parse_json",
]

# Of a question: 50 turns and some filters; of OpenAI's clients: conversations of 5,000 messages.
MAX_VALUES = 20_000
# Names in one filter. SQLite takes 32,766 values in a statement.
MAX_LIST = 10_000
MAX_DEPTH = 64

_SMALL = 16 * 1024

# A string, closed or not, or what opens, closes or goes on. Possessive: never tried twice.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{,:]|[\]}]', re.DOTALL)


class JsonRequest(Request):
    """A request whose JSON is read and parsed before FastAPI asks for it."""

    _payload: Any

    async def parse(self) -> None:
        """Read the body, and parse it if it is JSON. ``Problem``: 422 beyond the bounds, 400 for
        invalid JSON."""
        body = await self.body()
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not body or not re.fullmatch(r"application/(?:\S+\+)?json", kind):
            return
        if len(body) <= _SMALL:
            self._payload = _parse_bounded(body)
        else:
            self._payload = await run_in_threadpool(_parse_bounded, body)

    async def json(self) -> Any:
        """Return the value that :meth:`parse` read."""
        return self._payload


def _parse_bounded(body: bytes) -> Any:
    return check_bounds(parse_json(body, MAX_VALUES), "body")


def parse_json(body: bytes, max_values: int) -> Any:
    """Parse a JSON document in UTF-8. ``Problem``: 422 beyond ``max_values`` values or
    ``MAX_DEPTH`` levels, 400 for invalid JSON, also where a key stands twice in an object: which of
    its values is meant, nobody can tell."""
    _count(body, max_values)
    try:
        # Told to, json takes UTF-16 too, in which half a letter looks like a quotation mark.
        return json.loads(str(body, "utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as exc:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body is not JSON: {exc}") from exc


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        key = next(key for key in value if counts[key] > 1)
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"the body has the key {key[:64]!r} twice in one object"
        )
    return value


def _count(body: bytes, max_values: int) -> None:
    values = depth = 0
    for token in _TOKENS.finditer(body):
        match body[token.start()]:
            case 0x5B | 0x7B:
                depth += 1
                values += 1
            case 0x5D | 0x7D:
                depth -= 1
            case 0x2C | 0x3A:
                values += 1
        if values > max_values:
            raise invalid(f"more than {max_values:,} values; send it in parts")
        if depth > MAX_DEPTH:
            raise invalid(f"nested more than {MAX_DEPTH} deep")


def check_bounds(value: Any, where: str) -> Any:
    """Return the value unchanged if it is within bounds.

    Raises ``Problem`` (422) when a list in it has more than ``MAX_LIST`` items (named by its path,
    which begins with ``where``), or all of it more than ``MAX_VALUES``. The value must have no
    cycles.
    """
    top: _Place = (None, where)
    stack = [(top, value)] if isinstance(value, dict | list) else []
    count = 0
    while stack:
        place, container = stack.pop()
        if isinstance(container, list) and len(container) > MAX_LIST:
            raise invalid(
                f"at most {MAX_LIST:,} values in a list, not {len(container):,}",
                _dotted_path(place),
            )
        inner = container.items() if isinstance(container, dict) else enumerate(container)
        count += len(container)
        if count > MAX_VALUES:
            raise invalid(f"more than {MAX_VALUES:,} values; send it in parts", where)
        stack += [((place, key), item) for key, item in inner if isinstance(item, dict | list)]
    return value


# The place of the container, and the key or index in it. Whole paths would repeat long keys.
_Place = tuple["_Place | None", object]


def _dotted_path(place: _Place | None) -> str:
    parts = []
    while place is not None:
        place, key = place
        parts.append(str(key)[:64])
    return ".".join(reversed(parts))
