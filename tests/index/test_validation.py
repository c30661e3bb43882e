from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from index.validation import field_of, reason_of


class Inner(BaseModel):
    size: int

    @field_validator("size")
    @classmethod
    def _positive(cls, value: int) -> int:
        if value < 1:
            raise ValueError("size must be 1 or more")
        return value


class Outer(BaseModel):
    parts: list[Inner]


@pytest.mark.parametrize(
    ("size", "reason"), [(0, "size must be 1 or more"), ("x", "a whole number is needed")]
)
def test_the_reason_is_the_validators_own_words(size: object, reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate({"parts": [{"size": 1}, {"size": size}]})
    (error,) = caught.value.errors()
    assert reason_of(error).startswith(reason)
    assert field_of(error) == "parts.1.size"


class Texts(BaseModel, extra="forbid"):
    input: Annotated[str, Field(max_length=9)] | list[str]


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"input": 5}, {"input"}),
        ({"input": ["a", 5]}, {"input", "input.1"}),
        ({"input": "a", "str": 1}, {"str"}),
    ],
)
def test_no_field_is_called_by_pydantics_name_of_a_type(
    sent: dict[str, object], fields: set[str]
) -> None:
    with pytest.raises(ValidationError) as caught:
        Texts.model_validate(sent)
    assert {field_of(error) for error in caught.value.errors()} == fields


class Batch(BaseModel):
    id: Annotated[str, Field(min_length=1)]
    items: Annotated[list[str], Field(min_length=1)]
    pairs: Annotated[list[str], Field(min_length=2)]


def test_one_is_counted_in_words() -> None:
    with pytest.raises(ValidationError) as caught:
        Batch.model_validate({"id": "", "items": [], "pairs": []})
    reasons = [reason_of(error) for error in caught.value.errors()]
    assert reasons == ["it is empty", "at least one is needed", "at least 2 of them are needed"]
