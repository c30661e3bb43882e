from __future__ import annotations

import os
import time
from pathlib import Path

from index.encode.export import remove_left_over


def test_what_a_killed_export_left_goes_and_what_is_being_made_stays(tmp_path: Path) -> None:
    for name, age in ((".export-old", 7_200), (".export-new", 60), ("model-1", 7_200)):
        (tmp_path / name / "made").mkdir(parents=True)
        (tmp_path / name / "made" / "encoder.data").write_bytes(b"x")
        for each in (tmp_path / name, *(tmp_path / name).rglob("*")):
            os.utime(each, (time.time() - age,) * 2)
    remove_left_over(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [".export-new", "model-1"]
