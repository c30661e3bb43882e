"""Which parts of a mail its reader sees, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage, MIMEPart

__all__ = ["Body", "bodies"]


@dataclass
class Body:
    """A stretch of a mail: a page and the plain text that says the same, either of which may be
    absent, or another message."""

    html: list[MIMEPart] = field(default_factory=list)
    plain: list[MIMEPart] = field(default_factory=list)
    message: EmailMessage | None = None


def bodies(message: MIMEPart) -> Iterator[Body]:
    """Yield what a message says beside its attachments, in order. Pages that follow each other are
    one: mail programs divide a page where a picture stands in it."""
    parts = list(_parts(message))
    text_parts = [body for body in parts if not _is_file(body)] or parts
    last: Body | None = None
    for body in text_parts:
        if last is not None and last.html and body.html and not (last.plain or body.plain):
            last.html += body.html
            continue
        if last is not None:
            yield last
        last = body
    if last is not None:
        yield last


def _parts(part: MIMEPart) -> Iterator[Body]:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_content() if part.is_multipart() else None
        if isinstance(inner, EmailMessage):
            yield Body(message=inner)
    elif kind in ("text/html", "text/plain"):
        if not part.is_attachment():
            yield Body(html=[part]) if kind == "text/html" else Body(plain=[part])
    elif part.is_multipart() and kind.startswith("multipart/"):
        children = [child for child in part.iter_parts() if isinstance(child, MIMEPart)]
        if kind == "multipart/alternative":
            yield from _choice(children)
            return
        if kind == "multipart/related":
            children = _root(part, children)
        elif kind == "multipart/signed":
            children = children[:1]
        elif kind == "multipart/report":
            # What it reports on comes with it.
            children = [child for child in children if child.get_content_maintype() != "message"]
        for child in children:
            yield from _parts(child)


def _choice(children: list[MIMEPart]) -> Iterator[Body]:
    """Yield the richest of several forms of the same words, with the plain one beside it."""
    forms = [list(_parts(child)) for child in children]
    html = next((form for form in reversed(forms) if any(body.html for body in form)), [])
    plain = next((form for form in forms if form and form is not html), [])
    if len(html) > 1 and any(not body.html for body in html):
        # A page, and a text behind it.
        yield from html
    elif html:
        pages = [part for body in html for part in body.html]
        yield Body(pages, [part for body in (*plain, *html) for part in body.plain])
    else:
        yield from plain


def _root(part: MIMEPart, children: list[MIMEPart]) -> list[MIMEPart]:
    """Return the part of a page with its pictures that is the page."""
    start = str(part.get_param("start", ""))
    return [child for child in children if start and child.get("content-id") == start] or children[
        :1
    ]


def _is_file(body: Body) -> bool:
    parts = [*body.html, *body.plain]
    return bool(parts) and all(part.get_filename() is not None for part in parts)
