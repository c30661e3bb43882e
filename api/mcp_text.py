"""Format answers, passages and articles as text for a model or a person: words, then footnotes.

The structured form is sent beside it; many clients show their model the text alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

__all__ = ["answer_text", "article_id", "article_text", "article_uri", "results_text"]

_RESOURCES: Final = "pullquote://articles/"


def article_uri(id: str) -> str:
    """Make the address of an article as a resource."""
    return _RESOURCES + quote(id, safe="")


def article_id(uri: str) -> str | None:
    """Return the id in the address of a resource; ``None`` where it is no article's."""
    return unquote(uri.removeprefix(_RESOURCES)) if uri.startswith(_RESOURCES) else None


def answer_text(answer: Mapping[str, Any]) -> str:
    """Format the answer with its marks, and a footnote for each: the source, its link, the
    quotation."""
    parts = [answer["answer"]]
    if answer["hint"]:
        parts.append(answer["hint"])
    if answer["leads"]:
        parts.append("These sentences touch on the question and do not answer it:")
        parts += [f"“{lead['cited_text']}”\n{_source(lead)}" for lead in answer["leads"]]
    parts += [
        f"[{citation['number']}] {_source(citation)}\n    “{citation['cited_text']}”"
        for citation in answer["citations"]
    ]
    if not answer["abstained"]:
        as_of = f"As of {answer['as_of']}, c" if answer["as_of"] else "C"
        parts.append(f"{as_of}onfidence {answer['confidence']:.0%}.")
    if answer["search_results"]:
        parts.append("Nearest passages:")
        parts.append(results_text({"search_results": answer["search_results"]}))
    return "\n\n".join(parts)


def results_text(record: Mapping[str, Any]) -> str:
    """Format the passages, best first, each under its source."""
    results = record["search_results"]
    if not results:
        return "Nothing was found."
    return "\n\n".join(
        f"{number}. {_source(result)}\n{result['text']}"
        for number, result in enumerate(results, start=1)
    )


def article_text(article: Mapping[str, Any]) -> str:
    """Format the article below a head of its metadata."""
    head = [article["title"], _line(article["publisher"], article["author"])]
    head += [article["published_at"] or "", article["url"] or article_uri(article["id"])]
    return "\n".join(filter(None, head)) + f"\n\n{article['text']}"


def _source(record: Mapping[str, Any]) -> str:
    id = record["document_id"]
    title = record["document_title"] or id
    about = _line(title, record.get("publisher"), record.get("published_at"))
    return f"{about}. {record.get('url') or article_uri(id)}"


def _line(*parts: str | None) -> str:
    return ", ".join(filter(None, parts))
