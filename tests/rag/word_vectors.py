"""An encoder for tests: every word is a direction of its own, fixed by its letters."""

from __future__ import annotations

import zlib

import numpy as np

from index.encode.base import Floats, TokenVectors
from rag.signals import PassageView, stem, words

DIM = 64


def encoded(text: str) -> TokenVectors:
    """One token a word, with a special token in front; equal stems are equal vectors."""
    offsets, start = [(0, 0)], 0
    for word in words(text):
        start = text.index(word, start)
        offsets.append((start, start + len(word)))
        start += len(word)
    vectors = np.stack([_direction("[CLS]"), *(_direction(stem(w)) for w in words(text))])
    mean = vectors.mean(axis=0)
    return TokenVectors(vectors, np.array(offsets, np.int32), mean / np.linalg.norm(mean))


def passage(title: str, *sentences: str) -> PassageView:
    """Sentences joined by single spaces, as one passage."""
    text = " ".join(sentences)
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return PassageView(title, text, tuple(spans), encoded(f"{title}\n{text}" if title else text))


def _direction(word: str) -> Floats:
    values = np.random.default_rng(zlib.crc32(word.encode())).standard_normal(DIM)
    return (values / np.linalg.norm(values)).astype(np.float32)
