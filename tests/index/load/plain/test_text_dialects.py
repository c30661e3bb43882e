"""Texts that were written for a program, as their readers see them."""

from __future__ import annotations

import pytest

from index.load.plain.text_dialects import read_dialect
from tests.index.load.conftest import One

MEDIAWIKI = """{{Infobox lake
| area = 41
}}
'''Lake Sorn''' is a [[lake]] in the [[Alt County|Alt]].<ref>Atlas, p. 12.</ref>

== Fish ==
Pike, says [https://dam.example Alt Power].

* Lem
[[Category:Lakes]]
"""
ORG = """#+TITLE: Sorn
#+AUTHOR: Ada Roe
#+OPTIONS: toc:nil

*Lake Sorn* is a [[https://a.example][lake]] in the Alt.

* Fish
:PROPERTIES:
:ID: 12
:END:
Pike, says /Alt Power/.

- Lem
"""
ASCIIDOC = """= Sorn
Ada Roe <ada@a.example>
v1, 2025-03-04
:toc:

*Lake Sorn* is a https://a.example[lake] in the Alt.

== Fish

NOTE: Pike, says _Alt Power_.

* Lem
"""
RESTRUCTURED = """Sorn
====

:Author: Ada Roe
:Date: 2025-03-04

**Lake Sorn** is a `lake <https://a.example>`_ in the Alt.

Fish
----

.. note:: Pike, says *Alt Power*.

- Lem

.. _a: https://a.example
"""


@pytest.mark.parametrize(
    ("content", "title", "author"),
    [
        (MEDIAWIKI, "a", None),
        (ORG, "Sorn", "Ada Roe"),
        (ASCIIDOC, "Sorn", "Ada Roe"),
        (RESTRUCTURED, "Sorn", "Ada Roe"),
    ],
    ids=["MediaWiki", "Org", "AsciiDoc", "reStructuredText"],
)
def test_marks_go_and_words_stay(one: One, content: str, title: str, author: str | None) -> None:
    found = one("a.txt", content)
    assert found.text.split("\n\n") == [
        "Lake Sorn is a lake in the Alt.", "Fish", "Pike, says Alt Power.", "- Lem",
    ]  # fmt: skip
    assert (found.title, found.author) == (title, author)


@pytest.mark.parametrize(
    "text",
    [
        "* Lem\n* Foss\n\nThe *old* pier.",
        "The form says [[name]] twice.",
        "Prices\n======\n\nSee https://a.example[1] and a_b_c.",
        ":smile: she wrote.",
    ],
)
def test_a_mark_alone_is_no_mark_up(text: str) -> None:
    assert read_dialect(text) == (text, {}, ())
