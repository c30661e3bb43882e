"""Sentences with what they were written from, true ones and the same made false."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eval.studies.support.corrupt import KINDS, corrupt, names_of
from index.article import Article, Passage
from index.settings import PassageSettings
from index.snapshot import Found
from index.text.passages import cut_passages
from index.text.sentences import sentences
from rag.grounding.alignment import Facts
from rag.text.markup import plain

__all__ = [
    "Case",
    "Judged",
    "fever_cases",
    "gold_cases",
    "judged_cases",
    "passages_of",
    "with_corruptions",
]

_SEED: Final = 7
_SQUAD_SENTENCES: Final = 200
# As many passages as the writer is shown.
_NEIGHBOURS: Final = 2


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and the documents it is held against; ``kind`` is ``faithful`` or what was
    exchanged, ``half`` 0 (to fit on) or 1 (to report)."""

    dataset: str
    sentence: str
    documents: tuple[str, ...]
    kind: str
    half: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A response that people judged: its sentences, and their median vote (1 to 4)."""

    id: str
    model: str
    sentences: tuple[str, ...]
    documents: tuple[str, ...]
    faithfulness: float
    least: float
    half: int


Documents = dict[str, Article]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def documents(folder: Path) -> Documents:
    """The documents of a set as articles."""
    return {
        each["doc_id"]: Article(each["doc_id"], each.get("title") or "", each["text"])
        for each in _lines(folder / "documents.jsonl")
    }


def passages_of(articles: Iterable[Article]) -> list[Found]:
    """The articles, cut as the index cuts them."""
    found: list[Found] = []
    for article in articles:
        spans = sentences(article.text)
        for number, passage in enumerate(cut_passages(article.text, spans, PassageSettings())):
            whole = type(passage[0])(passage[0].start, passage[-1].end)
            found.append(Found(article, Passage(0, article.id, number, whole, passage)))
    return found


def gold_cases(data: Path) -> tuple[list[Case], Documents]:
    """Gold answers of clapnq and the references of mtrag that all judges found faithful, sentence
    by sentence, and sentences of squad2 that hold a gold answer."""
    every: Documents = {}
    cases: list[Case] = []
    for dataset, asked in (("clapnq", _clapnq), ("mtrag", _references), ("squad2", _squad)):
        known = documents(data / dataset)
        near = _neighbours(known) if dataset == "clapnq" else None
        every.update(known)
        for text, gold in asked(data / dataset, known):
            beside = near(gold) if near else ()
            half = _half(known[gold[0]].title or gold[0])
            for sentence in _split(text):
                cases.append(Case(dataset, sentence, (*gold, *beside), "faithful", half))
    return cases, every


def _half(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[0] % 2


def _split(text: str) -> list[str]:
    """The sentences of a text as the writer would let them out, without list numbers and markup."""
    made = (plain(span.of(text)).text for span in sentences(text))
    return [sentence for sentence in made if len(sentence.split()) >= 3]


def _clapnq(folder: Path, known: Documents) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in _lines(folder / "questions.jsonl"):
        if each["answerable"]:
            yield each["answers"][0], tuple(each["gold_doc_ids"])


def _references(folder: Path, known: Documents) -> Iterator[tuple[str, tuple[str, ...]]]:
    shown = {each["id"]: each["context_doc_ids"] for each in _lines(folder / "questions.jsonl")}
    for each in _lines(folder / "judged_responses.jsonl"):
        faithful = each["model"] == "reference" and min(each["faithfulness_votes"]) >= 4
        if faithful and shown[each["id"]]:
            yield each["response"], tuple(shown[each["id"]])


def _squad(folder: Path, known: Documents) -> Iterator[tuple[str, tuple[str, ...]]]:
    dice = random.Random(_SEED)
    asked = [each for each in _lines(folder / "questions.jsonl") if each["gold_spans"]]
    seen: set[str] = set()
    for each in dice.sample(asked, len(asked)):
        document, start, _ = each["gold_spans"][0]
        if document in seen or len(seen) == _SQUAD_SENTENCES:
            continue
        seen.add(document)
        text = known[document].text
        yield next(s.of(text) for s in sentences(text) if s.end > start), (document,)


def _neighbours(known: Documents) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """The documents that share most with one (rare words count more), as a search would bring
    them along."""
    stems = {id: set(Facts(article.text).stems) for id, article in known.items()}
    common = Counter(stem for found in stems.values() for stem in found)

    def near(gold: Sequence[str]) -> tuple[str, ...]:
        mine = stems[gold[0]]
        shared = {
            id: sum(1 / common[stem] for stem in mine & found)
            for id, found in stems.items()
            if id not in gold
        }
        return tuple(sorted(shared, key=lambda id: (-shared[id], id))[:_NEIGHBOURS])

    return near


def with_corruptions(cases: Sequence[Case], known: Documents) -> list[Case]:
    """The cases and, of each kind that a sentence allows, the same with one fact exchanged."""
    dice = random.Random(_SEED)
    elsewhere = {
        half: _names_of([known[case.documents[0]] for case in cases if case.half == half])
        for half in (0, 1)
    }
    out = list(cases)
    for case in cases:
        texts = [known[id].text for id in case.documents]
        for kind in KINDS:
            false = corrupt(kind, case.sentence, texts, elsewhere[case.half], dice)
            if false:
                out.append(Case(case.dataset, false, case.documents, kind, case.half))
    return out + _elsewhere(cases, dice)


def _elsewhere(cases: Sequence[Case], dice: random.Random) -> list[Case]:
    """Each sentence against the documents of another case of its set and half, which say nothing
    of it: every second time the case that shares most words with it."""
    out: list[Case] = []
    stems = [set(Facts(case.sentence).stems) for case in cases]
    for i, case in enumerate(cases):
        others = [
            j
            for j, other in enumerate(cases)
            if (other.dataset, other.half) == (case.dataset, case.half)
            and not set(other.documents) & set(case.documents)
        ]
        if others:
            near = max(others, key=lambda j: len(stems[i] & stems[j]))
            chosen = cases[near if dice.random() < 0.5 else dice.choice(others)]
            out.append(Case(case.dataset, case.sentence, chosen.documents, "elsewhere", case.half))
    return out


def _names_of(articles: Sequence[Article]) -> list[str]:
    return list(dict.fromkeys(name for each in articles for name in names_of(each.text)))


def fever_cases(data: Path, most: int) -> tuple[list[Case], Documents]:
    """Claims of FEVER, ``faithful`` where their page supports them and ``refuted`` where it says
    otherwise, in equal parts, each against its page: written by people, not by exchange."""
    folder = data / "support_fever"
    known = documents(folder)
    cases: list[Case] = []
    for answer, kind in (("yes", "faithful"), ("no", "refuted")):
        asked = [
            each for each in _lines(folder / "questions.jsonl") if each["answer_type"] == answer
        ]
        for each in asked[: most // 2]:
            ids = tuple(each["gold_doc_ids"])
            cases.append(Case("support_fever", each["question"], ids, kind, 1))
    return cases, known


def judged_cases(data: Path) -> list[Judged]:
    """The judged responses of mtrag that had passages to be faithful to."""
    shown = {each["id"]: each for each in _lines(data / "mtrag" / "questions.jsonl")}
    out: list[Judged] = []
    for each in _lines(data / "mtrag" / "judged_responses.jsonl"):
        asked = shown[each["id"]]
        if asked["context_doc_ids"]:
            split = tuple(_split(each["response"]))
            votes = each["faithfulness_votes"]
            half = _half(asked["context_doc_ids"][0])
            ids = tuple(asked["context_doc_ids"])
            out.append(
                Judged(
                    each["id"], each["model"], split, ids, each["faithfulness"], min(votes), half
                )
            )
    return out
