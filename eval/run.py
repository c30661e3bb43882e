"""Ask a system every question of a set, and write one line of results for each.

Each line is on disk before the next question is asked, so an interrupted run loses nothing and
continues where it stopped. A results file of another set, of other settings or of another code is
never overwritten: the run refuses it, or renames it when a fresh start is asked for.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from eval.code import code_identity
from eval.dataset import Case, Dataset
from eval.errors import ResumeError
from eval.metrics.invariants import violations
from eval.results import Found, Header, Reply, Result, Run, read_run
from eval.system import Searcher, System
from index.errors import InputError

__all__ = ["DEPTH", "RunOptions", "run", "run_search"]

DEPTH = 20
PACKAGES = ("faiss-cpu", "tantivy", "onnxruntime", "numpy", "ir-measures", "pydantic")

PLACES = frozenset(
    {
        "system.folder",
        "system.generation",
        "system.settings.home",
        "system.settings.library",
        "system.vector_base.file",
        "system.vector_base.last_key",
        "system.vector_base.sha256",
    }
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RunOptions:
    """Options of a run: ``top_k`` passages are passed to the answer, ``depth`` passages are
    searched for the retrieval metrics. ``preparation`` is written into the header: seconds of
    indexing and the like."""

    top_k: int = 5
    depth: int = DEPTH
    fresh: bool = False
    preparation: Mapping[str, float] | None = None
    progress: Progress = lambda count, of: None


def run(
    system: System,
    dataset: Dataset,
    out: Path,
    options: RunOptions | None = None,
    *,
    unsilenced: System | None = None,
) -> Run:
    """Ask ``system`` the questions of ``dataset`` that ``out`` does not hold yet.

    ``unsilenced`` is the same system with its threshold at zero. It is asked where ``system``
    abstains, so that risk and coverage are known below the threshold too. Raises ``ResumeError``
    when ``out`` belongs to another run.
    """
    options = options or RunOptions()
    header = _header(system, dataset, options, answers=True, guesses=unsilenced is not None)

    def answer_case(case: Case) -> Result:
        return _ask(system, unsilenced, dataset, case, options)

    return _run(header, dataset, out, options, answer_case)


def run_search(
    searcher: Searcher, dataset: Dataset, out: Path, options: RunOptions | None = None
) -> Run:
    """Run the same for a system that searches and does not answer."""
    options = options or RunOptions()
    header = _header(searcher, dataset, options, answers=False, guesses=False)

    def answer_case(case: Case) -> Result:
        passages, search_ms = _search(searcher, case, options)
        return _result(dataset, case, found=passages, search_ms=search_ms)

    return _run(header, dataset, out, options, answer_case)


def _run(
    header: Header,
    dataset: Dataset,
    out: Path,
    options: RunOptions,
    answer_case: Callable[[Case], Result],
) -> Run:
    if options.fresh:
        _set_aside(out)
    earlier_ids = _earlier_ids(out, header)
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("a", encoding="utf-8", newline="\n") as file:
        if earlier_ids is None:
            _write(file, header.model_dump_json())
        done_ids = set(earlier_ids or ())
        for case in dataset:
            if case.id not in done_ids:
                _write(file, answer_case(case).model_dump_json())
                done_ids.add(case.id)
                options.progress(len(done_ids), len(dataset))
    return _in_order(read_run(out), dataset, len(earlier_ids or ()))


def _ask(
    system: System,
    unsilenced: System | None,
    dataset: Dataset,
    case: Case,
    options: RunOptions,
) -> Result:
    try:
        answer = system.ask(case.question, top_k=options.top_k, history=case.history)
        passages, search_ms = _search_for_follow_up(system, case, options)
        guess = None
        if unsilenced is not None and answer.abstained:
            guess = unsilenced.ask(case.question, top_k=options.top_k, history=case.history)
    except InputError as exc:
        return _result(dataset, case, error=str(exc))
    return _result(
        dataset,
        case,
        reply=Reply.of(answer),
        guess=Reply.of(guess) if guess is not None else None,
        violations=violations(answer, dataset.by_id),
        found=passages,
        search_ms=search_ms,
    )


def _search(searcher: Searcher, case: Case, options: RunOptions) -> tuple[tuple[Found, ...], float]:
    """Search for a case; returns the passages, and the milliseconds that it took."""
    began = time.perf_counter()
    results = searcher.search(case.question, top_k=options.depth)
    milliseconds = (time.perf_counter() - began) * 1000
    return tuple(Found.of(result) for result in results), milliseconds


def _search_for_follow_up(
    system: System, case: Case, options: RunOptions
) -> tuple[tuple[Found, ...], float]:
    """Search for a case; for a follow-up take what asking finds, since only asking reads the
    history."""
    if not case.history:
        return _search(system, case, options)
    answer = system.ask(case.question, top_k=options.depth, history=case.history)
    search_ms = answer.usage.stages_ms.get("retrieve", answer.usage.latency_ms)
    return tuple(Found.of(result) for result in answer.search_results), search_ms


def _result(dataset: Dataset, case: Case, **parts: Any) -> Result:
    texts = tuple(span.of(dataset.by_id[span.doc_id]) for span in case.gold_spans)
    return Result(case=case, gold_texts=texts, peak_memory_mib=_peak_memory(), **parts)


def _header(
    searcher: Searcher, dataset: Dataset, options: RunOptions, *, answers: bool, guesses: bool
) -> Header:
    return Header(
        dataset=dataset.name,
        dataset_format=dataset.format,
        dataset_path=str(dataset.path),
        dataset_hash=dataset.hash,
        corpus_hash=dataset.corpus_hash,
        questions=len(dataset),
        articles=len(dataset.articles),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        top_k=options.top_k,
        depth=options.depth,
        answers=answers,
        guesses=guesses,
        code=code_identity(),
        system=json.loads(json.dumps(dict(searcher.describe()))),
        versions=_versions(),
        preparation=dict(options.preparation or {}),
    )


def _earlier_ids(out: Path, header: Header) -> list[str] | None:
    """Read the ids that ``out`` holds already; ``None`` when there is no run in it yet. One that
    another Pullquote answered is set aside.

    Text after the last line feed was cut short by an interruption and is removed from the file.
    """
    if not out.exists():
        return None
    content = out.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if content and not whole:
        raise ResumeError(out, 1, "this is no results file: name another one to write to")
    if not whole:
        return None
    earlier = read_run(out)
    _check_same(out, earlier.header.model_copy(update={"code": header.code}), header)
    if earlier.header.code != header.code:
        _set_aside(out)
        return None
    if len(whole) < len(content):
        os.truncate(out, len(whole))
    return [result.case.id for result in earlier.results]


def _check_same(out: Path, earlier: Header, header: Header) -> None:
    before, now = _flat(earlier.key), _flat(header.key)
    differences = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if differences:
        listing = "; ".join(
            f"{name} was {before.get(name)!r} and is {now.get(name)!r}" for name in differences[:5]
        )
        raise ResumeError(
            out,
            1,
            f"cannot go on with this run: {listing}. Nothing was changed: write to another "
            "file, or start afresh, which sets this one aside",
        )


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Flatten nested mappings, their names joined by dots, so that a difference can be named.

    Where a library lies and how often it was written are left out: they do not change its answers.
    """
    flat: dict[str, Any] = {}
    for name, item in value.items():
        if prefix + name in PLACES:
            continue
        if isinstance(item, Mapping):
            flat.update(_flat(item, f"{prefix}{name}."))
        else:
            flat[prefix + name] = item
    return flat


def _set_aside(out: Path) -> None:
    """Rename an existing file to ``NAME.1``, ``NAME.2`` and so on, the first that is free."""
    if not out.exists():
        return
    number = 1
    while (aside := out.with_name(f"{out.name}.{number}")).exists():
        number += 1
    out.rename(aside)


def _write(file: IO[str], line: str) -> None:
    file.write(line + "\n")
    file.flush()


def _in_order(run: Run, dataset: Dataset, earlier_count: int) -> Run:
    """Sort the results in the order of the questions, which interruptions can change."""
    by_id = {result.case.id: result for result in run.results}
    results: Sequence[Result] = [by_id[case.id] for case in dataset]
    return Run(run.path, run.header, tuple(results), earlier_count)


def _peak_memory() -> float:
    """Read the peak memory in MiB. Linux counts ``ru_maxrss`` in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "platform": platform.platform(terse=True)}
    versions["cores"] = str(os.cpu_count())
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions
