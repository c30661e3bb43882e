"""What is built works away from the checkout: the sdist, and the wheel that is made of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.homes import with_models

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("api", "eval", "index", "rag", "seeds")
NO_TREE = shutil.ignore_patterns("__pycache__", "*.py[co]", "build", "*.egg-info")
# Commands of the installed package in one process, as what they load takes longer than what they
# do: what each printed.
IN_TURN = """
import contextlib, io, json, sys
from importlib.metadata import entry_points
(program,) = entry_points(group="console_scripts", name="pullquote")
main, printed = program.load(), []
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["pullquote", *arguments]
    with contextlib.redirect_stdout(io.StringIO()) as output:
        try:
            main()
        except SystemExit as end:
            if end.code:
                raise
    printed.append(output.getvalue())
print(json.dumps(printed))
"""
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def command(*words: str, folder: Path, **environment: str) -> str:
    """The standard output of a command that has to succeed, run away from the checkout."""
    keep = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    result = subprocess.run(
        words,
        cwd=folder,
        env={**keep, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, built of a copy of the tree: building leaves folders behind."""
    folder = tmp_path_factory.mktemp("sdist")
    tree = Path(shutil.copytree(ROOT, folder / "tree", ignore=_outside))
    return folder / build("sdist", tree, folder)


def _outside(folder: str, names: list[str]) -> set[str]:
    hidden = {name for name in names if name.startswith(".")}
    return hidden | NO_TREE(folder, names)


@pytest.fixture(scope="module")
def wheel(sdist: Path) -> Path:
    """The wheel, built of the sdist by what installers call, from the build tools that are here."""
    with tarfile.open(sdist) as archive:
        archive.extractall(sdist.parent / "unpacked", filter="data")
    (tree,) = (sdist.parent / "unpacked").iterdir()
    return sdist.parent / build("wheel", tree, sdist.parent)


def build(what: str, tree: Path, folder: Path) -> str:
    """Build an sdist or a wheel of a tree into a folder; the name of its file."""
    code = f"import setuptools.build_meta as b, sys; print(b.build_{what}(sys.argv[1]))"
    return command(sys.executable, "-c", code, str(folder), folder=tree).split()[-1]


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The folder of programs of a new environment with the wheel. What Pullquote needs comes from
    the environment of the tests; an editable install there is not seen."""
    environment = wheel.parent / "venv"
    command(sys.executable, "-m", "venv", "--without-pip", str(environment), folder=wheel.parent)
    programs = environment / "bin"
    options = ("--no-deps", "--no-index", "--no-compile", "--quiet")
    python = ("--python", str(programs / "python"))
    command(*PIP, *python, "install", *options, str(wheel), folder=wheel.parent)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


@pytest.fixture(scope="module")
def run(
    installed: Path, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., str]:
    """Run a program of the new environment, with a home of its own. The question set's library is
    there already: the first question makes one in the same way."""
    folder = tmp_path_factory.mktemp("elsewhere")
    own = with_models(folder / "home")
    shutil.copytree(home / "eval", own / "eval")

    def call(program: str, *arguments: str) -> str:
        settings = {"PULLQUOTE_HOME": str(own), "OMP_NUM_THREADS": "1"}
        return command(str(installed / program), *arguments, folder=folder, **settings)

    return call


def test_the_sdist_holds_what_the_tree_holds(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {
        str(path.relative_to(ROOT))
        for package in (*PACKAGES, "tests", "examples", "docs")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".pyo")
    }
    assert expected - names == set()
    assert {"constraints.txt", "Makefile", "pullquote.py", "LICENSE"} <= names


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".pyo")
    }
    assert names == expected | {"pullquote.py"}


def test_it_is_the_wheel_that_runs(run: Callable[..., str], installed: Path) -> None:
    where = "import pullquote, rag; print(pullquote.__file__, rag.__file__)"
    for path in run("python", "-c", where).split():
        assert Path(path).is_relative_to(installed.parent)


def test_the_program_is_there(run: Callable[..., str]) -> None:
    assert run("pullquote", "--version").startswith("pullquote ")


def test_it_answers_and_evaluates_with_what_comes_along(run: Callable[..., str]) -> None:
    asked = ("ask", "How much will Alibaba invest in AI infrastructure?", "--json")
    measured = ("eval", "--set", "seeds", "--sample", "1", "--out", "report", "--json")
    printed = json.loads(run("python", "-c", IN_TURN, json.dumps([asked, measured])))
    answer, figures = (json.loads(each) for each in printed)
    assert "380 billion" in answer["answer"]
    assert answer["citations"][0]["cited_text"] in answer["answer"]
    assert figures["seeds"]["violations"]["value"] == 0
