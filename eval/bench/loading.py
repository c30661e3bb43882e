"""Measure pages and PDFs loaded a second: ``python -m eval.bench.loading FILE...``

Loads the files again and again for some seconds and prints how many articles that gave.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from index.article import Article
from index.load import load_file

__all__ = ["main", "measure"]


def measure(files: Sequence[Path], seconds: float) -> tuple[int, float]:
    """Load the files for ``seconds``; returns the articles loaded and the wall time. The first file
    is loaded once before, uncounted."""
    list(load_file(files[0], max_chars=5_000_000))
    start = time.perf_counter()
    count = at = 0
    while time.perf_counter() - start < seconds:
        article = load_file(files[at % len(files)], max_chars=5_000_000)
        count += sum(isinstance(item, Article) for item in article)
        at += 1
    return count, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    count, took = measure(options.files, options.seconds)
    print(f"{count} articles in {took:.1f} s: {count / took:.1f} a second")  # noqa: T201


if __name__ == "__main__":
    main()
