"""Inputs made of others: bytes flipped, cut, doubled, spliced and nested, in files, texts and
values of JSON alike, and the way back to the smallest input that still does harm."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, TypeVar

__all__ = ["mutate", "shrink"]

_Row = TypeVar("_Row", str, bytes)

# What has broken programs before.
_AWKWARD = (
    "", " ", "\x00", "\x1b[2J", "\ud800", "\u202e", "\ufeff", "𝟚", "İ", "ß", "%2F", "../", "'", '"',
    "\n", "0", "-1", "1e999", "99999999999999999999", "http://[x", "\U0001f600", "\u0301",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**40, -(2**63), 1e308, "", "a", "\ud800", [], {}, [[]],
    [None], {"": ""}, "2025-02-30",
)  # fmt: skip
# How long what is doubled may become, in characters or bytes, and how deep what is nested: an input
# is written down before it is checked.
_LONGEST, _DEEPEST = 20_000, 500


def mutate(
    value: Any, others: Sequence[Any], pieces: Sequence[str], random: Random, loose: bool = False
) -> Any:
    """The value with one to four changes.

    others: values of the same kind, parts of which may get into it.
    pieces: what means something in such texts.
    loose: whether anything within a list or an object may become a value of another type.
    """
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        changed = _change(value, random.choice(others), pieces, random, loose)
        value = value if _is_too_deep(changed) else changed
    return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        rows = [each.values() if isinstance(each, dict) else each for each in level
                if isinstance(each, dict | list | tuple)]  # fmt: skip
        level = [part for row in rows for part in row]
        if not level:
            return False
    return True


def _change(value: Any, other: Any, pieces: Sequence[str], random: Random, loose: bool) -> Any:
    if isinstance(value, bytes):
        other = other if isinstance(other, bytes) else b""
        if value.startswith(b"PK\x03\x04") and random.random() < 0.7:
            return _change_member(value, pieces, random)
        written = [piece.encode(errors="surrogatepass") for piece in (*pieces, *_AWKWARD)]
        return _change_row(value, other, written, random)
    if isinstance(value, str):
        other = other if isinstance(other, str) else ""
        return _change_row(value, other, (*pieces, *_AWKWARD), random)
    if isinstance(value, tuple) and value:
        at = random.randrange(len(value))
        place = other[at] if isinstance(other, tuple) and len(other) == len(value) else value[at]
        part = _change(value[at], place, pieces, random, loose)
        return (*value[:at], part, *value[at + 1 :])
    if isinstance(value, list):
        return _change_list(value, other, pieces, random, loose)
    if isinstance(value, dict):
        return _change_object(value, other, pieces, random, loose)
    if isinstance(value, bool) or value is None:
        return random.choice(_VALUES) if loose else value
    if isinstance(value, int):
        return random.choice((0, 1, -1, value + 1, -value, value * 2, 10 ** random.randrange(20)))
    return random.choice(_VALUES) if loose else value


def _change_row(row: _Row, other: _Row, pieces: Sequence[_Row], random: Random) -> _Row:
    """A change in a text or in bytes."""
    start = random.randrange(len(row) + 1)
    end = min(len(row), start + int(random.expovariate(0.05)))
    head, taken, rest = row[:start], row[start:end], row[end:]
    kind = random.choice(("flip", "cut", "end", "double", "nest", "splice", "write", "write"))
    if kind == "cut":
        return head + rest
    if kind == "end":
        return head
    if kind == "double":
        return head + taken * min(random.choice((2, 3, 300)), 1 + _LONGEST // (1 + len(row))) + rest
    if kind == "nest":
        often = random.choice((3, 50, 500))
        piece = random.choice(pieces)
        return head + (piece * often)[:_LONGEST] + taken + (piece * often)[:_LONGEST] + rest
    if kind == "splice":
        cut = random.randrange(len(other) + 1)
        return head + other[cut : cut + random.choice((5, 50, 5000))] + rest
    if kind == "flip" and start < len(row):
        return row[:start] + _flip(row[start : start + 1], random) + row[start + 1 :]
    return head + random.choice(pieces) + rest


def _flip(one: _Row, random: Random) -> _Row:
    """One character or byte with a bit of it changed."""
    if isinstance(one, bytes):
        return bytes([one[0] ^ (1 << random.randrange(8))])
    return chr(ord(one) ^ (1 << random.randrange(16))) if ord(one) < 0x10000 else "\ufffd"


def _change_member(data: bytes, pieces: Sequence[str], random: Random) -> bytes:
    """A change in a file of a zip file, or in its name."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            members = old.namelist()
            chosen = random.choice(members)
            for name in members:
                content = old.read(name)
                if name == chosen and random.random() < 0.1:
                    name = _change(name, "../a", pieces, random, False)
                elif name == chosen:
                    content = _change(content, content[::-1], pieces, random, False)
                new.writestr(name, content)
    except Exception:  # damaged by the changes before this one
        return data
    return out.getvalue()


