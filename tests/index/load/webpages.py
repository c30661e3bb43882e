"""Pages made for tests, read as the loader reads them, without another process."""

from __future__ import annotations

from index.article import Article
from index.load.base import Source
from index.load.html.loader import HtmlLoader

__all__ = ["HEADLINE", "P", "article", "paragraphs", "read"]

HEADLINE = "Ferry line to stop at Wexmouth"
# Paragraphs of one story, each a sentence that stands nowhere else in it.
P = (
    "The ferry company said on Monday that its boats would no longer call at Wexmouth from May.",
    "Fewer than 40 people a day took the boat last winter, half as many as five years before.",
    "The mayor told the council that the school bus could not take so many children daily.",
    "A new pier was planned in 2019 but never built, since the county would not pay for the work.",
    "Fishermen offered to carry mail and medicine for the price of the fuel until May.",
    "The bank that owns the two boats wants to sell them to a firm in the south before the summer.",
    "Neighbouring Leeham keeps its boat, which the county pays for under a contract of ten years.",
    "The council meets again on the second Thursday of April, and has asked the company to come.",
)


def paragraphs(first: int = 0, last: int = len(P)) -> str:
    return "".join(f"<p>{line}</p>" for line in P[first:last])


def article(inside: str) -> str:
    return f"<article><h1>{HEADLINE}</h1>{inside}</article>"


def read(
    body: str,
    head: str = f"<title>{HEADLINE}</title>",
    lang: str = "en",
    url: str | None = None,
) -> Article:
    """The article of a page with this body. ``LoadError`` when there is none."""
    page = f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'
    (found,) = HtmlLoader().load(Source.of_bytes(page.encode(), url or "x.html", url), 100_000)
    assert isinstance(found, Article)
    return found
