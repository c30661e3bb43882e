"""Normalise addresses, so that an article has one address however it was reached."""

from __future__ import annotations

import re

import httpx2

__all__ = ["article_address", "canonical", "canonical_if_valid"]

# Parameters that say how a reader came, never what is read. Names that some sites know articles
# by (id, ref, source, cid) stay: two addresses for one article are better than one for two.
_TRACKING = re.compile(
    r"utm_\w+|pk_\w+|mtm_\w+|at_\w+|share_\w+|guce_\w+|oly_\w+|vero_\w+|ga_\w+|"
    r"fbclid|gclid|dclid|yclid|twclid|ttclid|msclkid|gbraid|wbraid|igshid|igsh|mc_cid|mc_eid|"
    r"mkt_tok|_hsenc|_hsmi|_ga|_gl|ref_src|ref_url|xtor|cmp|cmpid|ocid|smid|smtyp|ncid|ftag|"
    r"taid|s_cid|guccounter|wt_mc|wtmc|spm|soc_src|soc_trk|__twitter_impression|amp_js_v|usqp",
    re.IGNORECASE,
)
# The same page for another screen.
_VARIANT = re.compile(r"^(?:www\d?|m|mobile|amp)\.")


def canonical(link: str) -> str:
    """Remove fragment, default port and tracking parameters from a link, and lower its host's case.

    The other parameters stay, in their order. Raises ``httpx2.InvalidURL``.
    """
    url = httpx2.URL(link).copy_with(fragment=None)
    query = url.query.decode("ascii")
    if query:
        pairs = [pair for pair in query.split("&") if pair and not _tracks(pair)]
        url = url.copy_with(query="&".join(pairs).encode() or None)
    return str(url)


def canonical_if_valid(link: str) -> str:
    """Return the canonical form of a link, or the link itself where it is no valid one."""
    try:
        return canonical(link)
    except (httpx2.InvalidURL, ValueError):
        return link


def article_address(page: str, stated: str | None) -> str:
    """Choose the address of the article on a page: the one that the page states, or the page's own.

    A page may speak for its own site only (its host, or a host above or below it): otherwise any
    page could take the place of any article. A front page that is stated as the address of every
    article is a mistake and is ignored.
    """
    page_url = canonical(page)
    try:
        stated_url = canonical(str(httpx2.URL(page).join(stated))) if stated else page_url
    except (httpx2.InvalidURL, ValueError):
        return page_url
    here, there = httpx2.URL(page_url), httpx2.URL(stated_url)
    front = there.path in ("", "/") and not there.query and here.path not in ("", "/")
    plain = there.scheme in ("http", "https") and not there.userinfo
    if front or not plain or not _same_site(here.host, there.host):
        return page_url
    return stated_url


def _tracks(pair: str) -> bool:
    return _TRACKING.fullmatch(pair.partition("=")[0]) is not None


def _same_site(first: str, second: str) -> bool:
    first, second = _VARIANT.sub("", first), _VARIANT.sub("", second)
    return first == second or first.endswith("." + second) or second.endswith("." + first)
