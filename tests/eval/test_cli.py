from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from eval.cli import register


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    register(app)
    return app


def test_one_built_in_set_alone_goes_to_a_folder_of_its_name(
    app: typer.Typer, home: Path, tmp_path: Path
) -> None:
    arguments = ["--set", "seeds", "--sample", "1", "--out", str(tmp_path), "--json"]
    done = CliRunner().invoke(app, arguments, env={"PULLQUOTE_HOME": str(home)})
    assert done.exit_code == 0, done.output
    assert list(json.loads(done.stdout)) == ["seeds"]
    assert [path.name for path in tmp_path.iterdir()] == ["seeds"]
    assert len((tmp_path / "seeds" / "results.jsonl").read_text().splitlines()) == 2


def test_two_sets_cannot_be_named_at_once(app: typer.Typer, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--set", "seeds", "--dataset", str(tmp_path)])
    assert done.exit_code == 2
    assert "leave one of them out" in " ".join(done.output.replace("\u2502", " ").split())


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--set", "seeds"], "all questions of the built-in sets"),
        (["--sample", "2"], "all questions of the built-in sets"),
        (["--ablate"], "needs --dataset or --set"),
    ],
)
def test_a_table_is_written_for_one_set_beside_others(
    app: typer.Typer, home: Path, tmp_path: Path, arguments: list[str], reason: str
) -> None:
    document = tmp_path / "doc.md"
    document.write_text("")
    env = {"PULLQUOTE_HOME": str(home), "COLUMNS": "200"}
    done = CliRunner().invoke(app, [*arguments, "--into", str(document)], env=env)
    assert done.exit_code == 2
    assert reason in done.output


@pytest.mark.parametrize("other", [["--compare", "a", "b"], ["--ablate"], ["--bench"]])
def test_a_limit_is_not_ignored(
    app: typer.Typer, home: Path, tmp_path: Path, other: list[str]
) -> None:
    other = [*other, "--dataset", str(tmp_path)]
    env = {"PULLQUOTE_HOME": str(home), "COLUMNS": "200"}
    done = CliRunner().invoke(app, [*other, "--fail-under", "right=0.5"], env=env)
    assert done.exit_code == 2
    assert "leave out --compare, --ablate and --bench" in done.output


def test_a_set_may_name_articles_of_the_library(
    app: typer.Typer, home: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    row = {
        "question": "How much will Alibaba invest in AI infrastructure?",
        "answer": "380 billion",
        "article": "h20-ban-self-sufficiency",
    }
    questions.write_text(json.dumps(row))
    arguments = ["--dataset", str(questions), "--out", str(tmp_path / "out"), "--json"]
    done = CliRunner().invoke(app, arguments, env={"PULLQUOTE_HOME": str(home)})
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["right"]["value"] == 1
    questions.write_text(json.dumps(row | {"article": "h20-ban"}))
    refused = CliRunner().invoke(app, arguments, env={"PULLQUOTE_HOME": str(home)})
    assert "do you mean h20-ban-self-sufficiency?" in str(refused.exception)