def _change_list(
    value: list[Any], other: Any, pieces: Sequence[str], random: Random, loose: bool
) -> Any:
    kind = random.choice(("part", "part", "part", "cut", "double", "splice", "other"))
    if kind == "other" and loose:
        return random.choice((*_VALUES, [value], {"a": value}, _nested(value, random)))
    if kind == "splice" and isinstance(other, list):
        return value[: random.randrange(len(value) + 1)] + other[random.randrange(len(other) + 1) :]
    if not value:
        return [random.choice(_VALUES)] if loose else value
    at = random.randrange(len(value))
    if kind == "cut":
        return value[:at] + value[at + 1 :]
    if kind == "double":
        return (value * random.choice((2, 2, 40)))[:_LONGEST]
    place = other[at % len(other)] if isinstance(other, list) and other else value[at]
    part = _change(value[at], place, pieces, random, loose)
    return [*value[:at], part, *value[at + 1 :]]


def _change_object(
    value: dict[str, Any], other: Any, pieces: Sequence[str], random: Random, loose: bool
) -> Any:
    kind = random.choice(("part", "part", "part", "part", "cut", "name", "splice", "other"))
    if kind == "other" and loose:
        return random.choice((*_VALUES, [value], {**value, "a": value}, _nested(value, random)))
    if kind == "splice" and isinstance(other, dict):
        return {**value, **{name: other[name] for name in other if random.random() < 0.5}}
    if not value:
        return {"a": random.choice(_VALUES)} if loose else value
    chosen = random.choice(list(value))
    rest = {name: each for name, each in value.items() if name != chosen}
    if kind == "cut":
        return rest
    if kind == "name":
        return {**rest, _change(chosen, "", pieces, random, False): value[chosen]}
    place = other.get(chosen, value[chosen]) if isinstance(other, dict) else value[chosen]
    if loose and random.random() < 0.2:
        return {**value, chosen: random.choice((*_VALUES, value))}
    return {**value, chosen: _change(value[chosen], place, pieces, random, loose)}


def _nested(value: Any, random: Random) -> Any:
    for _ in range(random.choice((5, 63, 70, 400))):
        value = [value] if random.random() < 0.5 else {"a": value}
    return value


def shrink(value: Any, fails: Callable[[Any], bool], seconds: float) -> Any:
    """The smallest value found in that time that still fails: parts are left out, large ones first,
    for as long as that goes on."""
    ends = time.monotonic() + seconds
    smaller = True
    while smaller:
        smaller = False
        for part in _parts(value):
            if time.monotonic() > ends:
                return value
            if fails(part):
                value, smaller = part, True
                break
    return value


def _parts(value: Any) -> Iterator[Any]:
    """What is left of a value without one part of it."""
    if isinstance(value, str | bytes | list):
        row: Any = value
        size = (len(row) + 1) // 2
        while size:
            for start in range(0, len(row), size):
                yield row[:start] + row[start + size :]
            size //= 2
    if isinstance(value, list | tuple):
        for at, each in enumerate(value):
            for part in _parts(each):
                yield type(value)((*value[:at], part, *value[at + 1 :]))
    if isinstance(value, dict):
        for name in value:
            yield {other: each for other, each in value.items() if other != name}
        for name, each in value.items():
            for part in _parts(each):
                yield {**value, name: part}
