"""Passages, networks and small readers for the tests of this folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from onnx import TensorProto, helper

from index.article import Article, Passage, Span
from index.encode.files import hash_file
from index.settings import PassageSettings
from index.snapshot import Found
from index.text.passages import cut_passages
from index.text.sentences import sentences
from rag.reading.four_bit import stored, write_weights
from rag.reading.manifest import FORMAT, WEIGHTS_FOLDER
from rag.reading.spans import SentenceScan

__all__ = [
    "SIZE", "WILD", "Pointing", "Scattered", "cut", "overlapping", "scans_of", "small_reader",
    "whole",
]  # fmt: skip

WILD: Final = (
    "👩‍👩‍👧‍👦 cried: the zebra ran to Köln. Then rain fell.",
    "Cafe\u0301 ne\u0301e \u200bthe zebra ran to Köln\ufeff at\u00a0noon. Then rain fell.",
    "東京は the zebra ran to Köln です。 Then 🇩🇪 fell.",
    "İstanbul ﬁnds ẞ the zebra ran to Köln. Then \U0001f9ff rain fell.",
    "\u202eabc\u202c a\u0300\u0301\u0302b the zebra ran to Köln. x" * 3,
)
SIZE: Final = 128


def cut(text: str, title: str = "", id: str = "a") -> list[Found]:
    """An article cut as the index cuts it."""
    runs = cut_passages(text, sentences(text), PassageSettings())
    return [_found(Article(id, title, text), i, run) for i, run in enumerate(runs)]


def whole(text: str, title: str = "", id: str = "a") -> Found:
    """An article as one passage, however long."""
    return _found(Article(id, title, text), 0, sentences(text))


def overlapping(text: str, runs: Sequence[tuple[int, int]], title: str = "") -> list[Found]:
    """Passages of one article; runs: of its sentences, ``[first, past last)``."""
    spans, article = sentences(text), Article("a", title, text)
    return [_found(article, i, spans[first:last]) for i, (first, last) in enumerate(runs)]


def _found(article: Article, number: int, run: Sequence[Span]) -> Found:
    span = Span(run[0].start, run[-1].end)
    return Found(article, Passage(number, article.id, number, span, tuple(run)))


def scans_of(passages: Sequence[Found], margin: float = 0.0) -> list[SentenceScan]:
    """What a first look says that finds all sentences alike."""
    return [
        SentenceScan(number, place, span, margin, 0.0)
        for number, found in enumerate(passages)
        for place, span in enumerate(found.passage.sentences)
    ]


class Pointing:
    """A session that points at the tokens of given ids: start at one, end at the other."""

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.inputs: list[list[int]] = []

    def run(self, names: list[str], feed: Mapping[str, Any]) -> list[Any]:
        ids = feed["ids"]
        self.inputs.append(ids[0].tolist())
        logits = np.zeros((*ids.shape, 3), np.float32)
        logits[..., 0] = 5.0 * (ids == self.start)
        logits[..., 1] = 5.0 * (ids == self.end)
        return [logits]


class Scattered:
    """A session that says anything, of the same input always the same."""

    def run(self, names: list[str], feed: Mapping[str, Any]) -> list[Any]:
        ids = feed["ids"]
        random = np.random.default_rng(int(ids.sum()))
        return [random.normal(0, 4, (*ids.shape, 3)).astype(np.float32)]


def small_reader(folder: Path, layers: int = 0) -> Path:
    """A reader of a kind: its first network gives a token's id and type for logits, its second
    (of so many layers) is random; without layers there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "first.onnx.gz").write_bytes(gzip.compress(_first(), 1))
    (folder / "tokenizer.json").write_bytes((WEIGHTS_FOLDER / "tokenizer.json").read_bytes())
    if layers:
        _write_second(folder / "second.npz", layers)
    base = {"name": "none", "weights": "0", "licence": "none"}
    first = {"base": base, "layout": "bert", "precision": "float32", "max_tokens": 64}
    second = {"base": base, "layout": "mpnet", "precision": "int4", "max_tokens": 384}
    described = {
        "format": FORMAT,
        "first": first,
        "second": second | {"layers": layers, "heads": 2} if layers else None,
        "files": {each.name: hash_file(each) for each in folder.iterdir()},
    }
    (folder / "manifest.json").write_text(json.dumps(described))
    return folder


def _first() -> bytes:
    nodes = [
        helper.make_node("Cast", ["ids"], ["id"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["types"], ["type"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["id", "last"], ["start"]),
        helper.make_node("Unsqueeze", ["type", "last"], ["end"]),
        helper.make_node("Concat", ["start", "end", "end"], ["logits"], axis=2),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["inputs", "tokens"])
        for name in ("ids", "types")
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["inputs", "tokens", 3])]
    last = helper.make_tensor("last", TensorProto.INT64, [1], [2])
    graph = helper.make_graph(nodes, "first", inputs, outputs, [last])
    opsets = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    return bytes(model.SerializeToString())


def _write_second(path: Path, layers: int, words: int = 30_526) -> None:
    random = np.random.default_rng(layers)

    def drawn(*shape: int) -> Any:
        return random.normal(0, 0.1, shape).astype(np.float32)

    matrices = {"words": drawn(words, SIZE)}
    others = {
        "positions": drawn(384, SIZE), "distances": drawn(2, 2 * 384 - 1),
        "norm.weight": drawn(SIZE) + 1, "norm.bias": drawn(SIZE),
        "heads.weight": drawn(3, SIZE), "heads.bias": drawn(3),
    }  # fmt: skip
    for i in range(layers):
        for name, rows in (("mix", 3 * SIZE), ("out", SIZE), ("up", SIZE), ("down", SIZE)):
            matrices[f"{i}.{name}.weight"] = drawn(rows, SIZE)
            others[f"{i}.{name}.bias"] = drawn(rows)
        for name in ("first", "second"):
            others |= {f"{i}.{name}.weight": drawn(SIZE) + 1, f"{i}.{name}.bias": drawn(SIZE)}
    packed = {
        name: stored(each, np.abs(each).max(axis=1, keepdims=True) / 7)
        for name, each in matrices.items()
    }
    write_weights(path, packed, others)
