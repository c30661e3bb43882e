"""The corpora: invented sentences as news has them, a JSON line each, with what is to be read.

``numbers``: amounts as ``[start, end)``, value in the base unit of :mod:`rag.facts.units`, and
dimension. ``names``: where names stand, names that the sentence has in another form (``there``) and
near ones that it has not (``absent``). ``time_in_sentences``: days, months and years.
``time_in_questions``: the period that words of time name, on the day of asking. ``orders``: a
``report``, an ``order`` in plain words, or a ``mark`` that no article has by itself.

What stands at ``open`` may be read or not. Every second line is held out: it was not looked at
while the engines were changed.
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
    """A line of a corpus; ``held_out`` for every second one."""

    values: dict[str, Any]
    held_out: bool

    @property
    def text(self) -> str:
        return str(self.values.get("text") or self.values["question"])

    def is_open(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` reaches into what may be read or not."""
        return any(a < end and start < b for a, b in self.values.get("open", ()))


def lines(name: str) -> Iterator[Line]:
    """The lines of a corpus, in order."""
    read = (_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(read):
        yield Line(json.loads(line), held_out=number % 2 == 1)
