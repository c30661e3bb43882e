"""Determine the title, author and publisher of a page.

A page states its headline up to four times: in a heading, in ``<title>``, for social networks and
in JSON-LD, and three of them may include the name of the site. The one that another confirms is
used.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from index.load.bylines import authors_of_page
from index.load.html.json_ld import name_of, names_of, text_of
from index.load.html.microdata import microdata_names
from index.load.html.own_links import headings_that_lead_home, leads_home
from index.load.html.page_blocks import fold
from index.load.html.tags import is_within, local_name, said_of
from index.load.people import people_in
from index.text.agencies import agency_of, is_agency
from index.text.dates import days_in
from index.text.nobodies import CALENDAR, NO_NAMES
from index.text.normalise import clean_line, word_set
from index.text.roles import ROLE_WORDS, ROLES

__all__ = ["Names", "names_of_page"]

_MARK = re.compile(r"\s+(?:[-–—|·•:»«›‹/<>]|::)\s+|\s*[|｜]\s*")
# Marks without spaces, behind which the name of a site has to be known.
_TIGHT_MARK = re.compile(r"[—–：_]+(?=[^—–：_]+\Z)")
# A dash without spaces in such a title: a name behind it is short, and much shorter than the rest.
_TIGHT_DASH = re.compile(r"[-–—]")
_TIGHT_NAME_CHARS, _TIGHT_SHARE = 6, 0.5
# Marks that set off names in titles of scripts without capitals, by which to tell a name.
_UNCASED_MARK = re.compile(r"\s*[_|｜]\s*|\s+[-–—·]\s+")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}")
_TAIL_WORDS, _NAME_CHARS, _DESK_CHARS = 4, 80, 4
_MOTTO_WORDS = 3
# Characters of a title, a name or a byline that are looked at; what is longer is none of them.
_MOST_TITLE_CHARS = 1_000
_UNCASED_NAME_CHARS = 24
_COPYRIGHT = re.compile(
    r"(?i)\b(?:copyright|all rights reserved|alle rechte vorbehalten|published|powered) ?(?:by\b)?"
    r"|[©®]|\(c\)|\b(?:19|20)\d\d\b(?:\s*[-–]\s*(?:(?:19|20)?\d\d|present))?|^\W*by\s"
)
_LEGAL_FORM = re.compile(
    r"(?i)[\s,]+(?:gmbh(?: & co\.? kg)?|ltd|limited|inc|llc|plc|ag|kg|s\.?a\.?(?:s|rl)?|s\.?r\.?l"
    r"|s\.?p\.?a|b\.?v|corp(?:oration)?|pty|pvt)\b\.?(?=\W|$).*\Z"
)
# What a page is called that nobody gave a title.
_NO_TITLES = word_set(
    "home homepage startseite accueil inicio index news article artikel untitled untitleddocument"
    " untitledpage document website welcome"
)
_NO_PUBLISHERS = _NO_TITLES | word_set("blog default site mysite sitename")
_KICKER = re.compile(r"kicker|eyebrow|categor|badge|label|(?:over|top)-?line|rubri")


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a page states of its article; empty or ``None`` where it states none."""

    title: str
    publisher: str | None
    author: str | None


def names_of_page(tree: Any, json_ld: Mapping[str, Any], metadata: Any, url: str | None) -> Names:
    """Choose the names of a page's article.

    json_ld: the article's JSON-LD.
    metadata: what trafilatura found in the page's metadata (``title``, ``author``, ``sitename``).
    url: where the page is from.
    """
    tags = _meta(tree)
    whole = clean_line("".join(tree.xpath("string((//head/title|//title)[1])")))[:_MOST_TITLE_CHARS]
    candidates = [name_of(json_ld.get("publisher")), tags.get("og:site_name", ""),
              *microdata_names(tree, "publisher"), clean_line(metadata.sitename or "")]  # fmt: skip
    publishers = [_publisher(name) for name in candidates]
    publisher = next(filter(None, publishers), None)
    host = (urlsplit(url or "").hostname or "").removeprefix("www.")
    sites = [*publishers, tags.get("application-name", ""), host, *headings_that_lead_home(tree)]
    sites = list(filter(None, sites))
    titles = [text_of(json_ld, "headline", "name"), tags.get("og:title", ""),
              tags.get("twitter:title", ""), whole]  # fmt: skip
    titles = [text[:_MOST_TITLE_CHARS] for text in titles if text and fold(text) not in _NO_TITLES]
    title = _title(tree, titles, sites)
    if publisher is None and any(candidates):
        # What was meant for it is none; the end of the title often is one.
        publisher = _tail_of(whole) or host or None
    author = _inverted_name(tags.get("author", "")) or _authors(
        json_ld, authors_of_page(tree, metadata.author or ""), sites
    )
    stated_authors = [*names_of(json_ld.get("author")), metadata.author or ""]
    agency = next(filter(None, map(agency_of, stated_authors)), None)
    return Names(title, publisher or agency, author)


