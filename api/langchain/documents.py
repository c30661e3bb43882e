"""Convert LangChain documents to articles, and articles and passages to documents."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from langchain_core.documents import Document
from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from index.article import Article, Passage
from index.errors import LoadError
from index.ingest.admission import ambiguous_day
from index.load.base import Loaded
from index.load.records.jsonl import Record, explain
from index.snapshot import Found
from index.text.normalise import clean_line
from index.validation import field_of, reason_of
from rag.errors import QuestionError
from rag.question import Filters

__all__ = ["article_of", "part_of", "read_filters", "whole_of"]

_FIELDS = ("title", "publisher", "author", "published_at", "date", "language", "url")


def article_of(document: Document, id: str | None) -> tuple[str, Loaded]:
    """Return the id and the article of a document, or the id and the error that says why it cannot
    be added.

    The text is taken as it is, so that offsets hold in the caller's own. ``title``, ``publisher``,
    ``author``, ``published_at`` (or ``date``), ``language`` and ``url`` of the metadata are the
    article's; all of the metadata is stored with it. Without an ``id`` it is made from text and
    metadata, so that the same document added again is the same article.
    """
    try:
        metadata = to_jsonable_python(document.metadata)
    except (ValueError, RecursionError) as exc:
        article_id = id or uuid.uuid4().hex
        return article_id, LoadError(article_id, f"metadata that is no JSON: {exc}")
    article_id = id or _name(document.page_content, metadata)
    fields = {name: metadata[name] for name in _FIELDS if metadata.get(name) is not None}
    try:
        record = Record.model_validate({**fields, "text": document.page_content})
    except ValidationError as exc:
        return article_id, LoadError(article_id, f"metadata {explain(exc)}")
    if isinstance(record.published_at, str):
        return article_id, LoadError(article_id, f"metadata: {ambiguous_day(record.published_at)}")
    source = metadata["source"] if isinstance(metadata.get("source"), str) else ""
    article = record.article(article_id, clean_line(record.title), source)
    return article_id, replace(article, id=article_id, metadata=metadata, found_as="text")


def whole_of(article: Article) -> Document:
    """Return the document that an article was made of.

    For an article that was not added through LangChain: a document of its text, with its title,
    publisher, dates and so on as metadata.
    """
    return Document(id=article.id, page_content=article.text, metadata=_metadata(article))


def part_of(article: Article, passage: Passage) -> Document:
    """Return a passage as a document: :func:`whole_of` the article where the passage is all of it,
    otherwise a document under the passage's id with ``document_id``, ``start_index`` and
    ``end_index`` (code points) besides the article's metadata."""
    text = Found(article, passage).text
    if text == article.text.strip():
        return whole_of(article)
    place = {
        "document_id": article.id,
        "start_index": passage.span.start,
        "end_index": passage.span.end,
    }
    return Document(id=passage.id, page_content=text, metadata={**_metadata(article), **place})


def read_filters(filters: Filters | Mapping[str, object] | None) -> Filters:
    """Return filters, given as such, as a dict or as ``None``. ``QuestionError`` for invalid
    ones."""
    if isinstance(filters, Filters):
        return filters
    try:
        return Filters.model_validate(filters or {})
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        field = ".".join(filter(None, ("filters", field_of(first))))
        reason = reason_of(first)
        if first["type"] == "extra_forbidden":
            reason = f"there is no such filter; there are {', '.join(Filters.model_fields)}"
        raise QuestionError(f"{field}: {reason}") from exc


def _metadata(article: Article) -> dict[str, Any]:
    if article.metadata is not None:
        return dict(article.metadata)
    metadata = {
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "published_at": article.published_at and article.published_at.isoformat(),
        "language": article.language,
        "url": article.url,
        "source": article.source,
    }
    return {name: value for name, value in metadata.items() if value}


def _name(text: str, metadata: dict[str, Any]) -> str:
    # All 128 bits: the pages of one book share a title, and a short hash would run out.
    content = json.dumps([text, metadata], sort_keys=True).encode()
    return str(uuid.UUID(bytes=hashlib.sha256(content).digest()[:16]))
