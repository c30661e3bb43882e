"""``import pullquote`` gives the public names and no more, at no cost."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

import pullquote
from rag import errors


def test_dir_shows_the_public_names_alone() -> None:
    assert dir(pullquote) == sorted(pullquote.__all__)


@pytest.mark.parametrize("name", pullquote.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(pullquote, name) is not None


def test_all_errors_of_answering_are_there() -> None:
    names = {name for name in errors.__all__ if isinstance(getattr(errors, name), type)}
    assert names - set(pullquote.__all__) == set()
    assert all(issubclass(getattr(pullquote, name), pullquote.PullquoteError) for name in names)


def test_the_version_is_that_of_the_package() -> None:
    assert pullquote.__version__ == version("pullquote")


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="Library"):
        _ = pullquote.Library


def test_importing_it_imports_nothing_of_the_rest() -> None:
    code = (
        "import sys, pullquote; "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'rag', 'index', 'rich'}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