def _meta(tree: Any) -> dict[str, str]:
    tags: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or "").strip().lower()
        if name and (content := clean_line(tag.get("content") or "")):
            tags.setdefault(name, content)
    return tags


# The title


def _title(tree: Any, titles: list[str], sites: list[str]) -> str:
    headings = [(heading, clean_line(_heading_text(heading))) for heading in tree.iter("h1", "h2")]
    headings = [(heading, text) for heading, text in headings if text and not _is_site(text, sites)]
    without = [_without_site(title, sites, [text for _, text in headings]) for title in titles]
    candidates = {fold(title) for title in [*titles, *without]}
    borne_out = [
        (heading, text)
        for name in ("h1", "h2")
        for heading, text in headings
        if local_name(heading) == name and fold(text) in candidates and len(text) > 2
    ]
    if borne_out:
        # Where the logo is a heading too, either half of "SITE – HEADLINE" is a heading's.
        pieces = candidates | {fold(piece) for title in titles for piece in _MARK.split(title)}
        within = [
            (heading, text) for heading, text in headings if is_within(heading, {"article", "main"})
        ]
        heads = (text for head, text in within if fold(text) in pieces and _heads_article(head))
        first, title = borne_out[0]
        if within and not _heads_article(first) and len(title.split()) <= _TAIL_WORDS:
            # Nothing bears out a headline where the page is called by its site alone.
            return next(heads, within[0][1])
        return next(heads, title)
    words = set(re.findall(r"\w{3,}", " ".join(titles).casefold()))
    for heading, text in headings:
        heading_words = set(re.findall(r"\w{3,}", text.casefold()))
        if (
            local_name(heading) == "h1"
            and _heads_article(heading)
            and (heading_words & words or not words)
        ):
            return text
    rest = [title for title in without if title and not _is_site(title, sites)]
    # A single word for networks or machines is a label as often as a headline.
    rest = [title for title in rest if len(title.split()) > 1 or len(title) > 12] or rest
    return next(iter(rest), "") or next((text for _, text in headings), "")


def _heading_text(heading: Any) -> str:
    """Return the words of a heading without those of a section's name above or beside it."""
    whole = " ".join("".join(heading.itertext()).split())
    kickers = [part for part in heading if local_name(part) and _KICKER.search(said_of(part))]
    if not kickers:
        return whole
    parts = [heading.text or ""]
    for part in heading:
        words = "".join(part.itertext()) if local_name(part) and part not in kickers else ""
        parts.append(f"{words}{part.tail or ''}")
    return " ".join("".join(parts).split()) or whole


def _heads_article(heading: Any) -> bool:
    if re.search(r"logo|site-?(?:title|name)|brand|section|masthead|kicker", said_of(heading)):
        return False
    if any(leads_home(link.get("href") or "x") for link in heading.iter("a")):
        return False
    is_marked = bool(re.search(r"head|title", said_of(heading)))
    return (
        is_marked or is_within(heading, {"article", "main"}) or not is_within(heading, {"header"})
    )


def _is_site(text: str, sites: list[str]) -> bool:
    key = fold(text)
    return any(key == fold(site) or key == fold(_label(site)) for site in sites)


def _label(site: str) -> str:
    """Return the main part of a host: ``ign`` of ``ign.com``."""
    return site.split(".")[-2] if site.count(".") and " " not in site else site


def _without_site(title: str, sites: list[str], headings: list[str]) -> str:
    """Remove the names of site and section from the ends of a title."""
    keys = {fold(heading) for heading in headings}
    before, colon, after = title.partition(": ")
    if colon and after.strip() and _is_site(before, sites) and fold(title) not in keys:
        title = after.strip()
    if (tight := _TIGHT_MARK.search(title)) and _is_site(title[tight.end() :], sites):
        title = title[: tight.start()].strip() or title
    if fold(title) not in keys and _is_uncased(title):
        return _without_uncased_site(title, sites, keys)
    marks = [] if fold(title) in keys else list(_MARK.finditer(title))
    pairs = itertools.pairwise(marks)
    # Something about the site stands behind its name.
    cuts = (a.start() for a, b in pairs if _is_site(title[a.end() : b.start()], sites))
    title = title[: next(filter(None, cuts), None)].strip()
    while (marks := list(_MARK.finditer(title))) and fold(title) not in keys:
        last, first = marks[-1], marks[0]
        rest, tail = title[: last.start()].strip(), title[last.end() :].strip()
        if _is_site(title[: first.start()], sites) and title[first.end() :].strip():
            title = title[first.end() :].strip()
        elif rest and (
            _is_site(tail, sites)
            or _HOST.fullmatch(tail)
            or fold(rest) in keys
            or _is_name(rest, tail)
        ):
            title = rest
        else:
            break
    return title


def _is_uncased(title: str) -> bool:
    """Whether most letters of a title are of scripts without capitals."""
    letters = [char for char in title if char.isalpha()]
    return sum(not (char.islower() or char.isupper()) for char in letters) * 2 > len(letters)


