"""The first network's training data: questions, each with a list of passages to choose from.

A list is a question with passages of its own document and of others that retrieval ranks high for
it, in the form that the first network reads, and the answers as characters of these. The network
reads each passage alone; the loss compares them, so that scores compare across passages too
(:func:`loss_of_lists`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import torch
from torch import Tensor

from eval.training.batch import (
    Batch,
    Example,
    collate,
    edge_losses,
    evidence_loss,
    sentence_logits,
)
from eval.training.negatives import lacks, words
from eval.training.noise import as_typed
from eval.training.packs import Bank
from eval.training.sets import read_set
from eval.training.tasks import Task, tasks_of
from index.article import Article
from index.snapshot import Found
from rag.reading.layout import BertEncoder, Ints, Text, Tokens, sentence_of_token

__all__ = [
    "LIST_MIXTURE", "ListMaker", "ReadingList", "batches_of_lists", "list_of", "lists_of",
    "loss_of_lists",
]  # fmt: skip

# How many answerable and unanswerable questions of each set are drawn.
LIST_MIXTURE: Final[Mapping[str, tuple[int, int]]] = {
    "news": (8000, 800), "wikinews": (600, 60), "squadshifts_newwiki": (1000, 0),
    "squad2": (700, 200), "squad_train_part": (700, 60), "qed_nq": (700, 100),
    "nq_open_oracle": (200, 0), "timeqa_human": (300, 60), "qamr": (200, 0),
    "qadiscourse": (300, 0), "selqa": (200, 0), "quoref_dev": (200, 0), "clapnq": (127, 30),
    "cmu_wikiqa": (150, 0), "multihop_mix": (250, 30), "multispanqa_valid": (150, 0),
    "fairytaleqa": (150, 0), "doc2dial_val": (80, 0), "tatqa_text": (80, 0),
    "contrast_quoref_drop": (150, 0), "covidqa": (60, 0), "pubmedqa": (50, 0),
}  # fmt: skip
_PASSAGES: Final = 6
# Of its own document a list takes passages that answer, and others.
_ANSWERING, _REST = 2, 2
_MAX_TOKENS: Final = 384
_NO_TITLE_SHARE: Final = 0.06
_PHRASE: Final = 200


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A question with passages. ``gold``: each passage's answers, in code points of its article.
    ``whole``: the answers are sentences, not phrases."""

    question: str
    passages: tuple[Found, ...]
    gold: tuple[tuple[tuple[int, int], ...], ...]
    whole: bool


def lists_of(data: Path, random: Random) -> Iterator[ReadingList]:
    """Yield all lists of ``LIST_MIXTURE``, set by set.

    data: the folder of the question sets.
    """
    for name, share in LIST_MIXTURE.items():
        bank = Bank(read_set(data, name))
        for task in tasks_of(bank.questions, random, share):
            entry = list_of(task, bank, random)
            if entry is not None:
                yield entry


def list_of(task: Task, bank: Bank, random: Random) -> ReadingList | None:
    """Make the list of a task; ``None`` where none of its passages could answer, or it has none."""
    question = task.question
    own_passages = bank.passages(bank.questions.documents[question.document])
    question_words = set(words(question.text))

    def overlap(passage: Found) -> int:
        return len(question_words & set(words(passage.text)))

    answering = [p for p in own_passages if any(_inside(p, span) for span in question.spans)]
    if task.kind == "own" and not answering:
        return None
    rest = sorted((p for p in own_passages if p not in answering), key=overlap, reverse=True)
    choice = answering[:_ANSWERING] + rest[: _REST if answering else _REST + _ANSWERING]
    if task.kind == "removed":
        choice = []
    distractors = [
        passage
        for document in bank.other_documents(question)
        for passage in sorted(bank.passages(document), key=overlap, reverse=True)[:2]
        if lacks(Article("", passage.article.title, passage.text), question)
    ]
    passages = choice + distractors[: _PASSAGES - len(choice)]
    if not passages:
        return None
    random.shuffle(passages)
    has_answer = task.kind == "own"
    gold = tuple(_gold(p, question.spans) if has_answer and p in choice else () for p in passages)
    long = bool(question.spans) and question.spans[0][1] - question.spans[0][0] > _PHRASE
    return ReadingList(question.text, tuple(passages), gold, question.whole_sentences or long)


def _inside(passage: Found, span: tuple[int, int]) -> bool:
    start, end = span
    within = passage.passage.span.start <= start and end <= passage.passage.span.end
    reaches = start < passage.passage.span.end and passage.passage.span.start < end
    return within or (end - start > _PHRASE and reaches)


