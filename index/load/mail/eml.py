"""Read mail, such as newsletters: one article a message."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any, ClassVar, NamedTuple, cast

from index.article import Article, Findings
from index.errors import LoadError
from index.load.base import Loaded, Source, decode, id_for, title_from_name, too_long
from index.load.encoding.charset import decode_page
from index.load.encoding.code_page import WESTERN
from index.load.html.loader import page_article
from index.load.html.markup import words_of_markup
from index.load.mail.parts import Body, bodies
from index.load.mail.text import read_plain
from index.text.line_joining import clean_prose
from index.text.normalise import clean_line

__all__ = ["MAX_BYTES", "EmlLoader", "message_article"]

MAX_BYTES = 100_000_000
# A parser that goes a level deeper for each part would be led down a hole.
MAX_PARTS = 500

# Python reads a header in the square of its encoded words. Of one that is longer, this is read.
MAX_HEADER_CHARS = 10_000

_REPLY = re.compile(r"(?i)^((re|fwd?|aw|wg)\s*:\s*)+")


class _BoundedHeaders(EmailPolicy):
    """The policy of :mod:`email` for programs, with headers of bounded length."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Parse the header."""
        return super().header_fetch_parse(name, value[:MAX_HEADER_CHARS])


class _Content(NamedTuple):
    """What a message or a part of it says. ``left_out``: ``(text, reason)``; ``rows``: lines that
    are rows of tables; ``page``: the page that it comes from, if any."""

    text: str
    left_out: tuple[tuple[str, str], ...] = ()
    rows: tuple[str, ...] = ()
    page: Article | None = None


# The type of its messages cannot be said where the class is made.
_HEADERS = cast("EmailPolicy[EmailMessage]", _BoundedHeaders())


