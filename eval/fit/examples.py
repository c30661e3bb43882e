"""Questions of the open sets, each read with its own passage and once with retrieved ones.

The retrieved conditions:

* `retrieved`: the five best passages of all sets;
* `removed`: the same without any passage of the question's own title, so nothing answers;
* `offtopic`: the five best passages of the other sets;
* `sibling`: only the question's own passage is taken away. Others of its title may well answer.

A question may also be turned into a near miss: one of its names or numbers is put in the place of
another (`swapped` with its own passage given, `swapped_retrieved` with the five best).
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.encode.base import Floats, TokenVectors
from index.sentences import sentences
from rag.signal_reader import PassageView, Table, rank_features, stacked
from rag.signals import QuestionView, is_function_word, read_question, stem, words
from eval.training.sets import is_held_out

__all__ = [
    "FOLDS",
    "SEED",
    "SETS",
    "TOP_K",
    "Example",
    "cached",
    "make_examples",
    "onnx_encoder",
    "read_sets",
    "swap_names",
]

EncodeTokens = Callable[[Sequence[str]], list[TokenVectors]]

SETS: Final = ("clapnq", "squad2", "squadshifts_newwiki")
FOLDS: Final = 5
SEED: Final = 7
TOP_K: Final = 5
SWAPPED: Final = 1500
# A year, a number, or a run of capitalised words that does not begin the question.
_NAME: Final = re.compile(r"(?<=\w )(?:\d+\b|[A-Z][\w-]+(?: [A-Z][\w-]+)*)")


@dataclass(slots=True, eq=False)
class Asked:
    """A question of a set, its own passage (an index) and which of that one's sentences answer.

    ``held_out``: its article is one that the trained reader never saw either.
    """

    dataset: str
    text: str
    answerable: bool
    home: int
    spans: list[tuple[int, int]]
    tokens: TokenVectors
    fold: int
    held_out: bool
    swapped: bool = False


@dataclass(slots=True, eq=False)
class Example:
    """A question read with certain passages. `gold` bool [rows], `at_home` bool [rows]: rows of
    sentences that answer, and rows of the question's own passage."""

    asked: Asked
    condition: str
    view: QuestionView
    table: Table
    gold: NDArray[np.bool_]
    at_home: NDArray[np.bool_]
    features: Floats
    scores: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    probability: float = 0.0

    @property
    def right(self) -> bool:
        """Whether the best sentence overlaps a gold span."""
        return bool(self.gold[self.scores.argmax()])

    @property
    def answered_at(self) -> bool:
        """Whether the best sentence stands in a passage that is known to answer."""
        return self.asked.answerable and bool(self.at_home[self.scores.argmax()])


def onnx_encoder(model: Path, tokenizer: Path) -> EncodeTokens:
    """Token vectors from an exported encoder (`sentence_embedding`, `token_embeddings`)."""
    import onnxruntime
    from tokenizers import Tokenizer

    cut = Tokenizer.from_file(str(tokenizer))
    cut.enable_truncation(512)
    cut.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(model), options, ["CPUExecutionProvider"])

    def encode(texts: Sequence[str]) -> list[TokenVectors]:
        made: list[TokenVectors] = []
        for text in texts:
            pieces = cut.encode(text)
            ids = np.array([pieces.ids], np.int64)
            feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            mean, vectors = session.run(["sentence_embedding", "token_embeddings"], feed)
            unit = vectors[0] / np.linalg.norm(vectors[0], axis=1, keepdims=True)
            made.append(TokenVectors(unit, np.array(pieces.offsets, np.int32), mean[0]))
        return made

    return encode


def cached(encode: EncodeTokens, folder: Path | None) -> EncodeTokens:
    """The same encoder, its results kept in `folder` (half precision) by what was encoded."""
    if folder is None:
        return encode

    def look_up(texts: Sequence[str]) -> list[TokenVectors]:
        name = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:20]
        path = folder / f"{name}.npz"
        if not path.exists():
            made = encode(texts)
            np.savez(
                path,
                vectors=np.concatenate([m.vectors for m in made]).astype(np.float16),
                offsets=np.concatenate([m.offsets for m in made]),
                means=np.array([m.mean for m in made]),
                ends=np.cumsum([len(m.vectors) for m in made]),
            )
        kept = np.load(path)
        vectors, offsets, means, ends = (kept[k] for k in ("vectors", "offsets", "means", "ends"))
        starts = [0, *ends[:-1].tolist()]
        return [
            TokenVectors(vectors[a:b].astype(np.float32), offsets[a:b], mean)
            for a, b, mean in zip(starts, ends.tolist(), means, strict=True)
        ]

    return look_up


