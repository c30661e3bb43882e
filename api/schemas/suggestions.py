"""Questions that are suggested."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from api.suggestions.suggester import SuggestedQuestion

__all__ = ["SuggestionList", "SuggestionOut"]

_QUESTION: dict[str, Any] = {
    "question": "How long are the burrows of wombats?",
    "confidence": 0.91,
    "document_id": "wombats",
    "document_title": "Wombats dig",
    "publisher": "Marsupial Times",
    "published_at": "2025-05-26",
    "start_char_index": 0,
    "end_char_index": 37,
}


class SuggestionOut(BaseModel):
    """A question, the article that answers it, and the sentence there (code points)."""

    question: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    document_id: str
    document_title: str
    publisher: str | None
    published_at: date | None
    start_char_index: int
    end_char_index: int

    @classmethod
    def of(cls, suggestion: SuggestedQuestion) -> Self:
        article = suggestion.article
        return cls(
            question=suggestion.question,
            confidence=round(suggestion.confidence, 4),
            document_id=article.id,
            document_title=article.title,
            publisher=article.publisher,
            published_at=article.published_at,
            start_char_index=suggestion.sentence.start,
            end_char_index=suggestion.sentence.end,
        )


class SuggestionList(BaseModel):
    """Questions that were asked and surely answered; ask again while it is not `complete`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"questions": [_QUESTION], "complete": True}]},
    )

    questions: list[SuggestionOut]
    complete: Annotated[bool, Field(description="Whether all that are to be asked were asked.")]
