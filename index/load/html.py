"""Web pages: the article of a page without what stands around it, through trafilatura."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from index.article import Article
from index.clean import clean, clean_line
from index.load.base import Loaded, Source, id_for, title_from_name, too_long
from index.load.blocks import blocks
from index.load.charset import decode_page

if TYPE_CHECKING:
    from trafilatura.settings import Document

__all__ = ["HtmlLoader", "id_of_url", "page_article"]

MAX_BYTES = 20_000_000
# Trafilatura takes about a second of processor time for 8,000.
MAX_ELEMENTS = 100_000

_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(\S+) -->")
_TRACKING = re.compile(r"utm_|fbclid|gclid|mc_[ce]id|igshid|cmpid|ocid|smid")
# The end of a sentence, and how many words (or characters, where words have no spaces) it takes.
_END = re.compile(r"[.!?…][”\"'’»)\]]*(?=\s|$)")
_END_CJK = re.compile(r"[。！？]")
_WORDS, _CHARS = 8, 12


class HtmlLoader:
    """``.html``, ``.htm``, ``.xhtml``: one article a page, known by its URL where one is known.

    Title, author, publisher, date, canonical URL and language come from the page's metadata
    (meta tags, JSON-LD); the date from nowhere else. Paragraphs, headings and list items are a
    blank line apart, as the Markdown loader has them.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm", ".xhtml", ".xht")
    content_types: ClassVar[tuple[str, ...]] = ("text/html", "application/xhtml+xml")
    max_bytes: ClassVar[int | None] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        page = decode_page(source.read(MAX_BYTES), source.name, source.content_type)
        yield page_article(page, source, max_chars)


def page_article(page: str, source: Source, max_chars: int) -> Article:
    """The article of a page. Raises ``LoadError`` when it holds none."""
    tree = _parse(page, source)
    saved = _SAVED_FROM.search(page, 0, 4096)
    base = source.url or (saved[1] if saved else None)
    known = _metadata(tree, base)
    text = _text(tree, known, base, source)
    if len(text) > max_chars:
        raise source.refused(too_long(f"{len(text):,} characters", max_chars))
    url = _canonical(tree, base)
    return Article(
        id=id_of_url(url) if url else source.id(),
        title=clean_line(known.title or "") or title_from_name(source.stem),
        text=text,
        publisher=clean_line(known.sitename or "") or None,
        author=clean_line(known.author or "") or None,
        published_at=date.fromisoformat(known.date) if known.date else None,
        language=_language(tree),
        url=url,
        source=source.name,
    )


def id_of_url(url: str) -> str:
    """The id of what is known by its URL: the same whatever its title, scheme or fragment."""
    parts = urlsplit(url)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    path = parts.path.rstrip("/")
    names = [part for part in path.split("/") if part and not part.startswith("index.")]
    name = re.sub(r"\.\w{2,5}$", "", names[-1]) if names else parts.netloc
    host = parts.netloc.lower().removeprefix("www.")
    return id_for(name, f"{host}{path}?{query}")


def _parse(page: str, source: Source) -> Any:
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        tree = document_fromstring(page.encode(errors="replace"), parser=parser)
    except (LxmlError, ValueError, AssertionError) as exc:
        raise source.refused("the page is empty or no HTML") from exc
    count = sum(1 for _ in tree.iter())
    if count > MAX_ELEMENTS:
        raise source.refused(f"{count:,} elements, over the limit of {MAX_ELEMENTS:,} a page")
    return tree


def _metadata(tree: Any, url: str | None) -> Document:
    from trafilatura.metadata import extract_metadata

    return extract_metadata(tree, url, {"original_date": True, "extensive_search": False})


def _text(tree: Any, known: Document, url: str | None, source: Source) -> str:
    from trafilatura import bare_extraction

    document = bare_extraction(tree, url=url, include_comments=False, include_formatting=False)
    body = getattr(document, "body", None)
    found = list(blocks(body)) if body is not None else []
    if found and clean_line(found[0]) == clean_line(known.title or ""):
        del found[0]
    text = clean("\n\n".join(found))
    if not any(_is_prose(line) for line in text.split("\n")):
        raise source.refused("no article in the page (no text with whole sentences)")
    return text


def _is_prose(line: str) -> bool:
    if _END_CJK.search(line):
        return len(line) >= _CHARS
    return bool(_END.search(line)) and len(line.split()) >= _WORDS


def _canonical(tree: Any, base: str | None) -> str | None:
    """The URL that the page calls its own, if that can be true, or else the one it came from."""
    stated = [
        *tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href"),
        *tree.xpath("//meta[@property='og:url']/@content"),
    ]
    for each in stated:
        url = _tidy(urljoin(base or "", each.strip()))
        if url and (base is None or _same_site(url, base)) and _points_deeper(url, base):
            return url
    return _tidy(base) if base else None


def _points_deeper(url: str, base: str | None) -> bool:
    # Many templates call the front page canonical on every page.
    at_root = urlsplit(url).path in ("", "/") and not urlsplit(url).query
    return not at_root or (base is not None and urlsplit(base).path in ("", "/"))


def _same_site(one: str, other: str) -> bool:
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other)]
    short, long = sorted(hosts, key=len)
    return long == short or long.endswith(f".{short}") or _domain(one) == _domain(other)


def _domain(url: str) -> str:
    from courlan import extract_domain

    return extract_domain(url) or url


def _tidy(url: str) -> str | None:
    """An absolute web address without fragment and tracking, or ``None``."""
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if any(_TRACKING.match(name) for name, _ in query):
        kept = urlencode([(name, value) for name, value in query if not _TRACKING.match(name)])
        parts = parts._replace(query=kept)
    return urlunsplit(parts._replace(fragment=""))


def _language(tree: Any) -> str:
    stated = [
        *tree.xpath("/html/@lang | /html/@*[local-name()='lang'] | //body/@lang"),
        *tree.xpath("//meta[@http-equiv='content-language' or @name='language']/@content"),
        *tree.xpath("//meta[@property='og:locale']/@content"),
    ]
    for each in stated:
        if match := re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", each):
            return match[1].lower()
    return ""
