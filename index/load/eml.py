"""Read mail, such as newsletters: one article a message."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from email.utils import parseaddr
from typing import Any, ClassVar, cast

from index.article import Article, Findings
from index.errors import LoadError
from index.load.base import Loaded, Source, decode, id_for, title_from_name, too_long
from index.load.charset import decode_page
from index.load.code_page import WESTERN
from index.load.html import page_article
from index.load.markup import words_of_markup
from index.load.text_tables import write_text_tables
from index.text.line_joining import clean_prose
from index.text.normalise import clean, clean_line

__all__ = ["MAX_BYTES", "EmlLoader", "message_article"]

MAX_BYTES = 100_000_000
# A parser that goes a level deeper for each part would be led down a hole.
MAX_PARTS = 500

# Python reads a header in the square of its encoded words. Of one that is longer, this is read.
MAX_HEADER_CHARS = 10_000

_REPLY = re.compile(r"(?i)^((re|fwd?|aw|wg)\s*:\s*)+")
_QUOTATION = re.compile(r"(?:>[ \t]?)+")
_PGP_HEAD = re.compile(r"\A\s*-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]+: .*\n)*\n")
# To the next line of the kind, so that what is open is never tried twice.
_PGP_TAIL = re.compile(
    r"\n-----BEGIN PGP SIGNATURE-----\n(?:(?!-----(?:BEGIN|END) ).*\n)*+-----END PGP SIGNATURE-----"
)
# What mailing lists put below a mail: a rule, and where to leave them. Mail programs put the same
# rule above the mail that is answered, which begins with its headers.
_LIST_FOOTER = re.compile(
    r"\n_{30,}\n(?!(?:[^\W\d_]{2,12} ?:[^\n]*\n){2})"
    r"(?=(?:[^\n]*\n){0,8}[^\n]*(?:://|@))(?:[^\n]*\n){0,8}[^\n]*\Z"
)
_URL_LINE = re.compile(r"^[<(\[]?https?://\S+[>)\]]?$")


class _BoundedHeaders(EmailPolicy):
    """The policy of :mod:`email` for programs, with headers of bounded length."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Parse the header."""
        return super().header_fetch_parse(name, value[:MAX_HEADER_CHARS])


# The type of its messages cannot be said where the class is made.
_HEADERS = cast("EmailPolicy[EmailMessage]", _BoundedHeaders())