def _without_uncased_site(title: str, sites: list[str], keys: set[str]) -> str:
    """Remove site and section from a title without capitals: known names, and what is shorter than
    the headline before it."""
    while fold(title) not in keys and (dashes := list(_TIGHT_DASH.finditer(title))):
        rest, tail = title[: dashes[-1].start()].strip(), title[dashes[-1].end() :].strip()
        longest = max(map(len, _TIGHT_DASH.split(rest)))
        is_short = len(tail) <= min(_TIGHT_NAME_CHARS, _TIGHT_SHARE * longest)
        if not tail or not (is_short or fold(rest) in keys or _is_site(tail, sites)):
            break
        title = rest
    parts = [part for part in _UNCASED_MARK.split(title) if part]
    while len(parts) > 1:
        last, longest = parts[-1], max(map(len, parts[:-1]))
        is_short = len(last) <= _UNCASED_NAME_CHARS and len(last) < longest
        if _is_site(parts[0], sites):
            del parts[0]
        elif is_short or _is_site(last, sites) or fold(parts[0]) in keys:
            title = title[: title.rindex(parts.pop())]
        else:
            break
    return title[title.index(parts[0]) : title.rindex(parts[-1]) + len(parts[-1])]


def _is_name(rest: str, tail: str) -> bool:
    """Whether the end of a title can only be a name: a few words, each with a capital."""
    words = re.findall(r"[^\W\d_][\w.’'&-]*", tail)
    small = {"of", "the", "and", "de", "der", "die", "das", "la", "le", "du", "des", "del", "for"}
    capital = [word for word in words if word[:1].isupper() or word.lower() in small]
    few = 0 < len(words) <= _TAIL_WORDS and len(words) == len(capital)
    return few and len(rest.split()) >= max(3, len(words)) and not re.search(r"\d|[?!]", tail)


def _tail_of(whole: str) -> str | None:
    """Return the name of the site with which ``<title>`` ends, if it does."""
    marks = list(_MARK.finditer(whole))
    if not marks:
        return None
    rest, tail = whole[: marks[-1].start()], whole[marks[-1].end() :].strip()
    return tail if _is_name(rest, tail) else None


# The publisher


def _publisher(text: str) -> str:
    """Remove years, rights and legal form from an outlet's name; empty where nothing is left."""
    name = text[:_MOST_TITLE_CHARS]
    # "(c)" gone, "by" may stand first.
    while _COPYRIGHT.search(name):
        name = _COPYRIGHT.sub(" ", name)
    has_notice = name != text
    name = clean_line(name).strip(" ,.;:|-–—·@()") if has_notice else clean_line(name).lstrip("@ ")
    if has_notice:
        name = _LEGAL_FORM.sub("", f" {name}").strip(" ,.")
    if re.match(r"https?:|www\.|\S+/\S+\Z", name):
        return ""
    if days_in(text) or len(name) > _NAME_CHARS or not re.search(r"[^\W\d_]", name):
        return ""
    words = {word.casefold() for word in re.findall(r"\w+", name)}
    if fold(name) in _NO_PUBLISHERS:
        return ""
    # Some sites say in the same line what they are about.
    before, bar, motto = re.split(r"( \| | [-–—] |: )", f"{name} | ", maxsplit=1)
    if bar != " | " and len(motto.removesuffix(" | ").split()) < _MOTTO_WORDS:
        before, bar = name, ""
    return "" if words <= CALENDAR | ROLES | NO_NAMES else before if bar else name


# The author


def _inverted_name(author: str) -> str:
    """Invert a name with the family name first, set off by a comma; empty where the text is no such
    name."""
    match = re.fullmatch(r"([^\W\d_]{2,})\s*,\s*([^\W\d_]{2,})", author)
    return f"{match[2]} {match[1]}" if match and match[1].casefold() not in NO_NAMES else ""


def _authors(json_ld: Mapping[str, Any], metadata_author: str, sites: list[str]) -> str | None:
    authors = [name for name in names_of(json_ld.get("author")) if not re.match(r"https?:", name)]
    for names in (authors, re.split(r"\s*;\s*", metadata_author)):
        people = [name for text in names for name in people_in(text) if not _is_site(name, sites)]
        people = [name for name in people if not (is_agency(name) or _is_house(name, sites))]
        if any(map(is_agency, names)):
            # Beside an agency's name a short word is its desk (dpa/lno).
            people = [name for name in people if len(name) > _DESK_CHARS]
        if any(" " in name for name in people):
            # Beside a whole name a word by itself is a place, initials are a degree.
            people = [
                name for name in people
                if (" " in name or name.isupper()) and any(len(word) > 1 for word in name.split())
            ]  # fmt: skip
        if people:
            return "; ".join(dict.fromkeys(people))
    return None


def _is_house(name: str, sites: list[str]) -> bool:
    """Whether a name is that of the outlet and of nobody in it ("Echo Staff")."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", name)} - ROLE_WORDS - NO_NAMES
    names = {word.casefold() for site in sites for word in re.findall(r"[^\W\d_]+", site)}
    return words <= names
