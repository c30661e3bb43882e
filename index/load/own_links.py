"""Take the links out of headings that lead to their own page, as those of live blogs do."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from index.load.page_blocks import HEADINGS
from index.load.tags import is_within, local_name

__all__ = ["unlink_own_headings"]

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
