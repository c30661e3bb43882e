"""``deploy/locks``: the versions of constraints.txt, each with its hashes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = ("runtime", "test", "bench")


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(path: Path) -> dict[str, tuple[str, int]]:
    """Version, without its build, and number of hashes of every package, by name."""
    pins = {}
    for block in re.split(r"\n(?=\S)", path.read_text(encoding="utf-8")):
        if pin := re.match(r"([\w.-]+)==([\w.]+)", block):
            hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)
            pins[_canonical(pin[1])] = (pin[2], len(hashes))
    return pins


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_has_the_versions_of_the_constraints_with_hashes(name: str) -> None:
    constraints = _pins(ROOT / "constraints.txt")
    lock = _pins(ROOT / "deploy" / "locks" / f"{name}.txt")
    assert len(lock) > 100
    assert {package for package, (_, hashes) in lock.items() if not hashes} == set()
    locked = {package: version for package, (version, _) in lock.items()}
    pinned = {package: version for package, (version, _) in constraints.items()}
    other = {
        package: (version, pinned[package])
        for package, version in locked.items()
        if package in pinned and pinned[package] != version
    }
    assert other == {}, "constraints.txt has changed since: make locks"


def test_every_install_holds_what_runs() -> None:
    runtime, *others = (set(_pins(ROOT / "deploy" / "locks" / f"{name}.txt")) for name in NAMES)
    assert all(runtime <= other for other in others)
    assert not [package for package in runtime if "nvidia" in package or "cuda" in package]


def test_everything_that_is_asked_for_is_locked() -> None:
    asked = re.search(
        r"^dependencies = \[(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.S | re.M
    )
    assert asked
    names = {_canonical(name) for name in re.findall(r'^ +"([\w.-]+)', asked[1], re.M)}
    assert len(names) > 20
    assert names <= set(_pins(ROOT / "deploy" / "locks" / "runtime.txt"))
