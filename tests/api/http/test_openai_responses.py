"""OpenAI's responses and embeddings, as its own client takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import openai
import pytest
from openai import OpenAI

from tests.fakes import DIM, FakeEncoder

QUESTION = "How long are the burrows that wombats dig?"
UNANSWERED = "Who won the chess final in 1994?"


@pytest.fixture(scope="module")
def address(shared_address: str) -> str:
    """One for all tests here: they only read."""
    return shared_address


@pytest.fixture
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_a_response_with_citations(client: OpenAI, address: str) -> None:
    done = client.responses.create(model="pullquote", input=QUESTION)
    assert done.output_text == "Wombats dig burrows of thirty metres. [1]"
    message: Any = done.output[0]
    (annotation,) = message.content[0].annotations
    quoted = done.output_text[annotation.start_index : annotation.end_index]
    assert quoted == "Wombats dig burrows of thirty metres."
    assert (annotation.url, annotation.title) == (f"{address}/a/wombats#c0-37", "Wombats")
    assert done.usage is not None
    assert done.usage.input_tokens > 20


def test_a_conversation_of_every_kind_of_item(client: OpenAI) -> None:
    items: list[Any] = [
        {"role": "developer", "content": "Speak like a pirate."},
        {"role": "user", "content": [{"type": "input_text", "text": "What do koalas eat?"}]},
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "A."}],
        },
        {"type": "function_call_output", "call_id": "1", "output": "x"},
        {"role": "user", "content": QUESTION},
    ]
    assert "thirty metres" in client.responses.create(model="o3", input=items).output_text


def test_a_stream_has_the_events_that_the_client_puts_together(client: OpenAI) -> None:
    whole = client.responses.create(model="pullquote", input=QUESTION)
    with client.responses.stream(model="pullquote", input=QUESTION) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert final.output_text == whole.output_text
    kinds = [event.type for event in events]
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert "response.output_text.annotation.added" in kinds
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == whole.output_text
    assert [event.sequence_number for event in events] == sorted(
        event.sequence_number for event in events
    )


def test_silence_is_a_refusal(client: OpenAI) -> None:
    message: Any = client.responses.create(model="pullquote", input=UNANSWERED).output[0]
    (part,) = message.content
    assert part.type == "refusal"
    assert "do not say" in part.refusal
    events = list(client.responses.create(model="pullquote", input=UNANSWERED, stream=True))
    deltas = [event.delta for event in events if event.type == "response.refusal.delta"]
    assert "".join(deltas) == part.refusal


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"text": {"format": {"type": "json_object"}}}, "text.format"),
        ({"input": [{"role": "user", "content": [{"type": "input_image"}]}]}, "input_image"),
        ({"input": []}, "messages|input"),
        ({"input": " ?"}, "empty"),
    ],
)
def test_what_is_not_supported(client: OpenAI, more: dict[str, Any], says: str) -> None:
    with pytest.raises(openai.BadRequestError, match=says):
        client.responses.create(**{"model": "pullquote", "input": QUESTION, **more})


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_embeddings_are_the_encoders(client: OpenAI, encoding: Any) -> None:
    texts = ["Wombats dig.", "Emus run."]
    done = client.embeddings.create(model="any", input=texts, encoding_format=encoding)
    for text, item in zip(texts, done.data, strict=True):
        vector: Any = item.embedding
        if isinstance(vector, str):
            import base64

            vector = np.frombuffer(base64.b64decode(vector), dtype="<f4")
        np.testing.assert_allclose(vector, FakeEncoder().encode_query(text), rtol=1e-6)
    assert done.model == "all-MiniLM-L6-v2"
    assert done.usage.prompt_tokens >= 6


def test_a_text_alone_is_one_embedding_of_the_encoders_size(client: OpenAI) -> None:
    done = client.embeddings.create(model="any", input="Wombats dig.")
    assert len(done.data[0].embedding) == DIM
    with pytest.raises(openai.BadRequestError, match="dimensions"):
        client.embeddings.create(model="any", input="Wombats dig.", dimensions=8)
