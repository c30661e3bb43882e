"""Entries of a live blog, and which of them leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from index.article import Span
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.evidence import Evidence, Reading
from rag.retrieval.live_blogs import live_entries
from tests.fakes import FakeModels, article

BLOG = (
    "18:40 The bridge of Arvel is open for cars. Lorries go round.\n\n17:05 The wind drops.\n\n"
    "16:30 The bridge of Arvel is closed for all.\n\n15:10 It rains in Arvel."
)


@pytest.mark.parametrize(
    ("text", "clocks"),
    [
        (BLOG, ["18:40", "17:05", "16:30", "15:10"]),
        ("10.30am First.\n\n11.15am Then.\n\n1.05pm Last.", ["1.05pm", "11.15am", "10.30am"]),
        # Over midnight.
        ("0.20 Over.\n\n23.40 Last.\n\n22.10 First.", ["0.20", "23.40", "22.10"]),
        ("22:10 First.\n\n23:40 Then.\n\n0:20 Over.", ["0:20", "23:40", "22:10"]),
        # A programme, no order, too few, the rows of a table, figures.
        ("18.00 Doors\n19.00 Choir\n20.30 The band", []),
        ("18:40 A.\n17:05 B.\n18:10 C.", []),
        ("18:40 The bridge is open.\n\n16:30 It is closed.", []),
        ("10.30 | a\n10.40 | b\n10.50 | c", []),
        ("At 10:30 it rained.\nAt 10:40 it rained.\nAt 10:50 too.", []),
    ],
)
def test_entries_the_newest_first(text: str, clocks: list[str]) -> None:
    assert [entry.clock for entry in live_entries(text)] == clocks


class BridgeReader:
    """Takes every sentence about the bridge for evidence, and is surest of the closed one."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        evidence = [
            Evidence(hit.article, span, span, 0.9)
            for hit in passages
            for span in hit.passage.sentences
            if "bridge" in span.of(hit.article.text)
        ]
        evidence.sort(key=lambda item: "closed" not in item.sentence.of(item.article.text))
        return Reading(tuple(evidence[:1]), 0.9 if evidence else 0.0)


def test_a_newer_entry_leads_and_the_older_follows(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=BridgeReader()
    ) as pullquote:
        pullquote.add_articles([article("blog", BLOG, published_at=date(2026, 3, 4))])
        answer = pullquote.ask("Is the bridge of Arvel open?").answer
    assert answer == (
        "18:40 The bridge of Arvel is open for cars. [1]\n\nEarlier:\n"
        "16:30 The bridge of Arvel is closed for all. [2]"
    )


CRASH = (
    "09:30 The driver of the train, Piet Maas, is hurt.\n\n10:10 Nobody else was on board.\n\n"
    "11:15 A passenger, Eva Holm, was in the train.\n\n12:00 The line stays closed."
)


@dataclass(frozen=True)
class NameReader:
    """Answers with the names of the train's people, the later one as surely as it is told to."""

    later: float

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        evidence = []
        for hit in passages:
            for span in hit.passage.sentences:
                text = span.of(hit.article.text)
                for name, score in (("Piet Maas", 0.9), ("Eva Holm", self.later)):
                    if name in text:
                        at = span.start + text.index(name)
                        fact = Span(at, at + len(name))
                        evidence.append(Evidence(hit.article, span, fact, score))
        evidence.sort(key=lambda item: "driver" not in item.sentence.of(item.article.text))
        return Reading(tuple(evidence[:1]), evidence[0].score if evidence else 0.0)


@pytest.mark.parametrize(
    ("question", "later", "leads"),
    [
        # Less sure, and without the word for what is asked.
        ("Who was the driver of the train?", 0.85, "Piet Maas"),
        ("Who was the driver of the train?", 0.95, "Eva Holm"),
        # As many words of the question; half as sure, and less.
        ("Who was in the train?", 0.85, "Eva Holm"),
        ("Who was in the train?", 0.6, "Piet Maas"),
    ],
)
def test_an_entry_on_something_else_does_not_lead(
    question: str, later: float, leads: str, tmp_path: Path
) -> None:
    with Pullquote.open(
        settings=Settings(home=tmp_path),
        create=True,
        models=FakeModels(),
        reader=NameReader(later),
    ) as pullquote:
        pullquote.add_articles([article("crash", CRASH, published_at=date(2026, 3, 4))])
        answer = pullquote.ask(question)
    lead = answer.citations[0]
    assert leads in lead.cited_text
    assert answer.confidence == pytest.approx(0.9 if leads == "Piet Maas" else later)
