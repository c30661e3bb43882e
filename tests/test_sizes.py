"""Files and functions stay small enough to be read at once (docs/style.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("api", "eval", "examples", "index", "rag", "tests")
FILE_LINES, FUNCTION_LINES = 400, 50


def sources() -> Iterator[tuple[str, str]]:
    """Every source file: its path from the root, and its text."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def long_functions(text: str) -> dict[str, int]:
    """The functions of a text that have as many lines as the limit, or more, with the number."""
    lines = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {name: count for name, count in lines.items() if count >= FUNCTION_LINES}


def test_files_are_short() -> None:
    assert [path for path, text in sources() if len(text.splitlines()) >= FILE_LINES] == []


def test_functions_are_short() -> None:
    long = {path: functions for path, text in sources() if (functions := long_functions(text))}
    assert long == {}


def test_a_long_function_would_be_seen() -> None:
    assert long_functions("def f():\n" + "    x = 1\n" * 49) == {"f": 50}
    assert long_functions("def f():\n" + "    x = 1\n" * 48) == {}
