"""Read the lines ``Author: Nora Feld`` above a text, by themselves or below its title."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.load.records.field_names import field_named
from index.text.dates import needs_order, parse_day
from index.text.normalise import word_set

__all__ = ["Header", "split_header"]

_LINE = re.compile(r"[*_]{0,2}([^\W\d_][\w -]{0,30}):[*_]{0,2}[ \t]+(\S[^\n]*?)[*_ \t]*")
_ADDRESS = re.compile(r"https?://")
_LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")
_MOST_LINES = 20
_FIELDS = word_set("title text author publisher url language") | {"published_at"}
_OWN_NAMES = {"date": "published_at"} | {name: name for name in _FIELDS - {"text"}}
# What is said of an article beside its fields.
_UNREAD_NAMES = word_set(
    "created updated modified lastmodified category categories tags keywords topics slug status"
    " section summary description layout template permalink draft type format accessed retrieved"
    " copyright license rights"
)


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of a text, by their names in a record, and the lines that are none of them."""

    fields: dict[str, str] = field(default_factory=dict)
    unread_lines: tuple[str, ...] = ()


def split_header(text: str) -> tuple[Header, str]:
    """Return the header of a text, which is empty where there is none, and the text without it.

    It is two lines or more up to the next blank one, each a name and a value, the names all known.
    One line may stand above it, the title.
    """
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if start < len(lines) and not _LINE.fullmatch(lines[start]):
        start += 1
        start += next((at for at, line in enumerate(lines[start:]) if line.strip()), 0)
    ends = (at for at in range(start, len(lines)) if not lines[at].strip())
    end = next(ends, len(lines))
    if not 2 <= end - start <= _MOST_LINES or end == len(lines):
        return Header(), text
    fields: dict[str, str] = {}
    unread_lines: list[str] = []
    for line in lines[start:end]:
        name, value = _field(line)
        if not name:
            return Header(), text
        if name in fields or name == "other":
            unread_lines.append(line.strip())
        else:
            fields[name] = value
    if not fields:
        return Header(), text
    return Header(fields, tuple(unread_lines)), "\n".join([*lines[:start], *lines[end:]])


def _field(line: str) -> tuple[str, str]:
    """Return the name of the field that a line states, ``other`` for one that is not stored, and
    its value; empty where the line states none that is known."""
    match = _LINE.fullmatch(line)
    if match is None:
        return "", ""
    label, value = re.sub(r"[\W_]+", "", match[1].casefold()), match[2]
    name = _OWN_NAMES.get(label) or field_named(label)
    if label == "source":
        name = "url" if _ADDRESS.match(value) else "publisher"
    if name == "text" or (name is None and label not in _UNREAD_NAMES):
        return "", ""
    if name == "published_at" and not (parse_day(value) or needs_order(value)):
        return "", ""
    # "English" and "www.example.org" are no values of a record.
    is_unfit = (name == "language" and not _LANGUAGE_TAG.fullmatch(value)) or (
        name == "url" and not _ADDRESS.match(value)
    )
    return "other" if name is None or is_unfit else name, value
