"""Entity tags: a client that has an article already gets 304 instead of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse, Response

__all__ = ["tagged_response"]


def tagged_response(
    content: Mapping[str, Any], if_none_match: str, skip_fields: frozenset[str]
) -> Response:
    """Make a response of the content as JSON with its tag; or 304 without it, where
    ``if_none_match`` has that tag.

    The tag is weak: ``skip_fields`` names fields that may differ under it.
    """
    fields = {name: value for name, value in content.items() if name not in skip_fields}
    digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:32]
    headers = {"ETag": f'W/"{digest}"', "Cache-Control": "private, no-cache"}
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    if tags & {f'"{digest}"', "*"}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return JSONResponse(content, headers=headers)
