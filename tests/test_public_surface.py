"""``__all__`` is what a module offers, exactly.

Every function and class without an underscore is in it, and every name that another module takes;
a constant is public once one does. What is in it is there.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("api", "eval", "index", "rag")
PATHS = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
# Modules that are run, not imported.
RUN = {name for name in PATHS if name.endswith("__main__")}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(PATHS[module].read_text("utf-8"))


def stated(module: str) -> list[str] | None:
    """The names of a module's ``__all__``; ``None`` where there is none."""
    for node in tree(module).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return None


def defined(module: str) -> set[str]:
    """The public functions and classes of a module."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = {node.name for node in tree(module).body if isinstance(node, kinds)}
    return {name for name in names if not name.startswith("_")}


def bound(module: str) -> set[str]:
    """Every name that a module binds at its top level, and its submodules."""
    names = {name.removeprefix(f"{module}.") for name in PATHS if name.startswith(f"{module}.")}
    for node in ast.walk(tree(module)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case ast.alias():
                names.add((node.asname or node.name).partition(".")[0])
    return names


@cache
def taken() -> dict[str, set[str]]:
    """What modules take from each other: module to names."""
    names: dict[str, set[str]] = defaultdict(set)
    for module in PATHS:
        for source, name in _imports(module):
            if source in PATHS and f"{source}.{name}" not in PATHS:
                names[source].add(name)
    return names


def _imports(module: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                yield node.module, name.name


def public(module: str) -> set[str]:
    """What ``__all__`` of a module has to name."""
    return defined(module) | taken()[module]


def mismatch(module: str) -> dict[str, list[str]]:
    """What is wrong with a module's ``__all__``, by what it is."""
    names = stated(module)
    stated_names = set(names or ())
    wrong = {
        "twice": sorted(name for name in stated_names if (names or []).count(name) > 1),
        "missing": sorted(public(module) - stated_names),
        "not there": sorted(stated_names - bound(module)) if names else [],
    }
    return {what: names for what, names in wrong.items() if names}


def test_all_is_the_public_surface() -> None:
    modules = PATHS.keys() - RUN
    assert len(modules) > 500
    wrong = {module: mismatch(module) for module in sorted(modules)}
    assert {module: names for module, names in wrong.items() if names} == {}


def test_nothing_private_is_taken() -> None:
    private = {
        f"{module}.{name}"
        for module, names in taken().items()
        for name in names
        if name.startswith("_") and not name.startswith("__")
    }
    assert private == set()
