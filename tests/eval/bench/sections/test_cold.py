"""A question as a whole process, beside a baseline."""

from __future__ import annotations

import pytest

from eval.bench.process import Cost
from eval.bench.sections.cold import _figures, ask_command


def test_an_answer_and_a_silence_are_both_work_done() -> None:
    command = ask_command({"PULLQUOTE_RESIDENT": "off"})
    assert command.arguments[0] == "ask"
    assert set(command.exit_codes) == {0, 3}


@pytest.mark.parametrize(("own", "verdict"), [(2.0, True), (2.1, False)])
def test_five_times_as_fast_is_the_target(own: float, verdict: bool) -> None:
    costs = {
        "pullquote": [Cost(own, 1, 300)],
        "LangChain": [Cost(10, 5, 600)],
        "resident": [Cost(0.3, 0.1, 12)],
    }
    figures = _figures(costs, 100, 120)
    by_name = {each.name: each for each in figures.comparisons}
    assert by_name["wall time"].keeps_target is verdict
    assert by_name["peak memory"].factor == 2
    assert by_name["asked of a resident process"].keeps_target is False
    assert len(figures.tables[0].rows) == 3
