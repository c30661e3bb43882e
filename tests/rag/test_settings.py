from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from rag.settings import Settings


def test_the_environment_is_read() -> None:
    settings = Settings.from_environment(
        {"PULLQUOTE_HOME": "/tmp/x", "PULLQUOTE_THRESHOLD": "0.7", "PATH": "/bin"}
    )
    assert settings.threshold == 0.7
    assert settings.library_folder == Path("/tmp/x/library")


def test_a_misspelt_setting_is_named() -> None:
    with pytest.raises(SettingsError, match=r"PULLQUOTE_TRESHOLD.*PULLQUOTE_THRESHOLD"):
        Settings.from_environment({"PULLQUOTE_TRESHOLD": "0.7"})


def test_an_impossible_value_is_named() -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_THRESHOLD=7"):
        Settings.from_environment({"PULLQUOTE_THRESHOLD": "7"})


def test_passage_sizes_must_fit_each_other() -> None:
    with pytest.raises(SettingsError, match="min_words"):
        Settings.from_environment({"PULLQUOTE_PASSAGE_MIN_WORDS": "300"})
