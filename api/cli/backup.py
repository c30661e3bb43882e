"""``pullquote backup`` and ``pullquote restore``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from api.cli.ask import AsJson
from api.cli.output import count_of, print_json, stdout
from index.errors import SettingsError, printable
from index.store.sqlite.backup import Contents, back_up
from index.store.sqlite.backup import restore as restore_backup
from rag import Settings

__all__ = ["backup", "register", "restore"]

_File = Annotated[Path, typer.Argument(help="The file of the backup.", metavar="FILE")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: pullquote backup /mnt/backups/monday.sqlite")(backup)
    app.command(epilog="Example: pullquote restore /mnt/backups/monday.sqlite --yes")(restore)


def backup(
    file: _File,
    yes: Annotated[
        bool, typer.Option("--yes", help="Replace the file where there is one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the library to one file, while it is served and written to, and verify it."""
    folder = _folder(Settings.from_environment())
    _report(back_up(folder, file, overwrite=yes), "backed up to", file, as_json)


def restore(
    file: _File,
    yes: Annotated[
        bool, typer.Option("--yes", help="Replace the articles that the library has now.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Verify a backup and put it in place of the library, while that is served."""
    settings = Settings.from_environment()
    contents = restore_backup(_folder(settings), file, yes, settings.index_settings().lock_timeout)
    _report(contents, "restored from", file, as_json)


def _folder(settings: Settings) -> Path:
    """The folder of a library that lies in one. ``SettingsError`` for one on Milvus."""
    if settings.store.get_secret_value():
        raise SettingsError(
            "PULLQUOTE_STORE is set, and what is kept on Milvus is backed up by Milvus's own tools "
            "(milvus-backup; of milvus-lite, a copy of the .db folder while nothing runs on it)"
        )
    return settings.library_folder


def _report(contents: Contents, verb: str, file: Path, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(contents), "file": str(file)})
        return
    counts = f"{count_of(contents.articles, 'article')}, {count_of(contents.passages, 'passage')}"
    stdout.print(f"{counts} {verb} {printable(str(file))}, verified", markup=False)
