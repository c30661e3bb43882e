"""Open the library that a command works on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import typer

from api.cli.output import stderr
from api.cli.progress import progress
from api.samples import SAMPLES
from index.errors import LibraryMissing
from rag import Pullquote, Settings

__all__ = ["library_of", "open_library", "open_or_seed", "warn"]


def open_library(create: bool = False) -> Pullquote:
    """Open the library that the environment names."""
    return Pullquote.open(settings=Settings.from_environment(), create=create)


def open_or_seed() -> Pullquote:
    """Open the library that the environment names; where there is none yet, make one of the
    built-in articles, unless it would be on an engine that others may use (``LibraryMissing``)."""
    try:
        return open_library()
    except LibraryMissing:
        if Settings.from_environment().store:
            raise
        pullquote = open_library(create=True)
        stderr.print("No library yet: indexing the built-in articles.", style="dim")
        with progress("Indexing") as show:
            pullquote.add([SAMPLES], show)
        return pullquote


def library_of(context: typer.Context) -> AbstractContextManager[Pullquote]:
    """The library of a command that asks: the one that whoever runs the command keeps open (the
    context's object opens it), else the one that the environment names."""
    opener: Callable[[], AbstractContextManager[Pullquote]] = context.obj or open_or_seed
    return opener()


def warn(pullquote: Pullquote) -> None:
    """Print the problems of the library, such as an index that is missing."""
    for problem in pullquote.library.problems:
        stderr.print(f"warning: {problem}", style="yellow", markup=False)
