"""Which part of a quotation is marked as the answer."""

from __future__ import annotations

import pytest

from index.article import Span
from rag.citing.marks import mark_named_part
from rag.evidence import Evidence
from tests.fakes import article

ROW = "2 | Club: Helm | Won: 7 | Goals: 20-9 | Points: 24"
CLAUSES = "The east beach is safe; at Harn Mouth bathing is forbidden."


@pytest.mark.parametrize(
    ("sentence", "question", "mark", "expected"),
    [
        (ROW, "How many points do Helm have?", "Won: 7", "Points: 24"),
        (ROW, "How many points do Helm have?", "24", "24"),
        (ROW, "How many points and goals have Helm?", "Won: 7", "Won: 7"),
        (CLAUSES, "Can I swim at Harn Mouth?", "safe", "at Harn Mouth bathing is forbidden."),
        (CLAUSES, "Which beach is near Harn Mouth?", "safe", "safe"),
    ],
)
def test_what_the_question_names_is_marked(
    sentence: str, question: str, mark: str, expected: str
) -> None:
    source = article("a", sentence)
    start = sentence.index(mark)
    span = Span(start, start + len(mark))
    marked = mark_named_part(question, Evidence(source, Span(0, len(sentence)), span, 0.9))
    assert marked.highlight.of(sentence) == expected
