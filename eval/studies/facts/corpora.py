"""The corpora: invented news sentences with gold values, one JSON object a line.

``numbers``: amounts as ``[start, end)``, value in the base unit of :mod:`rag.facts.units`, and
dimension. ``names``: where names stand, names that the sentence has in another form (``there``) and
similar names that it lacks (``absent``). ``time_in_sentences``: days, months and years.
``time_in_questions``: the period that a question's time expressions name, on the day of asking.
``orders``: a ``report``, an ``order`` in plain words, or a ``mark`` that no article has by itself.
``speakers``: short stories, each with questions for somebody's words, a sentence of the story at
``[start, end)``, and whether the one asked for says it.

A stretch listed in ``open`` counts neither way. Every second line is held out: it was not looked at
while the extractors were changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["Line", "lines"]

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a corpus; ``held_out`` is true for every second one."""

    values: dict[str, Any]
    held_out: bool

    @property
    def text(self) -> str:
        return str(self.values.get("text") or self.values["question"])

    def is_open(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` overlaps a stretch that counts neither way."""
        return any(a < end and start < b for a, b in self.values.get("open", ()))


def lines(name: str) -> Iterator[Line]:
    """Yield the lines of a corpus, in order."""
    read = (_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(read):
        yield Line(json.loads(line), held_out=number % 2 == 1)
