"""Measure how long ``pullquote sync`` takes over a folder in which nothing changed.

``python -m eval.bench.sync`` makes a folder of 10,000 short articles, syncs a library with it, and
prints the seconds of one more sync: in process, as a whole ``pullquote sync``, and after every
file's modification time was changed, so that each file is hashed. Vectors are made up, since
unchanged files are never encoded.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from eval.bench.corpus import DIM, TopicEncoder
from eval.bench.timing import stopwatch
from index.encode.base import EncoderId
from index.encode.files import BUILT_IN
from index.library import Library
from index.settings import IndexSettings
from index.sync.engine import SyncOptions, sync_folder

__all__ = ["main", "measure"]

_PER_FOLDER = 100
_SYNC = "from api.cli import main; main()"


def measure(files: int, rounds: int) -> dict[str, Any]:
    """Sync a folder of ``files`` files; returns the seconds of the first sync, and medians over
    ``rounds`` of syncs without changes."""
    with tempfile.TemporaryDirectory() as scratch:
        home, folder = Path(scratch) / "home", Path(scratch) / "articles"
        _write(folder, files)
        encoder = TopicEncoder(identity=EncoderId(BUILT_IN, "made up", DIM, 256))
        library = Library.open(home / "library", IndexSettings(), encoder, create=True)
        try:
            first, _ = stopwatch(lambda: sync_folder(library, folder))
            dry_run = SyncOptions(dry_run=True)
            dry_seconds, _ = stopwatch(lambda: sync_folder(library, folder, dry_run))
            # By now the files are old enough to be told by their stamps.
            time.sleep(2.5)
            sync_folder(library, folder)
            looks = [
                stopwatch(lambda: _check_unchanged(library, folder, files))[0]
                for _ in range(rounds)
            ]
        finally:
            library.close()
        commands = [stopwatch(lambda: _command(home, folder, files))[0] for _ in range(rounds)]
    return {
        "files": files,
        "first_sync": round(first, 2),
        "every_file_hashed": round(dry_seconds, 3),
        "unchanged": round(statistics.median(looks), 3),
        "unchanged_command": round(statistics.median(commands), 3),
    }


def _write(folder: Path, files: int) -> None:
    for number in range(files):
        file = folder / f"{number // _PER_FOLDER:03}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f"Report {number}\n\nWard {number} of the town counted {number * 7} votes for the "
            f"harbour and {number * 3} against it, clerk {number % 97} said on Monday night.\n"
        )


def _check_unchanged(library: Library, folder: Path, files: int) -> None:
    report = sync_folder(library, folder)
    if report.unchanged != files or report.did_something:
        raise SystemExit(f"{files} files, and {report.unchanged} unchanged")


def _command(home: Path, folder: Path, files: int) -> None:
    process = subprocess.run(
        [sys.executable, "-c", _SYNC, "sync", str(folder), "--json"],
        env={**os.environ, "PULLQUOTE_HOME": str(home)},
        capture_output=True,
        check=True,
    )
    if json.loads(process.stdout)["unchanged_files"] != files:
        raise SystemExit("the command found changes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(json.dumps(measure(options.files, options.rounds), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
