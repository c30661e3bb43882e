"""Which reader the settings name."""

from __future__ import annotations

import logging
from pathlib import Path

from index.encode.base import QueryEncoder
from rag.read import Reader
from rag.sentence_reader import SentenceReader
from rag.settings import Settings

__all__ = ["open_reader"]

logger = logging.getLogger(__name__)


def open_reader(settings: Settings, encoder: QueryEncoder) -> Reader:
    """``signals``, ``spans``, a folder that ``eval.training.export`` wrote, or any extractive
    question-answering model (see :mod:`rag.qa_model`).

    Raises ``ModelError`` when its files are missing or are not the ones that were written.
    """
    signals = _signals(settings, encoder)
    if settings.reader == "signals":
        return signals
    from rag.span_reader import SpanReader

    folder = None if settings.reader == "spans" else Path(settings.reader)
    if folder is None or (folder / "manifest.json").exists():
        return SpanReader.load(folder, settings.threads, signals)
    return _other(settings, signals)


def _signals(settings: Settings, encoder: QueryEncoder) -> SentenceReader:
    from rag.signal_reader import SignalReader

    signals = SignalReader.load()
    return SentenceReader(
        encoder, signals if settings.late_interaction else signals.without("late")
    )


def _other(settings: Settings, signals: SentenceReader) -> Reader:
    from rag.qa_model import open_qa_model
    from rag.span_confidence import Calibration
    from rag.span_reader import SpanReader

    model = open_qa_model(settings.reader, settings.threads)
    measured = Path(settings.reader) / "calibration.json"
    if measured.exists():
        return SpanReader(model, Calibration.load(measured), signals)
    logger.warning(
        "%s was never calibrated: its confidence is a guess; python -m eval.training.judge fits it",
        settings.reader,
    )
    return SpanReader(model, Calibration.rough())
