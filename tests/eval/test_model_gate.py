"""The model gate: the reader that ships, asked the built-in question set, keeps its figures."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from rich.console import Console

from eval.command import EvalOptions, Opened, run_eval
from eval.dataset.built_in import BuiltIn, open_built_in
from rag import Pullquote, Settings

# What it does is a good deal better than these; they catch what breaks, not what drifts.
LIMITS = (
    "violations=0", "citation_precision=0.7", "wrong_refusal_rate=0.55",
    "false_answer_rate=0.4", "auroc=0.62", "hit@5=0.95",
)  # fmt: skip


@pytest.mark.model_gate
def test_no_answer_breaks_the_promise_and_no_figure_its_limit(
    seeds: Pullquote, tmp_path: Path
) -> None:
    outcome = run_eval(
        EvalOptions(tmp_path, fail_under=LIMITS),
        open_built_in(BuiltIn.SEEDS, Settings().max_article_chars),
        lambda _: nullcontext(Opened(seeds)),
        Console(quiet=True),
    )
    assert outcome.failures == ()
    assert outcome.exit_code == 0
    assert outcome.report is not None
    assert outcome.report.stat().st_size > 10_000
