"""Which reader the settings name."""

from __future__ import annotations

from pathlib import Path

from index.encode.base import QueryEncoder
from rag.read import Reader
from rag.settings import Settings

__all__ = ["open_reader"]


def open_reader(settings: Settings, encoder: QueryEncoder) -> Reader:
    """``signals``, ``spans``, or the reader exported to the folder of that name.

    Raises ``ModelError`` when its files are missing or are not the ones that were written.
    """
    if settings.reader != "signals":
        from rag.span_reader import SpanReader

        folder = None if settings.reader == "spans" else Path(settings.reader)
        return SpanReader.load(folder, settings.threads)
    from rag.sentence_reader import SentenceReader
    from rag.signal_reader import SignalReader

    signals = SignalReader.load()
    if not settings.late_interaction:
        signals = signals.without("late")
    return SentenceReader(encoder, signals)
