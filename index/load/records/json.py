"""Files of JSON: a list of articles, one article, or what a news API or a reading list exports."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import ValidationError

from index.errors import LoadError
from index.load.base import Loaded, Source, decode, one_of_many
from index.load.records.exports import records_of
from index.load.records.jsonl import JsonlLoader, Record, explain, loaded

__all__ = ["JsonLoader"]

MAX_BYTES = 100_000_000


class JsonLoader:
    """``.json``: an article a record, with the fields of a line of JSON Lines.

    The records are those of a list, also of one within what an API answers, or the file is one
    record. A file with a record a line is read as such.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    content_types: ClassVar[tuple[str, ...]] = ("application/json",)
    max_bytes: ClassVar[int | None] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        try:
            value = json.loads(decode(source.read(MAX_BYTES), source.name), strict=False)
        except RecursionError as exc:
            raise source.refused("nested too deeply") from exc
        except json.JSONDecodeError as exc:
            if exc.msg == "Extra data":
                yield from JsonlLoader().load(source, max_chars)
                return
            raise source.refused(f"not JSON: {exc.msg} at character {exc.pos + 1}") from exc
        records = records_of(value)
        if not records:
            raise source.refused("no records in the file")
        for number, record in enumerate(records, start=1):
            place = f"{source.name}:{number}" if len(records) > 1 else source.name
            yield one_of_many(place, functools.partial(_article, record, place, max_chars))


def _article(record: Any, place: str, max_chars: int) -> Loaded:
    try:
        return loaded(Record.model_validate(record), place, max_chars)
    except ValidationError as exc:
        return LoadError(place, explain(exc))
