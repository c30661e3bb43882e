"""Near-duplicates: whether an article is another outlet's copy of one in the library.

Texts are compared by their runs of four words. MinHash (Broder, 1997; by datasketch) finds the few
articles worth comparing, through LSH bands that the store looks up; then the runs themselves are
counted. Two articles are copies by containment, the share of the shorter article's runs that the
longer one has: a wire story cut after its third paragraph is a copy of the whole.

Numbers have to agree too. Reports made from one form (results, weather, prices) share most of their
words and none of their figures, and are no copies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.text.patterns import lazy_regex

__all__ = [
    "BANDS",
    "HASHES",
    "SCHEME",
    "Fingerprint",
    "Runs",
    "are_copies",
    "runs_of",
    "same_words",
    "words",
]

Runs = set[tuple[str, ...]]
Hashes = NDArray[np.uint32]

RUN = 4
# A book is compared by its beginning.
_MOST_CHARS = 200_000
# 128 hashes in 64 bands of two: of pairs with a Jaccard similarity of 0.2, 93 in 100 meet in a
# band; of 0.01, six in 1,000, and their signatures tell them apart.
HASHES, BANDS = 128, 64
SCHEME = f"minhash-affine32-1-{HASHES}-{BANDS}-{RUN}"
# Containment from which two articles are copies; docs/evaluation.md has the figures beside it.
COPY_CONTAINMENT = 0.5
# Under so many runs containment is chance: nearly all of both must be the same.
_FEW_RUNS, _NEARLY_ALL = 20, 0.8
# A signature tells the share to within about 0.15.
_LEAST_ESTIMATE = COPY_CONTAINMENT - 0.15
_FEW_NUMBERS, _NUMBERS_SHARED = 4, 0.5

# Scripts without spaces between words are compared by the character.
_UNSPACED_SCRIPT = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORDS = rf"\d+(?:[.,]\d+)*|[{_UNSPACED_SCRIPT}]|[^\W\d{_UNSPACED_SCRIPT}]+|\w"
_WORD = lazy_regex(_WORDS)
# Signs that change what a sentence says: of money, of shares, before a number, of a question.
_MEANINGFUL_TOKEN = lazy_regex(rf"{_WORDS}|(?<!\w)[-−–](?=[^\w\s]?\d)|[%‰$€£¥₹₽&@#+=<>°/?？]")


def words(text: str) -> list[str]:
    """Return the words and numbers of a text, in order, without case and punctuation."""
    return _WORD.findall(text[:_MOST_CHARS].casefold())


def same_words(text: str) -> tuple[str, ...]:
    """Return a key that is equal for texts with the same words: they may differ in case, spacing,
    quotation marks and other punctuation that changes no meaning."""
    return tuple(_MEANINGFUL_TOKEN.findall(text.casefold().replace("−", "-").replace("–", "-")))


def runs_of(tokens: Sequence[str]) -> Runs:
    """Return the runs of four words; of a shorter text, the whole."""
    if len(tokens) < RUN:
        return {tuple(tokens)}
    return set(zip(*(tokens[i:] for i in range(RUN)), strict=False))


def are_copies(first_text: str, second_text: str) -> bool:
    """Whether one text is a lightly edited copy of the other, or of a part of it."""
    first, second = words(first_text), words(second_text)
    first_runs, second_runs = runs_of(first), runs_of(second)
    common, least = len(first_runs & second_runs), min(len(first_runs), len(second_runs))
    if least < _FEW_RUNS:
        return common >= _NEARLY_ALL * len(first_runs | second_runs)
    if common < COPY_CONTAINMENT * least:
        return False
    short, long = (first, second) if len(first_runs) <= len(second_runs) else (second, first)
    numbers = {word for word in short if word[0].isdigit()}
    agreeing = len(numbers.intersection(long))
    return len(numbers) < _FEW_NUMBERS or agreeing >= _NUMBERS_SHARED * len(numbers)


@cache
def _empty_minhash() -> Any:
    """The signature of no text. Drawing its permutations is a third of what a short
    article takes."""
    # Imported late: it brings scipy, which nobody who asks a question needs.
    from datasketch import MinHash

    return MinHash(num_perm=HASHES, seed=1, scheme="affine32")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A text's MinHash signature, uint32 ``[128]``, and the number of its runs."""

    signature: Hashes
    runs: int

    @classmethod
    def of(cls, text: str) -> Self:
        runs = runs_of(words(text))
        minhash = _empty_minhash().copy()
        minhash.update_batch([" ".join(run).encode(errors="replace") for run in runs])
        return cls(np.asarray(minhash.hashvalues, dtype=np.uint32), len(runs))

    @classmethod
    def from_bytes(cls, blob: bytes, runs: int) -> Self:
        return cls(np.frombuffer(blob, dtype="<u4"), runs)

    def to_bytes(self) -> bytes:
        return self.signature.astype("<u4").tobytes()

    def bands(self) -> list[int]:
        """The keys of the bands: 64 signed 64-bit numbers, each hashed with its band's number."""
        rows = self.signature.reshape(BANDS, -1).astype(np.uint64)
        keys = (rows[:, 0] << np.uint64(32)) | rows[:, 1]
        with np.errstate(over="ignore"):
            keys ^= np.arange(1, BANDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        return [int(value) for value in keys.view(np.int64)]

    def may_copy(self, fingerprint: Fingerprint) -> bool:
        """Whether comparing the texts is worth it, by the containment that the signatures
        estimate."""
        jaccard = float(np.mean(self.signature == fingerprint.signature))
        common = jaccard / (1 + jaccard) * (self.runs + fingerprint.runs)
        return common >= _LEAST_ESTIMATE * min(self.runs, fingerprint.runs)
