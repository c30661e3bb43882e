"""Read what the style sheets in a page, or in a book, say of words within its sentences: that they
are hidden, struck out or raised.

No style sheet is read from elsewhere, and of selectors only those of names, classes and ids
(``.old``, ``p span.note``). Rules for other media, and for blocks, which scripts show and hide, are
left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from index.load.html.tags import local_name
from index.text.normalise import word_set

__all__ = ["write_styles"]

# Parts of sentences, and what these stand in.
_PARTS = word_set("span b strong i em small font a mark abbr cite u code ins")
_SENTENCES = word_set("p li dd dt td th h1 h2 h3 h4 h5 h6 blockquote figcaption caption")
# What bears on whether words are there, and on where. Of opacity and visibility, scripts have the
# last word.
_PROPERTIES = word_set(
    "display text-decoration text-decoration-line vertical-align position left top clip clip-path"
    " text-indent font-size"
)
# A comment to its end, or to that of the sheet: what is open is never tried twice.
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|<!--|-->")
_BRACE = re.compile(r"[{}]")
_SELECTOR = re.compile(
    r"(?P<around>(?:[a-zA-Z][a-zA-Z0-9]*\s+)*)(?P<name>[a-zA-Z][a-zA-Z0-9]*)?"
    r"(?P<marks>(?:[.#][\w-]+)*)"
)
_MOST_SHEET_CHARS = 500_000
_MOST_RULES = 20


@dataclass(frozen=True, slots=True)
class _Rule:
    """``around``: the names of elements around it. ``name``: its own, or empty. ``marks``: its
    classes and ids, each with its sign. ``weight``: what has more goes before."""

    around: frozenset[str]
    name: str
    marks: frozenset[str]
    declarations: Mapping[str, str]
    weight: tuple[int, int]

    def fits(self, element: Any, marks: frozenset[str]) -> bool:
        """Whether it is meant for an element with these classes and id."""
        if (self.name and self.name != local_name(element)) or not self.marks <= marks:
            return False
        return not self.around or self.around <= {
            local_name(ancestor) for ancestor in element.iterancestors()
        }


def write_styles(root: Any, linked: Sequence[str] = ()) -> None:
    """Write the declarations of the style sheets in a page to the parts of its sentences, before
    those of their own, which go first.

    linked: the sheets that the page names and that come with it.
    """
    rules: dict[str, list[_Rule]] = {}
    for sheet in (*linked, *(element.text or "" for element in root.iter("{*}style"))):
        for rule in _rules(sheet[:_MOST_SHEET_CHARS]):
            # Found by one of its marks.
            same = rules.setdefault(min(rule.marks, default=rule.name), [])
            if len(same) < _MOST_RULES:
                same.append(rule)
    if not rules:
        return
    for element in root.iter(*(f"{{*}}{name}" for name in _PARTS)):
        marks = frozenset(
            [f".{name}" for name in (element.get("class") or "").split()]
            + [f"#{element.get('id')}"]
        )
        fitting = [
            rule
            for mark in (local_name(element), *marks)
            for rule in rules.get(mark, ())
            if rule.fits(element, marks)
        ]
        if fitting and any(local_name(node) in _SENTENCES for node in element.iterancestors()):
            _write(element, fitting)


def _write(element: Any, rules: list[_Rule]) -> None:
    declarations: dict[str, str] = {}
    for rule in sorted(rules, key=lambda rule: rule.weight):
        declarations |= rule.declarations
    own = element.get("style") or ""
    declarations |= _declarations(own)
    rest = ";".join(f"{name}:{value}" for name, value in declarations.items())
    element.set("style", f"{own};{rest}" if own else rest)


@lru_cache(maxsize=8)
def _rules(sheet: str) -> tuple[_Rule, ...]:
    """Return the rules for all media that have a declaration of those that count; the pages of a
    book share theirs."""
    return tuple(_rules_in_order(sheet))


def _rules_in_order(sheet: str) -> Iterator[_Rule]:
    sheet = _COMMENT.sub(" ", sheet)
    depth = start = number = 0
    selectors = ""
    for brace in _BRACE.finditer(sheet):
        if brace[0] == "{":
            if not depth:
                # What stands before a semicolon is a rule without a block.
                selectors = sheet[start : brace.start()].rpartition(";")[2].strip()
                start = brace.end()
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth:
            continue
        block, start = sheet[start : brace.start()], brace.end()
        declarations = _declarations(block)
        if selectors.startswith("@") or "{" in block or not declarations:
            continue
        for selector in selectors.split(","):
            number += 1
            match = _SELECTOR.fullmatch(selector.strip())
            if match and (match["name"] or match["marks"]):
                marks = frozenset(re.findall(r"[.#][\w-]+", match["marks"]))
                weight = sum(100 if mark[0] == "#" else 10 for mark in marks)
                around = frozenset(match["around"].lower().split())
                weight += len(around) + bool(match["name"])
                name = (match["name"] or "").lower()
                yield _Rule(around, name, marks, declarations, (weight, number))


def _declarations(block: str) -> dict[str, str]:
    """Return the declarations that count, in lower case."""
    values: dict[str, str] = {}
    for declaration in block.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon and name.strip() in _PROPERTIES:
            values[name.strip()] = value.replace("!important", "").strip()
    return values
