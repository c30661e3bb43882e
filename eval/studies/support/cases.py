"""The sentences to check, with the documents that they were written from: true ones, and the same
made false."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eval.dataset.corruptions import KINDS, corrupt, names_of
from eval.dataset.lines import jsonl_rows
from eval.dataset.ours import DOCUMENTS, QUESTIONS, read_documents
from eval.dataset.splits import by_digest, group_of
from index.article import Article
from index.text.sentences import sentences
from rag.grounding.alignment import Facts
from rag.text.markup import strip_markup

__all__ = [
    "Case",
    "Documents",
    "JudgedResponse",
    "documents",
    "fever_cases",
    "gold_cases",
    "judged_cases",
    "with_corruptions",
]

_SEED: Final = 7
_RESPONSES: Final = "judged_responses.jsonl"
_SQUAD_SENTENCES: Final = 200
# As many passages as the writer is shown.
_NEIGHBOURS: Final = 2


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and the documents that it is checked against. ``kind`` is ``faithful`` or names
    what was exchanged; ``half`` is 0 (to fit on) or 1 (to report)."""

    dataset: str
    sentence: str
    documents: tuple[str, ...]
    kind: str
    half: int


@dataclass(frozen=True, slots=True)
class JudgedResponse:
    """A response that people rated: its sentences, and the median vote (1 to 4)."""

    id: str
    model: str
    sentences: tuple[str, ...]
    documents: tuple[str, ...]
    faithfulness: float
    least: float
    half: int


Documents = dict[str, Article]
# A text and the documents that it was written from.
Statement = tuple[str, tuple[str, ...]]


def documents(folder: Path) -> Documents:
    """Read the documents of a set by id."""
    return {article.id: article for article in read_documents(folder / DOCUMENTS)}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (row.fields for row in jsonl_rows(path))


def gold_cases(data: Path) -> tuple[list[Case], Documents]:
    """Read the faithful sentences: those of clapnq's gold answers, of mtrag's references that all
    judges found faithful, and sentences of squad2 that hold a gold answer."""
    every: Documents = {}
    cases: list[Case] = []
    for dataset, statements in (("clapnq", _clapnq), ("mtrag", _references), ("squad2", _squad)):
        by_id = documents(data / dataset)
        neighbours = _neighbours(by_id) if dataset == "clapnq" else None
        every.update(by_id)
        for text, gold in statements(data / dataset, by_id):
            beside = neighbours(gold) if neighbours else ()
            half = by_digest(group_of(by_id[gold[0]]))
            for sentence in _split(text):
                cases.append(Case(dataset, sentence, (*gold, *beside), "faithful", half))
    return cases, every


def _split(text: str) -> list[str]:
    """Split a text into sentences as the writer does, without list numbers and markup."""
    statements = (strip_markup(span.of(text)).text for span in sentences(text))
    return [sentence for sentence in statements if len(sentence.split()) >= 3]


def _clapnq(folder: Path, by_id: Documents) -> Iterator[Statement]:
    for question in _rows(folder / QUESTIONS):
        if question["answerable"]:
            yield question["answers"][0], tuple(question["gold_doc_ids"])


def _references(folder: Path, by_id: Documents) -> Iterator[Statement]:
    context = {row["id"]: row["context_doc_ids"] for row in _rows(folder / QUESTIONS)}
    for response in _rows(folder / _RESPONSES):
        votes = response["faithfulness_votes"]
        if response["model"] == "reference" and min(votes) >= 4 and context[response["id"]]:
            yield response["response"], tuple(context[response["id"]])


def _squad(folder: Path, by_id: Documents) -> Iterator[Statement]:
    dice = random.Random(_SEED)
    answerable = [row for row in _rows(folder / QUESTIONS) if row["gold_spans"]]
    documents: set[str] = set()
    for question in dice.sample(answerable, len(answerable)):
        document, start, _ = question["gold_spans"][0]
        if document in documents or len(documents) == _SQUAD_SENTENCES:
            continue
        documents.add(document)
        text = by_id[document].text
        yield next(s.of(text) for s in sentences(text) if s.end > start), (document,)


