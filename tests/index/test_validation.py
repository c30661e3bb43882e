from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError, field_validator

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
