"""The day of publication that a page states, and nothing that looks like one.

In this order: JSON-LD's ``datePublished``, the meta tags of Open Graph, Dublin Core and others that
say when something was published, and a ``<time>`` that says so or stands in the byline. Days of
changes, events, comments and other articles are none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from index.load.json_ld import text_of
from index.load.tags import local_name, said_of
from index.text.dates import days_in, parse_day

__all__ = ["Published", "days_of_other_things", "published"]

_META = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time",
    "article.published", "datepublished", "rnews:datepublished", "dc.date.issued",
    "dcterms.issued", "dcterms.date.issued", "dc.issued", "dcterms.available", "dc.date.published",
    "citation_publication_date", "citation_online_date", "prism.publicationdate",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "bt:pubdate",
    "publish-date", "publish_date", "publishdate", "published_date", "publication_date",
    "publication-date", "published", "pubdate", "pub_date", "article_date_original",
    "originalpublicationdate", "article:post_date", "displaydate", "dc.date", "dcterms.date",
    "dcterms.created", "dc.date.created", "dc.created", "date",
)  # fmt: skip
_NOT_THIS = re.compile(
    r"updat|modif|chang|revis|review|edit(?:ed|-date)|event|start|end-?date|expir|valid|deadline"
    r"|birth|death|comment|repl(?:y|ies)|related|recommend|sidebar|footer|widget|teaser|most-"
    r"|next|prev|upcoming|calendar|copyright|aktualisiert|letzte"
)
_SAYS_CHANGED = re.compile(
    r"(?i)\b(?:updated?|modified|edited|revised|reviewed|changed|last|aktualisiert|geändert|stand"
    r"|mis à jour|modifié|actualizado|aggiornato|atualizado|bijgewerkt|expires?|until|begins?"
    r"|starts?|ends?)\W*(?:(?:on|am|le|el|il|at|:)\W*)?\Z"
)
_CHANGED = re.compile(r"(?i)\b(?:updated|modified|edited|revised|reviewed|aktualisiert|geändert)\b")
_SAYS_PUBLISHED = re.compile(r"publi|issued|posted|created|(?:^|[\s_-])pub-?date")
_BYLINE = re.compile(
    r"byline|by-line|dateline|meta(?!l)|entry-date|post-date|article-date|article__date|author"
    r"|published|publish|pubdate|timestamp|time-?stamp|(?:^|[\s_-])(?:date|time|info|details)"
    r"(?:$|[\s_-])|posted"
)
_IS_BYLINE = re.compile(
    r"byline|by-line|dateline|publish|pub-?date|posted-on|(?:entry|post|article|story)-?_*date"
    r"|(?:^|\s)(?:author|date)(?:$|\s)"
)
_OUTSIDE = {"aside", "nav", "footer", "figure", "form", "table", "ul", "ol"}
_SENTENCES = {"p", "li", "td", "blockquote", "dd"}
_CLIMBED = 5


@dataclass(frozen=True, slots=True)
class Published:
    """``day``: the day that is stated. ``unclear``: what is stated where its order of day and month
    cannot be told (``05/06/2025``)."""

    day: date | None = None
    unclear: str = ""


def published(tree: Any, said: Mapping[str, Any]) -> Published:
    """The day of publication. ``tree``: the page as it came, ``said``: its article's JSON-LD."""
    stated = list(_stated(tree, said))
    for text in stated:
        if day := parse_day(text):
            return Published(_own_day(text, day, stated))
        if days_in(text):
            return Published(unclear=text)
    return Published()


def _stated(tree: Any, said: Mapping[str, Any]) -> Iterator[str]:
    if text := text_of(said, "datePublished"):
        yield text
    tags: dict[str, str] = {}
    for tag in tree.iter("meta"):
        names = (tag.get("property"), tag.get("name"), tag.get("itemprop"))
        if content := (tag.get("content") or "").strip():
            for name in filter(None, names):
                tags.setdefault(name.strip().lower(), content)
    yield from (tags[name] for name in _META if name in tags)
    if day := _in_page(tree):
        yield day


