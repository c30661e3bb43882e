"""Measure how well the support check separates backed sentences from others; print Markdown tables.

``python -m eval.studies.support --data DIR --models FOLDER [--only fever|changes]
[--most N]``

Figures are of the second half of the documents, which nothing was fitted on, and of the corpus of
single changes (:mod:`eval.studies.support.changes`), on which no weight was fitted either.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from eval.dataset.corruptions import KINDS
from eval.report.markdown import table, write_table
from eval.studies.support.cases import (
    documents,
    fever_cases,
    gold_cases,
    judged_cases,
    with_corruptions,
)
from eval.studies.support.changes import ALTERATIONS, change_cases, change_table, feature_table
from eval.studies.support.measure import Row, detection, read_cases, read_judged, score
from index.encode.encoders import ExportedModels
from rag.grounding.support_check import SupportCheck, SupportModel
from rag.reading.first_reader import FirstReader

# Those of the tables that docs/evaluation.md has.
_DOCUMENT_TABLES: Final = frozenset(("changes", "corruptions", "judged"))


def corruption_table(rows: Sequence[Row], model: SupportModel) -> list[dict[str, Any]]:
    """One row for each kind of corruption and set: AUROC against the faithful sentences, precision,
    recall."""
    lines: list[dict[str, Any]] = []
    for dataset in ("all", *sorted({row.case.dataset for row in rows})):
        members = [row for row in rows if dataset in ("all", row.case.dataset)]
        good = [score(model, row.values) for row in members if row.case.kind == "faithful"]
        for kind in (*KINDS, "elsewhere"):
            bad = [score(model, row.values) for row in members if row.case.kind == kind]
            counts = {"set": dataset, "kind": kind, "false": len(bad), "faithful": len(good)}
            lines.append({**counts, **detection(good, bad, model.partial)})
    return lines


def fever_table(rows: Sequence[Row], model: SupportModel) -> list[dict[str, Any]]:
    """Measure claims that their page supports against claims that it refutes; one row."""
    good = [score(model, row.values) for row in rows if row.case.kind == "faithful"]
    bad = [score(model, row.values) for row in rows if row.case.kind == "refuted"]
    counts = {"supported": len(good), "refuted": len(bad)}
    return [{**counts, **detection(good, bad, model.partial)}]


def judged_table(
    votes: Sequence[float],
    values: Sequence[Sequence[Mapping[str, float] | None]],
    model: SupportModel,
) -> list[dict[str, Any]]:
    """Rate sentences by the vote on their response, and responses by their weakest sentence."""
    scores = [[score(model, scores_of) for scores_of in sentences] for sentences in values]
    pairs = [(vote, scores_of) for vote, scores_of in zip(votes, scores, strict=True) if scores_of]
    views = {
        "sentences": [(vote, value) for vote, scores_of in pairs for value in scores_of],
        "responses, weakest sentence": [(vote, min(scores_of)) for vote, scores_of in pairs],
        "responses, mean": [(vote, statistics.fmean(scores_of)) for vote, scores_of in pairs],
    }
    lines: list[dict[str, Any]] = []
    for name, view in views.items():
        good = [value for vote, value in view if vote >= 4]
        bad = [value for vote, value in view if vote <= 2]
        counts = {"view": name, "faithful": len(good), "unfaithful": len(bad)}
        lines.append({**counts, **detection(good, bad, model.partial)})
    return lines


def _markdown(lines: Sequence[Mapping[str, Any]]) -> str:
    rows = (
        [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in line.values()]
        for line in lines
    )
    return table(list(lines[0]), rows)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="where exported models are")
    parser.add_argument("--only", choices=["fever", "changes"], help="one of the sets alone")
    parser.add_argument("--most", type=int, default=2000, help="claims of FEVER that are read")
    parser.add_argument("--out", type=Path, help="the tables as JSON too")
    parser.add_argument("--into", type=Path, help="the document whose tables are written anew")
    options = parser.parse_args(arguments)
    encoder = ExportedModels(options.models).query_encoder("all-MiniLM-L6-v2", None)
    check = SupportCheck(encoder, FirstReader.load(options.models))
    tables: dict[str, list[dict[str, Any]]] = {}
    rows: list[Row] = []
    exchanges: list[dict[str, Any]] = []
    if options.only != "changes":
        rows = read_cases(*fever_cases(options.data, options.most), check)
        tables["claims of FEVER"] = fever_table(rows, check.model)
        exchanges += feature_table("FEVER", rows, frozenset(("refuted",)))
    if options.only != "fever":
        rows = read_cases(*change_cases(), check)
        tables["changes"] = change_table(rows, check.model)
        exchanges += feature_table("changes", rows, frozenset((ALTERATIONS,)))
    tables["exchanges"] = exchanges
    if options.only is None:
        cases, by_id = gold_cases(options.data)
        held_out = [case for case in with_corruptions(cases, by_id) if case.half == 1]
        rows = read_cases(held_out, by_id, check)
        tables["corruptions"] = corruption_table(rows, check.model)
        responses = [response for response in judged_cases(options.data) if response.half == 1]
        values = read_judged(responses, documents(options.data / "mtrag"), check)
        votes = [response.faithfulness for response in responses]
        tables["judged"] = judged_table(votes, values, check.model)
    for name, lines in tables.items():
        sys.stdout.write(f"\n{name}\n\n{_markdown(lines)}\n")
    milliseconds = 1000 * statistics.median(row.seconds for row in rows)
    sys.stdout.write(f"\n{milliseconds:.1f} ms a sentence (median)\n")
    if options.into:
        for name in _DOCUMENT_TABLES & tables.keys():
            write_table(options.into, name, _markdown(tables[name]))
    if options.out:
        options.out.write_text(json.dumps(tables, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
