"""Pages and feeds to serve."""

from __future__ import annotations

__all__ = ["feed", "story"]


def story(what: str, head: str = "", title: str = "") -> str:
    """A page in the manner of a newspaper's, with a story about ``what``."""
    paragraphs = "".join(
        f"<p>The {what} of district {number} were counted again on Monday, and the council said "
        f"that their number had risen for the {number}th year in a row without any help.</p>"
        for number in range(3, 9)
    )
    name = f"<title>{title}</title>" if title else ""
    return (
        f"<!DOCTYPE html><html lang='en'><head>{name}{head}</head><body><nav><a href='/'>Home</a>"
        f"</nav><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def feed(*links: str) -> str:
    items = "".join(
        f"<item><title>Story {number}</title><link>{link}</link>"
        "<pubDate>Mon, 26 May 2025 07:00:00 GMT</pubDate><author>Ann Poe</author></item>"
        for number, link in enumerate(links)
    )
    return f"<rss version='2.0'><channel><title>The Wire</title>{items}</channel></rss>"
