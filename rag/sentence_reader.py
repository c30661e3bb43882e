"""The reader that needs no training of its own: sentences scored by signals, then calibrated.

It sees each passage as the encoder does, token by token with the title first, and leaves the
judgement to :mod:`rag.signal_reader`.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.encode.base import QueryEncoder, TokenVectors
from index.passages import with_title
from index.view import Found
from rag.read import Evidence, Reading
from rag.signal_reader import PassageView, SignalReader
from rag.signal_reader import Reading as Weighed

__all__ = ["SentenceReader"]


class SentenceReader:
    """Reads passages with an encoder and the fitted signals."""

    def __init__(self, encoder: QueryEncoder, signals: SignalReader | None = None) -> None:
        self._encoder = encoder
        self._signals = signals or SignalReader.load()

    def weigh(self, question: str, passages: Sequence[Found]) -> Weighed:
        """Every sentence's score, and how probably the best one answers."""
        asked, *seen = self._encoder.encode_tokens([question, *map(_encoded, passages)])
        views = [_view(found, tokens) for found, tokens in zip(passages, seen, strict=True)]
        return self._signals.score(question, asked, views)

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        """The one to three sentences to quote, all of one passage, best first."""
        read = self.weigh(question, passages)
        rank = {place: i for i, place in enumerate(read.best)}
        quoted = sorted(read.quote, key=lambda place: rank[place])
        evidence = [
            _evidence(passages[passage], sentence, read.probability) for passage, sentence in quoted
        ]
        return Reading(tuple(evidence), read.probability)


def _encoded(found: Found) -> str:
    return with_title(found.article.title, _text(found))


def _text(found: Found) -> str:
    return found.passage.span.of(found.article.text)


def _view(found: Found, tokens: TokenVectors) -> PassageView:
    start = found.passage.span.start
    spans = tuple((span.start - start, span.end - start) for span in found.passage.sentences)
    return PassageView(found.article.title, _text(found), spans, tokens)


def _evidence(found: Found, sentence: int, score: float) -> Evidence:
    span = found.passage.sentences[sentence]
    return Evidence(article=found.article, sentence=span, highlight=span, score=score)
