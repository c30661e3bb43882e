"""The corpus of single changes: invented stories, each with sentences that it backs and sentences
that differ from these in one small thing.

One JSON object a line: ``title``, ``published``, ``text`` and ``claims``. A claim is ``right``, in
other words or another order (``kind`` says which), or wrong by exactly one change, of the ``kind``
``direction`` (rose, fell), ``opposite`` (open, closed), ``bound`` (at least, at most), ``order``
(before, after), ``period`` (a day, a week), ``names`` or ``amounts`` (two exchanged).

The rules of :mod:`rag.grounding.exchanges` were made with the corpus in view, so its figures lean
to the kind side; FEVER's claims, which people wrote, are the other measure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from eval.studies.support.cases import Case, Documents
from eval.studies.support.measure import Row, score
from index.article import Article
from rag.grounding.support_check import SupportModel

__all__ = ["ALTERATIONS", "EXCHANGES", "HARMLESS", "change_cases", "change_table", "feature_table"]

_STORIES: Final = Path(__file__).with_name("changes.jsonl")
# What tells such a change, in which order the tables have it.
EXCHANGES: Final = ("swapped", "opposite")
# The two sets of cases: what was written wrong, and what was only written otherwise.
ALTERATIONS: Final = "changed"
HARMLESS: Final = "harmless"


def change_cases() -> tuple[list[Case], Documents]:
    """Read the claims, each against its story."""
    cases: list[Case] = []
    stories: Documents = {}
    for i, line in enumerate(_STORIES.read_text(encoding="utf-8").splitlines()):
        story = json.loads(line)
        id = f"story-{i:02}"
        day = date.fromisoformat(story["published"])
        stories[id] = Article(id=id, title=story["title"], text=story["text"], published_at=day)
        cases += [
            Case(
                HARMLESS if claim["right"] else ALTERATIONS, claim["claim"], (id,), claim["kind"], 1
            )
            for claim in story["claims"]
        ]
    return cases, stories


def change_table(rows: Sequence[Row], model: SupportModel) -> list[dict[str, Any]]:
    """Count the labels; one row for each kind, after one for all of a set."""
    lines: list[dict[str, Any]] = []
    for dataset in (ALTERATIONS, HARMLESS):
        members = [row for row in rows if row.case.dataset == dataset]
        for kind in ("all", *sorted({row.case.kind for row in members})):
            scores = [score(model, row.values) for row in members if kind in ("all", row.case.kind)]
            full = sum(value >= model.supported for value in scores)
            refusal_count = sum(value < model.partial for value in scores)
            lines.append(
                {
                    "set": dataset, "kind": kind, "claims": len(scores), "supported": full,
                    "partial": len(scores) - full - refusal_count, "unsupported": refusal_count,
                }
            )  # fmt: skip
    return lines


def feature_table(name: str, rows: Sequence[Row], wrong: frozenset[str]) -> list[dict[str, Any]]:
    """Measure the features of :data:`EXCHANGES`, each by itself, as signs that a sentence is wrong;
    one row for each.

    name: what the rows are called in the table.
    wrong: the sets or kinds whose sentences are not backed.
    """
    false = [bool({row.case.dataset, row.case.kind} & wrong) for row in rows]
    lines: list[dict[str, Any]] = []
    for feature in EXCHANGES:
        signs = [row.values is not None and row.values[feature] >= 1.0 for row in rows]
        hits = sum(sign and bad for sign, bad in zip(signs, false, strict=True))
        count = sum(signs)
        lines.append(
            {
                "set": name, "feature": feature, "set for": count,
                "precision": hits / count if count else float("nan"),
                "recall": hits / max(sum(false), 1),
            }
        )  # fmt: skip
    return lines
