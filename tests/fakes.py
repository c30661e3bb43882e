"""Deterministic stand-ins that implement the real interfaces, for tests that need no model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from index.article import Article
from index.encode.base import (
    EncoderId,
    Floats,
    PassageEncoder,
    Progress,
    QueryEncoder,
    TokenVectors,
)

__all__ = ["DIM", "FakeEncoder", "FakeModels", "article"]

DIM = 64


class FakeEncoder:
    """A bag of hashed words: texts that share words are near, the same text the same vector."""

    def __init__(self, name: str = "all-MiniLM-L6-v2", weights: str = "w1") -> None:
        self._id = EncoderId(name=name, weights=weights, dim=DIM, max_tokens=256)
        self.encoded = 0

    @property
    def id(self) -> EncoderId:
        return self._id

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        self.encoded += len(texts)
        if progress:
            progress(len(texts))
        return np.stack([_bag(text) for text in texts]) if texts else np.zeros((0, DIM), np.float32)

    def encode_query(self, text: str) -> Floats:
        return _bag(text)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [_tokens(text) for text in texts]


class FakeModels:
    """One encoder for everything, whatever it is called."""

    def __init__(self, encoder: FakeEncoder | None = None) -> None:
        self.encoder = encoder or FakeEncoder()

    def passage_encoder(self, name: str) -> PassageEncoder:
        return self.encoder

    def query_encoder(self, name: str, known: EncoderId | None) -> QueryEncoder:
        return self.encoder


def article(id: str, text: str, title: str = "", **known: object) -> Article:
    """An article with as little as a test wants to say about it."""
    return Article(id=id, title=title or id, text=text, **known)  # type: ignore[arg-type]


def _bag(text: str) -> Floats:
    words = re.findall(r"\w+", text.lower()) or ["-"]
    total = np.sum([_word(word) for word in words], axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), dtype=np.float32)


# To make one takes a hundred times as long as to look it up.
@lru_cache(maxsize=20_000)
def _word(word: str) -> Floats:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
    vector = np.random.default_rng(seed).standard_normal(DIM)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def _tokens(text: str) -> TokenVectors:
    words = list(re.finditer(r"\w+|[^\w\s]", text))
    vectors = [_word(word.group().lower()) for word in words]
    offsets = [(0, 0), *(word.span() for word in words), (0, 0)]
    special = np.zeros((1, DIM), dtype=np.float32)
    return TokenVectors(
        vectors=np.concatenate([special, np.array(vectors).reshape(-1, DIM), special]).astype("f4"),
        offsets=np.array(offsets, dtype=np.int32),
        mean=_bag(text),
    )
