"""OpenAI's responses, the successor of chat completions, as far as they apply here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.schemas.openai import (
    MODEL,
    ChatIn,
    Message,
    ModelName,
    is_forced_format,
    refuse_unsupported,
    unsupported,
)
from index.filters import Filters

__all__ = ["FIXED_FIELDS", "ResponseIn", "ResponseOut"]

# The fields of a response that are the same for every answer here.
FIXED_FIELDS: Final[Mapping[str, Any]] = {
    "object": "response",
    "model": MODEL,
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "metadata": {},
    "parallel_tool_calls": False,
    "tool_choice": "none",
    "tools": [],
}

_EXAMPLE: dict[str, Any] = {
    "model": MODEL,
    "input": "How much will Alibaba invest in AI infrastructure?",
}
_RESPONSE: dict[str, Any] = {
    "id": "resp_0f4c2d6f9a3e4b7c",
    "created_at": 1767225600,
    "status": "completed",
    **FIXED_FIELDS,
    "output": [
        {
            "id": "msg_0f4c2d6f9a3e4b7c",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [
                {
                    "type": "output_text",
                    "text": "Alibaba plans to invest 380 billion RMB. [1]",
                    "annotations": [],
                }
            ],
        }
    ],
    "usage": {"input_tokens": 900, "output_tokens": 14, "total_tokens": 914},
    "pullquote": {"confidence": 0.93, "abstained": False},
}
# Kinds of text in the parts of a message, and what stands in the conversation beside messages.
_TEXT_PARTS = ("input_text", "output_text", "text")


class ResponseIn(BaseModel):
    """A question, or a conversation whose last message is one. `filters` and `top_k` are ours."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [_EXAMPLE]})

    model: ModelName = MODEL
    input: str | Annotated[list[Message], Field(min_length=1)]
    stream: bool | None = False
    filters: Filters = Filters()
    top_k: Annotated[int, Field(ge=1, le=100)] = 5

    @model_validator(mode="before")
    @classmethod
    def _nothing_unsupported(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        for field in ("previous_response_id", "conversation", "prompt"):
            if value.get(field) is not None:
                reason = f"{field} is not supported: send the turns before in `input`"
                raise unsupported(field, value[field], reason)
        if value.get("background"):
            reason = "background is not supported: ask with `stream` instead"
            raise unsupported("background", True, reason)
        refuse_unsupported(value)
        text = value.get("text")
        if isinstance(text, dict) and is_forced_format(text.get("format")):
            reason = "text.format is not supported: answers are quotations"
            raise unsupported("text.format", text["format"], reason)
        if isinstance(value.get("input"), list):
            messages = [_message(number, item) for number, item in enumerate(value["input"])]
            return {**value, "input": messages}
        return value

    def as_chat(self) -> ChatIn:
        """Return the same request as a chat completion's."""
        messages = self.input
        if isinstance(messages, str):
            messages = [Message(role="user", content=messages)]
        return ChatIn.model_construct(
            model=self.model, messages=messages, filters=self.filters, top_k=self.top_k
        )


def _message(number: int, item: Any) -> Any:
    """Return an item of the input as a message of a chat; calls of tools and their results become
    one that is ignored."""
    if not isinstance(item, dict):
        return item
    if item.get("type", "message") != "message":
        return {"role": "tool", "content": None}
    parts = item.get("content")
    if not isinstance(parts, list):
        return item
    return {**item, "content": [_text_part(number, part) for part in parts]}


def _text_part(number: int, part: Any) -> Any:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "refusal":
        return {"type": "text", "text": ""}
    # Said here: of a value that may be text or a list, pydantic says that it is no text.
    if kind is not None and kind not in _TEXT_PARTS:
        reason = f"{kind} is not supported: messages hold text alone"
        raise unsupported(f"input.{number}.content", part, reason)
    return {**part, "type": "text"} if isinstance(part, dict) else part


class ResponseOut(BaseModel):
    """A response; `pullquote` holds the whole answer as `/ask` gives it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESPONSE]})

    id: str
    object: Literal["response"]
    created_at: int
    status: Literal["completed", "in_progress"]
    model: str
    error: None
    incomplete_details: None
    instructions: None
    metadata: dict[str, str]
    parallel_tool_calls: Literal[False]
    tool_choice: Literal["none"]
    tools: list[dict[str, Any]]
    output: list[dict[str, Any]]
    usage: dict[str, Any] | None
    pullquote: dict[str, Any]
