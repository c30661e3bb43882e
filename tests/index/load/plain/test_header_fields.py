"""Lines of names and values above a text are its fields, and no text."""

from __future__ import annotations

from datetime import date

import pytest

from tests.index.load.conftest import One

BODY = "The board of Varnes shut the hall on Tuesday.\n\nIt had been empty for six years."
FIELDS = "Author: Nora Feld\nDate: 2025-11-25 08:00\nCategory: News\n\n"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.txt", f"Title: Hall shut\n{FIELDS}"),
        ("a.txt", f"Hall shut\n{FIELDS}"),
        ("a.txt", "Hall shut\nNora Feld\n25 November 2025\n\n"),
        ("a.txt", "Hall shut\nBy Nora Feld\nNovember 25, 2025\n\n"),
        ("a.md", f"title:   Hall shut  \n{FIELDS}"),
        ("a.md", "# Hall shut\n\n**Author:** Nora Feld  \n**Date:** November 25, 2025\n\n"),
    ],
)
def test_fields_above_a_text(one: One, name: str, head: str) -> None:
    article = one(name, head + BODY)
    assert article.title == "Hall shut"
    assert article.author == "Nora Feld"
    assert article.text.endswith(BODY)
    assert "Author" not in article.text
    if article.published_at:
        assert article.published_at == date(2025, 11, 25)
        assert article.text == BODY


def test_what_is_said_beside_the_fields_is_listed(one: One) -> None:
    assert one("a.txt", f"Hall shut\n{FIELDS}{BODY}").findings.left_out == (
        ("Category: News", "header"),
    )


def test_what_is_no_value_of_a_field_is_listed_too(one: One) -> None:
    lines = ("Language: English", "URL: www.varnes.example/hall")
    article = one("a.txt", "\n".join(["Hall shut", "Author: Nora Feld", *lines, "", BODY]))
    assert (article.author, article.language, article.url) == ("Nora Feld", "", None)
    assert article.findings.left_out == tuple((line, "header") for line in lines)
    assert (
        one("b.txt", f"Hall shut\nLanguage: de-AT\nAuthor: Nora Feld\n\n{BODY}").language == "de-at"
    )


@pytest.mark.parametrize("first", ["# Hall shut\n\n", "Hall shut\nhttps://varnes.example/hall\n"])
def test_a_title_of_markdown_or_above_an_address(one: One, first: str) -> None:
    assert one("a.txt", first + BODY).title == "Hall shut"


@pytest.mark.parametrize(
    "head", ["Feld: Why now?\nTarn: The lease ends.\n\n", "Author: me\nServings: 4\n\n"]
)
def test_other_lines_stay(one: One, head: str) -> None:
    assert one("a.txt", head + BODY).text == head + BODY