def _neighbours(by_id: Documents) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Make a function that finds the documents that share most words with one (rare words count
    more), as a search would."""
    stems = {id: set(Facts(article.text).stems) for id, article in by_id.items()}
    common = Counter(stem for stems_of in stems.values() for stem in stems_of)

    def near(gold: Sequence[str]) -> tuple[str, ...]:
        gold_stems = stems[gold[0]]
        overlaps = {
            id: math.fsum(1 / common[stem] for stem in gold_stems & stems_of)
            for id, stems_of in stems.items()
            if id not in gold
        }
        return tuple(sorted(overlaps, key=lambda id: (-overlaps[id], id))[:_NEIGHBOURS])

    return near


def with_corruptions(cases: Sequence[Case], by_id: Documents) -> list[Case]:
    """Return the cases and, of each kind that a sentence allows, the same with one fact
    exchanged."""
    dice = random.Random(_SEED)
    elsewhere = {
        half: _names_of([by_id[case.documents[0]] for case in cases if case.half == half])
        for half in (0, 1)
    }
    out = list(cases)
    for case in cases:
        texts = [by_id[id].text for id in case.documents]
        for kind in KINDS:
            false = corrupt(kind, case.sentence, texts, elsewhere[case.half], dice)
            if false:
                out.append(Case(case.dataset, false, case.documents, kind, case.half))
    return out + _elsewhere(cases, dice)


def _elsewhere(cases: Sequence[Case], dice: random.Random) -> list[Case]:
    """Pair each sentence with the documents of another case of its set and half, which do not back
    it; every second time with the case that shares most words."""
    out: list[Case] = []
    stems = [set(Facts(case.sentence).stems) for case in cases]
    for i, case in enumerate(cases):
        elsewhere = [
            j
            for j, other in enumerate(cases)
            if (other.dataset, other.half) == (case.dataset, case.half)
            and not set(other.documents) & set(case.documents)
        ]
        if elsewhere:
            near = max(elsewhere, key=lambda j: len(stems[i] & stems[j]))
            wrong = cases[near if dice.random() < 0.5 else dice.choice(elsewhere)]
            out.append(Case(case.dataset, case.sentence, wrong.documents, "elsewhere", case.half))
    return out


def _names_of(articles: Sequence[Article]) -> list[str]:
    return list(dict.fromkeys(name for article in articles for name in names_of(article.text)))


def fever_cases(data: Path, most: int) -> tuple[list[Case], Documents]:
    """Read claims of FEVER, each against its page: ``faithful`` where the page supports the claim,
    ``refuted`` where it contradicts it, in equal numbers. These were written by people."""
    folder = data / "support_fever"
    cases: list[Case] = []
    for answer, kind in (("yes", "faithful"), ("no", "refuted")):
        claims = [row for row in _rows(folder / QUESTIONS) if row["answer_type"] == answer]
        for claim in claims[: most // 2]:
            ids = tuple(claim["gold_doc_ids"])
            cases.append(Case("support_fever", claim["question"], ids, kind, 1))
    return cases, documents(folder)


def judged_cases(data: Path) -> list[JudgedResponse]:
    """Read the rated responses of mtrag that had passages to be faithful to."""
    by_id = {row["id"]: row for row in _rows(data / "mtrag" / QUESTIONS)}
    out: list[JudgedResponse] = []
    for response in _rows(data / "mtrag" / _RESPONSES):
        question = by_id[response["id"]]
        if question["context_doc_ids"]:
            split = tuple(_split(response["response"]))
            votes = response["faithfulness_votes"]
            half = by_digest(question["context_doc_ids"][0])
            ids = tuple(question["context_doc_ids"])
            out.append(
                JudgedResponse(
                    response["id"],
                    response["model"],
                    split,
                    ids,
                    response["faithfulness"],
                    min(votes),
                    half,
                )
            )
    return out
