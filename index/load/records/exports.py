"""Bring the records of reading lists, feed readers, reference managers and news APIs to the fields
of an article, where these stand in parts of their own: ``{"content": {"content": ...}, "origin":
{"title": ...}}``, ``{"creators": [...], "publicationTitle": ...}``.

Only what is missing is added. Moments in seconds since 1970 are no days: they are of UTC, not of
the outlet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["FALLBACK_TEXTS", "records_of", "with_export_fields"]

# Parts that hold the text, the whole before the abstract; without spaces, dashes and underscores.
_TEXTS = (
    "contenthtml", "contenttext", "htmlcontent", "bodytext", "content", "summary", "highlight",
    "selection", "abstractnote", "abstract",
)  # fmt: skip
FALLBACK_TEXTS = frozenset(_TEXTS)
# Whose pages of saved articles have addresses of their own.
_READERS = ("https://read.readwise.io/", "https://readwise.io/")
_MOST_LEVELS = 4


def records_of(value: Any, level: int = 0) -> list[Any]:
    """Return the records in a file of JSON: a list, the list that an answer or export holds, or the
    one object. The items of a JSON feed have its title as their publisher."""
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping):
        return []
    lists = [part for part in value.values() if _are_records(part)]
    if lists and not isinstance(value.get("text"), str):
        records = max(lists, key=len)
        is_feed = "jsonfeed.org" in str(value.get("version"))
        return (
            [{"publisher": value.get("title"), **record} for record in records]
            if is_feed
            else records
        )
    if level < _MOST_LEVELS:
        for part in value.values():
            if isinstance(part, Mapping) and (records := _inner_records(part, level + 1)):
                return records
    return [value]


def _inner_records(part: Mapping[Any, Any], level: int) -> list[Any]:
    records = records_of(part, level)
    return [] if records == [part] else records


def _are_records(part: Any) -> bool:
    """Whether a value is a list of objects that are articles: they have titles, and words or an
    address."""
    return (
        isinstance(part, list)
        and bool(part)
        and all(isinstance(record, Mapping) for record in part)
        and any("title" in name.casefold() for name in map(str, part[0]))
        and len(part[0]) > 2
    )


def with_export_fields(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Add the fields of an article that a record has in parts of its own."""
    parts = {re.sub(r"[\W_]+", "", str(name).casefold()): part for name, part in values.items()}
    inner = parts.get("fields")
    if isinstance(inner, Mapping):
        parts = {**{str(name).casefold(): part for name, part in inner.items()}, **parts}
    whole = dict(values)
    additions = {
        "text": _first(_texts(parts)),
        "url": _url(parts),
        "publisher": _first(_publishers(parts)),
        "author": "; ".join(_creators(parts)) or None,
        "published_at": _issue_day(parts.get("issued")),
    }
    if _is_of_reader(whole.get("url")):
        whole["url"] = additions["url"]
    if additions["author"] and isinstance(whole.get("author"), list):
        whole["author"] = additions["author"]
    for field, value in additions.items():
        if value and whole.get(field) in (None, ""):
            whole[field] = value
    return whole


def _first(texts: Iterable[Any]) -> str | None:
    return next((text for text in texts if isinstance(text, str) and text.strip()), None)


def _texts(parts: Mapping[str, Any]) -> Iterator[Any]:
    for name in _TEXTS:
        part = parts.get(name)
        if isinstance(part, Mapping):
            yield part.get("content")
        elif name not in ("content", "summary"):
            yield part


def _is_of_reader(url: Any) -> bool:
    return isinstance(url, str) and url.startswith(_READERS)


def _url(parts: Mapping[str, Any]) -> str | None:
    address = parts.get("url")
    is_readers = _is_of_reader(address)
    links = [parts.get("sourceurl") if is_readers else address, parts.get("canonicalurl")]
    links.append(parts.get("source"))
    for name in ("canonical", "alternate"):
        part = parts.get(name)
        if isinstance(part, list) and part and isinstance(part[0], Mapping):
            links.append(part[0].get("href"))
    return _first(link for link in links if isinstance(link, str) and link.startswith("http"))


def _publishers(parts: Mapping[str, Any]) -> Iterator[Any]:
    yield parts.get("sitename")
    for name in ("origin", "source", "sourcehostname"):
        part = parts.get(name)
        if isinstance(part, Mapping):
            yield part.get("name")
            yield part.get("title")
        elif isinstance(part, str) and part[:1].isupper() and not re.search(r"[/.]", part):
            yield part


def _creators(parts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of people that are given in two parts."""
    people = [parts.get("creators"), parts.get("author")]
    for person in next((part for part in people if isinstance(part, list)), []):
        if isinstance(person, Mapping) and person.get("creatorType", "author") == "author":
            names = (person.get("firstName", person.get("given")),
                     person.get("lastName", person.get("family")))  # fmt: skip
            if any(names):
                yield " ".join(str(name) for name in names if name)


def _issue_day(part: Any) -> str | None:
    """Return the day of publication that reference managers give in numbers."""
    days = part.get("date-parts") if isinstance(part, Mapping) else None
    if not isinstance(days, list) or not days or not isinstance(days[0], list):
        return None
    numbers = [str(number) for number in days[0]]
    if len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        return None
    return f"{numbers[0]:0>4}-{numbers[1]:0>2}-{numbers[2]:0>2}"
