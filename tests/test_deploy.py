"""What is there to deploy with says nothing that the code does not know."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml

from api.metrics import Metrics
from rag import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
FILES = [
    ROOT / ".github" / "workflows" / "ci.yaml",
    ROOT / ".github" / "workflows" / "release.yaml",
    *sorted(file for file in DEPLOY.rglob("*") if file.is_file()),
]


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_settings_that_it_names_are_there(file: Path) -> None:
    names = set(re.findall(r"\bPULLQUOTE_([A-Z_]+)\b", file.read_text("utf-8")))
    assert {name.lower() for name in names} - set(Settings.model_fields) == set()


def test_the_image_is_built_of_what_is_there_and_runs_as_nobody() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if re.match(r"COPY (?!--from)", line)]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for name in (name for names in copied for name in names):
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored
    assert "USER 10001:10001" in lines
    last = next(line for line in reversed(lines) if line.startswith(("ENTRYPOINT", "USER")))
    assert last == 'ENTRYPOINT ["pullquote"]'


def test_the_container_writes_to_its_volume_alone() -> None:
    service = read_yaml(DEPLOY / "compose.yaml")["services"]["pullquote"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_profiles_are_what_need_not_be_there() -> None:
    services = read_yaml(DEPLOY / "compose.yaml")["services"]
    always = [name for name, service in services.items() if "profiles" not in service]
    assert always == ["pullquote"]


def test_files_that_are_mounted_are_there() -> None:
    for service in read_yaml(DEPLOY / "compose.yaml")["services"].values():
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert not source.startswith(".") or (DEPLOY / source).exists()


def test_the_board_shows_metrics_that_there_are() -> None:
    board = json.loads((DEPLOY / "grafana" / "board.json").read_text("utf-8"))
    metrics = Metrics()
    metrics.request("GET", "/ask", 200, 0.1)
    metrics.index(1, 1, 1)
    known = set(re.findall(r"# TYPE (\w+) ", metrics.exposition().decode()))
    expressions = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    for expression in expressions:
        for name in re.findall(r"\bpullquote_\w+", expression):
            assert {name, name.removesuffix("_bucket")} & known, name
    assert len(expressions) >= 10


def test_the_workflow_runs_what_is_run_here() -> None:
    jobs = read_yaml(ROOT / ".github" / "workflows" / "ci.yaml")["jobs"]
    assert {"run": ".ci/run"} in jobs["test"]["steps"]
    metadata = (ROOT / "pyproject.toml").read_text("utf-8")
    for version in jobs["test"]["strategy"]["matrix"]["python"]:
        assert f"Programming Language :: Python :: {version}" in metadata


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    if (program := which("systemd-analyze")) is None:
        pytest.skip("there is no systemd")
    unit = (DEPLOY / "pullquote.service").read_text("utf-8")
    # The program is not installed here.
    file = tmp_path / "pullquote.service"
    file.write_text(unit.replace("/opt/pullquote/bin/pullquote", "/bin/true"))
    done = subprocess.run(
        [program, "verify", str(file)], capture_output=True, text=True, check=False
    )
    assert "pullquote.service" not in done.stderr
    assert done.returncode == 0, done.stderr
