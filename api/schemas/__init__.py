"""The bodies of requests and responses over HTTP, with an example for each.

Answers and search results are those of the contract (:mod:`rag.contract`).
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api.schemas.articles import ArticleOut, ArticlePage, JobOut, WholeArticle
from api.schemas.ask import BatchOut
from api.schemas.openai import ChatOut
from api.schemas.responses import ResponseOut
from rag.contract import (
    AnswerRecord,
    CitationRecord,
    LeadRecord,
    SearchRecord,
    SearchResultRecord,
)

__all__ = ["MODELS_WITH_EXAMPLES", "examples"]

# Models of responses whose examples have nulls in them.
MODELS_WITH_EXAMPLES: tuple[type[BaseModel], ...] = (
    AnswerRecord,
    ArticleOut,
    ArticlePage,
    BatchOut,
    ChatOut,
    CitationRecord,
    LeadRecord,
    JobOut,
    ResponseOut,
    SearchRecord,
    SearchResultRecord,
    WholeArticle,
)


def examples(model: type[BaseModel]) -> list[Any]:
    """Return the examples that a model is declared with."""
    extra = model.model_config["json_schema_extra"]
    assert isinstance(extra, dict)
    values = extra["examples"]
    assert isinstance(values, list)
    return values
