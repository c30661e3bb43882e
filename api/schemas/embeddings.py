"""OpenAI's embeddings: the library's encoder for whoever wants its vectors."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.openai import MODEL, ModelName

__all__ = ["EmbeddingIn", "EmbeddingList", "EmbeddingOut", "EmbeddingUsage"]

_MAX_TEXTS, _MAX_CHARS = 256, 20_000
_EXAMPLE: dict[str, Any] = {"model": MODEL, "input": ["Who runs Nvidia?"]}
_VECTOR: dict[str, Any] = {"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}

Text = Annotated[str, Field(min_length=1, max_length=_MAX_CHARS)]


class EmbeddingIn(BaseModel):
    """Texts to encode, as questions are. `dimensions` can only be what the encoder has."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [_EXAMPLE]})

    model: ModelName = MODEL
    input: Text | Annotated[list[Text], Field(min_length=1, max_length=_MAX_TEXTS)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int | None, Field(ge=1)] = None

    @property
    def texts(self) -> list[str]:
        return [self.input] if isinstance(self.input, str) else self.input


class EmbeddingOut(BaseModel):
    """A vector of unit length, as numbers or as little-endian float32 in base64."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class EmbeddingUsage(BaseModel):
    """Tokens of the built-in encoder."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingList(BaseModel):
    """The vectors, in the order of the texts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "object": "list",
                    "data": [_VECTOR],
                    "model": "all-MiniLM-L6-v2",
                    "usage": {"prompt_tokens": 4, "total_tokens": 4},
                }
            ]
        }
    )

    object: Literal["list"]
    data: list[EmbeddingOut]
    model: str
    usage: EmbeddingUsage
