"""The page, its files, and the API's documentation. Nothing is loaded from another server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

__all__ = ["WEB", "article_page", "docs", "install", "page", "start"]

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
  url: "/openapi.json",
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


@router.get("/")
async def page() -> Response:
    """The page."""
    return FileResponse(WEB / "index.html", headers=_HEADERS)


@router.get("/a/{article_id:path}")
async def article_page(article_id: str) -> Response:
    """The page of an article, whose script asks for its text: that may want a key."""
    return FileResponse(WEB / "article.html", headers=_HEADERS)


@router.get("/docs")
async def docs() -> Response:
    """The API's documentation, read from its OpenAPI document."""
    return HTMLResponse(_DOCS, headers=_DOCS_HEADERS)


@router.get("/docs/start.js")
async def start() -> Response:
    return Response(_START, media_type="text/javascript", headers=_HEADERS)


def install(app: FastAPI) -> None:
    """Serve the page at ``/``, its files under ``/static``, the documentation at ``/docs``."""
    app.include_router(router)
    app.mount("/static", _Files(directory=WEB, check_dir=False), name="static")
    # Swagger UI's own files, as the package fastapi-offline ships them.
    swagger = _Files(packages=[("fastapi_offline", "static")])
    app.mount("/docs/static", swagger, name="swagger")
