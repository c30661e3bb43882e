"""Written answers through ``/v1``, as OpenAI's own client takes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from api.app import build_app
from api.state import AppState
from api.support_notes import NOTE
from index.encode.base import TokenVectors
from index.errors import ModelError
from rag.chat.base import ChatModel
from tests.api.http.conftest import listening
from tests.chat import Halting, Scripted
from tests.fakes import FakeEncoder, FakeModels
from tests.rag.writing import HEIGHT, library

TALL = "The Lunden tower is 74 metres tall."
SAID = f"{TALL} [1] It was sold to Mallory [1]. Harald Lind built it [1]."
ASKED: list[Any] = [{"role": "user", "content": "How tall is the Lunden tower?"}]
COUNTED: Any = {"include_usage": True}


class Breaks(FakeEncoder):
    """Breaks when Mallory is mentioned."""

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        if any("Mallory" in text for text in texts):
            raise ModelError("the encoder is broken")
        return super().encode_tokens(texts)


@contextmanager
def client(home: Path, chat: ChatModel, models: Any = None, **settings: Any) -> Iterator[OpenAI]:
    app = build_app(AppState.of(library(home, chat, models=models, **settings)))
    with (
        listening(app) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as made,
    ):
        yield made


def streamed(client: OpenAI) -> list[Any]:
    return list(
        client.chat.completions.create(
            model="pullquote", messages=ASKED, stream=True, stream_options=COUNTED
        )
    )


def text_of(chunks: Sequence[Any]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


@pytest.mark.parametrize("fails", [None, "malformed"])
@pytest.mark.parametrize("unsupported", ["drop", "flag"])
def test_streamed_equals_not_streamed(tmp_path: Path, unsupported: str, fails: Any) -> None:
    chat = Scripted(SAID, fails=fails)
    with client(tmp_path, chat, unsupported=unsupported) as asked:
        whole = asked.chat.completions.create(model="pullquote", messages=ASKED)
        *chunks, last, used = streamed(asked)
    message = whole.choices[0].message
    assert text_of([*chunks, last]) == message.content
    expected = [each.model_dump() for each in message.annotations or []]
    assert last.choices[0].delta.annotations == expected
    assert last.choices[0].finish_reason == "stop"
    assert last.pullquote["answer"] == message.content.replace(NOTE, "")
    assert message.content.count(f"Mallory.{NOTE}") == (unsupported == "flag")
    assert last.pullquote["fallback_reason"] == fails
    assert used.usage == whole.usage
    assert all(chunk.usage is None for chunk in chunks)
    ends = [cited["url_citation"]["end_index"] for cited in expected]
    assert [message.content[end - 1 : end + 2] for end in ends] == [". ["] * len(ends)


def test_a_response_says_of_what_nothing_backs_that_nothing_does(tmp_path: Path) -> None:
    with client(tmp_path, Scripted(SAID), unsupported="flag") as asked:
        whole = asked.responses.create(model="pullquote", input=ASKED)
        with asked.responses.stream(model="pullquote", input=ASKED) as stream:
            events = list(stream)
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == whole.output_text
    assert f"[1] It was sold to Mallory.{NOTE} Harald Lind built it. [2]" in whole.output_text
    message: Any = whole.output[0]
    first, second = message.content[0].annotations
    assert whole.output_text[first.start_index : first.end_index] == TALL
    assert whole.output_text[second.start_index : second.end_index] == "Harald Lind built it."


def test_the_use_of_the_model_is_told(tmp_path: Path) -> None:
    with client(tmp_path, Scripted(SAID)) as asked:
        used = streamed(asked)[-1].usage
    assert used.completion_tokens == len(SAID.split())
    assert used.prompt_tokens > 0
    assert used.total_tokens == used.prompt_tokens + used.completion_tokens


def test_a_sentence_is_sent_while_the_next_is_written(tmp_path: Path) -> None:
    chat = Halting(f"{TALL} It was ", "built in 1931 [1].")
    with client(tmp_path, chat) as asked:
        chunks = asked.chat.completions.create(model="pullquote", messages=ASKED, stream=True)
        try:
            first = ""
            while not first.endswith("[1]"):
                first += next(chunks).choices[0].delta.content or ""
            assert (first, chat.go.is_set()) == (f"{TALL} [1]", False)
        finally:
            chat.go.set()
        assert text_of(list(chunks)) == " It was built in 1931. [2]"


def test_what_was_sent_stays_when_the_model_breaks_off(tmp_path: Path) -> None:
    with client(tmp_path, Scripted(f"{SAID} And so", fails="timeout")) as asked:
        *chunks, last, _ = streamed(asked)
    text = text_of(chunks)
    assert text.startswith(f"{TALL} [1] Harald Lind built it. [2]")
    assert text.endswith(f"\n\n{HEIGHT} [3]")
    *_, quoted = last.pullquote["citations"]
    assert text[quoted["start_index"] : quoted["end_index"]] == quoted["cited_text"] == HEIGHT
    assert last.pullquote["fallback_reason"] == "timeout"


def test_an_error_on_the_way_is_one_of_openais(tmp_path: Path) -> None:
    chunks: list[Any] = []
    with client(tmp_path, Scripted(SAID), FakeModels(Breaks())) as asked:
        sent = asked.chat.completions.create(model="pullquote", messages=ASKED, stream=True)
        with pytest.raises(openai.APIError, match="the encoder is broken") as caught:
            chunks.extend(sent)
    assert text_of(chunks) == f"{TALL} [1]"
    assert caught.value.type == "server_error"


def test_an_error_before_anything_is_sent_has_its_status(tmp_path: Path) -> None:
    said = "It was sold to Mallory [1]."
    with (
        client(tmp_path, Scripted(said), FakeModels(Breaks())) as asked,
        pytest.raises(openai.InternalServerError, match="the encoder is broken") as caught,
    ):
        asked.chat.completions.create(model="pullquote", messages=ASKED, stream=True)
    assert caught.value.status_code == 503
