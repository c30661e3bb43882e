"""The corpus: invented news stories with the antecedents of the words that begin their sentences.

One JSON object a line: ``title``, ``text`` and ``references``. A reference is a word or phrase at
``[start, end)`` of the text, of the kind ``antecedent`` (``antecedents``: the places of the words
that may stand for it), ``open`` (it refers back, but to no words that could stand for it, or a
reader cannot tell to which) or ``alone`` (the sentence is understood by itself: "It is raining").

Every second story is held out: nothing is fitted on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from index.article import Span

__all__ = ["Kind", "Label", "Story", "read_stories"]

_STORIES: Final = Path(__file__).with_name("stories.jsonl")

# "The council of Marn" is not Marn.
_NAMES_ANOTHER: Final = re.compile(r"\b(?:of|in|at|on|from|with|by|for|to|and)\b|,")

Kind = Literal["antecedent", "open", "alone"]


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of a word at ``place``: its kind, and the places of its antecedent."""

    place: Span
    kind: Kind
    antecedents: tuple[Span, ...] = ()

    def is_right(self, text: str, place: Span) -> bool:
        """Whether the words at ``place`` may stand for the word: an antecedent's, or those but for
        an article or a title before them."""
        return any(
            place.end == gold.end
            and gold.start <= place.start
            and not _NAMES_ANOTHER.search(text[gold.start : place.start])
            for gold in self.antecedents
        )


@dataclass(frozen=True, slots=True)
class Story:
    """A story of the corpus, its labels in order, and whether it is held out."""

    title: str
    text: str
    labels: tuple[Label, ...]
    held_out: bool


def read_stories() -> Iterator[Story]:
    """Yield the stories, in order."""
    for number, line in enumerate(_STORIES.read_text(encoding="utf-8").splitlines()):
        record = json.loads(line)
        labels = tuple(
            Label(
                Span(label["start"], label["end"]),
                label["kind"],
                tuple(Span(*place) for place in label.get("antecedents", ())),
            )
            for label in record["references"]
        )
        yield Story(record["title"], record["text"], labels, held_out=number % 2 == 1)
