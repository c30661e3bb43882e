"""The page, its files, and the API's documentation. Nothing is loaded from another server."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from api.links import root_of

__all__ = [
    "WEB",
    "article_page",
    "docs",
    "install",
    "install_files",
    "page",
    "page_response",
    "start",
]

WEB = Path(__file__).resolve().parents[1] / "web"

# Files keep their names when they change, so a browser asks each time (and is told 304).
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
}
# Swagger UI sets styles on its elements and draws its icons from data: URLs.
_DOCS_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
}
_DOCS = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pullquote: the API</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<script defer src="/docs/static/swagger-ui-bundle.js"></script>
<script defer src="/docs/start.js"></script>
</head>
<body><div id="docs"></div></body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  validatorUrl: null,
});
"""

router = APIRouter(include_in_schema=False)


class _Files(StaticFiles):
    """Static files with the page's headers."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(_HEADERS)
        return response


def page_response(request: Request, name: str) -> Response:
    """Answer a request with a page of the folder :data:`WEB`."""
    text = _below_root(request, (WEB / name).read_text("utf-8"))
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return HTMLResponse(text, headers=headers)


def _below_root(request: Request, html: str) -> str:
    """Have the links of a page of ours lead to the library that it is asked for."""
    return re.sub(r'((?:href|src)=")/', rf"\g<1>{root_of(request.scope)}/", html)


@router.get("/")
async def page(request: Request) -> Response:
    """The page."""
    return page_response(request, "index.html")


@router.get("/a/{article_id:path}")
async def article_page(request: Request, article_id: str) -> Response:
    """The page of an article, whose script asks for its text: that may want a key."""
    return page_response(request, "article.html")


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The API's documentation, read from its OpenAPI document."""
    return HTMLResponse(_below_root(request, _DOCS), headers=_DOCS_HEADERS)


@router.get("/docs/start.js")
async def start() -> Response:
    return Response(_START, media_type="text/javascript", headers=_HEADERS)


def install_files(app: FastAPI) -> None:
    """Serve the files of pages under ``/static``."""
    app.mount("/static", _Files(directory=WEB, check_dir=False), name="static")


def install(app: FastAPI) -> None:
    """Serve the page at ``/``, its files under ``/static``, the documentation at ``/docs``."""
    app.include_router(router)
    install_files(app)
    # Swagger UI's own files, as the package fastapi-offline ships them.
    swagger = _Files(packages=[("fastapi_offline", "static")])
    app.mount("/docs/static", swagger, name="swagger")
