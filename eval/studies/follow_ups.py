"""Measure what the history of a conversation is worth to retrieval.

``python -m eval.studies.follow_ups DIR --into docs/evaluation.md`` writes the table to its place
there. The same questions are searched with the earlier turns ignored, put before the question, and
resolved. A follow-up's conversation is its id up to ``_t``. Conversations are ordered by the
SHA-256 of that; every second one was tuned on, the others were not. New topics are first turns
asked after the turns of another conversation: there carrying terms over can only do harm. With a
chat model in the settings there is a fourth way, ``model``: the follow-ups as the model rewrites
them, and resolved where its output cannot be used.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from eval.dataset import Case, Dataset, open_dataset
from eval.dataset.splits import alternate, digest
from eval.library import library_folder, open_pullquote
from eval.metrics import Metric, metric_named
from eval.metrics.bootstrap import bounds, replicates
from eval.report import markdown
from eval.results import Found, Result
from rag import Pullquote, Settings
from rag.chat.opening import open_chat_model
from rag.query.rewriter import ChatRewriter

__all__ = ["MODES", "ahead", "conversation", "main", "new_topics", "slices", "table", "tuned_on"]

MODES = ("none", "concatenate", "resolve")
# What is compared, each pair the later less the earlier.
PAIRS = (("none", "resolve"), ("concatenate", "resolve"), ("none", "model"), ("resolve", "model"))
METRICS = ("recall@5", "ndcg@5", "hit@1")
DEPTH = 20


def conversation(case: Case) -> str:
    """Return the id of the conversation that a question belongs to."""
    return case.id.rpartition("_t")[0]


def tuned_on(dataset: Dataset) -> frozenset[str]:
    """Select the half of the conversations that was tuned on, the same every time."""
    halves = alternate(map(conversation, dataset), digest)
    return frozenset(name for name, half in halves.items() if half == 0)


def new_topics(dataset: Dataset) -> list[Case]:
    """Take the first turn of each conversation and put it after the longest history of the
    conversation before it."""
    longest: dict[str, Case] = {}
    for case in dataset:
        name = conversation(case)
        if name not in longest or len(case.history) > len(longest[name].history):
            longest[name] = case
    firsts = {conversation(case): case for case in dataset if not case.history}
    names = sorted(firsts.keys() & longest.keys())
    return [
        firsts[name].model_copy(update={"history": longest[next_name].history, "kind": "new topic"})
        for next_name, name in pairwise([names[-1], *names])
        if next_name != name
    ]


def slices(cases: Sequence[Case], tuning_ids: frozenset[str]) -> dict[str, list[int]]:
    """Select the questions of each row of the table, as indices into ``cases``."""
    answerable = [i for i, case in enumerate(cases) if any(case.relevance.values())]
    rows: dict[str, list[int]] = {
        "follow-ups, held-out half": [],
        "follow-ups, tuned on": [],
        "follow-ups, all": [],
    }
    for i in answerable:
        case = cases[i]
        if case.kind == "new topic":
            rows.setdefault("first turns as a new topic", []).append(i)
        elif not case.history:
            rows.setdefault("first turns", []).append(i)
        else:
            half = "tuned on" if conversation(case) in tuning_ids else "held-out half"
            rows[f"follow-ups, {half}"].append(i)
            rows["follow-ups, all"].append(i)
            if half == "held-out half":
                rows.setdefault(f"  of these {case.kind}", []).append(i)
    return {name: places for name, places in rows.items() if places}


def table(runs: Mapping[str, Sequence[Result]], rows: Mapping[str, Sequence[int]]) -> str:
    """Format the figures of each mode in Markdown, and the differences between modes with the
    paired 95% interval."""
    pairs = [pair for pair in PAIRS if set(pair) <= runs.keys()]
    gains = [f"{after} - {before}" for before, after in pairs]
    heads = ["", "questions", "metric", *runs, *gains]
    lines = []
    for name, places in rows.items():
        for metric in map(metric_named, METRICS):
            selection = {mode: [results[i] for i in places] for mode, results in runs.items()}
            cells = [name, str(len(places)), metric.name]
            cells += [f"{_value(metric, results):.3f}" for results in selection.values()]
            cells += [ahead(metric, selection[before], selection[after]) for before, after in pairs]
            lines.append(cells)
    return markdown.table(heads, lines)


def _value(metric: Metric, results: Sequence[Result]) -> float:
    return float(metric.of(results)(np.ones((1, len(results))))[0])


def ahead(metric: Metric, before: Sequence[Result], after: Sequence[Result]) -> str:
    """Format the paired difference of a metric with its 95% interval (bootstrap over questions)."""
    first, second = metric.of(before), metric.of(after)
    replicas = replicates(second, len(before)) - replicates(first, len(before))
    low, high = bounds(replicas)
    return f"{_value(metric, after) - _value(metric, before):+.3f} ({low:+.3f} to {high:+.3f})"


def _search(pullquote: Pullquote, case: Case) -> Result:
    results = pullquote.search(case.question, top_k=DEPTH, history=case.history)
    passages = tuple(Found.of(result) for result in results)
    return Result(case=case, found=passages)


def main(arguments: Sequence[str]) -> None:
    """Print the table for the question set in a folder, and write it to the document of
    ``--into``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    dataset = open_dataset(options.dataset)
    settings = Settings.from_environment()
    cases = [*dataset, *new_topics(dataset)]
    runs: dict[str, list[Result]] = {}
    with open_pullquote(dataset, settings):
        pass
    with Pullquote.open(library_folder(dataset, settings), settings) as pullquote:
        for mode in MODES:
            variant = Pullquote(pullquote.library, settings.model_copy(update={"history": mode}))
            runs[mode] = [_search(variant, case) for case in cases]
        if settings.has_model:
            rewriter = ChatRewriter(open_chat_model(settings), settings)
            variant = Pullquote(pullquote.library, settings, rewriter=rewriter)
            runs["model"] = [_search(variant, case) for case in cases]
    text = table(runs, slices(cases, tuned_on(dataset)))
    markdown.show_table("follow-ups", text, options.into)


if __name__ == "__main__":
    main(sys.argv[1:])
