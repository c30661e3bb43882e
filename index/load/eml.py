"""Mail, as newsletters come: one article a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parseaddr
from typing import ClassVar

from index.article import Article
from index.clean import clean, clean_line, unwrap
from index.errors import LoadError
from index.load.base import Loaded, Source, decode, id_for, title_from_name, too_long
from index.load.charset import decode_page
from index.load.html import page_article

__all__ = ["EmlLoader"]

MAX_BYTES = 100_000_000
# A parser that goes a level deeper for each part would be led down a hole.
MAX_PARTS = 500

_REPLY = re.compile(r"(?i)^((re|fwd?|aw|wg)\s*:\s*)+")
_URL_LINE = re.compile(r"^[<(\[]?https?://\S+[>)\]]?$")


class EmlLoader:
    """``.eml``, and ``.mhtml``, a page saved with its pictures.

    The HTML part is read as a page is, and the plain one where there is no article in it.
    Attachments are not read. The subject is the title, the day it was sent the date. A mailing
    list's sender is the publisher, anybody else the author. A message is known by its
    Message-ID.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".eml", ".mhtml", ".mht")
    content_types: ClassVar[tuple[str, ...]] = ("message/rfc822", "multipart/related")
    max_bytes: ClassVar[int] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        data = source.read(MAX_BYTES)
        if data.count(b"\nContent-Type:") > MAX_PARTS:
            raise source.refused(f"over {MAX_PARTS} parts in the message")
        try:
            message = message_from_bytes(data, policy=default)
            yield _article(message, source, max_chars)
        except (MessageError, LookupError, ValueError, RecursionError) as exc:
            raise source.refused(f"not a readable message: {exc}") from exc


def _article(message: EmailMessage, source: Source, max_chars: int) -> Article:
    if not message.keys():
        raise source.refused("not a message: it has no headers")
    text, page = _text(message, source, max_chars)
    location = _header(message, "Snapshot-Content-Location")
    if location and page:
        return page
    name, address = parseaddr(_header(message, "From"))
    sender = clean_line(name or address) or None
    listed = "List-Id" in message or "List-Unsubscribe" in message
    subject = _REPLY.sub("", _header(message, "Subject"))
    url = _header(message, "Archived-At").strip("<>") or None
    known = _header(message, "Message-ID").strip("<> ")
    title = subject or (page.title if page else "") or title_from_name(source.stem)
    return Article(
        id=id_for(title, known) if known else source.id(),
        title=title,
        text=text,
        publisher=sender if listed else None,
        author=None if listed else sender,
        published_at=_sent(message),
        language=page.language if page else "",
        url=url,
        source=source.name,
    )


def _text(message: EmailMessage, source: Source, max_chars: int) -> tuple[str, Article | None]:
    """The text, and the page that it comes from, if any."""
    reason = source.refused("no text in the message")
    if (part := message.get_body(("html", "related"))) is not None:
        url = _header(message, "Snapshot-Content-Location") or None
        charset = part.get_content_charset()
        kind = f"text/html; charset={charset}" if charset else None
        inner = Source(source.name, source.origin, data=_bytes(part), url=url, content_type=kind)
        try:
            page = page_article(decode_page(_bytes(part), source.name, kind), inner, max_chars)
            return page.text, page
        except LoadError as exc:
            reason = exc
    if (part := message.get_body(("plain",))) is not None:
        text = _plain(_characters(part, source))
        if len(text) > max_chars:
            raise source.refused(too_long(f"{len(text):,} characters", max_chars))
        if text:
            return text, None
    raise reason


def _bytes(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _characters(part: MIMEPart, source: Source) -> str:
    data = _bytes(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return decode(data, source.name)


def _plain(text: str) -> str:
    """The text without signature, and without lines that are only a link."""
    body = re.split(r"\n-- ?\r?\n", text.replace("\r\n", "\n"), maxsplit=1)[0]
    lines = (line for line in body.split("\n") if not _URL_LINE.match(line.strip()))
    return unwrap(clean("\n".join(lines)))


def _header(message: EmailMessage, name: str) -> str:
    # Headers of broken mail raise on reading as much as on parsing.
    try:
        return clean_line(str(message.get(name, "")))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""


def _sent(message: EmailMessage) -> date | None:
    try:
        moment = getattr(message.get("Date"), "datetime", None)
    except (ValueError, IndexError, AttributeError, TypeError):
        return None
    return moment.date() if moment else None