class EmlLoader:
    """``.eml``, and ``.mhtml``, a page saved with its pictures.

    A body that goes on behind a picture is read to its end, and a message that holds nothing but
    others is read as these. The HTML part is read as a page; where no article is found in it, the
    plain text part, or all the words of the HTML part: a mail is no front page, however short. Line
    ends that mail programs insert are removed. Attachments are not read. The subject is the title,
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
    if len(messages := _messages_within(message)) == 1:
        return _article(messages[0], source, max_chars)
    text, page = _text(message, source, max_chars)
    location = _header(message, "Snapshot-Content-Location")
    if location and page:
        return page
    name, address = parseaddr(_header(message, "From"))
    sender = clean_line(name or address) or None
    from_list = "List-Id" in message or "List-Unsubscribe" in message
    subject = _REPLY.sub("", _header(message, "Subject"))
    url = _header(message, "Archived-At").strip("<>") or None
    message_id = _header(message, "Message-ID").strip("<> ")
    title = subject or (page.title if page else "") or title_from_name(source.stem)
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
        findings=page.findings if page else Findings(),
    )


def _text(message: EmailMessage, source: Source, max_chars: int) -> tuple[str, Article | None]:
    """Return the text, and the page that it comes from, if any."""
    if messages := _messages_within(message):
        texts = [f"{_header(part, 'Subject')}\n\n{_text(part, source, max_chars)[0]}"
                 for part in messages]  # fmt: skip
        text = "\n\n".join(texts).strip()
        if len(text) > max_chars:
            raise source.refused(too_long(f"{len(text):,} characters", max_chars))
        return text, None
    reason = source.refused("no text in the message")
    html, words = message.get_body(("html", "related")), ""
    if html is not None:
        url = _header(message, "Snapshot-Content-Location") or None
        inner = Source(source.name, source.origin, data=_bytes(html), url=url)
        markup = "<hr>".join(_markup(part, source) for part in _whole_body(message, html))
        try:
            page = page_article(markup, inner, max_chars)
            return page.text, page
        except LoadError as exc:
            reason = exc
            words = "" if url else clean_prose("\n\n".join(words_of_markup(markup).blocks))
    if (part := message.get_body(("plain",))) is not None:
        texts = [_plain(body, source) for body in _whole_body(message, part)]
        words = "\n\n".join(filter(None, texts)) or words
    if len(words) > max_chars:
        raise source.refused(too_long(f"{len(words):,} characters", max_chars))
    if words:
        return words, None
    raise reason


def _messages_within(message: EmailMessage) -> list[EmailMessage]:
    """Return the messages of which a message consists that has no text of its own: one that was
    sent on, or those of a digest."""
    if not message.is_multipart() or message.get_body(("html", "related", "plain")) is not None:
        return []
    parts = [part for part in message.iter_parts() if part.get_content_type() == "message/rfc822"]
    return [inner for part in parts if isinstance(inner := part.get_content(), EmailMessage)]


def _whole_body(message: EmailMessage, body: MIMEPart) -> list[MIMEPart]:
    """Return a body and what goes on with it behind a picture in the same container."""
    for container in message.walk():
        if container.get_content_type() == "multipart/mixed":
            parts = list(container.iter_parts())
            at = next((i for i, part in enumerate(parts) if part is body), None)
            if at is not None:
                return [body, *(part for part in parts[at + 1 :] if _goes_on_with(part, body))]
    return [body]


def _goes_on_with(part: MIMEPart, body: MIMEPart) -> bool:
    is_file = part.is_attachment() or part.get_filename() is not None
    return part.get_content_type() == body.get_content_type() and not is_file


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


def _plain(part: MIMEPart, source: Source) -> str:
    """Return the text without signatures, the footer of a mailing list, and lines that are only a
    link."""
    body = _characters(part, source).replace("\r\n", "\n")
    if _PGP_HEAD.match(body):
        body = re.sub(r"(?m)^- (?=-|From )", "", _PGP_TAIL.sub("", _PGP_HEAD.sub("", body)))
    body = _LIST_FOOTER.sub("", body.rstrip())
    body = re.split(r"\n-- ?\n", body, maxsplit=1)[0]
    if str(part.get_param("format", "")).lower() == "flowed":
        body = _reflow(body, str(part.get_param("delsp", "")).lower() == "yes")
    lines = (line for line in body.split("\n") if not _URL_LINE.match(line.strip()))
    groups = itertools.groupby(lines, _depth)
    return clean("\n".join(_quotation_prose("\n".join(group), depth) for depth, group in groups))


def _depth(line: str) -> int:
    """Count the quotation marks before a line."""
    marks = _QUOTATION.match(line)
    return marks[0].count(">") if marks else 0


def _quotation_prose(text: str, depth: int) -> str:
    """Join lines of one depth of quotation to prose, with a mark before each paragraph."""
    if not depth:
        # What stands between quotations stays apart from them.
        before, after = (
            "\n" if is_apart else "" for is_apart in (text[:1] == "\n", text[-1:] == "\n")
        )
        prose = clean_prose(write_text_tables(text)[0])
        return f"{before}{prose}{after}" if prose else ""
    marks = _QUOTATION.match(text)
    mark = marks[0] if marks else ""
    bare = "\n".join(_QUOTATION.sub("", line, count=1) for line in text.split("\n"))
    return "\n".join(f"{mark}{line}" if line else "" for line in clean_prose(bare).split("\n"))


def _reflow(text: str, delete_space: bool) -> str:
    """The paragraphs of text whose lines flow (RFC 3676): one that ends in a space goes on in the
    next of the same depth of quotation; that space may be no part of the text."""
    # In pieces: a paragraph that is joined anew with each line costs the square of its length.
    paragraphs: list[list[str]] = []
    before = ""
    for line in text.split("\n"):
        body = line.lstrip(">")
        marks = line[: len(line) - len(body)]
        body = body.removeprefix(" ")
        pieces = paragraphs[-1] if paragraphs else [""]
        if before == marks and pieces[-1].endswith(" "):
            if delete_space:
                pieces[-1] = pieces[-1][:-1]
            pieces.append(body)
            while len(pieces) > 1 and not pieces[-1]:
                pieces.pop()
        else:
            paragraphs.append([f"{marks} {body}" if marks else body])
        before = marks
    return "\n".join("".join(pieces) for pieces in paragraphs)


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
