"""Add the same articles in the plain way and on Ray, and compare what the libraries hold.

``python -m eval.bench.cluster`` makes short articles up and adds them: plain; on a cluster of one
node; of two; of two again, the run itself killed with -9 when half of it is done and begun anew;
and of two, one of them killed with -9 after it has done work. Nodes have addresses of loopback
(127.0.0.2, 127.0.0.3), so all runs share the processors of one machine: seconds say what Ray costs,
and nothing of what machines would gain. Printed as JSON: seconds, the articles that each node
made, and how each library differs from the plain one.

``--stand-in`` encodes with :class:`eval.bench.corpus.TopicEncoder` in place of the network.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from eval.bench.corpus import Corpus, TopicEncoder, open_topic_encoder
from eval.bench.nodes import Node, end_all
from eval.bench.sameness import compare_libraries
from index.distributed.work import ShardResult
from index.distributed.worker import open_encoder
from index.encode.encoders import ExportedModels, Models
from index.ingest.batch import AddReport
from index.library import Library
from index.load import load_paths
from index.settings import IndexSettings

__all__ = ["Ingest", "compare_runs", "main", "write_corpus"]

_FILE_ARTICLES: Final = 50
_WORKERS: Final = 2
# Of a node's processors one is to spare, for what moves when the other node is gone.
_SLOTS: Final = 2
_HOSTS: Final = ("127.0.0.2", "127.0.0.3")
_START_SECONDS: Final = 300.0


@dataclass(frozen=True)
class Ingest:
    """One run that adds the files of a folder.

    address: of the cluster; none for the plain way.
    articles: how many there are.
    kill: this run itself once half of the articles went to the writer, or the node at ``host``
        (process ``pid``) once it has made a twentieth of them.
    """

    name: str
    library: Path
    files: Path
    articles: int
    stand_in: bool
    address: str = ""
    kill: Literal["", "run", "node"] = ""
    host: str = ""
    pid: int = 0

    def open_library(self) -> Library:
        """Open the library that the articles go to, or make it."""
        models: Models = (
            TopicEncoder() if self.stand_in else ExportedModels(self.library / "models")
        )
        return Library.open(self.library, IndexSettings(), models, create=True)

    def run(self) -> dict[str, Any]:
        """Add the files; returns seconds and what became of the articles."""
        library = self.open_library()
        files = sorted(self.files.iterdir())
        report, nodes = AddReport(), Counter[str]()
        began = time.monotonic()
        if self.address:
            began = self._add_on_cluster(library, files, report, nodes)
        else:
            library.add(load_paths(files, library.settings.max_article_chars), report=report)
        seconds = time.monotonic() - began
        problems = library.verify()
        library.close()
        return {
            "seconds": round(seconds, 1),
            "added": len(report.added),
            "updated": len(report.updated),
            "unchanged": report.unchanged,
            "failed": len(report.failed),
            "nodes": dict(nodes),
            "problems": problems,
        }

    def _add_on_cluster(
        self, library: Library, files: list[Path], report: AddReport, nodes: Counter[str]
    ) -> float:
        """Add the files on the cluster; returns when that began, all workers ready."""
        from index.distributed.ingest import add_files
        from index.distributed.ray_pool import RayPool, connect

        connect(self.address)
        # Of a module that workers import, as they do not this one where it is the program.
        make = open_topic_encoder if self.stand_in else open_encoder
        pool = RayPool(library.settings, _WORKERS, make)
        hosts = 2 if self.host else 1
        deadline = time.monotonic() + _START_SECONDS
        while len(pool.nodes) < hosts:
            if time.monotonic() > deadline:
                raise TimeoutError(f"workers are ready on {sorted(pool.nodes)} alone")
            pool.wait(1.0)
        began = time.monotonic()

        def note(result: ShardResult) -> None:
            nodes[result.node] += len(result.cuts)
            if self.kill == "run" and nodes.total() >= self.articles / 2:
                os.kill(os.getpid(), signal.SIGKILL)
            if self.kill == "node" and nodes[self.host] >= self.articles / 20:
                end_all(self.pid)

        try:
            add_files(library, files, pool, report, on_shard=note)
        finally:
            pool.close()
        return began


def write_corpus(folder: Path, articles: int) -> None:
    """Write so many short articles into files of fifty."""
    folder.mkdir()
    lines: list[str] = []
    for number, article in enumerate(Corpus().notices(articles), 1):
        record = asdict(article)
        names = ("id", "title", "text", "publisher", "language")
        fields = {name: record[name] for name in names} | {"date": str(article.published_at)}
        lines.append(json.dumps(fields))
        if len(lines) == _FILE_ARTICLES or number == articles:
            path = folder / f"{number:07}.jsonl"
            path.write_text("\n".join(lines) + "\n")
            lines = []


def compare_runs(articles: int, folder: Path, stand_in: bool) -> Iterator[tuple[str, Any]]:
    """Yield the name and the figures of each run, as they are made."""
    files = folder / "files"
    write_corpus(files, articles)
    plain = Ingest("plain", folder / "plain", files, articles, stand_in)
    yield plain.name, _in_process(plain)
    with _head() as head:
        on_ray = replace(plain, address=head.address)
        single = replace(on_ray, name="one node", library=folder / "one")
        yield single.name, _in_process(single) | _sameness(single, plain)
        with _second_node(head) as node:
            on_two = replace(on_ray, host=node.host, pid=node.process.pid)
            pair = replace(on_two, name="two nodes", library=folder / "two")
            yield pair.name, _in_process(pair) | _sameness(pair, plain)
            run = replace(on_two, name="run killed", library=folder / "run", kill="run")
            _in_process(run)
            with_half = run.open_library()
            half = with_half.status()["articles"]
            with_half.close()
            figures = _in_process(replace(run, kill="")) | _sameness(run, plain)
            yield run.name, {"articles_before": half} | figures
            loss = replace(on_two, name="node killed", library=folder / "node", kill="node")
            yield loss.name, _in_process(loss) | _sameness(loss, plain)


def _in_process(ingest: Ingest) -> dict[str, Any]:
    """Run in a process of its own; no figures of one that killed itself."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_figures, args=(ingest, sender))
    process.start()
    sender.close()
    try:
        figures: dict[str, Any] = receiver.recv()
    except EOFError:
        figures = {}
    process.join()
    if bool(figures) == (ingest.kill == "run"):
        raise RuntimeError(f"the run {ingest.name} ended with {process.exitcode}")
    return figures


def _send_figures(ingest: Ingest, sender: Any) -> None:
    sender.send(ingest.run())


def _sameness(ingest: Ingest, plain: Ingest) -> dict[str, Any]:
    library, plain_library = ingest.open_library(), plain.open_library()
    sameness = compare_libraries(library, plain_library)
    library.close()
    plain_library.close()
    return {
        "articles": sameness.articles,
        "passages": sameness.passages,
        "differences": len(sameness.differences),
        "vector_difference": sameness.vector_difference,
        "same": sameness.is_same,
    }


@contextmanager
def _head() -> Iterator[Node]:
    # Sockets lie there, whose names have to be short.
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as name:
        node = Node.start(_HOSTS[0], _SLOTS, Path(name))
        try:
            yield node
        finally:
            node.kill()


@contextmanager
def _second_node(head: Node) -> Iterator[Node]:
    node = Node.start(_HOSTS[1], _SLOTS, Path(), head.address)
    try:
        yield node
    finally:
        node.kill()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.cluster", description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--stand-in", action="store_true")
    parser.add_argument("--folder", type=Path, help="An empty folder that is kept.")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name, figures in compare_runs(options.articles, folder, options.stand_in):
            print(json.dumps({"run": name} | figures), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