def _gold(passage: Found, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    bounds = passage.passage.span
    return tuple(
        (max(start, bounds.start), min(end, bounds.end))
        for start, end in spans
        if _inside(passage, (start, end))
    )


class ListMaker:
    """Makes inputs of lists, with new noise in the question each time."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._layout = BertEncoder(tokens.marks)

    def __call__(self, entry: ReadingList, random: Random) -> list[Example]:
        """Make one input for each passage; inputs that are too long are left out."""
        question = self._tokens.question(as_typed(entry.question, random))
        examples = []
        for passage, gold in zip(entry.passages, entry.gold, strict=True):
            example = self._example(question, passage, gold, entry.whole, random)
            if len(example.ids) <= _MAX_TOKENS:
                examples.append(example)
        return examples

    def _example(
        self,
        question: Ints,
        passage: Found,
        gold: Sequence[tuple[int, int]],
        whole: bool,
        random: Random,
    ) -> Example:
        start = passage.passage.span.start
        ids, offsets = self._tokens.of(passage.text)
        without_title = random.random() < _NO_TITLE_SHARE
        title = self._tokens.title("" if without_title else passage.article.title)
        pair = self._layout.join(question, [Text(title, ids, offsets + start)])
        size = len(pair.ids)
        starts, ends, inside = (np.zeros(size, bool) for _ in range(3))
        sentence = np.full(size, -1, np.int64)
        spans = [(s.start, s.end) for s in passage.passage.sentences]
        place = sentence_of_token(pair.offsets, spans)
        sentence[pair.rows], inside[pair.rows] = place, True
        evidence = np.zeros(len(spans), bool)
        for low, high in gold:
            (answer_tokens,) = np.nonzero((pair.offsets[:, 0] < high) & (pair.offsets[:, 1] > low))
            if not len(answer_tokens):
                continue
            starts[pair.rows[answer_tokens if whole else answer_tokens[:1]]] = True
            ends[pair.rows[answer_tokens if whole else answer_tokens[-1:]]] = True
            sentence_numbers = place[answer_tokens] if whole else place[answer_tokens[:1]]
            evidence[sentence_numbers[sentence_numbers >= 0]] = True
        if not starts.any():
            starts[0] = ends[0] = True
        return Example(pair.ids, pair.types, sentence, starts, ends, inside, evidence)


def batches_of_lists(
    lists: Sequence[ReadingList], maker: ListMaker, size: int, random: Random
) -> Iterator[tuple[Batch, Tensor]]:
    """Yield batches of ``size`` lists without end, each list once a round, with int64 ``[inputs]``:
    the number of the list that each input belongs to."""
    while True:
        order = random.sample(lists, len(lists))
        for first in range(0, len(order), size):
            entry = [maker(item, random) for item in order[first : first + size]]
            examples = [example for inputs in entry for example in inputs]
            if examples:
                groups = [number for number, inputs in enumerate(entry) for _ in inputs]
                yield collate(examples), torch.tensor(groups)


def loss_of_lists(logits: tuple[Tensor, Tensor, Tensor], batch: Batch, groups: Tensor) -> Tensor:
    """Compute the loss within each passage and over each list.

    Start and end are normalised over all passages of a list (shared normalisation, Clark and
    Gardner, 2018). Each passage's logits are taken relative to its own "no answer", as the margins
    are when passages are read. Evidence has a loss for each sentence and, where a list has any
    evidence, one over all its sentences.
    """
    start, end, evidence = logits
    edges = ((start, batch.starts), (end, batch.ends))
    local = torch.stack([edge_losses(logits, right, batch) for logits, right in edges])
    of_sentences = sentence_logits(evidence, batch)
    total = local.mean() / 2 + evidence_loss(of_sentences, batch)
    losses = []
    numbers = sorted(set(groups.tolist()))
    for number in numbers:
        rows = groups == number
        losses += [_span_loss(edge[rows], right[rows], batch.valid[rows]) for edge, right in edges]
        losses.append(_listwise(of_sentences[rows], batch.evidence[rows], batch.real[rows]))
    comparison: Tensor = torch.stack(losses).sum() / (2 * len(numbers))
    return total + comparison


def _span_loss(logits: Tensor, right: Tensor, valid: Tensor) -> Tensor:
    """Compute the loss over one list.

    logits: float ``[passages, tokens]``, of each the first token's being its "no answer".
    """
    low = torch.finfo(logits.dtype).min
    relative = (logits - logits[:, :1])[:, 1:]
    inside, answers = valid[:, 1:], right[:, 1:]
    zero = logits.new_zeros(1)
    over = torch.cat([zero, relative.masked_fill(~inside, low).flatten()]).logsumexp(0)
    if not answers.any():
        return over
    return over - relative.masked_fill(~answers, low).flatten().logsumexp(0)


def _listwise(logits: Tensor, gold: Tensor, real: Tensor) -> Tensor:
    if not gold.any():
        return logits.new_zeros(())
    low = torch.finfo(logits.dtype).min
    over = logits.masked_fill(real == 0, low).flatten().logsumexp(0)
    return over - logits.masked_fill(gold == 0, low).flatten().logsumexp(0)
