"""Every word that the page says is in one file, ready for another language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.routes.page import WEB

# A literal that reads like words to be shown: two of them with a space between, or a capital first.
SHOWN = re.compile(r"""(["'`])((?:[A-Z][a-z]+|[A-Z]?[a-z’]+ [a-z’]+)[^"'`\n]*)\1""")
# Names of keys, events and the like, which nobody is shown.
UNSHOWN = {"Enter", "Escape", "Files", "Tab", "AbortError", "Bearer ${key}"}
# Styles of an element, and names of events and classes in a row.
CODE = re.compile(r"^[a-z-]+( [a-z-]+)*$")


def code(path: Path) -> str:
    """A script without its comments."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"(?m)(^|\s)//.*$", "", text)


@pytest.mark.parametrize("path", sorted(WEB.glob("*.js")), ids=lambda path: path.name)
def test_scripts_say_nothing_of_their_own(path: Path) -> None:
    literals = [match[2] for match in SHOWN.finditer(code(path))]
    shown = [each for each in literals if each not in UNSHOWN and not CODE.match(each)]
    if path.name == "strings.js":
        assert "Ask the articles" in literals
    else:
        assert shown == []


def test_the_pages_name_words_that_there_are() -> None:
    strings = (WEB / "strings.js").read_text("utf-8")
    for name in ("index.html", "article.html", "libraries.html"):
        page = (WEB / name).read_text("utf-8")
        keys = re.findall(r'data-say(?:-label|-title)?="(\w+)"', page)
        assert keys
        assert [key for key in keys if not re.search(rf"^  {key}:\s", strings, re.MULTILINE)] == []
        said = re.sub(r"<noscript>.*?</noscript>|<kbd>/</kbd>|<[^>]*>|&nbsp;", " ", page)
        assert set(re.findall(r"\w+", said)) <= {"Pullquote"}
