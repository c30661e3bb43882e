"""Relevance judgements: tab-separated question id, document id and grade, with or without a
header line, as in BEIR; the four columns of TREC are understood too."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from eval.dataset.lines import text_lines
from eval.errors import DatasetError

__all__ = ["read_qrels"]


def read_qrels(
    path: Path, questions: Container[str], documents: Container[str]
) -> dict[str, dict[str, int]]:
    """Read grades as question id to document id to grade. Negative grades, which some sets have,
    become 0."""
    judgements: dict[str, dict[str, int]] = {}
    for number, line in text_lines(path):
        columns = line.split("\t") if "\t" in line else line.split()
        if number == 1 and columns and not _is_grade(columns[-1]):
            continue
        if len(columns) == 4:
            columns = [columns[0], columns[2], columns[3]]
        if len(columns) != 3 or not _is_grade(columns[2]):
            raise DatasetError(
                path, number, "expected question id, document id and a whole grade, tab-separated"
            )
        question, document, grade = columns[0], columns[1], max(0, int(columns[2]))
        if question not in questions:
            raise DatasetError(
                path, number, f"judges the question {question!r}, which the set does not hold"
            )
        if document not in documents:
            raise DatasetError(
                path, number, f"names the gold document {document!r}, which the set does not hold"
            )
        if document in judgements.setdefault(question, {}):
            raise DatasetError(path, number, f"judges {document!r} for {question!r} twice")
        judgements[question][document] = grade
    return judgements


def _is_grade(value: str) -> bool:
    try:
        int(value)
    except ValueError:
        return False
    return True