def _own_day(text: str, day: date, others: list[str]) -> date:
    """The outlet's own day: of an instant stated in UTC the day that the page gives with its own
    offset elsewhere, if it does."""
    instant = _instant(text)
    if instant is None or instant.utcoffset() != UTC.utcoffset(None):
        return day
    for other in others:
        same = _instant(other)
        if same and same.utcoffset() and abs((same - instant).total_seconds()) < 60:
            return same.date()
    return day


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _in_page(tree: Any) -> str:
    """What the one ``<time>`` (or marked element) says that tells when the article came out."""
    sure: dict[str, None] = {}
    likely: dict[str, None] = {}
    for element in tree.iter("time", "abbr", "span", "p", "div", "meta"):
        name, said = local_name(element), said_of(element)
        marked = "datepublished" in said or element.get("pubdate") is not None
        marked = marked or (name == "abbr" and "published" in said)
        # A byline in words; a <time> in it speaks for itself.
        byline = bool(_IS_BYLINE.search(said)) and next(element.iter("time"), None) is None
        if not (marked or byline or name == "time"):
            continue
        if not (text := _value(element)) or _of_something_else(element, said):
            continue
        if marked or (name == "time" and _SAYS_PUBLISHED.search(said)):
            sure[text] = None
        elif byline or _in_byline(element):
            likely[text] = None
    for found in (sure, likely):
        if len({parse_day(text) or text for text in found}) == 1:
            return next(iter(found))
        if found:
            return ""
    return ""


def _value(element: Any) -> str:
    stated = element.get("datetime") or element.get("content") or ""
    if local_name(element) == "abbr":
        stated = stated or element.get("title") or ""
    text = stated.strip() or " ".join("".join(element.itertext()).split())
    if len(text) > 120 or re.search(_CHANGED, text):
        return ""
    return text if parse_day(text) or days_in(text) else ""


def _of_something_else(element: Any, said: str) -> bool:
    if _NOT_THIS.search(said) or _SAYS_CHANGED.search(_before(element)):
        return True
    for each in element.iterancestors():
        name = local_name(each)
        if name in ("article", "main", "body"):
            # A teaser is an article too, with a headline that leads elsewhere.
            return name == "article" and _is_teaser(each)
        if name in _OUTSIDE or _NOT_THIS.search(said_of(each)):
            return True
    return False


def _is_teaser(article: Any) -> bool:
    prose = sum(len("".join(each.itertext()).split()) >= 10 for each in article.iter("p"))
    return prose < 2 and next(article.iter("h1"), None) is None


def _before(element: Any) -> str:
    earlier = element.getprevious()
    parent = element.getparent()
    if parent is None:
        return ""
    if earlier is None:
        return parent.text or ""
    return "".join(earlier.itertext()) + (earlier.tail or "")


def _in_byline(element: Any) -> bool:
    """Whether a ``<time>`` stands where articles say when they came out: in the line below the
    headline, and not in a sentence of theirs."""
    if _BYLINE.search(said_of(element)):
        return not _in_prose(element)
    for climbed, each in enumerate(element.iterancestors()):
        if climbed >= _CLIMBED or local_name(each) in ("article", "main", "body"):
            return False
        if local_name(each) == "header" or _BYLINE.search(said_of(each)):
            return not _in_prose(element)
    return False


def _in_prose(element: Any) -> bool:
    for each in element.iterancestors():
        if local_name(each) in _SENTENCES:
            return len("".join(each.itertext()).split()) > 15
    return False


def days_of_other_things(root: Any) -> tuple[str, ...]:
    """The lines with a day that the page itself says is not that of publication: of an event, a
    deadline, a change."""
    found: dict[str, None] = {}
    for element in root.iter("div", "span", "p", "time", "li", "td", "dd"):
        said = f"{said_of(element)} {element.get('datetime') and ''}"
        if not _NOT_THIS.search(said):
            continue
        line = " ".join("".join(element.itertext()).split())
        if line and len(line) <= 160 and days_in(line):
            found[line] = None
    return tuple(found)