def read_sets(
    data: Path, limit: int, encode: EncodeTokens
) -> tuple[list[PassageView], list[str], list[Asked]]:
    """Passages of all sets, the set of each, and up to `limit` questions of each set."""
    passages: list[PassageView] = []
    owners: list[str] = []
    asked: list[Asked] = []
    for name in SETS:
        documents = _lines(data / name / "documents.jsonl")
        first = len(passages)
        known = {d["doc_id"]: first + i for i, d in enumerate(documents)}
        encoded = encode(
            [f"{d['title']}\n{d['text']}" if d["title"] else d["text"] for d in documents]
        )
        for document, tokens in zip(documents, encoded, strict=True):
            spans = tuple((s.start, s.end) for s in sentences(document["text"]))
            passages.append(PassageView(document["title"], document["text"], spans, tokens))
            owners.append(name)
        rows = [
            q
            for q in _lines(data / name / "questions.jsonl")
            if q["gold_spans"] or not q["answerable"]
        ]
        if len(rows) > limit:
            rows = random.Random(SEED).sample(rows, limit)
        for row, tokens in zip(rows, encode([r["question"] for r in rows]), strict=True):
            home = known[(row["gold_doc_ids"] or row["candidate_doc_ids"])[0]]
            gold = [(a, b) for _, a, b in row["gold_spans"]]
            title = passages[home].title
            fold = zlib.crc32(title.encode()) % FOLDS
            unseen = is_held_out(title or documents[home - first]["doc_id"])
            asked.append(
                Asked(name, row["question"], row["answerable"], home, gold, tokens, fold, unseen)
            )
    return passages, owners, asked


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def swap_names(
    asked: Sequence[Asked], passages: Sequence[PassageView], encode: EncodeTokens
) -> list[Asked]:
    """Near misses: answerable questions that ask about another year, number or name.

    The new name comes from a question about another title; neither it nor the new number is in
    the passage. Reporters ask for the wrong year or company; the sets' authors seldom did.
    """
    dice = random.Random(SEED)
    usable = [a for a in asked if a.answerable and _NAME.search(a.text)]
    pool = [(a.fold, m.group()) for a in usable for m in _NAME.finditer(a.text)]
    made: list[tuple[Asked, str]] = []
    for a in dice.sample(usable, min(len(usable), SWAPPED)):
        old = dice.choice(list(_NAME.finditer(a.text)))
        fold, new = dice.choice(pool)
        if old.group().isdigit():
            fold, new = -1, str(max(int(old.group()) + dice.choice((-7, -3, -2, -1, 1, 2, 4)), 1))
        # A name of the same fold may be of the same title, and its question answerable.
        if fold != a.fold and new not in passages[a.home].text and new not in a.text:
            made.append((a, a.text[: old.start()] + new + a.text[old.end() :]))
    encoded = encode([text for _, text in made])
    return [
        Asked(a.dataset, text, False, a.home, [], tokens, a.fold, a.held_out, swapped=True)
        for (a, text), tokens in zip(made, encoded, strict=True)
    ]


class Search:
    """Dense and BM25 (k1 1.2, b 0.25) ranks over all passages, fused by reciprocal rank."""

    def __init__(self, passages: Sequence[PassageView]) -> None:
        self.means = np.array([p.tokens.mean for p in passages])
        counts = [Counter(_stems(f"{p.title} {p.text}")) for p in passages]
        length = np.array([sum(c.values()) for c in counts], np.float32)
        self.norm = 1.2 * (0.75 + 0.25 * length / length.mean())
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for i, count in enumerate(counts):
            for word, times in count.items():
                self.postings[word].append((i, times))

    def __call__(self, asked: Asked, allowed: NDArray[np.bool_]) -> list[int]:
        """The TOP_K best allowed passages, best first."""
        lexical = np.zeros(len(allowed))
        for word in set(_stems(asked.text)):
            found = np.array(self.postings.get(word, []), np.int64).reshape(-1, 2)
            idf = np.log1p((len(allowed) - len(found) + 0.5) / (len(found) + 0.5))
            lexical[found[:, 0]] += idf * found[:, 1] / (found[:, 1] + self.norm[found[:, 0]])
        fused = np.zeros(len(allowed))
        for scores in (self.means @ asked.tokens.mean, lexical):
            order = np.argsort(-np.where(allowed, scores, -9.0), kind="stable")[:50]
            fused[order] += 1.0 / (60 + np.arange(len(order)))
        return [int(i) for i in np.argsort(-np.where(allowed, fused, -1.0), kind="stable")[:TOP_K]]


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text) if not is_function_word(word)]


def make_examples(
    passages: Sequence[PassageView], owners: Sequence[str], asked: Sequence[Asked]
) -> list[Example]:
    """Every question with its own passage, and once under a retrieved condition."""
    search = Search(passages)
    titles, sets = np.array([p.title for p in passages]), np.array(owners)
    dice = random.Random(SEED)
    examples: list[Example] = []
    for question in asked:
        home = question.home
        drawn = dice.choices(("retrieved", "removed", "offtopic", "sibling"), (5, 3, 1, 1))
        conditions = ["retrieved", "removed"] if question.dataset == "clapnq" else drawn
        view = read_question(question.text, question.tokens)
        if question.swapped:
            found = search(question, np.ones(len(passages), np.bool_))
            condition, found = dice.choice((("swapped", [home]), ("swapped_retrieved", found)))
            examples.append(_example(question, condition, view, passages, found))
            continue
        examples.append(_example(question, "given", view, passages, [home]))
        for condition in conditions:
            allowed = {
                "retrieved": np.ones(len(passages), np.bool_),
                "removed": titles != titles[home],
                "offtopic": sets != question.dataset,
                "sibling": np.arange(len(passages)) != home,
            }[condition]
            found = search(question, allowed)
            examples.append(_example(question, condition, view, passages, found))
    return examples


def _example(
    asked: Asked,
    condition: str,
    view: QuestionView,
    passages: Sequence[PassageView],
    found: Sequence[int],
) -> Example:
    table = Table.of(view, [passages[i] for i in found])
    at_home = np.array([found[p] == asked.home for p, _ in table.places])
    spans = [passages[found[p]].sentences[s] for p, s in table.places]
    hit = [any(a < end and b > start for start, end in asked.spans) for a, b in spans]
    features = stacked(rank_features(view, table))
    return Example(asked, condition, view, table, at_home & np.array(hit), at_home, features)
