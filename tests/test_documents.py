"""What the documents point at is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli import app

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
FOLDERS = "api|docs|eval|examples|index|rag|seeds|tests"


def code(text: str) -> list[str]:
    """What stands between backticks, blocks of code left out."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_are_there(document: Path) -> None:
    pattern = re.compile(rf"(?:{FOLDERS})/[\w./-]*")
    named = {word for word in code(document.read_text("utf-8")) if pattern.fullmatch(word)}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text("utf-8"))
    local = [link for link in links if not re.match(r"https?:|mailto:", link)]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_into_documents_name_a_heading(document: Path) -> None:
    links = re.findall(r"\]\(([\w./-]+\.md)#([\w-]+)\)", document.read_text("utf-8"))
    for path, anchor in links:
        text = (document.parent / path).read_text("utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}, path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_have_the_options_that_they_are_shown_with(document: Path) -> None:
    group: Any = get_command(app)
    context = group.make_context("pullquote", ["list"])
    for line in re.findall(r"^\$ .*?\bpullquote ([a-z].*)$", document.read_text("utf-8"), re.M):
        name, *words = shlex.split(line, comments=True)
        command = group.get_command(context, name)
        assert command is not None, line
        if words and words[0] in (parts := getattr(command, "commands", {})):
            command = parts[words[0]]
        known = {option for each in command.get_params(context) for option in each.opts}
        assert {word for word in words if word.startswith("-")} <= known, line


def test_the_readme_is_read_in_five_minutes() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").split()) < 1000


def test_modules_went_where_the_map_says() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \| `([a-z_.]+)` \|$", text, re.MULTILINE)
    assert len(rows) > 50
    assert [new for _, new in rows if not is_module(new)] == []


def test_names_are_where_the_map_says() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| `\w.*?\| (.+ in `rag/.+) \|$", text, re.MULTILINE)
    assert rows
    for place in (part for row in rows for part in row.split(";")):
        names, path = place.rsplit(" in ", 1)
        source = (ROOT / path.strip("` ")).read_text("utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"^(?:def|class) {name}\b", source, re.MULTILINE), (name, path)
