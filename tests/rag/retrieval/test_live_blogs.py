"""Entries of a live blog, and that a newer one leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

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
