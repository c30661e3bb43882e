"""A base for the fake readers of tests in which a chat model writes.

The check of written sentences asks the built-in reader's first network. Opened for every test it
takes longer than the test; this way it is opened once a process.
"""

from __future__ import annotations

from functools import cache

from rag.reading.calibration import Calibration
from rag.reading.cascade import CascadeReader
from rag.reading.first_reader import FirstReader
from tests.homes import models_folder

__all__ = ["FirstLook", "first_reader"]


@cache
def first_reader() -> FirstReader:
    """The first network of the built-in reader."""
    return FirstReader.load(models_folder(), threads=1)


class FirstLook(CascadeReader):
    """A reader with the real first network, which does not read with it."""

    def __init__(self) -> None:
        super().__init__(first_reader(), Calibration.rough())
