"""Homes for tests that ask the real reader: its networks take seconds to make, and are made once.

Every home that is prepared here sees the same models folder, through a link.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["models_folder", "with_models"]


@cache
def models_folder() -> Path:
    """The models folder of all tests, gone when they are over."""
    folder = Path(tempfile.mkdtemp(prefix="pullquote-models-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def with_models(home: Path) -> Path:
    """The home, made where it is not there yet, its models those of all tests."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "models").exists():
        (home / "models").symlink_to(models_folder(), target_is_directory=True)
    return home
