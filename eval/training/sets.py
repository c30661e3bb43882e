"""The open question sets that the reader is trained on, and which part is held out.

Each set is a folder with ``documents.jsonl`` and ``questions.jsonl``; answers are offsets into
a document's text (code points, end exclusive). :mod:`eval.dataset.splits` says what is held out.

Two sets are our own and stand in ``written``: ``news``, invented articles with questions in the
words of people who ask, and ``wikinews``, such questions about documents of another set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eval.dataset.lines import Row, jsonl_rows
from eval.dataset.ours import DOCUMENTS, QUESTIONS, read_documents, read_spans
from eval.dataset.splits import group_of, is_held_out
from index.article import Article

__all__ = [
    "HELD_OUT", "INFORMAL", "WRITTEN", "Question", "QuestionSet", "read_set",
    "set_files",
]  # fmt: skip

# The sets of which a part is never trained on: the others have no articles enough.
HELD_OUT: Final = (
    "squad2", "squadshifts_newwiki", "squadshifts_reddit", "squadshifts_amazon", "clapnq",
    "news",
)  # fmt: skip
# Our own sets, and the set whose documents their questions are about, if not their own.
WRITTEN: Final[Mapping[str, str | None]] = {"news": None, "wikinews": "qadiscourse"}
_WRITTEN_FOLDER: Final = Path(__file__).with_name("written")
# Posts and reviews, not articles.
INFORMAL: Final = ("squadshifts_reddit", "squadshifts_amazon")
# Answers of these types are sentences, marked whole.
_WHOLE: Final = ("long", "sentence", "yes", "no")


@dataclass(frozen=True, slots=True)
class Question:
    """A question to one document. ``spans`` is empty when the document does not answer it.

    ``whole_sentences``: the spans are the sentences of a long answer, not a phrase.
    ``elsewhere``: spans of other documents that answer too, such as the other side of a comparison.
    """

    id: str
    text: str
    document: str
    answers: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    whole_sentences: bool = False
    elsewhere: tuple[tuple[str, tuple[int, int]], ...] = ()

    def spans_in(self, document: str) -> tuple[tuple[int, int], ...]:
        """Return the spans of a document, by its id."""
        other_spans = tuple(span for id, span in self.elsewhere if id == document)
        return self.spans + other_spans if document == self.document else other_spans


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set's documents by id and its questions in file order."""

    name: str
    documents: dict[str, Article]
    questions: tuple[Question, ...]

    def part(self, held_out: bool) -> tuple[Question, ...]:
        """Return the questions of the held-out articles, or all others."""
        groups = {id: group_of(document) for id, document in self.documents.items()}
        return tuple(q for q in self.questions if is_held_out(groups[q.document]) == held_out)


def set_files(folder: Path, name: str) -> tuple[Path, Path]:
    """Return where a set's documents and its questions are: in ``folder/name``, or for one of our
    own beside this module, whose documents may be those of another set in ``folder``."""
    home = (_WRITTEN_FOLDER if name in WRITTEN else folder) / name
    about = WRITTEN.get(name)
    return (folder / about if about else home) / DOCUMENTS, home / QUESTIONS


def read_set(folder: Path, name: str) -> QuestionSet:
    """Read ``folder/name``, or our own set of that name, which may be about documents in
    ``folder``. Questions without a document that they are about are left out.

    Raises ``DatasetError`` with file and line for what is no set in the layout of
    :mod:`eval.dataset.ours`.
    """
    documents_file, questions_file = set_files(folder, name)
    documents = {article.id: article for article in read_documents(documents_file)}
    questions = (_question(row, documents) for row in jsonl_rows(questions_file))
    return QuestionSet(name, documents, tuple(q for q in questions if q is not None))


def _question(row: Row, documents: Mapping[str, Article]) -> Question | None:
    """Make a question of a row; ``None`` when its document is not there. Where a row names no
    answers, they are the texts of its spans."""
    answerable = row.flag("answerable", True)
    about = row.texts("gold_doc_ids" if answerable else "candidate_doc_ids")
    spans = read_spans(row, "gold_spans", row.fields.get("gold_spans") or [])
    # A question about two articles is asked of the first.
    other_spans = tuple((s.doc_id, (s.start, s.end)) for s in spans if s.doc_id not in about[:1])
    spans = tuple(span for span in spans if span.doc_id in about[:1])
    if not about or about[0] not in documents or (answerable and not spans):
        return None
    text = documents[about[0]].text
    has_answers = "answers" in row.fields
    answers = row.texts("answers") if has_answers else tuple(text[s.start : s.end] for s in spans)
    return Question(
        id=row.name("id"),
        text=row.text("question"),
        document=about[0],
        answers=answers if answerable else (),
        spans=tuple((span.start, span.end) for span in spans) if answerable else (),
        whole_sentences=row.text("answer_type", default="") in _WHOLE,
        elsewhere=other_spans if answerable else (),
    )
