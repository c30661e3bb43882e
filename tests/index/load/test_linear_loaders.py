"""What a file costs grows with its size, whatever is in it, in every format that is text: compared
are a file and one four times as large, which a loader may read or refuse."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from index.errors import LoadError
from index.load.base import Loader, Source
from index.load.html.loader import HtmlLoader
from index.load.mail.eml import EmlLoader
from index.load.mail.mbox import MboxLoader
from index.load.plain.markdown import MarkdownLoader
from index.load.records.csv import CsvLoader
from index.load.records.jsonl import JsonlLoader
from tests.index.test_linear import LONGER, times

_FLOWED = "Subject: s\nContent-Type: text/plain; format=flowed\n\n"
FILES: dict[str, tuple[Loader, int, Callable[[int], str]]] = {
    "opening brackets": (MarkdownLoader(), 7_000, lambda n: "[" * n),
    "brackets around brackets": (
        MarkdownLoader(),
        10_000,
        lambda n: "[" * (n // 2) + "]" * (n // 2),
    ),
    "marks of emphasis": (MarkdownLoader(), 20_000, lambda n: "**a*" * (n // 4)),
    "beginnings of links": (MarkdownLoader(), 20_000, lambda n: "[a](" * (n // 4)),
    "levels of a list": (MarkdownLoader(), 80_000, lambda n: "- " * (n // 2) + "a"),
    "definitions": (
        MarkdownLoader(),
        20_000,
        lambda n: "".join(f"[a{i}]: x\n" for i in range(n // 10)) + "a",
    ),
    "encoded words": (
        EmlLoader(),
        80_000,
        lambda n: "Subject: " + "=?utf-8?q?a?= " * (n // 14) + "\n\nA b c.",
    ),
    "addresses": (EmlLoader(), 80_000, lambda n: "From: " + "a@b.c, " * (n // 7) + "\n\nA b c."),
    "comments in a header": (EmlLoader(), 80_000, lambda n: "From: " + "(" * n + "\n\nA b c."),
    "lines that flow": (EmlLoader(), 150_000, lambda n: _FLOWED + "a \n" * (n // 3)),
    "mails in a box": (MboxLoader(), 10_000, lambda n: "From a\nSubject: s\n\nb\n\n" * (n // 23)),
    "a field of quotation marks": (
        CsvLoader(),
        80_000,
        lambda n: 'text\n"' + '""' * (n // 2) + '"',
    ),
    "columns": (CsvLoader(), 40_000, lambda n: "text," * (n // 5) + "\n" + "a," * (n // 5)),
    "tags in tags": (HtmlLoader(), 40_000, lambda n: "<div>" * (n // 5) + "A b c."),
    "attributes of a tag": (
        HtmlLoader(),
        40_000,
        lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n // 8)) + ">A b c.",
    ),
    "lists in an item": (
        HtmlLoader(),
        10_000,
        lambda n: f"<p>{'A b c. ' * 9}</p><ul><li>a" + "<ul><li>b</li></ul>" * (n // 19),
    ),
    "formats in formats": (HtmlLoader(), 20_000, lambda n: "<b><i><a><p>" * (n // 12) + "A b c."),
    "labels in a sentence": (
        HtmlLoader(),
        7_000,
        lambda n: "<p>A b c" + "<label></label>" * (n // 15) + ".",
    ),
    "signatures without an end": (
        EmlLoader(),
        80_000,
        lambda n: (
            "Subject: s\n\n-----BEGIN PGP SIGNED MESSAGE-----\n\nA b c.\n"
            + "-----BEGIN PGP SIGNATURE-----\n\n" * (n // 31)
        ),
    ),
    "rulers": (MarkdownLoader(), 20_000, lambda n: "a\n\n" + "-- --\nb\n\n" * (n // 9)),
    "drawn rules": (MarkdownLoader(), 20_000, lambda n: "+--+--+\n|  |  |\n" * (n // 16)),
    "rules of a style sheet": (
        HtmlLoader(),
        40_000,
        lambda n: f"<style>{'/*{' * (n // 6)}{'.a{top:0' * (n // 16)}</style><p>A b c.",
    ),
    "columns of a page": (
        HtmlLoader(),
        2_000,
        lambda n: "<table>" + "<tr><td colspan=999>a" * (n // 21),
    ),
    "lists in lists of JSON": (JsonlLoader(), 80_000, lambda n: '{"text":"a","x":' + "[" * n),
}


@pytest.mark.parametrize("name", FILES)
def test_four_times_the_file_is_four_times_the_work(name: str) -> None:
    loader, size, made = FILES[name]

    def load(text: str) -> None:
        # What is refused has been looked at, too.
        with suppress(LoadError):
            list(loader.load(Source("file", "file", data=text.encode()), 5_000_000))

    load(made(200))
    assert times(load, made(size), made(LONGER * size)) == []
