"""The models that ship, opened once a process: to open them takes longer than most tests take.

They are the real ones, and nobody changes them. What they read once, the same passages for the same
question, is not read again. A process that a test starts opens its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.encode.encoders import ExportedModels
from index.snapshot import Found
from rag.evidence import Reader, Reading
from rag.reading.opening import open_reader
from rag.settings import Settings

__all__ = ["encoders_opened_once", "reader_opened_once"]


@contextmanager
def reader_opened_once() -> Iterator[None]:
    """Within it, whoever opens the same reader by the settings is given the same one."""
    readers: dict[tuple[str, Path, int, bool], Reader] = {}

    def once(settings: Settings) -> Reader:
        folder = settings.models_folder.resolve()
        key = (settings.reader, folder, settings.threads, settings.statements)
        if key not in readers:
            readers[key] = reader = open_reader(settings)
            patch.setattr(reader, "read", _read_once(reader.read))
        return readers[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.answering_models.open_reader", once)
        yield


def _read_once(
    read: Callable[[str, Sequence[Found]], Reading],
) -> Callable[[str, Sequence[Found]], Reading]:
    readings: dict[str, list[tuple[list[Found], Reading]]] = {}

    def once(question: str, passages: Sequence[Found]) -> Reading:
        before = readings.setdefault(question, [])
        for known, reading in before:
            if known == [*passages]:
                return reading
        before.append(([*passages], read(question, passages)))
        return before[-1][1]

    return once


@contextmanager
def encoders_opened_once() -> Iterator[None]:
    """The same of the encoders."""
    encoders: dict[tuple[Path, int], ExportedModels] = {}

    def once(folder: Path, threads: int = 0) -> ExportedModels:
        key = (folder.resolve(), threads)
        return encoders.setdefault(key, ExportedModels(folder, threads))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.pullquote.ExportedModels", once)
        yield
