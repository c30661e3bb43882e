"""Health checks of a library and its models, for ``doctor`` and ``/readyz``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from index.encode.encoders import ExportedModels
from index.encode.export import exported_folder
from index.encode.onnx import OnnxEncoder
from index.errors import PullquoteError
from index.library import Library
from index.text.language import unread

__all__ = ["Check", "check_library", "check_models", "unread_languages"]


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check. A ``warning`` is no error, but worth reading."""

    name: str
    ok: bool
    detail: str
    warning: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def check_library(library: Library) -> list[Check]:
    """Check the store, its texts and both indexes over it, byte by byte."""
    status = library.status()
    counts = f"{status['articles']} articles, {status['passages']} passages"
    checks = [
        Check("library", True, f"{library.place}, generation {status['generation']}, {counts}")
    ]
    if follower := library.follower:
        trouble = next(iter(follower.problems), None)
        checks.append(Check("follows", True, trouble or follower.description, bool(trouble)))
    if unfinished := library.unfinished_copy():
        checks.append(Check("copy", False, unfinished))
    problems = library.verify()
    checks += [Check("index", False, problem) for problem in problems]
    if not problems:
        base = status["vector_base"]
        kind = base["factory"] if base else "in memory"
        indexes = "Milvus's own" if library.settings.store else f"vectors {kind}, lexical BM25"
        checks.append(Check("index", True, f"{indexes}; checksums hold"))
    if uncompared_count := library.uncompared():
        problem = f"{uncompared_count} articles were never compared with the others"
        checks.append(Check("copies", True, f"{problem}; run pullquote doctor --repair", True))
    if unread := unread_languages(library):
        checks.append(Check("languages", True, unread, True))
    return checks


def unread_languages(library: Library) -> str | None:
    """A warning when there are articles in languages that the encoder does not read."""
    return unread(library.languages(), library.settings.encoder)


def check_models(library: Library) -> list[Check]:
    """Check that the exported encoder is there and is the one that was written."""
    status = library.status()
    if status["encoder"] is None or not isinstance(library.models, ExportedModels):
        return []
    try:
        encoder = library.query_encoder().id
        folder = exported_folder(library.models.folder, encoder)
        OnnxEncoder.load(folder, verify=True)
    except PullquoteError as exc:
        return [Check("encoder", False, str(exc))]
    return [Check("encoder", True, f"{encoder.name} {encoder.weights[:12]}, {folder}")]
