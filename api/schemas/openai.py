"""OpenAI's chat completions, as far as they apply to quotations.

Fields that change nothing here (``temperature``, ``seed``, ``user``, tools on offer) are accepted
and ignored. Fields that would change the answer in a way that is not supported (a tool that has to
be called, a required format, images, several choices) are refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from index.filters import Filters

__all__ = [
    "MODEL",
    "Annotation",
    "AnswerMessage",
    "ChatIn",
    "ChatOut",
    "Choice",
    "Message",
    "ModelList",
    "ModelName",
    "ModelOut",
    "StreamOptions",
    "TextPart",
    "TokenUsage",
    "UrlCitation",
    "is_forced_format",
    "refuse_unsupported",
    "unsupported",
]

MODEL = "pullquote"
# Any is taken, and repeated in the note that says who answered.
ModelName = Annotated[str, Field(max_length=256)]
_CHAT: dict[str, Any] = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "How much will Alibaba invest in AI infrastructure?"}],
}
_ANNOTATION: dict[str, Any] = {
    "type": "url_citation",
    "url_citation": {
        "start_index": 0,
        "end_index": 40,
        "url": "http://127.0.0.1:8000/articles/china-ai-chip-curbs",
        "title": "China's AI chips",
    },
}
_COMPLETION: dict[str, Any] = {
    "id": "chatcmpl-0f4c2d6f9a3e4b7c",
    "object": "chat.completion",
    "created": 1767225600,
    "model": MODEL,
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Alibaba plans to invest 380 billion RMB. [1]",
                "refusal": None,
                "annotations": [_ANNOTATION],
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    "pullquote": {"confidence": 0.93, "abstained": False},
}

# Fields that ask for what is not there, and the values of them that ask for nothing.
_UNSUPPORTED_FIELDS: dict[str, tuple[Any, ...]] = {
    "tool_choice": (None, "none", "auto"),
    "function_call": (None, "none", "auto"),
    "n": (None, 1),
    "logprobs": (None, False),
    "top_logprobs": (None, 0),
    "logit_bias": (None, {}),
    "modalities": (None, ["text"]),
    "audio": (None,),
    "prediction": (None,),
    "stop": (None, []),
    "web_search_options": (None,),
}


def refuse_unsupported(request: Mapping[str, Any]) -> None:
    """Raise the error of a field of a request that asks for what is not there."""
    for field, neutral_values in _UNSUPPORTED_FIELDS.items():
        if request.get(field) not in neutral_values:
            reason = f"{field} is not supported: answers are quotations"
            raise unsupported(field, request[field], reason)


def unsupported(field: str, value: Any, reason: str) -> ValidationError:
    """Make the error of a field that asks for what is not there. A validator of the whole request
    raises it, so that the error is of the field and not of the request."""
    # Half of a pair of surrogates, which a client may name a part of a message, ends pydantic.
    reason = reason.encode(errors="replace").decode()
    error = PydanticCustomError("unsupported", "{reason}", {"reason": reason})
    return ValidationError.from_exception_data(
        field, [{"type": error, "loc": tuple(field.split(".")), "input": value}]
    )


def is_forced_format(value: Any) -> bool:
    """Whether a ``response_format`` requires a format: any JSON, or a strict schema."""
    if not isinstance(value, dict) or value.get("type") in (None, "text"):
        return False
    schema = value.get("json_schema", value)
    is_strict = isinstance(schema, dict) and bool(schema.get("strict"))
    return value["type"] != "json_schema" or is_strict


class TextPart(BaseModel):
    """A piece of a message. Images, sound and files are not supported."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """One turn. What is not said by the user or the assistant (system messages, what tools gave)
    is passed over: the articles alone decide."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    @model_validator(mode="before")
    @classmethod
    def _only_text(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        content = value.get("content")
        for part in content if isinstance(content, list) else []:
            kind = part.get("type") if isinstance(part, dict) else None
            if kind is not None and kind != "text":
                reason = f"{kind} is not supported: messages hold text alone"
                raise unsupported("content", part, reason)
        return value

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """How to stream."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class ChatIn(BaseModel):
    """A conversation whose last message is the question. `filters` and `top_k` are ours."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [_CHAT]})

    model: ModelName
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    filters: Filters = Filters()
    top_k: Annotated[int, Field(ge=1, le=100)] = 5

    @model_validator(mode="before")
    @classmethod
    def _nothing_unsupported(cls, value: Any) -> Any:
        if isinstance(value, dict):
            refuse_unsupported(value)
            if is_forced_format(value.get("response_format")):
                reason = "response_format is not supported: answers are quotations"
                raise unsupported("response_format", value["response_format"], reason)
        return value


class UrlCitation(BaseModel):
    """Where a stretch of the answer comes from; offsets are code points of the answer."""

    start_index: int
    end_index: int
    url: str
    title: str


class Annotation(BaseModel):
    """A citation as OpenAI has it."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"]
    content: str
    refusal: Annotated[str | None, Field(description="The same, where the articles do not answer.")]
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one answer there is."""

    index: int
    message: AnswerMessage
    logprobs: None
    finish_reason: Literal["stop"]


class TokenUsage(BaseModel):
    """What the chat model read and wrote; where none was asked, the question and the passages
    found, and the answer, in tokens of the built-in encoder."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatOut(BaseModel):
    """A chat completion; `pullquote` holds the whole answer as `/ask` gives it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_COMPLETION]})

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: TokenUsage
    pullquote: dict[str, Any]


_MODEL: dict[str, Any] = {
    "id": MODEL,
    "object": "model",
    "created": 1767225600,
    "owned_by": "pullquote",
}


class ModelOut(BaseModel):
    """What can be asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MODEL]})

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(BaseModel):
    """All that can be asked: one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"object": "list", "data": [_MODEL]}]}
    )

    object: Literal["list"]
    data: list[ModelOut]
