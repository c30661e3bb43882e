"""Count how often brackets and the call for a sentence of context are right on the corpus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from eval.studies.antecedents.corpus import Label, read_stories
from index.article import Span
from index.text.sentences import sentences
from rag.citing.antecedents import find_antecedent, refers_back
from rag.citing.backreferences import Kind, find_backreference

__all__ = ["BracketTally", "measure_brackets", "measure_detection"]

KINDS: Final[tuple[Kind, ...]] = ("person", "thing", "organisation", "several")


@dataclass(slots=True)
class BracketTally:
    """Brackets of a kind of word: how many there are, how many of them are right, and how many
    words have an antecedent."""

    brackets: int = 0
    right: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.brackets if self.brackets else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0


def measure_brackets(held_out: bool) -> dict[Kind, BracketTally]:
    """Count the brackets of one half of the stories, by the kind of word; those of words without a
    label count neither way."""
    tallies = {kind: BracketTally() for kind in KINDS}
    for text, title, spans, at, label in _labels_in(held_out):
        reference = find_backreference(spans[at].of(text))
        if reference is None or reference.kind not in tallies:
            continue
        tally = tallies[reference.kind]
        tally.gold += label.kind == "antecedent"
        if antecedent := find_antecedent(text, spans, at, title):
            tally.brackets += 1
            tally.right += label.is_right(text, antecedent.name)
    return tallies


def measure_detection(held_out: bool) -> BracketTally:
    """Count the labelled sentences that are taken to refer back, and those that do."""
    tally = BracketTally()
    for text, title, spans, at, label in _labels_in(held_out):
        verdict, refers = refers_back(text, title, spans, at), label.kind != "alone"
        tally.brackets += verdict
        tally.right += verdict and refers
        tally.gold += refers
    return tally


def _labels_in(held_out: bool) -> Iterator[tuple[str, str, list[Span], int, Label]]:
    for story in read_stories():
        spans = sentences(story.text)
        if story.held_out == held_out:
            for at, span in enumerate(spans):
                inside = [x for x in story.labels if span.start <= x.place.start < span.end]
                if at and inside:
                    yield story.text, story.title, spans, at, inside[0]
