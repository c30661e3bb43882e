"""Parse the articles, or the link, in a request to add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api.guard.json_body import parse_json
from api.problem import MAX_ERRORS, invalid
from api.schemas.articles import ArticleIn, LinkIn

__all__ = ["read_articles"]

# What opens, and each comma and colon, in JSON: 30,000 articles with all that can be said of them.
_MAX_VALUES = 500_000
_MAX_FIELDS = 100


async def read_articles(request: Request) -> Sequence[ArticleIn] | LinkIn:
    """Read the articles of a request's body, or the link that it has instead.

    Raises ``RequestValidationError`` or ``Problem`` for anything else.
    """
    body = await request.body()
    # Megabytes of JSON would hold up the event loop.
    return await run_in_threadpool(_parse, body)


def _parse(body: bytes) -> list[ArticleIn] | LinkIn:
    content = parse_json(body, _MAX_VALUES)
    if isinstance(content, dict) and "url" in content and "text" not in content:
        return _validate([(("body",), content)], LinkIn)[0]
    if not isinstance(content, list):
        return _validate([(("body",), content)], ArticleIn)
    if not content:
        raise invalid("a list of articles, but none in it")
    return _validate(((("body", number), item) for number, item in enumerate(content)), ArticleIn)


_Model = TypeVar("_Model", bound=BaseModel)


def _validate(
    items: Iterable[tuple[tuple[str | int, ...], Any]], model: type[_Model]
) -> list[_Model]:
    """Validate items as models; each comes with its place in the body.

    Raises ``RequestValidationError`` with the first errors, and does not look at items after those;
    ``Problem`` (422) for one of too many fields.
    """
    models: list[_Model] = []
    errors: list[dict[str, Any]] = []
    for where, item in items:
        if isinstance(item, dict) and len(item) > _MAX_FIELDS:
            # Each field that does not belong there would be an error of its own.
            raise invalid(f"more than {_MAX_FIELDS} fields", ".".join(map(str, where)))
        try:
            models.append(model.model_validate(item))
        except ValidationError as exc:
            details = exc.errors(include_url=False, include_input=False)
            errors += [{**error, "loc": (*where, *error["loc"])} for error in details]
            if len(errors) >= MAX_ERRORS:
                break
    if errors:
        raise RequestValidationError(errors)
    return models
