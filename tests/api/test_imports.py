"""What is imported to answer one question from the command line, or to serve: nothing that is not
needed for the first answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rag.reading.expansion import expand_networks
from rag.reading.manifest import WEIGHTS_FOLDER, Manifest

# Compiled code of Cython and SWIG, and the interpreter's own, come under names of their own.
ALLOWED = {
    "annotated_doc",
    "annotated_types",
    "api",
    "babel",
    "faiss",
    "filelock",
    "index",
    "numpy",
    "onnxruntime",
    "packaging",
    "platformdirs",
    "pydantic",
    "pydantic_core",
    "rag",
    "rapidfuzz",
    "rich",
    "sentencex",
    "shellingham",
    "snowballstemmer",
    "tantivy",
    "tokenizers",
    "typer",
    "typing_extensions",
    "typing_inspection",
}
_MADE = ("_", "cython_runtime", "swig_runtime", "sitecustomize", "usercustomize", "distutils-")
# Of our own: what takes articles in, and the other commands.
_NOT_FOR_SERVING = ("index.load", "index.fetch", "index.ingest.batch", "index.text.dates", "mcp")
_NOT_FOR_ASKING = (
    "index.load",
    "index.fetch",
    "index.ingest.batch",
    "index.ingest.preparation",
    "index.boilerplate.detector",
    "index.sync.engine",
    "index.text.dates",
    "api.app",
    "api.cli.articles",
    "api.cli.serve",
    "rich.progress",
)


def test_asking_imports_what_it_needs(home: Path) -> None:
    # Making the networks, once, needs more; nor is it what asking costs.
    expand_networks(Manifest.read(WEIGHTS_FOLDER), home / "models")
    code = (
        "import sys\n"
        "sys.argv = ['pullquote', 'ask', 'Who is the president of Baidu’s AI cloud division?']\n"
        "from api.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('MODULES', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PULLQUOTE_HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": _root()},
        capture_output=True,
        text=True,
        check=True,
    )
    answer, _, modules = done.stdout.partition("MODULES ")
    assert "confidence" in answer
    names = {module.partition(".")[0] for module in modules.split()} - sys.stdlib_module_names
    assert {name for name in names if not name.startswith(_MADE)} <= ALLOWED
    assert not [module for module in modules.split() if module.startswith(_NOT_FOR_ASKING)]


def test_a_server_is_ready_before_it_can_add() -> None:
    code = "import api.cli.serve, api.app, api.libraries, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": _root()},
        capture_output=True,
        text=True,
        check=True,
    )
    modules = done.stdout.split()
    assert "api.routes.articles" in modules
    assert not [module for module in modules if module.startswith(_NOT_FOR_SERVING)]


def _root() -> str:
    return str(Path(__file__).resolve().parents[2])
