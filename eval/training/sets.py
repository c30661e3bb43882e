"""The open question sets that the reader is trained on, and which part is held out.

Each set is a folder with ``documents.jsonl`` and ``questions.jsonl``; answers are offsets into
a document's text (code points, end exclusive). A fixed hash of the article's title decides what
is held out, so that no paragraph of a held-out article is ever trained on.

Two sets are our own and stand in ``written``: ``news``, invented articles with questions in the
words of people who ask, and ``wikinews``, such questions about documents of another set.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from index.text.sentences import sentences

__all__ = [
    "HELD_OUT", "INFORMAL", "WRITTEN", "Document", "Question", "QuestionSet", "is_held_out",
    "read_set",
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
_FOLDS: Final = 20
_HELD_OUT: Final = 3


@dataclass(frozen=True)
class Document:
    """A paragraph, or a short text, of an article. ``story``: what several articles tell of."""

    id: str
    title: str
    text: str
    story: str = ""

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Sentence spans as the index cuts them."""
        return tuple((span.start, span.end) for span in sentences(self.text))

    @property
    def group(self) -> str:
        """What is held out together: the story's articles, the article's paragraphs, or the text
        alone where it has neither story nor title."""
        return self.story or self.title or self.id


@dataclass(frozen=True, slots=True)
class Question:
    """A question to one document. ``spans`` is empty when the document does not answer it.

    ``whole_sentences``: the spans are the sentences of a long answer, not a phrase.
    """

    id: str
    text: str
    document: str
    answers: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    whole_sentences: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set's documents by id and its questions in file order."""

    name: str
    documents: dict[str, Document]
    questions: tuple[Question, ...]

    def part(self, held_out: bool) -> tuple[Question, ...]:
        """The questions of the held-out articles, or all others."""
        return tuple(
            q for q in self.questions if is_held_out(self.documents[q.document].group) == held_out
        )


def is_held_out(group: str) -> bool:
    """Whether an article, by the CRC-32 of its name, is one of the 15 in 100 never trained on."""
    return zlib.crc32(group.encode()) % _FOLDS < _HELD_OUT


def read_set(folder: Path, name: str) -> QuestionSet:
    """Read ``folder/name``, or our own set of that name, which may be about documents in
    ``folder``. Questions without a document that they are about are left out."""
    home = (_WRITTEN_FOLDER if name in WRITTEN else folder) / name
    about = WRITTEN.get(name)
    documents = {
        row["doc_id"]: Document(
            row["doc_id"], row.get("title") or "", row["text"], row.get("story", "")
        )
        for row in _rows((folder / about if about else home) / "documents.jsonl")
    }
    questions = []
    for row in _rows(home / "questions.jsonl"):
        question = _question(row, documents)
        if question is not None:
            questions.append(question)
    return QuestionSet(name, documents, tuple(questions))


def _question(row: dict[str, Any], documents: Mapping[str, Document]) -> Question | None:
    """A question, None when its document is not there. Answers that are not named are what the
    spans hold."""
    answerable = bool(row["answerable"])
    about = row["gold_doc_ids"] if answerable else row.get("candidate_doc_ids", [])
    spans = tuple((int(start), int(end)) for doc, start, end in row["gold_spans"])
    if not about or about[0] not in documents or (answerable and not spans):
        return None
    text = documents[about[0]].text
    answers = row["answers"] if "answers" in row else [text[start:end] for start, end in spans]
    return Question(
        id=row["id"],
        text=row["question"],
        document=about[0],
        answers=tuple(answers) if answerable else (),
        spans=spans if answerable else (),
        whole_sentences=row.get("answer_type") in _WHOLE,
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
