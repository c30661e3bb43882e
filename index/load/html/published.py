"""Find the day of publication that a page states.

In this order: JSON-LD's ``datePublished``, the meta tags of Open Graph, Dublin Core and others for
the time of publication, and a ``<time>`` that is marked so or stands in the byline. Days of
changes, events, comments and other articles do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from index.boilerplate.rules import byline
from index.load.bylines import below_headline
from index.load.html.json_ld import text_of
from index.load.html.tags import is_within, local_name, said_of
from index.text.dates import SAYS_CHANGED, days_in, needs_order, parse_day, stamp

__all__ = ["PublicationDay", "days_of_other_things", "publication_day"]

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
    r"|(?<!__)next|prev|upcoming|calendar|copyright|aktualisiert|letzte|masthead|top-?bar"
    r"|site-?header|clock|today|current-?d"
)
_FOOT_OF_ARTICLE = re.compile(r"(?:post|entry|article)-footer(?:-line[\w-]*)?")
_SAYS_CHANGED = re.compile(
    r"(?i)\b(?:updated?|modified|edited|revised|reviewed|changed|last|aktualisiert|geändert|stand"
    r"|mis à jour|modifié|actualizado|aggiornato|atualizado|bijgewerkt|обновлено"
    r"|изменено|оновлено|aktualizacja|zaktualizowano|aktualizováno|uppdaterad|uppdaterat|opdateret"
    r"|oppdatert|päivitetty|güncellenme|expires?|until|begins?"
    r"|starts?|ends?)\W*(?:(?:on|am|le|el|il|at|:)\W*)?\Z"
)
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
# The day of the visit, in the head of many pages.
_SAYS_TODAY = re.compile(
    r"(?i)\b(?:today(?: is|.s)?|it is|heute(?: ist)?|aujourd.hui|nous sommes|hoy(?: es)?|oggi)\b"
)
_OUTSIDE = {"aside", "nav", "footer", "figure", "form", "table", "ul", "ol"}
_SENTENCES = {"p", "li", "td", "blockquote", "dd"}
_MAX_CLIMB = 5
# Of a line that says when.
_MOST_CHARS = 120
# Elements in a line that only says when.
_MOST_PARTS = 8


@dataclass(frozen=True, slots=True)
class PublicationDay:
    """The result. ``day``: the day that is stated. ``unclear``: the text that is stated where its
    order of day and month is ambiguous (``05/06/2025``)."""

    day: date | None = None
    unclear: str = ""


def publication_day(tree: Any, json_ld: Mapping[str, Any]) -> PublicationDay:
    """Find the day of publication.

    tree: the page before any change.
    json_ld: its article's JSON-LD.
    """
    texts = list(_stated_days(tree, json_ld))
    for text in texts:
        if (day := parse_day(text)) and not needs_order(text):
            return PublicationDay(_own_day(text, day, texts, tree))
        if days_in(text):
            return PublicationDay(unclear=text)
    return PublicationDay()


def _stated_days(tree: Any, json_ld: Mapping[str, Any]) -> Iterator[str]:
    if text := text_of(json_ld, "datePublished"):
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


def _own_day(text: str, day: date, texts: list[str], tree: Any) -> date:
    """Return the day in the outlet's own time zone: for an instant stated in UTC, the day that the
    page states with its own offset elsewhere, or shows beside the instant, if it does."""
    instant = _instant(text)
    if instant is None or instant.utcoffset() != UTC.utcoffset(None):
        return day
    for candidate in texts:
        local_time = _instant(candidate)
        if local_time and local_time.utcoffset() and _is_same(local_time, instant):
            return local_time.date()
    for element in tree.iter("time"):
        time, words = _instant(element.get("datetime") or ""), _words(element)
        if time and _is_same(time, instant) and len(words) <= _MOST_CHARS:
            shown_day = None if needs_order(words) else parse_day(words)
            if shown_day and abs(shown_day - day) == timedelta(days=1):
                return shown_day
    return day


def _is_same(time: datetime, instant: datetime) -> bool:
    return abs((time - instant).total_seconds()) < 60


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _in_page(tree: Any) -> str:
    """Return the text of the one ``<time>`` (or marked element) that states the day of
    publication."""
    sure: dict[str, None] = {}
    likely: dict[str, None] = {}
    plain: dict[str, None] = {}
    head = _elements_of_head(tree)
    below = set(below_headline(tree))
    for element in tree.iter("time", "abbr", "span", "p", "div", "meta"):
        name = local_name(element)
        attributes = f"{said_of(element)} {(element.get('property') or '').lower()}"
        is_marked = "datepublished" in attributes or element.get("pubdate") is not None
        is_marked = is_marked or (name == "abbr" and "published" in attributes)
        # A byline in words; a <time> in it speaks for itself.
        byline = bool(_IS_BYLINE.search(attributes)) and next(element.iter("time"), None) is None
        byline = byline or _says_published(element, name)
        is_plain = element in below and _is_plain_stamp(element)
        if not (is_marked or byline or is_plain or name == "time"):
            continue
        if not (text := _value(element)) or _of_something_else(element, attributes):
            continue
        if is_marked or (name == "time" and _SAYS_PUBLISHED.search(attributes)):
            sure[text] = None
        elif element not in head and (byline or _in_byline(element)):
            likely[text] = None
        elif is_plain:
            plain[text] = None
    for candidates in (sure, likely, plain):
        if len({parse_day(text) or text for text in candidates}) == 1:
            return next(iter(candidates))
        if candidates:
            return ""
    return ""


def _elements_of_head(tree: Any) -> set[Any]:
    """Return the elements above the headline and in no part of the article that may be dates: many
    pages have the day of the visit there."""
    headline = next(tree.iter("h1"), None)
    if headline is None:
        return set()
    around = set(headline.iterancestors())
    head: set[Any] = set()
    for element in tree.iter("time", "abbr", "span", "p", "div", "h1"):
        if element is headline:
            break
        if element not in around and element.getparent() is not headline.getparent():
            head.add(element)
    return {element for element in head if not is_within(element, {"article", "main"})}


def _is_plain_stamp(element: Any) -> bool:
    """Whether an element is a line that says a day and nothing else, but for who wrote it."""
    if local_name(element) not in ("p", "div", "span") or len(element) > _MOST_PARTS:
        return False
    text = _words(element)
    if len(text) > _MOST_CHARS or not days_in(text):
        return False
    date_stamp = stamp(text)
    return bool(date_stamp.plain) if date_stamp else bool(byline(text))


def _says_published(element: Any, name: str) -> bool:
    """Whether a line says in words that this is the day of publication, and nothing else."""
    if name not in ("p", "div", "span") or len(element) > _MOST_PARTS:
        return False
    text = _words(element)
    date_stamp = stamp(text) if len(text) <= _MOST_CHARS else None
    return date_stamp is not None and any(date_stamp.published)


def _value(element: Any) -> str:
    value = element.get("datetime") or element.get("content") or ""
    if local_name(element) == "abbr":
        value = value or element.get("title") or ""
    # Seconds since 1970 are no day, but what the reader sees may be.
    text = value.strip() if parse_day(value) or days_in(value) else _words(element)
    if len(text) > _MOST_CHARS or _SAYS_TODAY.search(text):
        return ""
    if SAYS_CHANGED.search(text):
        # One line may say both: the day that stands behind "Published" is meant.
        date_stamp = stamp(text)
        days = set(date_stamp.published) if date_stamp else set()
        day = days.pop() if len(days) == 1 else None
        return day.isoformat() if day else ""
    return text if parse_day(text) or days_in(text) else ""


def _of_something_else(element: Any, attributes: str) -> bool:
    if _NOT_THIS.search(attributes) or _SAYS_CHANGED.search(_before(element)):
        return True
    for ancestor in element.iterancestors():
        name = local_name(ancestor)
        if name in ("article", "main", "body"):
            # A teaser is an article too, with a headline that leads elsewhere.
            return name == "article" and _is_teaser(ancestor)
        labels = _FOOT_OF_ARTICLE.sub("", said_of(ancestor))
        # Drupal has the byline in a <footer> above the text.
        outside = name in _OUTSIDE and not (name == "footer" and "node__meta" in labels)
        if outside or _NOT_THIS.search(labels):
            return True
    return False


def _is_teaser(article: Any) -> bool:
    prose = sum(len("".join(paragraph.itertext()).split()) >= 10 for paragraph in article.iter("p"))
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
    """Whether a ``<time>`` stands in the line below the headline, and not in a sentence."""
    if _BYLINE.search(said_of(element)):
        return not _in_prose(element)
    for height, ancestor in enumerate(element.iterancestors()):
        if height >= _MAX_CLIMB or local_name(ancestor) in ("article", "main", "body"):
            return False
        if local_name(ancestor) == "header" or _BYLINE.search(said_of(ancestor)):
            return not _in_prose(element)
    return False


def _in_prose(element: Any) -> bool:
    for ancestor in element.iterancestors():
        if local_name(ancestor) in _SENTENCES:
            return len("".join(ancestor.itertext()).split()) > 15
    return False


def days_of_other_things(root: Any) -> tuple[str, ...]:
    """Return the lines with a day that the page labels as that of something else: an event, a
    deadline, a change."""
    lines: dict[str, None] = {}
    for element in root.iter("div", "span", "p", "time", "li", "td", "dd"):
        attributes = f"{said_of(element)} {element.get('datetime') and ''}"
        if not _NOT_THIS.search(attributes):
            continue
        line = " ".join("".join(element.itertext()).split())
        if line and len(line) <= 160 and days_in(line):
            lines[line] = None
    return tuple(lines)
