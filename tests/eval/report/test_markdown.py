from __future__ import annotations

import re
from pathlib import Path

import pytest

from eval.errors import TableError
from eval.report.markdown import table, write_table

ROOT = Path(__file__).resolve().parents[3]
WRITTEN = ("evaluation", "scale")
DOCUMENT = "Before\n\n<!-- table a -->\nold\n<!-- end a -->\n\nAfter\n"


def test_a_table_has_a_line_a_row() -> None:
    assert table(("set", "n"), [("a", "1"), ("b", "2")]) == (
        "| set | n |\n|---|---|\n| a | 1 |\n| b | 2 |"
    )


def test_a_table_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "doc.md"
    path.write_text(DOCUMENT)
    write_table(path, "a", "new\ntable")
    assert path.read_text() == DOCUMENT.replace("old", "new\ntable")
    write_table(path, "a", "old")
    assert path.read_text() == DOCUMENT


@pytest.mark.parametrize("text", ["nothing", DOCUMENT.replace("<!-- end a -->", ""), DOCUMENT * 2])
def test_a_document_without_its_place_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "doc.md"
    path.write_text(text)
    with pytest.raises(TableError, match="table a"):
        write_table(path, "a", "new")
    assert path.read_text() == text


def test_each_table_that_a_command_writes_has_its_place_in_the_document() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "eval").rglob("*.py"))
    named = re.findall(r'(?:write_table\([\w.]+, |show_table\()"([^"]+)"', sources)
    names = {
        *(*named, "changes", "corruptions", "judged", "open", "sets", "updates", "reader"),
        "premises",
    }
    places = re.findall(r"<!-- table (.+) -->\n(?:\|.*\n)+<!-- end \1 -->", written_documents())
    assert sorted(places) == sorted(names)


def written_documents() -> str:
    """The documents that have such tables."""
    return "".join((ROOT / "docs" / f"{name}.md").read_text("utf-8") for name in WRITTEN)


def test_each_table_between_markers_has_the_form_that_commands_write() -> None:
    tables = re.findall(r"<!-- table (.+) -->\n((?:\|.*\n)+)<!-- end \1 -->", written_documents())
    for name, text in tables:
        head, _, *rows = [line[2:-2].split(" | ") for line in text.splitlines()]
        assert rows, name
        assert table(head, rows) + "\n" == text, name
        assert {len(row) for row in rows} == {len(head)}, name