class EmlLoader:
    """``.eml``, and ``.mhtml``, a page saved with its pictures.

    All that a mail program shows is read, in its order: what goes on behind a picture, and messages
    that were sent on. The HTML part is read as a page; where no article is found in it, the plain
    text part, or all the words of the HTML part: a mail is no front page, however short. Line ends
    that mail programs insert are removed. Attachments are not read. The subject is the title,
    the day it was sent the date. The sender of a mailing list is the publisher, any other sender
    the author. A message is identified by its Message-ID.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".eml", ".mhtml", ".mht")
    content_types: ClassVar[tuple[str, ...]] = ("message/rfc822", "multipart/related")
    max_bytes: ClassVar[int] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        yield message_article(source.read(MAX_BYTES), source, max_chars)


def message_article(data: bytes, source: Source, max_chars: int) -> Article:
    """Read the article of a message; ``source`` is where the message comes from. ``LoadError`` when
    it holds none."""
    if data.count(b"\nContent-Type:") > MAX_PARTS:
        raise source.refused(f"over {MAX_PARTS} parts in the message")
    try:
        return _article(
            message_from_bytes(data, policy=_HEADERS),
            source,
            max_chars,
        )
    except (MessageError, LookupError, ValueError, RecursionError) as exc:
        raise source.refused(f"not a readable message: {exc}") from exc


def _article(message: EmailMessage, source: Source, max_chars: int) -> Article:
    if not message.keys():
        raise source.refused("not a message: it has no headers")
    parts = list(bodies(message))
    if len(parts) == 1 and (inner := parts[0].message) is not None:
        return _article(inner, source, max_chars)
    content = _content(message, source, max_chars)
    page = content.page
    if page and _header(message, "Snapshot-Content-Location"):
        return page
    name, address = parseaddr(_header(message, "From"))
    sender = clean_line(name or address) or None
    from_list = "List-Id" in message or "List-Unsubscribe" in message
    subject = _REPLY.sub("", _header(message, "Subject"))
    url = _header(message, "Archived-At").strip("<>") or None
    message_id = _header(message, "Message-ID").strip("<> ")
    title = subject or (page.title if page else "") or title_from_name(source.stem)
    headline, _, rest = content.text.partition("\n\n")
    text = rest if rest and headline.casefold() == title.casefold() else content.text
    return Article(
        id=id_for(title, message_id) if message_id else source.id(),
        title=title,
        text=text,
        publisher=sender if from_list else None,
        author=None if from_list else sender,
        published_at=_sent_day(message),
        language=page.language if page else "",
        url=url,
        source=source.name,
        findings=replace(
            page.findings if page else Findings(), left_out=content.left_out, rows=content.rows
        ),
    )


def _content(message: EmailMessage, source: Source, max_chars: int) -> _Content:
    """Read what a message says, from its first part to its last."""
    contents: list[_Content] = []
    reason = source.refused("no text in the message")
    for body in bodies(message):
        if body.message is not None:
            inner = _content(body.message, source, max_chars)
            subject = _header(body.message, "Subject")
            contents.append(inner._replace(text=f"{subject}\n\n{inner.text}".strip()))
            continue
        try:
            contents.append(_body_content(body, message, source, max_chars))
        except LoadError as exc:
            reason = exc
    text = "\n\n".join(filter(None, (content.text for content in contents)))
    if len(text) > max_chars:
        raise source.refused(too_long(f"{len(text):,} characters", max_chars))
    if not text:
        raise reason
    left_out = tuple(part for content in contents for part in content.left_out)
    rows = tuple(row for content in contents for row in content.rows)
    page = next((content.page for content in contents if content.page), None)
    return _Content(text, left_out, rows, page)


def _body_content(body: Body, message: EmailMessage, source: Source, max_chars: int) -> _Content:
    """Read a body: the article of its page, or else its plain text, or all words of the page."""
    page_reason: LoadError | None = None
    words = _Content("")
    if body.html:
        url = _header(message, "Snapshot-Content-Location") or None
        inner = Source(source.name, source.origin, data=_bytes(body.html[0]), url=url)
        markup = "<hr>".join(_markup(part, source) for part in body.html)
        try:
            return _page_content(page_article(markup, inner, max_chars), markup)
        except LoadError as exc:
            page_reason = exc
        if not url:
            piece = words_of_markup(markup)
            words = _Content(clean_prose("\n\n".join(piece.blocks)), piece.left_out, piece.rows)
    plain = [read_plain(_characters(part, source), part) for part in body.plain]
    text = "\n\n".join(filter(None, (part.text for part in plain)))
    if page_reason and not (text or words.text):
        raise page_reason
    left_out = (*words.left_out, *(pair for part in plain for pair in part.left_out))
    return _Content(text, left_out) if text else words._replace(left_out=left_out)


def _page_content(page: Article, markup: str) -> _Content:
    """Return the text of a page, with its headline where it has one: the title is the subject."""
    text = page.text
    if page.title and page.title not in text.split("\n"):
        lines = (line for block in words_of_markup(markup).blocks for line in block.split("\n"))
        if any(clean_line(line) == page.title for line in lines):
            text = f"{page.title}\n\n{text}"
    return _Content(text, page.findings.left_out, page.findings.rows, page)


def _markup(part: MIMEPart, source: Source) -> str:
    charset = part.get_content_charset()
    kind = f"text/html; charset={charset}" if charset else None
    return decode_page(_bytes(part), source.name, kind)


def _bytes(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _characters(part: MIMEPart, source: Source) -> str:
    data, label = _bytes(part), part.get_content_charset() or "utf-8"
    try:
        if codecs.lookup(label).name in WESTERN:
            # What mail programs say of whatever is typed into them.
            return decode_page(data, source.name, f"text/plain; charset={label}")
        return data.decode(label)
    except (ValueError, LookupError, LoadError):
        return decode(data, source.name)


def _header(message: EmailMessage, name: str) -> str:
    # Headers of broken mail raise on reading as much as on parsing.
    try:
        return clean_line(str(message.get(name, "")))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""


def _sent_day(message: EmailMessage) -> date | None:
    try:
        moment = getattr(message.get("Date"), "datetime", None)
    except (ValueError, IndexError, AttributeError, TypeError):
        return None
    return moment.date() if moment else None
