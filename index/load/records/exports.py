"""Bring the records of reading lists, feed readers, reference managers and news APIs to the fields
of an article, where these stand in parts of their own: ``{"content": {"content": ...}, "origin":
{"title": ...}}``, ``{"creators": [...], "publicationTitle": ...}``.

Only what is missing is added. Moments in seconds since 1970 are no days: they are of UTC, not of
the outlet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from index.load.records.field_names import has_title, with_known_names

__all__ = ["article_fields", "records_of"]

# Parts that hold the text, the whole before the abstract; without spaces, dashes and underscores.
_TEXTS = (
    "contenthtml", "contenttext", "htmlcontent", "bodytext", "content", "summary", "highlight",
    "selection", "abstractnote", "abstract",
)  # fmt: skip
# Whose pages of saved articles have addresses of their own.
_READERS = ("https://read.readwise.io/", "https://readwise.io/")
_MOST_LEVELS = 4


def records_of(value: Any) -> list[Any]:
    """Return the records in a file of JSON: a list, those that an answer or export holds, or the
    one object, which has a text of its own. The items of a JSON feed have its title as their
    publisher."""
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping):
        return []
    # Without any text each record is refused for itself, with the names that it has.
    return list(_inner_records(value, _has_text)) or list(_inner_records(value, bool)) or [value]


def _inner_records(
    value: Mapping[Any, Any], is_whole: Callable[[Any], bool], level: int = 0
) -> Iterator[Any]:
    """Yield an object with a text, or the records that stand anywhere in it; of lists those with a
    record that is whole."""
    if _has_text(value):
        yield value
        return
    feed = {"publisher": value.get("title")} if "jsonfeed.org" in str(value.get("version")) else {}
    for part in value.values():
        if _are_records(part) and any(map(is_whole, part)):
            yield from ({**feed, **item} for item in part)
        # The text within a titled object is of a picture or a quotation.
        elif (
            isinstance(part, Mapping)
            and level < _MOST_LEVELS
            and not (has_title(value) and _has_text(part))
        ):
            yield from _inner_records(part, is_whole, level + 1)


def _has_text(value: Any) -> bool:
    return isinstance(value, Mapping) and article_fields(value).get("text") not in (None, "", [])


def _are_records(part: Any) -> bool:
    """Whether a value is a list of objects that are articles: they have titles, and words or an
    address."""
    return (
        isinstance(part, list)
        and bool(part)
        and all(isinstance(record, Mapping) for record in part)
        and has_title(part[0])
        and (len(part[0]) > 2 or _has_text(part[0]))
    )


def article_fields(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Add the fields of an article that a record has under other names, or in parts of its own."""
    return _with_export_fields(with_known_names(values))


def _with_export_fields(values: Mapping[Any, Any]) -> dict[Any, Any]:
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
