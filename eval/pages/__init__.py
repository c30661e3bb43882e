"""Saved pages of invented outlets, labelled line by line, to fit and evaluate cleaning on.

One file an outlet, in ``fit`` or ``held_out``. It opens with ``publisher:`` and ``spacing:``
(whether blank lines stand between the lines), then ``#head`` and ``#tail`` with the lines above and
below each of its pages, then the pages. Each page is opened by ``#page`` with its address, its
title, the day that can be read from it (``date``) and where it is read from (``from``). A line of a
page begins with its label: ``C`` a sentence or an item of the article, ``H`` a heading within it,
``F`` boilerplate.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

__all__ = ["HALVES", "Half", "LabelledPage", "read_pages"]

Half = Literal["fit", "held_out"]
HALVES: tuple[Half, ...] = ("fit", "held_out")
Label = Literal["C", "H", "F"]

_FOLDER = Path(__file__).parent
_PAGE = re.compile(r"#page url=(\S+) date=(\S+) from=(\S+) title=(.+)")


@dataclass(frozen=True)
class LabelledPage:
    """A page as text, with a label for each line that is not blank. ``repeated`` says in how many
    other pages of the outlet a line stands."""

    outlet: str
    title: str
    url: str | None
    day: date | None
    day_from: str | None
    lines: tuple[tuple[Label, str], ...]
    blank_between: bool
    repeated: Mapping[str, int]

    @cached_property
    def text(self) -> str:
        return ("\n\n" if self.blank_between else "\n").join(line for _, line in self.lines)


def read_pages(half: Half, folder: Path = _FOLDER) -> list[LabelledPage]:
    """Read all pages of one half, in the order of their files. ``ValueError`` names a bad line."""
    pages: list[LabelledPage] = []
    for file in sorted((folder / half).glob("*.txt")):
        pages.extend(_outlet(file))
    return pages


def _outlet(file: Path) -> list[LabelledPage]:
    fields: dict[str, str] = {}
    parts: list[tuple[str, list[tuple[Label, str]]]] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            parts.append((line, []))
        elif not parts:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif line[:2] in ("C ", "H ", "F "):
            parts[-1][1].append((line[0], line[2:].strip()))  # type: ignore[arg-type]
        else:
            raise ValueError(f"{file}:{number}: no label")
    furniture = {name: lines for name, lines in parts if name in ("#head", "#tail")}
    matches = [(_PAGE.fullmatch(name), lines) for name, lines in parts if name.startswith("#page")]
    whole = [
        [*furniture.get("#head", []), *lines, *furniture.get("#tail", [])] for _, lines in matches
    ]
    counts = Counter(line for lines in whole for line in {line for _, line in lines})
    pages = []
    for (match, _), lines in zip(matches, whole, strict=True):
        if match is None:
            raise ValueError(f"{file}: a #page without url, date, from and title")
        url, day, how, title = match.groups()
        pages.append(
            LabelledPage(
                outlet=fields["publisher"],
                title=title,
                url=None if url == "none" else url,
                day=None if day == "none" else date.fromisoformat(day),
                day_from=None if how == "none" else how,
                lines=tuple(lines),
                blank_between=fields["spacing"] == "blank",
                repeated={line: counts[line] - 1 for _, line in lines},
            )
        )
    return pages
