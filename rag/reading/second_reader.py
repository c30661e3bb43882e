"""The second look: a large network reads the best sentences of all passages with their neighbours.

They are one input, so that each is judged beside the others, and one probability says whether any
of them answers ("read, then verify"; Zhang et al., 2020).
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from index.article import Article, Span
from index.encode.base import Floats
from index.encode.session import open_session
from index.snapshot import Found
from rag.reading.context import heading_of, opening_of
from rag.reading.expansion import Precision, expand_networks
from rag.reading.layout import (
    NO_TOKENS,
    Ints,
    Pair,
    PairEncoder,
    Text,
    Tokens,
    open_layout,
    sentence_of_token,
)
from rag.reading.manifest import Manifest
from rag.reading.network import Network, default_batch
from rag.reading.spans import SentenceScan, best_span, first_score
from rag.reading.windows import Candidate, choose_runs

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["SecondReader"]

_MAX_THREADS: Final = 4
# Short inputs that are run at a time. Threads that share one wait for each other at every layer.
_MAX_WORKERS: Final = 3
# Tokens of all windows together with their titles. Twice as many cost twice the time.
BUDGET: Final = 450
# Tokens of an article's opening, where it stands before what is read.
_OPENING_TOKENS: Final = 40


class SecondReader:
    """Reads the sentences that the first network scored best. Safe to share between threads."""

    def __init__(
        self,
        session: InferenceSession,
        tokens: Tokens,
        layout: PairEncoder,
        budget: int = BUDGET,
        workers: int = 1,
        batch_tokens: int = 0,
    ) -> None:
        self._network = Network(session, workers, batch_tokens=batch_tokens)
        self._tokens = tokens
        self._layout = layout
        self._budget = budget

    @classmethod
    def load(
        cls,
        models: Path,
        folder: Path | None = None,
        threads: int = 0,
        tokens: Tokens | None = None,
        *,
        batch_tokens: int | None = None,
    ) -> Self | None:
        """Open the second network of the reader in ``folder`` (default: Pullquote's own); ``None``
        where it has only one.

        models: where networks are expanded for the processor, at first use.
        threads: for one input, 0 for one a processor (at most four).
        tokens: the tokenizer, where it is open already.
        batch_tokens: of a batch, read by the network for an accelerator; 0 for the processor's,
            one input at a time; ``None`` for what the machine has.

        Raises ``ModelError`` when a file is missing or changed, ``StorageError`` when nothing can
        be written under ``models``.
        """
        manifest = Manifest.read(folder)
        network = manifest.second
        if network is None:
            return None
        tokens = tokens or Tokens.load(manifest.checked("tokenizer.json"))
        batch_tokens = default_batch() if batch_tokens is None else batch_tokens
        precision: Precision = "float32" if batch_tokens else "int8"
        folder = expand_networks(manifest, models, precision=precision)
        threads = threads or min(os.cpu_count() or 1, _MAX_THREADS)
        session = open_session(folder / "second.onnx", threads, optimised=not batch_tokens)
        layout = open_layout(network.layout, tokens)
        workers = min(threads, _MAX_WORKERS)
        return cls(session, tokens, layout, workers=workers, batch_tokens=batch_tokens)

    def scan(
        self, question: str, passages: Sequence[Found], first: Sequence[SentenceScan]
    ) -> list[SentenceScan]:
        """Read the best sentences again, with their neighbours.

        first: the first network's scans of the sentences of ``passages``.

        Returns the new scans of the sentences that were read, each once.
        """
        (scans,) = self.scan_each(question, passages, [first])
        return scans

    def scan_each(
        self,
        question: str,
        passages: Sequence[Found],
        groups: Sequence[Sequence[SentenceScan]],
        with_opening: bool = False,
    ) -> list[list[SentenceScan]]:
        """Read the best sentences of each group again, a group by itself: what :meth:`scan` returns
        for each.

        with_opening: whether each article's opening is read before them (and not scored).
        """
        ids = self._tokens.question(question)
        window_groups = [self._windows(question, _each_once(passages, group)) for group in groups]
        if with_opening:
            window_groups = [self._with_openings(windows) for windows in window_groups]
        numbers = [i for i, windows in enumerate(window_groups) if windows]
        pairs = [self._layout.join(ids, [text for _, text in window_groups[i]]) for i in numbers]
        scans: list[list[SentenceScan]] = [[] for _ in groups]
        for i, logits in self._network.run(pairs):
            scans[numbers[i]] = _scans(logits, window_groups[numbers[i]], pairs[i])
        return scans

    def _windows(self, question: str, sentences: Sequence[_Sentence]) -> list[Window]:
        """Select runs of sentences that are neighbours in an article, with their tokens."""
        by_place = {(sentence.article.id, sentence.number): sentence for sentence in sentences}
        sizes = {sentence: len(self._tokens.of(sentence.text)[0]) for sentence in sentences}
        articles = {sentence.article.id: sentence.article for sentence in sentences}
        titles = {
            id: self._tokens.title(heading_of(question, article))
            for id, article in articles.items()
        }
        candidates = [
            Candidate(
                sentence.article.id, sentence.number, sizes[sentence], first_score(sentence.scan)
            )
            for sentence in sentences
        ]
        longest = max((len(title) for title in titles.values()), default=0)
        windows: list[Window] = []
        for run in choose_runs(candidates, self._budget, longest + 1):
            inside = [by_place[run.text, n] for n in range(run.first, run.last + 1)]
            is_same_article = bool(windows) and windows[-1][0][0].article.id == run.text
            title = NO_TOKENS if is_same_article else titles[inside[0].article.id]
            windows.append((inside, self._text(inside, title)))
        return windows

    def _with_openings(self, windows: Sequence[Window]) -> list[Window]:
        """Put an article's opening, which takes its title, before the first of its windows."""
        longer: list[Window] = []
        seen_ids: set[str] = set()
        for inside, text in windows:
            article, start = inside[0].article, inside[0].span.start
            opening = None
            if article.id not in seen_ids:
                seen_ids.add(article.id)
                opening = opening_of(article.text, article.language)
            if opening and opening.end <= start:
                ids, offsets = self._tokens.of(opening.of(article.text))
                size = _OPENING_TOKENS
                longer.append(((), Text(text.title, ids[:size], offsets[:size] + opening.start)))
                room = self._budget - size
                text = Text(NO_TOKENS, text.ids[:room], text.offsets[:room])
            longer.append((inside, text))
        return longer

    def _text(self, inside: Sequence[_Sentence], title: Ints) -> Text:
        start, end = inside[0].span.start, inside[-1].span.end
        ids, offsets = self._tokens.of(inside[0].article.text[start:end])
        # A sentence as long as a page is read as far as it goes.
        return Text(title, ids[: self._budget], offsets[: self._budget] + start)


@dataclass(frozen=True, slots=True, eq=False)
class _Sentence:
    """A sentence that could be read again. Numbers of neighbours in an article differ by one."""

    article: Article
    number: int
    span: Span
    scan: SentenceScan

    @property
    def text(self) -> str:
        return self.span.of(self.article.text)


# Sentences that follow each other in an article (none: they are not scored), and the tokens.
Window = tuple[Sequence[_Sentence], Text]


def _each_once(passages: Sequence[Found], first: Sequence[SentenceScan]) -> list[_Sentence]:
    """Return the scanned sentences by article and place; those of overlapping passages once."""
    best: dict[str, dict[Span, SentenceScan]] = defaultdict(dict)
    neighbours: set[tuple[str, Span, Span]] = set()
    articles = {hit.article.id: hit.article for hit in passages}
    for scan in first:
        hit = passages[scan.passage]
        span = hit.passage.sentences[scan.sentence]
        previous = best[hit.article.id].setdefault(span, scan)
        if scan.margin > previous.margin:
            best[hit.article.id][span] = scan
    for hit in passages:
        neighbours.update((hit.article.id, *pair) for pair in pairwise(hit.passage.sentences))
    sentences = []
    for id, scans in best.items():
        number, last = 0, None
        for span in sorted(scans):
            number += 1 if last and (id, last, span) in neighbours else 2
            sentences.append(_Sentence(articles[id], number, span, scans[span]))
            last = span
    return sentences


def _scans(logits: Floats, windows: Sequence[Window], pair: Pair) -> list[SentenceScan]:
    """Score each sentence of the windows. logits: float32 ``[tokens, 3]``."""
    null_score = float(logits[0, 0] + logits[0, 1])
    inside, scans, first = logits[pair.rows], [], 0
    for sentences, text in windows:
        rows = inside[first : first + len(text.ids)]
        first += len(text.ids)
        place = sentence_of_token(text.offsets, [(s.span.start, s.span.end) for s in sentences])
        for i in sorted(set(place[place >= 0].tolist())):
            (here,) = np.nonzero(place == i)
            start, end, score = best_span(rows[here, 0], rows[here, 1])
            span = Span(int(text.offsets[here[start], 0]), int(text.offsets[here[end], 1]))
            read = sentences[i].scan
            evidence = float(rows[here, 2].mean())
            scans.append(
                SentenceScan(
                    read.passage,
                    read.sentence,
                    span,
                    score - null_score,
                    evidence,
                    first_score(read),
                )
            )
    return scans
