"""``pullquote keys``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.test_cli import runner


def test_that_there_are_no_keys_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runner(tmp_path / "home", monkeypatch)
    assert run("keys", "list").stderr.startswith(
        "There are no keys: whoever can connect is let in."
    )
    made = json.loads(run("keys", "add", "newsroom", "--json").stdout)
    assert "newsroom" in run("keys", "list").stdout
    run("keys", "revoke", made["id"])
    assert run("keys", "list").stderr.startswith("There are no keys: nobody is let in.")
