"""Read the article of a web page without what surrounds it, through trafilatura."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from index.article import Article, Findings
from index.load.base import (
    Loaded,
    Source,
    address_problem,
    id_for,
    title_from_name,
    too_long,
)
from index.load.encoding.charset import decode_page
from index.load.html.blocks import blocks
from index.load.html.boxes import remove_boxes, unwrap_forms
from index.load.html.captions import write_captions
from index.load.html.inline import settle_inline
from index.load.html.json_ld import article_said, remove_other_stories
from index.load.html.labels import set_labels_apart
from index.load.html.layout_tables import layout_tables, unwrap_tables
from index.load.html.link_lines import remove_link_lines
from index.load.html.main_part import complete
from index.load.html.markup import MAX_ELEMENTS, TooManyAttributes, TooManyElements, parse_markup
from index.load.html.naming import names_of_page
from index.load.html.nested_lists import flatten_lists
from index.load.html.notes import settle_notes
from index.load.html.own_links import unlink_own_headings
from index.load.html.preformatted import write_preformatted
from index.load.html.published import days_of_other_things, publication_day
from index.load.html.pull_quotes import pull_quotes, without_pull_quotes
from index.load.html.style_sheet import write_styles
from index.load.html.table import write_definitions, write_tables
from index.load.html.walls import is_gated, is_marked_missing, wall
from index.text.line_joining import clean_prose
from index.text.normalise import clean_line
from index.text.scripts import reads_as_sentence

if TYPE_CHECKING:
    from trafilatura.settings import Document

__all__ = ["MAX_BYTES", "HtmlLoader", "id_of_url", "page_article"]

MAX_BYTES = 20_000_000

_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(\S+) -->")
_TRACKING = re.compile(r"utm_|fbclid|gclid|mc_[ce]id|igshid|cmpid|ocid|smid")
# A page without a sentence (a poem, a list) has to have so many words that lead nowhere.
_UNPUNCTUATED_WORDS = 25
_MOST_KICKER_CHARS = 40
# One to three words, which are no byline.
_KICKER = re.compile(r"(?!(?i:by|von|par|por|di|door) )[^\W\d_][^\d\s.!?:]*(?: [^\d\s.!?:]+){0,2}")
# What is hidden, and listed as left out.
_MOST_REMOVALS = 100
# And so many where the page says that it is an article.
_STATED_WORDS = 10


class HtmlLoader:
    """``.html``, ``.htm``, ``.xhtml``: one article a page, identified by its URL where one is
    known.

    Title, author, publisher, date, canonical URL and language come from what the page states (meta
    tags, JSON-LD, its headings and byline). Paragraphs, headings, list items and rows of tables are
    separated by a blank line, as in the Markdown loader.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm", ".xhtml", ".xht")
    content_types: ClassVar[tuple[str, ...]] = ("text/html", "application/xhtml+xml")
    max_bytes: ClassVar[int | None] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        page = decode_page(source.read(MAX_BYTES), source.name, source.content_type)
        yield page_article(page, source, max_chars)


