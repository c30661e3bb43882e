"""Open the reader that the settings name."""

from __future__ import annotations

import logging
from pathlib import Path

from rag.evidence import Reader
from rag.reading.calibration import Calibration
from rag.reading.cascade import CascadeReader
from rag.settings import Settings

__all__ = ["open_reader"]

logger = logging.getLogger(__name__)


def open_reader(settings: Settings) -> Reader:
    """Open the reader of ``settings.reader``: ``spans`` (Pullquote's own), ``fast`` (its first
    network alone), a folder that ``eval.training.export`` wrote, or any extractive
    question-answering model (see :mod:`rag.reading.external`).

    Raises ``ModelError`` when its files are missing or are not the ones that were written.
    """
    name, models, threads = settings.reader, settings.models_folder, settings.threads
    rule = settings.statements
    if name in ("spans", "fast"):
        looks = 1 if name == "fast" else 2
        return CascadeReader.load(models, looks=looks, threads=threads, statements=rule)
    if (Path(name) / "manifest.json").exists():
        return CascadeReader.load(models, Path(name), threads=threads, statements=rule)
    from rag.reading.external import open_qa_model

    model = open_qa_model(name, threads)
    calibration_path = Path(name) / "calibration.json"
    if calibration_path.exists():
        calibration = Calibration.load(calibration_path, "first")
        return CascadeReader(model, calibration, statements=rule)
    logger.warning(
        "%s was never calibrated: its confidence is a guess; python -m eval.training.calibrate "
        "fits it",
        name,
    )
    return CascadeReader(model, Calibration.rough(), statements=rule)
