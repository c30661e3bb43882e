from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from rag.settings import Settings
from rag.settings.sections import SECTIONS


def test_the_environment_is_read() -> None:
    settings = Settings.from_environment(
        {"PULLQUOTE_HOME": "/tmp/x", "PULLQUOTE_THRESHOLD": "0.7", "PATH": "/bin"}
    )
    assert settings.threshold == 0.7
    assert settings.library_folder == Path("/tmp/x/library")


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("PULLQUOTE_TRESHOLD", "PULLQUOTE_THRESHOLD"),
        ("PULLQUOTE_MODEL_TIMOUT", "PULLQUOTE_MODEL_TIMEOUT"),
        ("PULLQUOTE_CORS_ORIGIN", "PULLQUOTE_CORS_ORIGINS"),
        ("PULLQUOTE_LIBRARY_PATH", "PULLQUOTE_LIBRARY"),
        ("PULLQUOTE_MAX_CHARS", "PULLQUOTE_MAX_ARTICLE_CHARS"),
    ],
)
def test_the_nearest_to_a_misspelt_setting_is_named(typed: str, nearest: str) -> None:
    with pytest.raises(SettingsError, match=rf"^there is no setting {typed}.* {nearest}\?$"):
        Settings.from_environment({typed: "0.7"})


@pytest.mark.parametrize("typed", ["PULQUOTE_THRESHOLD", "PULL_QUOTE_THRESHOLD"])
def test_a_slip_in_the_prefix_is_an_error_too(typed: str) -> None:
    with pytest.raises(SettingsError, match=r"mean PULLQUOTE_THRESHOLD\?$"):
        Settings.from_environment({typed: "0.7"})


@pytest.mark.parametrize("other", ["PULSE_SERVER", "PULL_REQUEST_MODEL", "PULP_HOME"])
def test_the_variables_of_others_are_theirs(other: str) -> None:
    assert Settings.from_environment({other: "x"}) == Settings()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("THRESHOLD=soon", "a number is needed"),
        ("THRESHOLD=7", "1.0 or less is needed"),
        ("SPELLING=perhaps", "on or off is needed"),
        ("RESIDENT=-1", "started, on, off or a number of seconds (up to 999999) is needed"),
    ],
)
def test_a_wrong_value_is_told_in_our_own_words(value: str, reason: str) -> None:
    name, _, text = f"PULLQUOTE_{value}".partition("=")
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({name: text})
    assert str(caught.value) == f"{name}={text}: {reason}"


def test_where_none_is_near_all_are_named() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"PULLQUOTE_XYZZY": "1"})
    assert all(f"PULLQUOTE_{name.upper()}" in str(caught.value) for name in Settings.model_fields)


def test_every_section_is_in_the_settings_and_no_name_in_two() -> None:
    names = [name for section in SECTIONS for name in section.model_fields]
    assert names == list(Settings.model_fields)


def test_an_impossible_value_is_named() -> None:
    with pytest.raises(SettingsError, match="PULLQUOTE_THRESHOLD=7"):
        Settings.from_environment({"PULLQUOTE_THRESHOLD": "7"})


def test_passage_sizes_must_fit_each_other() -> None:
    with pytest.raises(SettingsError, match="min_words"):
        Settings.from_environment({"PULLQUOTE_PASSAGE_MIN_WORDS": "300"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"PULLQUOTE_MODEL": "gpt-4o"}, "provider:name"),
        ({"PULLQUOTE_MODE": "generative"}, "PULLQUOTE_MODEL"),
        ({"PULLQUOTE_MODEL_TIMEOUT": "30"}, "PULLQUOTE_REQUEST_TIMEOUT"),
        ({"PULLQUOTE_MODEL_URL": "http://me:sk-secret@host/v1"}, "without user or key"),
    ],
)
def test_a_chat_model_is_named_whole(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        Settings.from_environment(given)
    assert "sk-secret" not in str(caught.value)
    assert caught.value.__cause__ is None or "sk-secret" not in str(caught.value.__cause__)


def test_a_key_is_never_shown() -> None:
    settings = Settings.from_environment({"PULLQUOTE_MODEL_API_KEY": "sk-secret"})
    assert "sk-secret" not in repr(settings) + settings.model_dump_json() + str(settings)


def test_time_is_left_to_answer_without_a_model() -> None:
    assert Settings(request_timeout=10).model_seconds < 10


@pytest.mark.parametrize("name", ["PULLQUOTE_LIBRARY", "PULLQUOTE_HOME"])
def test_an_empty_folder_is_the_default_one(name: str) -> None:
    settings = Settings.from_environment({name: ""})
    assert settings == Settings()
    assert settings.library_folder == Settings().home / "library"
