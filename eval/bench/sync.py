"""Measure how long ``pullquote sync`` takes over a folder in which nothing changed.

``python -m eval.bench.sync`` makes a folder of 10,000 short articles, syncs a library with it, and
prints the seconds of one more sync: in process, as a whole ``pullquote sync``, and after every
file's modification time was changed, so that each file is hashed. Vectors are hashes of words,
since unchanged files are never encoded.
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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.encode.base import EncoderId, Floats, PassageEncoder, Progress, QueryEncoder
from index.library import Library
from index.settings import IndexSettings
from index.sync.engine import SyncOptions, sync_folder

__all__ = ["main", "measure"]

_DIM, _PER_FOLDER = 32, 100
_SYNC = "from api.cli import main; main()"


class _HashEncoder:
    """An encoder whose vectors cost nothing and carry no meaning."""

    id = EncoderId(name="all-MiniLM-L6-v2", weights="hashed", dim=_DIM, max_tokens=256)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        dice = np.random.default_rng(len(texts))
        vectors = dice.standard_normal((len(texts), _DIM)).astype(np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def passage_encoder(self, name: str) -> PassageEncoder:
        return self

    def query_encoder(self, name: str, identity: EncoderId | None) -> QueryEncoder:
        raise NotImplementedError("nothing is asked here")


def measure(files: int, rounds: int) -> dict[str, Any]:
    """Sync a folder of ``files`` files; returns the seconds of the first sync, and medians over
    ``rounds`` of syncs without changes."""
    with tempfile.TemporaryDirectory() as scratch:
        home, folder = Path(scratch) / "home", Path(scratch) / "articles"
        _write(folder, files)
        library = Library.open(home / "library", IndexSettings(), _HashEncoder(), create=True)
        try:
            first = _seconds(lambda: sync_folder(library, folder))
            dry_seconds = _seconds(lambda: sync_folder(library, folder, SyncOptions(dry_run=True)))
            # By now the files are old enough to be told by their stamps.
            time.sleep(2.5)
            sync_folder(library, folder)
            looks = [
                _seconds(lambda: _check_unchanged(library, folder, files)) for _ in range(rounds)
            ]
        finally:
            library.close()
        commands = [_seconds(lambda: _command(home, folder, files)) for _ in range(rounds)]
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


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(json.dumps(measure(options.files, options.rounds), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
