"""The tables of docs/settings.md are what ``python -m rag.settings`` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.settings.sections import SECTIONS
from rag.settings.table import replace_tables, settings_tables

DOCUMENT = Path(__file__).parents[3] / "docs" / "settings.md"


def test_the_document_has_the_settings_as_they_are() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert replace_tables(text) == text, "run python -m rag.settings --write docs/settings.md"


def test_every_setting_has_a_line_with_its_description() -> None:
    lines = settings_tables().splitlines()
    for section in SECTIONS:
        for name, field in section.model_fields.items():
            assert field.description
            (line,) = (row for row in lines if row.startswith(f"| `PULLQUOTE_{name.upper()}` |"))
            assert line.endswith(f"| {field.description} |")
            # One cell more would shift the others.
            assert line.count("|") == 5


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("HOME", "the platform's user-data folder |  |"),
        ("MODEL_TIMEOUT", "20 | seconds |"),
        ("SPELLING", "on |  |"),
        ("RERANKER", "none |  |"),
        ("FUSION", "`weighted` |  |"),
    ],
)
def test_defaults_and_units_are_told(name: str, cells: str) -> None:
    assert f"| `PULLQUOTE_{name}` | {cells}" in settings_tables()


def test_a_document_without_the_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="settings"):
        replace_tables("# Settings")
