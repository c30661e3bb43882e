"""What is sent and answered over HTTP, with an example for each.

Answers are ``Answer.as_json()`` as it is; the models here describe it, and a test holds the two
together.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from api.schemas.articles import ArticleOut, ArticlePage, JobOut, WholeArticle
from api.schemas.ask import AnswerOut, CitationOut, SearchOut, SearchResultOut
from api.schemas.openai import ChatOut

__all__ = ["EXEMPLIFIED", "examples"]

# What is answered with nulls in it.
EXEMPLIFIED: tuple[type[BaseModel], ...] = (
    AnswerOut,
    ArticleOut,
    ArticlePage,
    ChatOut,
    CitationOut,
    JobOut,
    SearchOut,
    SearchResultOut,
    WholeArticle,
)


def examples(model: type[BaseModel]) -> list[Any]:
    """The examples that a model is declared with."""
    extra = model.model_config["json_schema_extra"]
    assert isinstance(extra, dict)
    found = extra["examples"]
    assert isinstance(found, list)
    return found
