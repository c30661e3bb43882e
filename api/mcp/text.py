"""Format answers, passages and articles as text for a model or a person: words, then footnotes.

What is structured stands beside it; many clients show their model the text alone. ``base_url`` is
the address, ending in a slash, below which this server has pages of articles; ``None`` where it has
none, as on standard input and output: there an article is named by its address as a resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from api.links import article_link
from api.support_notes import add_notes

__all__ = ["answer_text", "article_id", "article_text", "article_uri", "results_text"]

_RESOURCES: Final = "pullquote://articles/"


def article_uri(id: str) -> str:
    """Make the address of an article as a resource."""
    return _RESOURCES + quote(id, safe="")


def article_id(uri: str) -> str | None:
    """Return the id in the address of a resource; ``None`` where it is no article's."""
    return unquote(uri.removeprefix(_RESOURCES)) if uri.startswith(_RESOURCES) else None


def answer_text(answer: Mapping[str, Any], base_url: str | None = None) -> str:
    """The answer with its marks, and a footnote for each: the source, its link, what it says; what
    nothing backs says so."""
    ends = (stretch["end_index"] for stretch in answer["unsupported"])
    parts = [add_notes(answer["answer"], ends)]
    if answer["hint"]:
        parts.append(answer["hint"])
    if answer["leads"]:
        parts.append("These sentences touch on the question and do not answer it:")
        parts += [f"“{lead['cited_text']}”\n{_source(lead, base_url)}" for lead in answer["leads"]]
    parts += [
        f"[{citation['number']}] {_source(citation, base_url)}\n    “{citation['cited_text']}”"
        for citation in answer["citations"]
    ]
    if not answer["abstained"]:
        as_of = f"As of {answer['as_of']}, c" if answer["as_of"] else "C"
        parts.append(f"{as_of}onfidence {answer['confidence']:.0%}.")
    if answer["search_results"]:
        parts.append("Nearest passages:")
        parts.append(results_text({"search_results": answer["search_results"]}, base_url))
    return "\n\n".join(parts)


def results_text(record: Mapping[str, Any], base_url: str | None = None) -> str:
    """The passages, best first, each under its source."""
    results = record["search_results"]
    if not results:
        return "Nothing was found."
    return "\n\n".join(
        f"{number}. {_source(result, base_url)}\n{result['text']}"
        for number, result in enumerate(results, start=1)
    )


def article_text(article: Mapping[str, Any], base_url: str | None = None) -> str:
    """The article under a head of what is known about it."""
    head = [article["title"], _line(article["publisher"], article["author"])]
    head += [article["published_at"] or "", _links(article["url"], article["id"], base_url)]
    return "\n".join(filter(None, head)) + f"\n\n{article['text']}"


def _source(record: Mapping[str, Any], base_url: str | None) -> str:
    id = record["document_id"]
    title = record["document_title"] or id
    about = _line(title, record.get("publisher"), record.get("published_at"))
    place = record["start_char_index"], record["end_char_index"]
    return f"{about}. {_links(record.get('url'), id, base_url, *place)}"


def _links(url: str | None, id: str, base_url: str | None, *place: int) -> str:
    """Where the article was published, and its page here, where the place is marked."""
    here = article_link(base_url, id, *place) if base_url else None if url else article_uri(id)
    return " ".join(filter(None, (url, here)))


def _line(*parts: str | None) -> str:
    return ", ".join(filter(None, parts))
