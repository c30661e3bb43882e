"""Check eight readers beside a writer on one library: ``python -m eval.bench.together --seconds
300``

The writer adds, changes and removes a pair of articles in one write. Both articles always carry the
same number in each sentence. So every reading must show one number throughout: the number that was
written when the reading began, or a later one. Readers are threads that each open the library for
themselves, or ask ``/search`` of a server over HTTP. Now and then a second writer tries to write;
it has to wait, or gets the error that names the lock's holder.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

from eval.bench.server import serving
from index.article import Article
from index.errors import LibraryLocked
from index.filters import Filters
from index.library import Library
from rag import Pullquote, Settings

__all__ = ["main", "measure", "read_directly"]

QUESTION: Final = "How many tandem riders were counted?"
# Two texts that share few words, since a search shows one of several near-duplicates.
_SIDES: Final = {
    "left": "Tandem riders on the left lane were number {0}. Nobody fell, so it stayed number {0}.",
    "right": "The bell of tandem riders near the quay rang for number {0}, twice for number {0}.",
}
_NUMBER: Final = re.compile(r"number (\d+)")
# Of so many writes one takes the pair away, and at one a second writer tries.
_REMOVE_EVERY, _RIVAL_EVERY = 7, 5

# The texts that one reading finds.
Read = Callable[[], list[str]]


def measure(
    library: Library, rival: Library, readers: list[Read], writes: int, seconds: float
) -> dict[str, Any]:
    """Read and write at once until ``writes`` writes are done or ``seconds`` are over.

    library: where the writer writes.
    rival: the same library, opened by a second writer.
    readers: one for each thread.

    Returns counts; ``wrong`` counts readings that match no state of the library.
    """
    progress = _Progress()
    library.add(_pair(0))
    counts: Counter[str] = Counter()
    stop = threading.Event()
    threads = [
        threading.Thread(target=_read_on, args=(read, progress, counts, stop)) for read in readers
    ]
    for thread in threads:
        thread.start()
    began = time.monotonic()
    try:
        for number in range(1, writes + 1):
            if time.monotonic() - began > seconds:
                break
            _write(library, number, progress)
            if number % _RIVAL_EVERY == 0:
                counts[_rival(rival, number)] += 1
    finally:
        # Everybody is to have read something, however slow the machine is.
        progress.wait_for_readers(len(readers), threads)
        stop.set()
        for thread in threads:
            thread.join()
    return {
        "writes": progress.latest,
        "seconds": round(time.monotonic() - began, 1),
        "readers": len(readers),
        **dict(sorted(counts.items())),
        "wrong": counts["wrong"],
        "doctor": library.verify(),
    }


class _Progress:
    """The number of the current write, and which readers have read since the beginning."""

    def __init__(self) -> None:
        self.latest = 0
        self._readers: set[int] = set()
        self._condition = threading.Condition()

    def begin(self, number: int) -> None:
        self.latest = number

    def count_reader(self) -> None:
        with self._condition:
            self._readers.add(threading.get_ident())
            self._condition.notify_all()

    def wait_for_readers(self, count: int, threads: list[threading.Thread]) -> None:
        with self._condition:
            self._condition.wait_for(
                lambda: (
                    len(self._readers) >= count or not any(thread.is_alive() for thread in threads)
                ),
                timeout=60,
            )


def _write(library: Library, number: int, progress: _Progress) -> None:
    progress.begin(number)
    if number % _REMOVE_EVERY == 0:
        library.remove([f"tandem-{side}" for side in _SIDES])
    else:
        library.add(_pair(number))


def _rival(library: Library, number: int) -> str:
    try:
        library.add([Article(id="rival", title="Rival", text=f"A rival wrote this, {number}.")])
    except LibraryLocked as exc:
        return "rival told" if "process" in str(exc) else "rival refused without a name"
    return "rival wrote"


def _read_on(read: Read, progress: _Progress, counts: Counter[str], stop: threading.Event) -> None:
    while not stop.is_set():
        earliest = progress.latest - 1
        try:
            texts = read()
        except Exception as exc:  # whatever it is, it is counted, and the rest goes on
            counts[f"error {type(exc).__name__}: {str(exc)[:80]}"] += 1
            counts["wrong"] += 1
        else:
            right = _is_one_state(texts, earliest, progress.latest)
            counts["right" if right else "wrong"] += 1
        progress.count_reader()


def _is_one_state(texts: list[str], earliest: int, latest: int) -> bool:
    """Whether the texts are those of one write numbered ``earliest`` to ``latest``, or of a moment
    when the pair was removed."""
    numbers = {int(number) for text in texts for number in _NUMBER.findall(text)}
    if not texts:
        return any(number % _REMOVE_EVERY == 0 for number in range(max(earliest, 1), latest + 1))
    return len(texts) == len(_SIDES) and len(numbers) == 1 and earliest <= min(numbers) <= latest


def _pair(number: int) -> list[Article]:
    return [
        Article(
            id=f"tandem-{side}",
            title=f"Tandem {side}",
            text=text.format(number),
            language="en",
        )
        for side, text in _SIDES.items()
    ]


def read_directly(library: Library) -> list[str]:
    """Read the texts of the pair from one view of the library."""
    with library.view() as view:
        keys, _ = view.lexical("tandem riders", 10, view.select(Filters()))
        return [hit.text for hit in view.passages(keys.tolist()) if hit]


def _read_over_http(port: int) -> list[str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        body = json.dumps({"question": QUESTION, "top_k": 20})
        connection.request("POST", "/search", body, {"Content-Type": "application/json"})
        results = json.loads(connection.getresponse().read())["search_results"]
    finally:
        connection.close()
    return [result["text"] for result in results if result["document_id"].startswith("tandem-")]


def main() -> None:
    """Measure in process and over HTTP with a temporary library, and print both as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--readers", type=int, default=8)
    options = parser.parse_args()
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment().model_copy(update={"library": Path(folder)})
        with (
            closing(Pullquote.open(settings=settings, create=True)) as first,
            closing(Pullquote.open(settings=settings, create=True)) as second,
        ):
            writer, rival = first.library, second.library
            direct: list[Read] = [lambda: read_directly(writer)] * options.readers
            report["direct"] = measure(writer, rival, direct, 10**9, options.seconds)
            with serving({"PULLQUOTE_LIBRARY": folder}) as server:
                over_http: list[Read] = [lambda: _read_over_http(server.port)] * options.readers
                report["http"] = measure(writer, rival, over_http, 10**9, options.seconds)
    print(json.dumps(report, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