def page_article(page: str, source: Source, max_chars: int) -> Article:
    """Read the article of a page. Raises ``LoadError`` when it holds none."""
    if problem := address_problem(source.url):
        raise source.refused(problem)
    tree = _parse(page, source)
    base = source.url or _saved_from(page)
    unlink_own_headings(tree, _canonical(tree, base))
    json_ld = article_said(tree)
    remove_other_stories(tree, json_ld)
    metadata = _metadata(tree, base)
    day = publication_day(tree, json_ld)
    other_days = days_of_other_things(tree)
    write_styles(tree)
    removals = settle_notes(tree)
    removals += settle_inline(tree)[:_MOST_REMOVALS]
    # The box that says so is removed with others of its kind.
    gate = is_gated(tree, json_ld)
    removals += remove_boxes(_body_of(tree), clean_line(metadata.title or ""))[:_MOST_REMOVALS]
    removals += remove_link_lines(_body_of(tree), _canonical(tree, base))[:_MOST_REMOVALS]
    unwrap_forms(_body_of(tree))
    set_labels_apart(tree)
    rows, code = _write_rows(tree)
    flatten_lists(tree)
    write_captions(tree)
    names = names_of_page(tree, json_ld, metadata, base)
    text, left_out = _text(tree, names.title, base, source)
    if len(text) > max_chars:
        raise source.refused(too_long(f"{len(text):,} characters", max_chars))
    missing = is_marked_missing(tree, text)
    if kind := wall(names.title, text, gate, _headings(tree), missing):
        raise source.refused(
            f"no article in the page, but {kind}; open it in a browser and save it"
        )
    url = _canonical(tree, base)
    return Article(
        id=id_of_url(url) if url else source.id(),
        title=names.title or title_from_name(source.stem),
        text=text,
        publisher=names.publisher,
        author=names.author,
        published_at=day.day,
        language=_language(tree),
        url=url,
        source=source.name,
        findings=Findings(
            (*left_out, *removals), day.unclear, other_days, _guessed_day(metadata), rows, code
        ),
    )


