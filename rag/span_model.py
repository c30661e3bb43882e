"""The trained network behind :class:`rag.span_reader.SpanReader`: passages in, spans out.

Runs on onnxruntime and the tokenizers library alone. Every sentence of a passage gets its best
span, how far that span's logits stand above those for "no answer here" (Rajpurkar et al., 2018),
and how surely the sentence is evidence. None of it is normalised within the passage, so numbers
of several passages compare.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.article import Span
from index.encode.base import Floats
from index.encode.files import hash_file
from index.errors import ModelError
from index.view import Found
from rag.pair import Pair, PairTokens, sentence_of_token, sentence_windows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["READER_FOLDER", "Scanner", "SentenceScan", "SpanModel", "best_span", "once"]

FORMAT: Final = 1
READER_FOLDER: Final = Path(__file__).with_name("reader")
_MEND: Final = "; restore it with git checkout -- rag/reader, or set another reader"
# Answers longer than this many tokens are sentences' business, not spans'.
_MAX_SPAN_TOKENS: Final = 30
_MAX_WORKERS: Final = 4
_FILES: Final = ("reader.onnx", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class SentenceScan:
    """What the network says of one sentence.

    ``passage`` and ``sentence`` count from 0 within what was read. ``span``: the best answer in
    it, offsets into the article's text. ``margin``: the span's start and end logits minus those
    of "no answer". ``evidence``: the mean logit of the sentence's tokens for being evidence.
    """

    passage: int
    sentence: int
    span: Span
    margin: float
    evidence: float
    signal: float = 0.0


class Scanner(Protocol):
    """What can read passages sentence by sentence."""

    def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
        """Every sentence of every passage that holds a token, in the order given."""
        ...


class SpanModel:
    """An exported reader network with its tokenizer."""

    def __init__(
        self,
        session: InferenceSession,
        tokenizer: Tokenizer,
        manifest: dict[str, Any],
        workers: int = 1,
    ) -> None:
        self._session = session
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="reader")
        self._tokens = PairTokens(tokenizer)
        self.manifest = manifest
        self._max_tokens = int(manifest["max_tokens"])

    @classmethod
    def load(cls, folder: Path | None = None, threads: int = 0) -> Self:
        """Open the reader in ``folder`` (default: the one that comes with Pullquote).

        ``threads`` inputs are read at a time, 0 for one a processor (at most four). Raises
        ``ModelError`` when a file is missing, or is not the one that the manifest names.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        folder = folder or READER_FOLDER
        manifest = _manifest(folder)
        options = onnxruntime.SessionOptions()
        # One input a thread: threads that share an input wait for each other at every layer.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # Both raise bare Exceptions of their own for a broken file.
        except Exception as exc:
            raise ModelError(f"{folder}: the reader cannot be opened{_MEND}") from exc
        workers = threads or min(os.cpu_count() or 1, _MAX_WORKERS)
        return cls(session, tokenizer, manifest, workers)

    def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
        """Every sentence of every passage that holds a token, in the order given.

        One input a run: without padding that is faster on a processor than a batch. The longest
        go first, so that no thread is left with one at the end.
        """
        asked = self._tokens.question(question)
        inputs = [
            (number, found, first, pair)
            for number, found in enumerate(passages)
            for first, pair in self._pairs(asked, found)
        ]
        longest = sorted(range(len(inputs)), key=lambda i: -len(inputs[i][3].ids))
        read = self._pool.map(lambda i: self._scan(*inputs[i]), longest)
        scans = dict(zip(longest, read, strict=True))
        return once([scan for i in range(len(inputs)) for scan in scans[i]])

    def _pairs(self, asked: NDArray[np.int64], found: Found) -> list[tuple[int, Pair]]:
        """The passage in inputs of whole sentences, each with its first sentence's number."""
        start = found.passage.span.start
        ids, offsets = self._tokens.tokens(found.passage.span.of(found.article.text))
        title = self._tokens.title(found.article.title)
        budget = self._max_tokens - len(asked) - len(title) - 3
        bounds = [
            tuple(np.searchsorted(offsets[:, 0], [s.start - start, s.end - start]).tolist())
            for s in found.passage.sentences
        ]
        pairs = []
        for first, last in sentence_windows([b - a for a, b in bounds], budget):
            low = bounds[first][0]
            high = min(bounds[last - 1][1], low + budget)
            pair = self._tokens.join(asked, title, ids[low:high], offsets[low:high] + start)
            pairs.append((first, pair))
        return pairs

    def _scan(self, number: int, found: Found, first: int, pair: Pair) -> list[SentenceScan]:
        logits = self.logits(pair)
        none = float(logits[0, 0] + logits[0, 1])
        inside = logits[pair.first : pair.first + len(pair.offsets)]
        spans = [(s.start, s.end) for s in found.passage.sentences]
        place = sentence_of_token(pair.offsets, spans)
        scans = []
        for sentence in np.unique(place[place >= first]).tolist():
            (rows,) = np.nonzero(place == sentence)
            start, end, score = best_span(inside[rows, 0], inside[rows, 1])
            span = Span(int(pair.offsets[rows[start], 0]), int(pair.offsets[rows[end], 1]))
            evidence = float(inside[rows, 2].mean())
            scans.append(SentenceScan(number, sentence, span, score - none, evidence))
        return scans

    def logits(self, pair: Pair) -> Floats:
        """float32 ``[tokens, 3]``: start, end, evidence."""
        feed = {"ids": pair.ids[None], "types": pair.types[None]}
        (out,) = self._session.run(["logits"], feed)
        return np.asarray(out[0], np.float32)


def best_span(starts: Floats, ends: Floats) -> tuple[int, int, float]:
    """First and last token of the best span, and its score; no longer than 30 tokens.

    ``starts``, ``ends``: float32 ``[tokens]``, the logits of one sentence's tokens.
    """
    size = len(starts)
    scores = starts[:, None] + ends[None, :]
    reach = np.arange(size)[None, :] - np.arange(size)[:, None]
    scores = np.where((reach >= 0) & (reach < _MAX_SPAN_TOKENS), scores, -np.inf)
    start, end = divmod(int(scores.argmax()), size)
    return start, end, float(scores[start, end])


def once(scans: Sequence[SentenceScan]) -> list[SentenceScan]:
    """Of a sentence that two windows share, the higher margin."""
    best: dict[tuple[int, int], SentenceScan] = {}
    for scan in scans:
        known = best.setdefault((scan.passage, scan.sentence), scan)
        if scan.margin > known.margin:
            best[scan.passage, scan.sentence] = scan
    return list(best.values())


def _manifest(folder: Path) -> dict[str, Any]:
    """What the folder says of itself, its files checked against it."""
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files, found = dict(manifest["files"]), manifest["format"]
    except OSError as exc:
        raise ModelError(f"{path}: {exc.strerror}{_MEND}") from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"{path} is no reader's manifest{_MEND}") from exc
    if found != FORMAT:
        raise ModelError(f"{folder} has a reader of format {found}, not {FORMAT}{_MEND}")
    for name in _FILES:
        if hash_file(folder / name) != files.get(name):
            raise ModelError(f"{folder / name} is not the file that its manifest names{_MEND}")
    return manifest
