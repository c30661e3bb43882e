"""Packs and question sets for the tests of this folder."""

from __future__ import annotations

from eval.training.packs import Pack, Segment
from eval.training.sets import Question, QuestionSet
from index.article import Article

__all__ = ["ANSWER", "pack", "question_set"]

ANSWER = "Köln"
SET = "qed_nq"


def pack(whole: bool = False, gold: bool = True) -> Pack:
    """Two segments of one passage and one of another; the first has the answer."""
    text = "Rain fell. The zebra ran to Köln on Friday. It was late."
    start = text.index(ANSWER)
    sentences = ((0, 10), (11, 43), (44, 56))
    answers = ((11, 43),) if whole else ((start, start + 4),)
    return Pack(
        "set",
        "q",
        "own" if gold else "removed",
        "Where did the zebra run?",
        whole,
        (
            Segment("Zebras", text, sentences, answers if gold else (), 0),
            Segment("Zebras", "The zebra slept.", ((0, 16),), (), 0),
            Segment("Bears", "The bear sat. It ate.", ((0, 13), (14, 21)), (), 1),
        ),
    )


_TOWNS = (
    "Avesta", "Borrow", "Cantley", "Dunmore", "Ellon", "Fenwick", "Garth", "Hollin", "Ilford",
    "Jarrow", "Kelso", "Lorton",
)  # fmt: skip


def question_set(many: int = 12) -> QuestionSet:
    """Articles of towns, each with a question that it alone answers and one that none does."""
    documents, questions = {}, []
    for i in range(many):
        name, year = _TOWNS[i], 1900 + i
        text = (
            f"The harbour of {name} lies in the north. The harbour was opened in {year} by the "
            f"mayor of {name}. Fish are sold in the harbour on every second Friday. The town of "
            f"{name} is old. Nobody lives in the mill now."
        )
        document = Article(f"d{i}", f"Town {i}", text)
        documents[document.id] = document
        start = text.index(str(year))
        asked = f"When was the harbour of the old town {name} opened?"
        questions += [
            Question(f"q{i}", asked, document.id, (str(year),), ((start, start + 4),)),
            Question(f"n{i}", f"Who burnt the harbour of the town {name}?", document.id, (), ()),
        ]
    return QuestionSet(SET, documents, tuple(questions))
