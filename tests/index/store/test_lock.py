"""The write lock is given back whatever becomes of the note of who holds it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from index.errors import StorageError
from index.store.lock import is_held, writing


def _fail(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["write_text", "unlink"])
def test_a_note_that_fails_keeps_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, step, _fail)
        # The exception keeps its frames, and all that they hold, until the block ends.
        with pytest.raises(StorageError) as caught, writing(tmp_path, 0):
            pass
    assert not is_held(tmp_path)
    assert caught.value.__traceback__ is not None
    with writing(tmp_path, 0):
        assert is_held(tmp_path)
