"""Make training examples: a pack in the network's input layout, with its labels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from eval.training.batch import Example
from eval.training.noise import as_typed, echo_line
from eval.training.packs import Pack, Segment
from rag.reading.layout import NO_TOKENS, MPNetEncoder, Text, Tokens, sentence_of_token

__all__ = ["Maker", "read_packs"]

_MOST_TOKENS: Final = 480
_TITLE_DROP_RATE: Final = 0.06
_ECHO: Final = 0.12


def read_packs(path: Path) -> list[Pack]:
    """Read the packs that ``eval.training.packs`` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [_pack(json.loads(line)) for line in lines]


def _pack(row: dict[str, Any]) -> Pack:
    def pairs(values: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
        return tuple((int(start), int(end)) for start, end in values)

    segments = tuple(
        Segment(**{**s, "sentences": pairs(s["sentences"]), "gold": pairs(s["gold"])})
        for s in row["segments"]
    )
    return Pack(**{**row, "segments": segments})


class Maker:
    """Makes examples of packs, with new noise in the question each time."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._layout = MPNetEncoder()

    def __call__(self, pack: Pack, random: Random) -> Example | None:
        """Make an example; ``None`` when it is too long."""
        first = [s.text[slice(*s.sentences[0])] for s in pack.segments if not s.gold]
        question = self._tokens.question(as_typed(pack.question, random, first))
        segments = list(pack.segments)
        if random.random() < _ECHO:
            place = random.randrange(len(segments))
            titles = [segment.title for segment in segments]
            line = echo_line(pack.question, titles, random)
            segments[place] = _with_line(segments[place], line)
        texts = [
            self._text(segment, i > 0 and segments[i - 1].group == segment.group, random)
            for i, segment in enumerate(segments)
        ]
        pair = self._layout.join(question, texts)
        if len(pair.ids) > _MOST_TOKENS:
            return None
        return _row_of(pack, segments, texts, pair.ids, pair.rows)

    def _text(self, segment: Segment, again: bool, random: Random) -> Text:
        drop_title = again or random.random() < _TITLE_DROP_RATE
        title = NO_TOKENS if drop_title else self._tokens.title(segment.title)
        return Text(title, *self._tokens.of(segment.text))


def _with_line(segment: Segment, line: str) -> Segment:
    """Append a line to a segment, as a sentence of its own."""
    start = len(segment.text) + 1
    text = f"{segment.text}\n{line}"
    return replace(segment, text=text, sentences=(*segment.sentences, (start, len(text))))


def _row_of(
    pack: Pack,
    segments: Sequence[Segment],
    texts: Sequence[Text],
    ids: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> Example:
    size = len(ids)
    starts, ends, passage = (np.zeros(size, bool) for _ in range(3))
    sentence = np.full(size, -1, np.int64)
    passage[rows] = True
    evidence: list[bool] = []
    first = 0
    for segment, text in zip(segments, texts, strict=True):
        rows_of_text = rows[first : first + len(text.ids)]
        first += len(text.ids)
        inside = sentence_of_token(text.offsets, segment.sentences)
        sentence[rows_of_text] = np.where(inside >= 0, inside + len(evidence), -1)
        gold = np.zeros(len(segment.sentences), bool)
        for start, end in segment.gold:
            (tokens,) = np.nonzero((text.offsets[:, 0] < end) & (text.offsets[:, 1] > start))
            if not len(tokens):
                continue
            marks = tokens if pack.whole else tokens[[0, -1]]
            starts[rows_of_text[marks if pack.whole else marks[:1]]] = True
            ends[rows_of_text[marks if pack.whole else marks[1:]]] = True
            sentence_places = inside[tokens] if pack.whole else inside[tokens[:1]]
            gold[sentence_places[sentence_places >= 0]] = True
        evidence += gold.tolist()
    if not starts.any():
        starts[0] = ends[0] = True
    types = np.zeros(size, np.int64)
    return Example(ids, types, sentence, starts, ends, passage, np.array(evidence, bool))
