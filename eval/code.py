"""Which Pullquote answered: results of one are not those of another."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from index.distributed.work import code_hash
from index.version import pullquote_version

__all__ = ["code_identity"]

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("api", "index", "rag")
# In these what lies beside the sources decides answers too: weights, word lists, prompts.
_PACKAGES_WITH_DATA = ("index", "rag")
_NO_DATA = (".py", ".pyc")
_DIGITS = 16


@cache
def code_identity(root: Path = _ROOT) -> str:
    """Return the version and a hash of the packages in ``root`` that answers come from: of their
    sources, weights, word lists and prompts."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        digest.update(code_hash(root / package).encode())
    for package in _PACKAGES_WITH_DATA:
        for path in sorted((root / package).rglob("*.*")):
            if path.is_file() and path.suffix not in _NO_DATA:
                digest.update(str(path.relative_to(root)).encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{pullquote_version()} {digest.hexdigest()[:_DIGITS]}"
