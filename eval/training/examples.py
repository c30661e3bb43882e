"""Training examples: a question with a window of whole sentences, and what is right there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.pair import PairTokens, sentence_of_token
from eval.training.negatives import Bm25, negatives_of
from eval.training.noise import as_typed
from eval.training.sets import Document, Question, QuestionSet
from eval.training.swaps import Change, changes

__all__ = ["SAMPLES", "Example", "Maker", "Task", "tasks_of"]

# How many answerable questions of a set are used, and how many are added that have no answer:
# read with a passage that retrieval takes for theirs, with a name or number exchanged, and turned
# into their opposite.
SAMPLES: Final = {
    "squad2": (None, 400, 1500, 800),
    "squadshifts_newwiki": (None, 1800, 3000, 1200),
    "squadshifts_reddit": (6000, 300, 0, 0),
    "squadshifts_amazon": (6000, 300, 0, 0),
    "clapnq": (None, 100, 0, 0),
}
# Tokens of a window: most are short, which is what makes training affordable; one in five is
# as long as the passages of the index.
_SHORT: Final = (60, 135)
_LONG: Final = (150, 230)
_LONG_SHARE: Final = 1 / 5
_NO_TITLE_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Task:
    """A question, and the document it is to be read with. ``anchor``: the code points that the
    window must hold; ``spans``: the answers there, none for an unanswerable one."""

    question: Question
    document: Document
    spans: tuple[tuple[int, int], ...]
    anchor: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """int64 ``[tokens]`` ids, types and sentence numbers (-1: none); the rest marks tokens
    (bool ``[tokens]``) and sentences (bool ``[sentences]``).

    Without an answer, ``starts`` and ``ends`` mark the first token alone. For an answer of
    whole sentences they mark all tokens of the passage.
    """

    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    sentence: NDArray[np.int64]
    starts: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    passage: NDArray[np.bool_]
    evidence: NDArray[np.bool_]


def tasks_of(
    questions: QuestionSet,
    random: Random,
    held_out: bool = False,
    mined: Mapping[str, Sequence[str]] | None = None,
) -> list[Task]:
    """What is read of a set: its questions, sampled, hard negatives, and near misses.

    ``mined``: for questions' ids, the documents to take as hard negatives, instead of those
    that BM25 ranks high; then every second question gets one.
    """
    size, negatives, swaps, turns = SAMPLES[questions.name]
    part = list(questions.part(held_out))
    answerable = [q for q in part if q.spans]
    documents = list(questions.documents.values())
    ranking = Bm25([f"{d.title} {d.text}" for d in documents])
    chosen = answerable if size is None else random.sample(answerable, min(size, len(answerable)))
    tasks = []
    for question in chosen + [q for q in part if not q.spans]:
        document = questions.documents[question.document]
        if question.spans:
            anchor = random.choice(question.spans)
        else:
            anchor = _near(question, document, ranking)
        tasks.append(Task(question, document, question.spans, anchor))

    def lacking(question: Question) -> list[Document]:
        if mined is not None:
            return [questions.documents[id] for id in mined.get(question.id, ())]
        return [documents[i] for i in negatives_of(question, documents, ranking)[:4]]

    most = negatives if mined is None else len(chosen) // 2
    for question in random.sample(chosen, min(2 * most, len(chosen))):
        choice = lacking(question) if most else []
        if choice:
            document = random.choice(choice)
            tasks.append(Task(question, document, (), _near(question, document, ranking)))
            most -= 1
    change = changes(chosen)
    tasks += _near_misses(questions, chosen, swaps, change["swapped"], random)
    return tasks + _near_misses(questions, chosen, turns, change["turned"], random)


def _near_misses(
    questions: QuestionSet, chosen: Sequence[Question], most: int, change: Change, random: Random
) -> list[Task]:
    """Changed questions, each read where the unchanged one is answered."""
    tasks: list[Task] = []
    for question in random.sample(chosen, len(chosen)):
        if len(tasks) >= most:
            break
        document = questions.documents[question.document]
        changed = change(question, document, random=random)
        if changed is not None:
            tasks.append(Task(changed, document, (), random.choice(question.spans)))
    return tasks


def _near(question: Question, document: Document, ranking: Bm25) -> tuple[int, int]:
    if not document.sentences:
        return (0, 0)
    return document.sentences[ranking.best_sentence(question.text, document)]


class Maker:
    """Makes examples of tasks; a document is turned into tokens once."""

    def __init__(self, tokens: PairTokens) -> None:
        self._tokens = tokens
        self._documents: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    def __call__(self, task: Task, random: Random) -> Example | None:
        """An example, or None when the answer does not fit into a window."""
        document = task.document
        if document.id not in self._documents:
            self._documents[document.id] = self._tokens.tokens(document.text)
        ids, offsets = self._documents[document.id]
        budget = random.randint(*(_LONG if random.random() < _LONG_SHARE else _SHORT))
        window = _window(offsets, document.sentences, task.anchor, budget, random)
        if window is None:
            return None
        first, last = window
        question = self._tokens.question(as_typed(task.question.text, random))
        title = "" if random.random() < _NO_TITLE_SHARE else document.title
        pair = self._tokens.join(
            question, self._tokens.title(title), ids[first:last], offsets[first:last]
        )
        return _marked(task, pair.ids, pair.types, pair.first, pair.offsets)


def _window(
    offsets: NDArray[np.int64],
    sentences: Sequence[tuple[int, int]],
    anchor: tuple[int, int],
    budget: int,
    random: Random,
) -> tuple[int, int] | None:
    """First and past-last token of a run of sentences around the anchor."""
    if not len(offsets):
        return None
    bounds = [
        (int(np.searchsorted(offsets[:, 0], start)), int(np.searchsorted(offsets[:, 0], end)))
        for start, end in sentences
    ]
    held = [i for i, (s, e) in enumerate(sentences) if s < anchor[1] and anchor[0] < e] or [0]
    low, high = held[0], held[-1]
    if bounds[high][1] - bounds[low][0] > _LONG[1]:
        return None
    while low > 0 or high + 1 < len(bounds):
        before = low > 0 and bounds[high][1] - bounds[low - 1][0] <= budget
        after = high + 1 < len(bounds) and bounds[high + 1][1] - bounds[low][0] <= budget
        if not before and not after:
            break
        if before and (not after or random.random() < 0.5):
            low -= 1
        else:
            high += 1
    return bounds[low][0], bounds[high][1]


def _marked(
    task: Task,
    ids: NDArray[np.int64],
    types: NDArray[np.int64],
    first: int,
    offsets: NDArray[np.int64],
) -> Example | None:
    size, count = len(ids), len(offsets)
    starts, ends, passage = (np.zeros(size, bool) for _ in range(3))
    passage[first : first + count] = True
    inside = sentence_of_token(offsets, task.document.sentences)
    known = np.unique(inside[inside >= 0])
    sentence = np.full(size, -1, np.int64)
    sentence[first : first + count] = np.where(inside >= 0, np.searchsorted(known, inside), -1)
    evidence = np.zeros(len(known), bool)
    for start, end in task.spans:
        covered = np.flatnonzero((offsets[:, 0] < end) & (offsets[:, 1] > start))
        if not len(covered) or offsets[0, 0] > start or offsets[-1, 1] < end:
            continue
        starts[first + covered[0]] = ends[first + covered[-1]] = True
        if task.question.whole_sentences:
            evidence[np.unique(sentence[first + covered])] = True
        else:
            evidence[sentence[first + covered[0]]] = True
    if task.spans and not starts.any():
        return None
    if task.spans and task.question.whole_sentences:
        starts, ends = passage.copy(), passage.copy()
    if not task.spans:
        starts[0] = ends[0] = True
    return Example(ids, types, sentence, starts, ends, passage, evidence)
