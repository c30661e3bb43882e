"""What a question costs on Milvus, stage by stage: calls of the engine, and time of the processor.

``python -m eval.bench.engine`` indexes the articles of a built-in set, copies them to milvus-lite,
which runs in this process, and asks every ``--every`` th question, with Pullquote's own fusion and
with the engine's (``--fusion``). ``--into docs/scale.md`` writes the table to its place there. How
many passages hold a term is remembered for a generation: the first questions count more of them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from eval.dataset import Dataset
from eval.dataset.built_in import BuiltIn, open_built_in
from eval.library import open_pullquote
from eval.report.formatting import DASH
from eval.report.markdown import show_table, table
from index.store.copying import copy_store
from index.store.milvus.engine import Engine
from index.store.milvus.store import MilvusStore
from rag import Pullquote, Settings

__all__ = ["Meter", "StageCost", "main", "question_costs", "stage_table"]

_ELSE: Final = "all else"
# Which stage a call of the engine belongs to, by its name; of queries by what they ask for.
_STAGES: Final = {
    "has": "the state",
    "nearest": "search by vector",
    "bm25": "search by words",
    "hybrid": "search by both",
    "count": "how rare a term is",
}


@dataclass
class StageCost:
    """Calls, and seconds of the processor, of one stage of all questions."""

    calls: int = 0
    seconds: float = 0.0


class Meter:
    """Counts calls and processor time of methods by stage, each without those inside it."""

    def __init__(self) -> None:
        self.costs: dict[str, StageCost] = {}
        self._inner_seconds: list[float] = []

    def watch(self, owner: object, name: str, stage_of: Callable[..., str]) -> None:
        """Put a method that counts in the place of an object's; ``stage_of`` names the stage by
        the arguments."""
        method = getattr(owner, name)

        def metered(*arguments: Any, **options: Any) -> Any:
            self._inner_seconds.append(0.0)
            began = time.process_time()
            try:
                return method(*arguments, **options)
            finally:
                seconds = time.process_time() - began
                cost = self.costs.setdefault(stage_of(*arguments), StageCost())
                cost.calls += 1
                cost.seconds += seconds - self._inner_seconds.pop()
                if self._inner_seconds:
                    self._inner_seconds[-1] += seconds

        setattr(owner, name, metered)

    def watch_engine(self, engine: Engine) -> None:
        """Count the calls of an engine."""
        for name, stage in _STAGES.items():
            self.watch(engine, name, lambda *_, stage=stage: stage)

        def kind(collection: str, condition: str, fields: Sequence[str], *_: object) -> str:
            if collection == engine.state:
                return "the state"
            if collection == engine.records:
                return "texts of articles" if "body" in fields else "rows of articles"
            return "vectors of passages" if "vector" in fields else "sentences of passages"

        self.watch(engine, "query", kind)


def question_costs(dataset: Dataset, settings: Settings, address: str) -> dict[str, StageCost]:
    """Ask the questions of a set from the store at ``address``, which the articles are copied to;
    the costs of each stage, of all questions together."""
    meter = Meter()
    with _open(dataset, settings, address) as pullquote:
        store = pullquote.library.store
        assert isinstance(store, MilvusStore)
        meter.watch_engine(store.engine)
        meter.watch(pullquote.reader, "read", lambda *_: "reading")
        meter.watch(pullquote.library.query_encoder(), "encode_query", lambda *_: "encoding")
        meter.watch(pullquote, "ask", lambda *_: _ELSE)
        for case in dataset:
            pullquote.ask(case.question, history=case.history)
    return meter.costs


def stage_table(costs: Mapping[str, Mapping[str, StageCost]], questions: int) -> str:
    """Format a Markdown table of calls and milliseconds a question, a column for each fusion."""
    stages = dict.fromkeys(stage for fusion in costs.values() for stage in fusion)
    own = ("encoding", "reading", _ELSE)
    order = [*(stage for stage in stages if stage not in own), *own]

    def cells(stage_costs: Sequence[StageCost | None], is_engine: bool) -> Iterator[str]:
        for cost in stage_costs:
            yield f"{cost.calls / questions:.1f}" if cost and is_engine else DASH
            yield f"{1000 * cost.seconds / questions:,.1f}" if cost else DASH

    rows = [
        (stage, *cells([fusion.get(stage) for fusion in costs.values()], stage not in own))
        for stage in order
    ]
    sums = [
        StageCost(
            sum(cost.calls for stage, cost in fusion.items() if stage not in own),
            sum(cost.seconds for cost in fusion.values()),
        )
        for fusion in costs.values()
    ]
    head = (f"{fusion}: {unit}" for fusion in costs for unit in ("calls", "ms"))
    return table(("stage", *head), [*rows, ("together", *cells(sums, True))])


@contextmanager
def _open(dataset: Dataset, settings: Settings, address: str) -> Iterator[Pullquote]:
    """Open the articles of a set at ``address``, with a reader and an encoder that are warm."""
    embedded = settings.model_copy(update={"fusion": "weighted", "store": SecretStr("")})
    there = settings.model_copy(update={"store": SecretStr(address)})
    with open_pullquote(dataset, embedded) as ready, tempfile.TemporaryDirectory() as folder:
        here = ready.system
        assert isinstance(here, Pullquote)
        here.ask(dataset.cases[0].question)
        with Pullquote.open(
            Path(folder), there, create=True, models=here.library.models, reader=here.reader
        ) as pullquote:
            copy_store(here.library.store, pullquote.library.store)
            pullquote.today = here.today
            yield pullquote


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.engine", description=__doc__)
    parser.add_argument("--set", dest="built_in", type=BuiltIn, default=BuiltIn.NEWSROOM)
    parser.add_argument("--every", type=int, default=1, help="Ask one question of so many.")
    parser.add_argument("--fusion", action="append", choices=("weighted", "rrf", "engine"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    dataset = open_built_in(options.built_in, settings.max_article_chars)
    dataset = replace(dataset, cases=dataset.cases[:: options.every])
    costs: dict[str, dict[str, StageCost]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for fusion in options.fusion or ("weighted", "engine"):
            variant = settings.model_copy(update={"fusion": fusion})
            costs[fusion] = question_costs(dataset, variant, f"milvus://{folder}/{fusion}.db")
    if options.json:
        print(json.dumps(costs, default=vars))  # noqa: T201
        return
    print(f"{len(dataset.cases)} questions\n")  # noqa: T201
    show_table("stages", stage_table(costs, len(dataset.cases)), options.into)


if __name__ == "__main__":
    main()
