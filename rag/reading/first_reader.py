"""The first look: a small network reads every retrieved passage.

Every sentence gets its best span, the margin of that span's logits over those for "no answer here",
and a logit for being evidence. None of it is normalised within the passage, so scores of several
passages compare. Runs on onnxruntime and tokenizers alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from index.article import Span
from index.encode.base import Floats
from index.encode.session import open_session
from index.snapshot import Found
from rag.reading.context import heading_of
from rag.reading.expansion import Precision, expand_networks
from rag.reading.layout import (
    Ints,
    Pair,
    PairEncoder,
    Text,
    Tokens,
    open_layout,
    sentence_of_token,
    sentence_windows,
)
from rag.reading.manifest import Manifest
from rag.reading.network import Network, default_batch
from rag.reading.spans import SentenceScan, best_of_each, best_span

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["FirstReader"]

_MAX_WORKERS: Final = 4


class FirstReader:
    """An exported network with its tokenizer and layout. Safe to share between threads."""

    def __init__(
        self,
        session: InferenceSession,
        tokens: Tokens,
        layout: PairEncoder,
        max_tokens: int,
        workers: int = 1,
        batch_tokens: int = 0,
    ) -> None:
        self._network = Network(session, workers, has_types=True, batch_tokens=batch_tokens)
        self._tokens = tokens
        self._layout = layout
        self._max_tokens = max_tokens

    @classmethod
    def load(
        cls,
        models: Path,
        folder: Path | None = None,
        threads: int = 0,
        tokens: Tokens | None = None,
        *,
        batch_tokens: int | None = None,
    ) -> Self:
        """Open the first network of the reader in ``folder`` (default: Pullquote's own).

        models: where networks are expanded for the processor, at first use.
        threads: inputs that are read at a time, 0 for one a processor (at most four).
        tokens: the tokenizer, where it is open already.
        batch_tokens: of a batch, read by the network for an accelerator; 0 for the processor's,
            one input at a time; ``None`` for what the machine has.

        Raises ``ModelError`` when a file is missing or is not the one that the manifest names,
        ``StorageError`` when nothing can be written under ``models``.
        """
        manifest = Manifest.read(folder)
        # One input a thread: threads that share an input wait for each other at every layer.
        batch_tokens = default_batch() if batch_tokens is None else batch_tokens
        precision: Precision = "float32" if batch_tokens else "int8"
        folder = expand_networks(manifest, models, precision=precision)
        session = open_session(folder / "first.onnx", threads=1)
        tokens = tokens or Tokens.load(manifest.checked("tokenizer.json"))
        layout = open_layout(manifest.first.layout, tokens)
        workers = threads or min(os.cpu_count() or 1, _MAX_WORKERS)
        return cls(session, tokens, layout, manifest.first.max_tokens, workers, batch_tokens)

    def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
        """Scan every sentence that holds a token, in the order given."""
        ids = self._tokens.question(question)
        inputs = [
            (number, hit, first, pair)
            for number, hit in enumerate(passages)
            for first, pair in self._pairs(ids, hit, heading_of(question, hit.article))
        ]
        scans = {
            i: _scan(logits, *inputs[i])
            for i, logits in self._network.run([pair for *_, pair in inputs])
        }
        return best_of_each([scan for i in range(len(inputs)) for scan in scans[i]])

    def _pairs(self, question: Ints, hit: Found, heading: str) -> list[tuple[int, Pair]]:
        """Split a passage into inputs of whole sentences under the article's heading, each with its
        first sentence's number."""
        start = hit.passage.span.start
        ids, offsets = self._tokens.of(hit.text)
        title = self._tokens.title(heading)
        budget = max(1, self._max_tokens - self._layout.overhead(question) - len(title))
        bounds = [
            tuple(np.searchsorted(offsets[:, 0], [s.start - start, s.end - start]).tolist())
            for s in hit.passage.sentences
        ]
        pairs = []
        for first, last in sentence_windows([b - a for a, b in bounds], budget):
            low = bounds[first][0]
            high = min(bounds[last - 1][1], low + budget)
            text = Text(title, ids[low:high], offsets[low:high] + start)
            pairs.append((first, self._layout.join(question, [text])))
        return pairs


def _scan(logits: Floats, number: int, hit: Found, first: int, pair: Pair) -> list[SentenceScan]:
    """Score the sentences of an input from number ``first`` on. logits: float32 ``[tokens, 3]``."""
    null_score = float(logits[0, 0] + logits[0, 1])
    inside = logits[pair.rows]
    spans = [(s.start, s.end) for s in hit.passage.sentences]
    place = sentence_of_token(pair.offsets, spans)
    scans = []
    for sentence in sorted(set(place[place >= first].tolist())):
        (rows,) = np.nonzero(place == sentence)
        start, end, score = best_span(inside[rows, 0], inside[rows, 1])
        span = Span(int(pair.offsets[rows[start], 0]), int(pair.offsets[rows[end], 1]))
        evidence = float(inside[rows, 2].mean())
        scans.append(SentenceScan(number, sentence, span, score - null_score, evidence))
    return scans
