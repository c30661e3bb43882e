"""The dense part of the store on a real Milvus, over the wire, killed with -9 while it is written
to."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.cluster
@pytest.mark.skipif(
    importlib.util.find_spec("milvus") is None,
    reason="no Milvus: pip install -c constraints.txt milvus",
)
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a network")
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    command = ["unshare", "--net", sys.executable, "-m", "tests.index.store.milvus_server"]
    trial = subprocess.run(
        [*command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert trial.returncode == 0, trial.stderr
    seen = json.loads(trial.stdout.splitlines()[-1])
    assert 500 <= seen.pop("acknowledged") < 2_000, "it was not killed while rows were written"
    assert "Milvus did not answer" in seen.pop("error")
    assert seen == {"lost": 0, "nearest": True, "without the deleted one": True}
