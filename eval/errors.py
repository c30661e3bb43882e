"""The errors that the evaluation raises on purpose.

::

    InputError
    ├── DatasetError      a question set that cannot be used; names file and line
    ├── ResultsError      a results file that cannot be read; names file and line
    │   └── ResumeError   a results file that belongs to another run
    ├── MetricError       a metric that does not exist, or a limit that is no number
    ├── FontError         no font of a face that pages are drawn in
    └── TableError        a document without the place that a table is to be written to
"""

from __future__ import annotations

from pathlib import Path

from index.errors import InputError

__all__ = ["DatasetError", "FontError", "MetricError", "ResultsError", "ResumeError", "TableError"]


class _PlacedError(InputError):
    """An error at a place: ``path`` and, where there is one, ``line`` (from 1)."""

    def __init__(self, path: Path | str, line: int | None, reason: str) -> None:
        place = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{place}: {reason}")
        self.path = Path(path)
        self.line = line
        self.reason = reason


class DatasetError(_PlacedError):
    """A question set, or one line of it, cannot be used."""


class ResultsError(_PlacedError):
    """A results file, or one line of it, cannot be read."""


class ResumeError(ResultsError):
    """The results file was written by a run with another question set, other settings or another
    code."""


class MetricError(InputError):
    """No metric has that name, or the limit given for it makes no sense."""


class FontError(InputError):
    """No font of a face that pages are drawn in is where fonts are looked for."""


class TableError(InputError):
    """A document has no place for the table, or several."""
