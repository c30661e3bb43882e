"""One bad record costs one article, whatever is wrong with it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import load_bytes, load_file
from index.load.base import one_of_many
from tests.index.load.conftest import LIMIT, Load, One, Refusal

GOOD = json.dumps({"id": "good", "text": "The ferry sails again. All is well."})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "A b.", "count": ' + "9" * 5000 + "}", "not an article"),
        ('{"text": "A b.", "url": "http://[x"}', "no address"),
        ('{"text": "A b.", "url": "http://x.example/\\ud800"}', "U+D800"),
        ('{"text": "A b.", "published_at": ' + "9" * 400 + "}", "published_at"),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": "A b.", "language": "\\udfff"}', "U+DFFF"),
    ],
)
def test_a_bad_line_is_one_refusal(load: Load, line: str, reason: str) -> None:
    before, failed, after = load("a.jsonl", f"{GOOD}\n{line}\n{GOOD}\n")
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert isinstance(failed, LoadError)
    assert reason in failed.reason, failed


def test_a_bad_row_is_one_refusal(load: Load) -> None:
    first, failed, last = load(
        "a.csv", "text,url\nA b c.,\nA b c.,http://[x\nD e f.,https://a.example/b\n"
    )
    assert isinstance(failed, LoadError)
    assert isinstance(first, Article)
    assert isinstance(last, Article)


def test_what_nobody_thought_of_is_a_refusal() -> None:
    def stumble() -> Article:
        raise ZeroDivisionError("by nothing")

    failed = one_of_many("a.x:3", stumble)
    assert isinstance(failed, LoadError)
    assert failed.source == "a.x:3"
    assert "ZeroDivisionError" in failed.reason


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ("tags: " + "[" * 28_000 + "]" * 28_000, "levels deep"),
        ("a: &x {b: 1}\nc:\n  <<: *x", "not read"),
        ("a: &x [1]\nb: [*x, *x]", "not read"),
        ("id: " + "1" * 70_000, "65,536 characters"),
        ("id: " + "1" * 5_000, "front matter"),
        ("date: 2025-13-45", "front matter"),
    ],
)
def test_front_matter_that_does_harm(refusal: Refusal, known: str, reason: str) -> None:
    assert reason in refusal("a.md", f"---\n{known}\n---\nBody.")


def test_front_matter_may_be_empty(one: One) -> None:
    assert one("a.md", "---\n---\nBody of it.").text == "Body of it."


def test_a_page_with_a_bad_address_is_known_by_its_own() -> None:
    page = "<html><head><link rel=canonical href='http://[x'></head><body><article><p>"
    page += "The harbour was closed on Monday after the storm had taken two cranes.</p></article>"
    (found,) = load_bytes(
        page.encode(), "a", url="https://a.example/b", content_type="text/html", max_chars=LIMIT
    )
    assert isinstance(found, Article), found
    assert found.url == "https://a.example/b"


@pytest.mark.parametrize("link", ["http://[x", "//[x/b", "http://[::1"])
def test_a_bad_address_in_a_page_costs_no_article(link: str) -> None:
    page = (
        f"<!-- saved from url=(0009){link} --><html><head><title>The pier is shut</title></head>"
        f"<body><article><h1><a href='{link}'>The pier is shut</a></h1><p><a href='{link}'>The</a> "
        "harbour was closed on Monday after the storm had taken two cranes.</p></article></body>"
    )
    (found,) = load_bytes(page.encode(), "a", content_type="text/html", max_chars=LIMIT)
    assert isinstance(found, Article), found
    assert (found.title, found.url) == ("The pier is shut", None)


@pytest.mark.parametrize(
    ("fields", "author", "publisher"),
    [
        ({"author": ["Ada Brandt", "Bo Castell"]}, "Ada Brandt; Bo Castell", None),
        ({"author": {"name": "Ada Brandt"}, "publisher": {"name": "Post"}}, "Ada Brandt", "Post"),
        ({"authors": [{"name": "Ada Brandt"}, {"name": "Bo"}]}, "Ada Brandt; Bo", None),
        ({"author": [], "publisher": {}, "language": ["de", "en"]}, None, None),
        ({"title": None, "author": None, "publisher": None, "language": None}, None, None),
    ],
)
def test_fields_in_other_forms(
    one: One, fields: dict[str, object], author: str | None, publisher: str | None
) -> None:
    record = {"text": ["The pier is shut.", "It opens in May."], "title": ["Pier"], **fields}
    found = one("a.jsonl", json.dumps(record))
    assert found.text == "The pier is shut.\n\nIt opens in May."
    assert (found.author, found.publisher) == (author, publisher)
    front = "".join(f"{name}: {json.dumps(value)}\n" for name, value in fields.items())
    found = one("a.md", f"---\n{front}---\nThe pier is shut.")
    assert (found.author, found.publisher) == (author, publisher)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_lines_in_the_encodings_of_other_systems(load: Load, encoding: str) -> None:
    lines = ['{"text": "The pier is “shut”."}', '{"text": ', '{"text": "It opens in May."}']
    first, failed, last = load("a.jsonl", "\r\n".join(lines).encode(encoding))
    assert isinstance(first, Article)
    assert first.text == "The pier is “shut”."
    assert isinstance(failed, LoadError)
    assert "not JSON" in failed.reason
    assert isinstance(last, Article)


def test_names_of_files_do_nothing_to_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2Jb.txt"
    path.write_text("")
    (failed,) = load_file(path, LIMIT)
    assert isinstance(failed, LoadError)
    assert "\x1b" not in str(failed)
    assert "\\x1b[2Jb.txt" in failed.source
    path.write_text("The ferry sails again.")
    (found,) = load_file(path, LIMIT)
    assert isinstance(found, Article), found
    assert "\x1b" not in found.title + found.source + found.id


def test_names_of_files_in_no_encoding(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("The ferry sails again.")
    (found,) = load_file(path, LIMIT)
    assert isinstance(found, Article), found
    found.source.encode()


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<p>The pier is shut.</p><p>It <b>opens</b> in May.</p>",
         "The pier is shut.\n\nIt opens in May."),
        ("The pier is shut.<br><br>It opens in May.<br/>", "The pier is shut.\nIt opens in May."),
        ("Boots &amp; Co. has left the pier.", "Boots & Co. has left the pier."),
        ("The pier is shut.<br>It opens in May.", "The pier is shut.\nIt opens in May."),
        ("The pier<br>is shut. It opens.", "The pier\nis shut. It opens."),
        (r"The pier is shut.\n\nIt opens.", "The pier is shut.\n\nIt opens."),
        (r"It is in C:\new since May.", r"It is in C:\new since May."),
        ("In HTML <br> ends a line, and a < b.", "In HTML <br> ends a line, and a < b."),
        ("It <b>opens</b>, with 5 m<sup>2</sup> more.", "It opens, with 5 m^2 more."),
        ("It opens <a href='/x'>in May</a>.", "It opens in May."),
        ("In HTML <b>these</b> are bold.", "In HTML <b>these</b> are bold."),
    ],
)  # fmt: skip
def test_text_that_was_taken_out_of_a_page_with_its_mark_up(
    one: One, written: str, text: str
) -> None:
    assert one("a.jsonl", json.dumps({"text": written})).text == text
