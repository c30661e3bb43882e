from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI

QUESTION = "How long are the burrows that wombats dig?"
ASKED: list[Any] = [{"role": "user", "content": QUESTION}]
STRICT = {"name": "s", "schema": {}, "strict": True}


@pytest.fixture(scope="module")
def address(shared_address: str) -> str:
    """One for all tests here: they only read."""
    return shared_address


@pytest.fixture
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_models(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["pullquote"]
    assert client.models.retrieve("pullquote").owned_by == "pullquote"


def test_a_completion_with_citations(client: OpenAI, address: str) -> None:
    done = client.chat.completions.create(model="pullquote", messages=ASKED, temperature=0)
    message = done.choices[0].message
    assert message.content == "Wombats dig burrows of thirty metres. [1]"
    (annotation,) = message.annotations or []
    cited = annotation.url_citation
    assert message.content[cited.start_index : cited.end_index] == message.content[:-4]
    assert (cited.url, cited.title) == (f"{address}/a/wombats#c0-37", "Wombats")
    assert done.choices[0].finish_reason == "stop"


def test_a_stream(client: OpenAI) -> None:
    whole = client.chat.completions.create(model="pullquote", messages=ASKED)
    chunks = list(
        client.chat.completions.create(
            model="pullquote",
            messages=ASKED,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    expected = [each.model_dump() for each in whole.choices[0].message.annotations or []]
    assert (deltas[-1].model_extra or {})["annotations"] == expected
    assert chunks[-1].usage is not None
    assert chunks[-2].choices[0].finish_reason == "stop"


def test_the_whole_answer_comes_along_and_filters_go(client: OpenAI) -> None:
    done = client.chat.completions.create(
        model="pullquote",
        messages=ASKED,
        extra_body={"filters": {"publisher": ["The Emus Post"]}, "top_k": 1},
    )
    answer = (done.model_extra or {})["pullquote"]
    assert [each["document_id"] for each in answer["search_results"]] == ["emus"]


def test_earlier_turns_and_parts(client: OpenAI) -> None:
    messages: list[Any] = [
        {"role": "system", "content": "Speak like a pirate."},
        {"role": "user", "content": "What do koalas eat?"},
        {"role": "assistant", "content": "Leaves of the eucalyptus."},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]
    done = client.chat.completions.create(model="pullquote", messages=messages)
    assert "thirty metres" in (done.choices[0].message.content or "")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"tool_choice": "required"}, "tool_choice"),
        ({"response_format": {"type": "json_schema", "json_schema": STRICT}}, "response_format"),
        ({"n": 2}, "n is not supported"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"logprobs": True}, "logprobs"),
        ({"stop": ["."]}, "stop"),
        ({"modalities": ["audio"]}, "modalities"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "image_url"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}]}, "the tool's"),
        ({"messages": [{"role": "assistant", "content": "Hello."}]}, "last message"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user", "content": " ?"}]}, "empty"),
        ({"messages": [{"role": "user", "content": "x" * 3000}]}, "2000"),
    ],
)
def test_what_is_not_supported(client: OpenAI, more: dict[str, Any], says: str) -> None:
    with pytest.raises(openai.BadRequestError, match=says):
        client.chat.completions.create(**{"model": "pullquote", "messages": ASKED, **more})


def test_another_model_is_answered_by_the_one_there_is_with_a_note(client: OpenAI) -> None:
    done = client.chat.completions.create(model="gpt-5", messages=ASKED)
    assert done.model == "pullquote"
    answer = (done.model_extra or {})["pullquote"]
    assert answer["notes"] == ["there is no model gpt-5 here: pullquote answered"]
    with pytest.raises(openai.NotFoundError, match="pullquote"):
        client.models.retrieve("gpt-5")


def test_tools_that_are_offered_are_passed_over(client: OpenAI) -> None:
    called: Any = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages: list[Any] = [
        {"role": "user", "content": "What do koalas eat?"},
        {"role": "assistant", "content": None, "tool_calls": [called]},
        {"role": "tool", "content": "Leaves.", "tool_call_id": "1"},
        *ASKED,
    ]
    schema: Any = {"type": "json_schema", "json_schema": {"name": "s", "schema": {}}}
    done = client.chat.completions.create(
        model="pullquote",
        messages=messages,
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        response_format=schema,
    )
    assert "thirty metres" in (done.choices[0].message.content or "")


def test_what_was_read_is_counted(client: OpenAI) -> None:
    one, five = (
        client.chat.completions.create(
            model="pullquote", messages=ASKED, extra_body={"top_k": top_k}
        ).usage
        for top_k in (1, 5)
    )
    assert one is not None
    assert five is not None
    assert 20 < one.prompt_tokens < five.prompt_tokens
    assert 5 < one.completion_tokens < 30
    assert one.total_tokens == one.prompt_tokens + one.completion_tokens


def test_silence_is_a_refusal(client: OpenAI) -> None:
    unanswered: list[Any] = [{"role": "user", "content": "Who won the chess final in 1994?"}]
    message = client.chat.completions.create(model="pullquote", messages=unanswered).choices[0]
    assert message.message.refusal
    assert message.message.refusal == message.message.content
    chunks = client.chat.completions.create(model="pullquote", messages=unanswered, stream=True)
    refusals = [chunk.choices[0].delta.refusal for chunk in chunks]
    assert "".join(filter(None, refusals)) == message.message.refusal
