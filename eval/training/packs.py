"""What the second network is trained on: ``python -m eval.training.packs``.

A pack is a question with what the second look is shown when it is asked: the sentences that look
best, with their neighbours, of the question's own document and of others that retrieval finds for
it, or of others alone. So the network meets sentences that repeat a question's words beside the one
that answers, and often only those. Packs without an answer are made by leaving the question's
document out, by exchanging a name or number in the question, by turning it into its opposite, or
come so from the sets. Some questions of the sets that a library can be made of are given the
passages that are found there for them, as when they are asked.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from eval.dataset.passages import all_passages
from eval.dataset.splits import group_of, is_held_out
from eval.training.held_out import READ, RETRIEVAL_SETS, SEARCH_DEPTH, add_documents
from eval.training.negatives import Bm25, lacks, words
from eval.training.sets import HELD_OUT, WRITTEN, Question, QuestionSet, read_set
from eval.training.tasks import MIXTURE, Kind, Task, tasks_of
from index.article import Article
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.reading.first_reader import FirstReader
from rag.reading.spans import Scanner, first_score
from rag.reading.windows import Candidate, Run, choose_runs
from rag.retrieval.siblings import choose_passages

__all__ = [
    "Bank",
    "Pack",
    "Search",
    "Segment",
    "main",
    "pack_of",
    "packs_of",
]

# Gives what a library finds for a question, best first.
Search = Callable[[str], Sequence[Found]]

# Tokens of a pack without its question: half are short, which is what makes training affordable.
_BUDGETS: Final = (((75, 120), 0.5), ((160, 230), 0.88), ((260, 310), 1.0))
# Of our own questions fewer are: what is read when they are asked for real is long.
_LONG_BUDGETS: Final = (((90, 140), 0.15), ((180, 260), 0.5), ((300, 420), 1.0))
_SEARCH_DEPTH: Final = 10
# Of a question with what a library found for it: about what the second look is given.
_SEARCH_DEPTH_BUDGET: Final = (300, 430)
_TITLE_TOKENS: Final = 12
_CHARACTERS_PER_TOKEN: Final = 4.3
# A span with more characters is an account, not a phrase.
_PHRASE: Final = 200
# An answer that the windows missed is put among them this often, else nothing answers.
_RESCUE_SHARE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring sentences of a document. ``sentences`` and ``gold`` (answers) are offsets into
    ``text``; segments of one ``group`` are of one passage."""

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    gold: tuple[tuple[int, int], ...]
    group: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A question with what is read. ``whole``: gold marks sentences, not phrases."""

    set_name: str
    id: str
    kind: Kind
    question: str
    whole: bool
    segments: tuple[Segment, ...]

    @property
    def answerable(self) -> bool:
        return any(segment.gold for segment in self.segments)


class Bank:
    """The documents of a set that may be trained on, ranked for a question."""

    def __init__(self, questions: QuestionSet) -> None:
        self.questions = questions
        splits = questions.name in HELD_OUT
        self.documents = [
            d for d in questions.documents.values() if not (splits and is_held_out(group_of(d)))
        ]
        self.ranking = Bm25([f"{d.title} {d.text}" for d in self.documents])
        self.groups = {document.id: group_of(document) for document in self.documents}
        self._cut: dict[str, tuple[Found, ...]] = {}

    def passages(self, document: Article) -> tuple[Found, ...]:
        if document.id not in self._cut:
            self._cut[document.id] = all_passages(document)
        return self._cut[document.id]

    def other_documents(self, question: Question) -> list[Article]:
        """Documents that retrieval ranks high for the question and that do not answer it."""
        order = np.argsort(-self.ranking.scores(question.text), kind="stable")[:_SEARCH_DEPTH]
        ranking = [self.documents[i] for i in order.tolist()]
        return [
            d
            for d in ranking
            if d.id != question.document and (not question.answers or lacks(d, question))
        ]


def pack_of(
    task: Task,
    bank: Bank,
    scanner: Scanner | None,
    random: Random,
    search: Search | None = None,
) -> Pack | None:
    """Make the pack of a task; ``None`` where there is nothing to read.

    scanner: chooses the sentences as the first look does; without one the words that they share
    with the question do, which takes a hundredth of the time.
    search: finds the passages; without it they are the question's own and some like it.
    """
    question = task.question
    passages = _found_passages(task, bank, search) if search else _passages(task, bank, random)
    if not passages:
        return None
    if not search:
        random.shuffle(passages)
    candidates = _candidates(question.text, passages, bank, scanner, random)
    budget = random.randint(*_SEARCH_DEPTH_BUDGET) if search else _budget(task, random)
    runs = _runs(task, passages, candidates, budget, random)
    segments = tuple(_segment(run, passages[run.text], task) for run in runs)
    pack_text = Article("", "", " ".join(segment.text for segment in segments))
    long = bool(question.spans) and question.spans[0][1] - question.spans[0][0] > _PHRASE
    whole = question.whole_sentences or long
    # What a sentence says may be said in other words by one that is shown.
    may_answer = whole or not lacks(pack_text, question)
    if task.kind == "own" and may_answer and not any(s.gold for s in segments):
        return None
    return Pack(task.set_name, question.id, task.kind, question.text, whole, segments)


def _passages(task: Task, bank: Bank, random: Random) -> list[Found]:
    question = task.question
    document = bank.questions.documents[question.document]
    other_documents = bank.other_documents(question)
    is_removed = task.kind == "removed"
    if is_removed and (document.metadata or random.random() < 0.5):
        other_documents = [d for d in other_documents if group_of(d) != group_of(document)]
    many = random.choice((2, 3, 4) if is_removed else (1, 2, 3, 3, 4))
    question_words = set(words(question.text))

    def overlap(passage: Found) -> int:
        return len(question_words & set(words(passage.text)))

    near = [max(p, key=overlap) for p in map(bank.passages, other_documents[:many]) if p]
    if is_removed:
        return [f for f in near if lacks(_as_document(f), question)]
    own_passages = bank.passages(document)
    if not question.spans:
        return sorted(own_passages, key=lambda f: -overlap(f))[:2] + near
    good = [f for f in own_passages if any(f.passage.span.start <= a and b <= f.passage.span.end
                                   for a, b in question.spans)]  # fmt: skip
    return good[:2] + [f for f in own_passages if f not in good][:1] + near if good else []


def _found_passages(task: Task, bank: Bank, search: Search) -> list[Found]:
    """Return the passages that would be read, but for those of other documents that answer too."""
    question, groups = task.question, bank.groups
    own_group = groups[question.document]
    hits = [
        hit
        for hit in search(question.text)
        if hit.article.id in groups
        and not (task.kind == "removed" and groups[hit.article.id] == own_group)
    ]
    return [
        hit
        for hit in choose_passages(hits, READ, bank.passages)
        if question.spans_in(hit.article.id)
        or hit.article.id == question.document
        or lacks(_as_document(hit), question)
    ]


def _as_document(passage: Found) -> Article:
    return Article("", passage.article.title, passage.text)


def _candidates(
    question: str, passages: Sequence[Found], bank: Bank, scanner: Scanner | None, random: Random
) -> list[Candidate[int]]:
    if scanner is not None:
        scores = {
            (scan.passage, scan.sentence): first_score(scan)
            for scan in scanner.scan(question, passages)
        }
    else:
        scores = {}
        question_words = set(words(question))
        for number, passage in enumerate(passages):
            for place, span in enumerate(passage.passage.sentences):
                sentence_words = words(span.of(passage.article.text))
                overlap = sum(
                    bank.ranking.idf.get(w, 3.0) for w in question_words & set(sentence_words)
                )
                scores[number, place] = (
                    overlap / (len(sentence_words) + 12) ** 0.35 + 0.8 * random.random()
                )
    seen_spans, candidates = set(), []
    for (number, place), score in scores.items():
        span = passages[number].passage.sentences[place]
        if (passages[number].article.id, span) not in seen_spans:
            seen_spans.add((passages[number].article.id, span))
            size = int(len(span) / _CHARACTERS_PER_TOKEN) + 2
            candidates.append(Candidate(number, place, size, score))
    return candidates


def _budget(task: Task, random: Random) -> int:
    draw = random.random()
    budgets = _LONG_BUDGETS if task.set_name in WRITTEN else _BUDGETS
    return random.randint(*next(bounds for bounds, share in budgets if draw < share))


def _runs(
    task: Task,
    passages: Sequence[Found],
    candidates: Sequence[Candidate[int]],
    budget: int,
    random: Random,
) -> list[Run[int]]:
    runs = choose_runs(candidates, budget, _TITLE_TOKENS)
    if task.kind != "own" or any(_segment(run, passages[run.text], task).gold for run in runs):
        return runs
    if random.random() >= _RESCUE_SHARE:
        return runs

    def favour_gold(c: Candidate[int]) -> Candidate[int]:
        span = passages[c.text].passage.sentences[c.number]
        gold = task.question.spans_in(passages[c.text].article.id)
        holds = any(span.start < b and a < span.end for a, b in gold)
        return replace(c, score=c.score + 99) if holds else c

    return choose_runs([favour_gold(c) for c in candidates], max(budget, 110), _TITLE_TOKENS)


def _segment(run: Run[int], passage: Found, task: Task) -> Segment:
    spans = passage.passage.sentences[run.first : run.last + 1]
    start, end = spans[0].start, spans[-1].end
    gold: list[tuple[int, int]] = []
    if task.kind == "own":
        for a, b in task.question.spans_in(passage.article.id):
            inside = start <= a and b <= end
            if inside or (b - a > _PHRASE and a < end and start < b):
                gold.append((max(a, start) - start, min(b, end) - start))
    return Segment(
        passage.article.title,
        passage.article.text[start:end],
        tuple((span.start - start, span.end - start) for span in spans),
        tuple(gold),
        run.text,
    )


def packs_of(
    data: Path,
    scan_count: int,
    random: Random,
    scanner: Scanner | None = None,
    search_count: int = 0,
    search: Search | None = None,
) -> Iterator[Pack]:
    """Yield all packs of ``MIXTURE``, in random order.

    scan_count: how many, the first, are made with ``scanner``, the first look.
    search_count: how many of the sets that a library can be made of, the first, are made with what
        ``search`` finds (and with ``scanner``).
    """
    banks = {name: Bank(read_set(data, name)) for name in MIXTURE}
    tasks = [task for bank in banks.values() for task in tasks_of(bank.questions, random)]
    random.shuffle(tasks)
    for number, task in enumerate(tasks):
        finds = None
        if search and search_count > 0 and task.set_name in RETRIEVAL_SETS:
            finds, search_count = search, search_count - 1
        looks = scanner if finds or number < scan_count else None
        pack = pack_of(task, banks[task.set_name], looks, random, finds)
        if pack is not None:
            yield pack


def _search(library: Pullquote) -> Search:
    def search(question: str) -> list[Found]:
        results = library.search(question, top_k=SEARCH_DEPTH)
        return [Found(result.article, result.passage) for result in results]

    return search


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--out", type=Path, required=True, help="the file to write, JSON lines")
    parser.add_argument("--home", type=Path, default=Settings().home, help="PULLQUOTE_HOME")
    parser.add_argument("--scanned", type=int, default=3000, help="packs that the first look makes")
    parser.add_argument("--searched", type=int, default=0, help="packs of what a library finds")
    parser.add_argument("--seed", type=int, default=26)
    options = parser.parse_args(arguments)
    looks = options.scanned or options.searched
    scanner = FirstReader.load(options.home / "models", threads=2) if looks else None
    settings = Settings(home=options.home)
    with ExitStack() as stack:
        search = None
        if options.searched:
            library = Pullquote.open(options.home / "held-out", settings, create=True)
            add_documents(options.data, stack.enter_context(library))
            search = _search(library)
        out = stack.enter_context(options.out.open("w", encoding="utf-8"))
        random, many = Random(options.seed), (options.scanned, options.searched)
        for pack in packs_of(options.data, many[0], random, scanner, many[1], search):
            row: dict[str, Any] = asdict(pack)
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