def _write_rows(tree: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write tables, definitions and text in columns as paragraphs; returns the rows, and the lines
    of code."""
    layouts = layout_tables(tree)
    rows, code = write_preformatted(tree)
    rows += write_tables(tree)
    unwrap_tables(layouts)
    write_definitions(tree)
    return tuple(rows), tuple(code)


def _saved_from(page: str) -> str | None:
    """Return the address that a browser wrote into a page when it saved it; ``None`` where there is
    none that can be read."""
    match = _SAVED_FROM.search(page, 0, 4096)
    return match[1] if match and not address_problem(match[1]) else None


def id_of_url(url: str) -> str:
    """Make the id of an article that is identified by its URL: the same whatever its title, scheme
    or fragment."""
    parts = urlsplit(url)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    path = parts.path.rstrip("/")
    names = [part for part in path.split("/") if part and not part.startswith("index.")]
    name = re.sub(r"\.\w{2,5}$", "", names[-1]) if names else parts.netloc
    host = parts.netloc.lower().removeprefix("www.")
    return id_for(name, f"{host}{path}?{query}")


def _parse(page: str, source: Source) -> Any:
    try:
        return parse_markup(page)
    except TooManyElements as exc:
        raise source.refused(f"{exc} elements, over the limit of {MAX_ELEMENTS:,} a page") from exc
    except TooManyAttributes as exc:
        raise source.refused(str(exc)) from exc
    except ValueError as exc:
        raise source.refused("the page is empty or no HTML") from exc


def _body_of(tree: Any) -> Any:
    body = tree.find("body")
    return tree if body is None else body


def _metadata(tree: Any, url: str | None) -> Document:
    from trafilatura.metadata import extract_metadata

    return extract_metadata(tree, url, {"original_date": True, "extensive_search": False})


def _guessed_day(metadata: Document) -> date | None:
    """Return the day that htmldate, which trafilatura calls, finds anywhere in the page."""
    return date.fromisoformat(metadata.date) if metadata.date else None


def _text(
    tree: Any, title: str, url: str | None, source: Source
) -> tuple[str, list[tuple[str, str]]]:
    """Return the text of the article, and ``(text, reason)`` of what was left out of the page's
    main part."""
    from trafilatura import bare_extraction

    quotations = pull_quotes(_body_of(tree))
    document = bare_extraction(tree, url=url, include_comments=False, include_formatting=False)
    body = getattr(document, "body", None)
    paragraphs = list(blocks(body)) if body is not None else []
    kickers, paragraphs = _split_at_headline(paragraphs, title)
    whole, left_out = complete(_body_of(tree), paragraphs, title)
    left_out += [(text, "section") for text in kickers]
    whole, repetitions = without_pull_quotes(whole, quotations)
    left_out += [(text, "pull quote") for text in repetitions]
    text = clean_prose("\n\n".join(whole))
    if not _is_article(text, tree):
        raise source.refused("no article in the page (no text with whole sentences)")
    return text, [(clean_line(fragment), reason) for fragment, reason in left_out]


def _split_at_headline(paragraphs: list[str], title: str) -> tuple[list[str], list[str]]:
    """Return the names of sections above the headline, and the paragraphs without these and the
    headline, which may have a short line before it."""
    lines = [clean_line(text) for text in paragraphs]
    at = lines.index(title) if title in lines else 0
    kickers = lines[:at] if all(map(_KICKER.fullmatch, lines[:at])) else []
    texts = [text for text in paragraphs[len(kickers) :] if clean_line(text) != title]
    first = clean_line(texts[0]) if texts else ""
    has_kicker = bool(title) and first.endswith(f" {title}")
    if has_kicker and len(first) - len(title) <= _MOST_KICKER_CHARS:
        del texts[0]
    return kickers, texts


def _is_article(text: str, tree: Any) -> bool:
    """Whether the text has a sentence, in whatever script, or enough words outside links to be a
    poem or a list; a page of links alone is a menu."""
    if any(reads_as_sentence(line) for line in text.split("\n")):
        return True
    links = Counter(word for link in tree.iter("a") for word in "".join(link.itertext()).split())
    words = Counter(word for word in text.split() if re.search(r"\w", word))
    is_stated = tree.find(".//article") is not None or bool(
        tree.xpath("//meta[@property='og:type'][@content='article']")
    )
    return (words - links).total() >= (_STATED_WORDS if is_stated else _UNPUNCTUATED_WORDS)


def _headings(tree: Any) -> list[str]:
    """Return what the page calls itself: its title and its first heading."""
    elements = [next(tree.iter(name), None) for name in ("title", "h1")]
    texts = ("" if node is None else clean_line("".join(node.itertext())) for node in elements)
    return list(filter(None, texts))


def _canonical(tree: Any, base: str | None) -> str | None:
    """Return the URL that the page states as its own, if it is plausible, or else the one it came
    from."""
    links = [
        *tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href"),
        *tree.xpath("//meta[@property='og:url']/@content"),
    ]
    for link in links:
        url = _tidy(link.strip(), base)
        if url and (base is None or _same_site(url, base)) and _points_deeper(url, base):
            return url
    return _tidy(base) if base else None


def _points_deeper(url: str, base: str | None) -> bool:
    # Many templates call the front page canonical on every page.
    at_root = urlsplit(url).path in ("", "/") and not urlsplit(url).query
    return not at_root or (base is not None and urlsplit(base).path in ("", "/"))


def _same_site(first: str, second: str) -> bool:
    hosts = [(urlsplit(url).hostname or "").removeprefix("www.") for url in (first, second)]
    short, long = sorted(hosts, key=len)
    return long == short or long.endswith(f".{short}") or _domain(first) == _domain(second)


def _domain(url: str) -> str:
    from courlan import extract_domain

    return extract_domain(url) or url


def _tidy(url: str, base: str | None = None) -> str | None:
    """Make a web address absolute, without fragment and tracking parameters; ``None`` where it is
    invalid."""
    try:
        parts = urlsplit(urljoin(base or "", url))
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if any(_TRACKING.match(name) for name, _ in query):
        query_string = urlencode(
            [(name, value) for name, value in query if not _TRACKING.match(name)]
        )
        parts = parts._replace(query=query_string)
    return urlunsplit(parts._replace(fragment=""))


def _language(tree: Any) -> str:
    tags = [
        *tree.xpath("/html/@lang | /html/@*[local-name()='lang'] | //body/@lang"),
        *tree.xpath("//meta[@http-equiv='content-language' or @name='language']/@content"),
        *tree.xpath("//meta[@property='og:locale']/@content"),
    ]
    for tag in tags:
        if match := re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag):
            return match[1].lower()
    return ""
