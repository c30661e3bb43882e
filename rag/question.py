"""The question: its text, the earlier turns, and the filters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal, TypedDict

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from index.filters import Filters
from index.text.normalise import clean, clean_line

__all__ = [
    "MAX_QUESTION_CHARS",
    "MAX_TURNS",
    "MAX_TURN_CHARS",
    "Filters",
    "Mode",
    "Question",
    "QuestionOptions",
    "Turn",
]

MAX_QUESTION_CHARS = 2000
MAX_TURNS = 50
MAX_TURN_CHARS = 20_000

Mode = Literal["extractive", "generative", "auto"]


class Turn(BaseModel):
    """One earlier turn of the conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=MAX_TURN_CHARS), AfterValidator(clean)]


class Question(BaseModel):
    """A question in plain language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]
    top_k: Annotated[int, Field(ge=1, le=100)] = 5
    filters: Filters = Filters()
    history: Annotated[tuple[Turn, ...], Field(max_length=MAX_TURNS)] = ()
    time_filters: Annotated[
        bool, Field(description="Heed words of time in the question; false takes them as text.")
    ] = True
    timeline: Annotated[
        bool,
        Field(description="Quote what was said over time, day by day, the oldest first."),
    ] = False

    @field_validator("question")
    @classmethod
    def _says_something(cls, value: str) -> str:
        # As the articles are: composed accents, no soft hyphens.
        value = clean_line(value)
        if not re.search(r"\w", value):
            raise ValueError("it is empty: ask something in words")
        return value


class QuestionOptions(TypedDict, total=False):
    """The options of :meth:`rag.pullquote.Pullquote.stream`, for functions that pass them on."""

    top_k: int | None
    filters: Filters | None
    history: Sequence[Turn] | None
    time_filters: bool | None
    timeline: bool | None
    mode: Mode | None
    final: bool
