"""Do commands in the resident process, with the models and the library open, and record what they
print."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import typer

from api.cli.application import app
from api.cli.output import renew_consoles
from api.resident.protocol import TERMINAL
from index.encode.encoders import ExportedModels
from rag import Pullquote, Settings
from rag.evidence import Reader
from rag.reading.opening import open_reader

__all__ = ["CommandWorker"]

_DATABASE: Final = "library.sqlite"
# Answered, and not answered; of all else the asking process says by itself what is wrong.
_CODES: Final = (0, 3)


class CommandWorker:
    """Does one command at a time, always in the same thread.

    settings: those of the process, which has the environment of the first that asked; whoever has
        others is declined before a command gets here.
    """

    def __init__(self, settings: Settings) -> None:
        # The same question again has the same answer, but none that says that it was kept.
        self._settings = settings.model_copy(update={"cached_answers": 0})
        self._models = ExportedModels(settings.models_folder, settings.threads)
        self._reader: Reader | None = None
        self._pullquote: Pullquote | None = None
        self._place: tuple[int, int] | None = None

    def warm(self) -> None:
        """Open library and models, and answer a question. Raises ``PullquoteError``."""
        with self._library() as pullquote:
            pullquote.ask("Who said what about this, and when?")

    def run(self, arguments: Sequence[str], terminal: Mapping[str, Any]) -> dict[str, Any] | None:
        """Do a command: what it printed (``operations``: the stream, and the text, or ``None`` for
        a flush) and its exit ``code``. ``None`` for one that has to be done by who asked."""
        operations: list[tuple[str, str | None]] = []
        command = typer.main.get_command(app)
        with _streams(operations, terminal):
            try:
                code = command.main(
                    list(arguments),
                    prog_name="pullquote",
                    standalone_mode=False,
                    obj=self._library,
                )
            # Whatever it is, it is told where it can be seen.
            except Exception:
                return None
        code = 0 if code is None else code
        if code not in _CODES or self._has_problems():
            return None
        return {"operations": operations, "code": code}

    @contextmanager
    def _library(self) -> Iterator[Pullquote]:
        """The library, opened again where its folder has another database by now."""
        folder = self._settings.library_folder
        place = _place_of(folder / _DATABASE)
        if self._pullquote is None or place != self._place:
            self._close()
            self._reader = self._reader or open_reader(self._settings)
            self._pullquote = Pullquote.open(
                settings=self._settings, models=self._models, reader=self._reader
            )
            self._place = place
        yield self._pullquote

    def _has_problems(self) -> bool:
        """Whether the library is done without a part. Who asks opens it, and says what is wrong;
        here it is opened anew, in case it is mended."""
        if self._pullquote is None or not self._pullquote.library.problems:
            return False
        self._close()
        return True

    def _close(self) -> None:
        if self._pullquote is not None:
            self._pullquote.close()
            self._pullquote = None


def _place_of(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    # A number is not given again while we have the file open.
    return status.st_dev, status.st_ino


class _Recorder(io.TextIOBase):
    """Keeps what is written, in the place of a stream of whoever asked."""

    def __init__(
        self, name: str, is_terminal: bool, operations: list[tuple[str, str | None]]
    ) -> None:
        self._name = name
        self._is_terminal = is_terminal
        self._operations = operations

    def isatty(self) -> bool:
        return self._is_terminal

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._operations.append((self._name, text))
        return len(text)

    def flush(self) -> None:
        self._operations.append((self._name, None))


@contextmanager
def _streams(
    operations: list[tuple[str, str | None]], terminal: Mapping[str, Any]
) -> Iterator[None]:
    """Let this process print as if it had the terminal of whoever asked."""
    previous = sys.stdout, sys.stderr, {name: os.environ.get(name) for name in TERMINAL}
    sys.stdout = _Recorder("out", bool(terminal["out"]), operations)
    sys.stderr = _Recorder("err", bool(terminal["err"]), operations)
    _set({name: terminal["environment"].get(name) for name in TERMINAL})
    renew_consoles()
    if terminal["size"]:
        # No terminal is here to be measured: what was measured there stands in its place, after
        # what whoever asked has set.
        for name, value in zip(("COLUMNS", "LINES"), terminal["size"], strict=True):
            if not os.environ.get(name, "").isdigit():
                os.environ[name] = str(value)
    try:
        yield
    finally:
        sys.stdout, sys.stderr, environment = previous
        _set(environment)


def _set(environment: Mapping[str, str | None]) -> None:
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
