"""Mark the part of a quotation that a question names: the cell of a table's row by its heading
("Points: 24"), and of two clauses the one with the name, where yes or no is asked.

A reader marks what stands beside as readily: of "The east beaches are safe; at Harn bathing is
forbidden" the first half. Rows are read as they were written when the table was loaded ("2 |
Club: Helmsby | Points: 24").
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from index.article import Span
from index.text.patterns import lazy_regex
from rag.evidence import Evidence
from rag.facts.names import names
from rag.text.english import content_stems, stem, words

__all__ = ["mark_named_part"]

_CELL: Final = lazy_regex(r"(?:^|(?<=\s\|\s))(?P<label>[^|:]+): [^|]*[^|\s]")
_CLAUSE: Final = lazy_regex(r"[^;\s][^;]*")
_YES_NO: Final = lazy_regex(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)\b",
    re.IGNORECASE,
)


def mark_named_part(question: str, evidence: Evidence) -> Evidence:
    """Mark the one cell of a row whose heading has no other words than the question, or the one
    clause that has a name of it; what the reader marks stays where there is none, or more than one.
    """
    sentence, start = evidence.sentence.of(evidence.article.text), evidence.sentence.start
    if " | " in sentence:
        parts = _cells(question, sentence)
    elif ";" in sentence and _YES_NO.match(question):
        parts = _clauses(question, sentence)
    else:
        return evidence
    places = [Span(start + match.start(), start + match.end()) for match in parts]
    if len(places) != 1 or evidence.highlight == evidence.sentence:
        return evidence
    is_inside = places[0].start <= evidence.highlight.start < places[0].end
    return evidence if is_inside else replace(evidence, highlight=places[0])


def _cells(question: str, row: str) -> list[re.Match[str]]:
    """The cells with a heading that has no other words than the question."""
    stems = content_stems(question)
    labels = [(match, content_stems(match["label"])) for match in _CELL.finditer(row)]
    return [match for match, label in labels if label and label <= stems]


def _clauses(question: str, sentence: str) -> list[re.Match[str]]:
    """The clauses with a name of the question."""
    stems = {stem(word) for name in names(question) if not name.first for word in name.words}
    return [
        match
        for match in _CLAUSE.finditer(sentence)
        if stems & {stem(word) for word in words(match.group())}
    ]
