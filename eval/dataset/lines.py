"""Read the files of a question set; every error names the file and the line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import DatasetError

__all__ = ["Row", "csv_rows", "json_file", "jsonl_rows", "read_text", "text_lines"]


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file, with its path and line."""

    path: Path
    line: int
    fields: dict[str, Any]

    def error(self, reason: str) -> DatasetError:
        return DatasetError(self.path, self.line, reason)

    def text(self, *names: str, default: str | None = None) -> str:
        """Return the first of the named fields that is there, as text; ``DatasetError`` when none
        is there and there is no ``default``."""
        for name in names:
            value = self.fields.get(name)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, str | int | float):
                raise self.error(f"{name!r} must be text, not {type(value).__name__}")
            return str(value)
        if default is None:
            raise self.error(f"the field {names[0]!r} is missing")
        return default

    def name(self, *names: str) -> str:
        """Return an id, the first of the named fields; ``DatasetError`` when it is blank."""
        value = self.text(*names).strip()
        if not value:
            raise self.error(f"{names[0]!r} is empty")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a field as a list of texts: a missing field is empty, a single text a list of
        one."""
        value = self.fields.get(name)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{name!r} must be a list of texts")
        return tuple(value)

    def flag(self, name: str, default: bool) -> bool:
        value = self.fields.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.error(f"{name!r} must be true or false, not {value!r}")
        return value


def read_text(path: Path) -> str:
    """Read a file as UTF-8; ``DatasetError`` with the line of a byte that is not UTF-8."""
    data = _read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise DatasetError(path, line, "this is not UTF-8 text: save the file as UTF-8") from exc


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number (from 1) and text of every line that is not blank.

    Only a line feed ends a line: JSON may hold U+2028 and the like unescaped.
    """
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            yield number, line.rstrip("\r")


def jsonl_rows(path: Path) -> Iterator[Row]:
    """Yield the JSON objects of a file that has one on each line."""
    for number, line in text_lines(path):
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as exc:
            column = getattr(exc, "colno", 1)
            raise DatasetError(
                path, number, f"broken JSON at column {column}: mend or remove the line"
            ) from exc
        if not isinstance(value, dict):
            raise DatasetError(
                path, number, f"expected a JSON object, found {type(value).__name__}"
            )
        yield Row(path, number, value)


def csv_rows(path: Path, delimiter: str = ",") -> Iterator[Row]:
    """Yield the records of a CSV file with a header; ``line`` is where the record ends."""
    reader = csv.DictReader(
        io.StringIO(read_text(path), newline=""), delimiter=delimiter, strict=True
    )
    reader.restkey = None
    previous = csv.field_size_limit(2**31 - 1)
    try:
        for record in reader:
            if None in record:
                raise DatasetError(path, reader.line_num, "more fields than the header has")
            if any(value is None for value in record.values()):
                raise DatasetError(path, reader.line_num, "fewer fields than the header has")
            yield Row(path, reader.line_num, dict(record))
    except csv.Error as exc:
        raise DatasetError(path, reader.reader.line_num, f"broken CSV: {exc}") from exc
    finally:
        csv.field_size_limit(previous)


def json_file(path: Path) -> Any:
    """Read a file that holds one JSON value."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as exc:
        raise DatasetError(path, exc.lineno, f"broken JSON: {exc.msg}") from exc


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise DatasetError(path, None, "there is no such file") from exc
    except OSError as exc:
        raise DatasetError(path, None, f"cannot be read: {exc.strerror}") from exc
