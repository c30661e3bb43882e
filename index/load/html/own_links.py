"""Links in headings: to their own page, as those of live blogs are, or to the front page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from index.load.html.page_blocks import HEADINGS
from index.load.html.tags import is_within, local_name
from index.text.normalise import clean_line

__all__ = ["headings_that_lead_home", "leads_home", "unlink_own_headings"]

# The last part of an article's address: words with dashes, or a number. A section has one word.
_SLUG = re.compile(r"\d|-.+-")


def unlink_own_headings(tree: Any, url: str | None) -> None:
    """Replace links in and around headings by their words where they lead to a place on the page,
    or to one below its address: a heading with a link elsewhere is another article's.

    url: the page's address; ``None`` where it is not known.
    """
    page = urlsplit(url or "")
    for link in list(tree.iter("a")):
        words = "".join(link.itertext())
        if not re.search(r"\w", words) or not link.get("href"):
            continue
        heads = is_within(link, HEADINGS) or any(local_name(node) in HEADINGS for node in link)
        if heads and _is_own(link.get("href").strip(), page):
            link.drop_tag()


def _is_own(target: str, page: SplitResult) -> bool:
    if target.startswith("#"):
        return len(target) > 1
    try:
        parts = urlsplit(urljoin(page.geturl(), target))
    except ValueError:
        return False
    path = page.path.rstrip("/")
    if not page.netloc or parts.netloc != page.netloc or not path:
        return False
    if parts.path.rstrip("/") == path:
        return True
    return parts.path.startswith(f"{path}/") and bool(_SLUG.search(path.rpartition("/")[2]))


def headings_that_lead_home(tree: Any) -> Iterator[str]:
    """Yield the words of headings that are a link to the front page: the name of the site."""
    for heading in tree.iter("h1", "h2"):
        link = next(heading.iter("a"), None)
        target = "" if link is None else link.get("href") or ""
        words = clean_line("".join(heading.itertext()))
        is_whole = link is not None and clean_line("".join(link.itertext())) == words
        if is_whole and target[:1] not in ("", "#") and leads_home(target):
            yield words


def leads_home(target: str) -> bool:
    """Whether a link leads to the front page of a site."""
    try:
        return urlsplit(target).path in ("", "/")
    except ValueError:
        return False
