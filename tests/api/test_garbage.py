from __future__ import annotations

import gc

import pytest

from api.garbage import FreezeSurvivors


@pytest.mark.parametrize(
    ("generation", "seconds", "is_frozen"), [(2, 0.1, True), (2, 0.001, False), (1, 0.1, False)]
)
def test_what_survives_a_long_collection_of_everything_is_not_looked_at_again(
    generation: int, seconds: float, is_frozen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    times = iter([5.0, 5.0 + seconds])
    callback = FreezeSurvivors(clock=lambda: next(times))
    callback("start", {"generation": generation})
    callback("stop", {"generation": generation})
    assert bool(frozen) is is_frozen
