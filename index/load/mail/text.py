"""Read the plain text of a mail: without signatures, footers of mailing lists and line ends that
were put in to fit a screen."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from email.message import MIMEPart
from typing import NamedTuple

from index.load.plain.quotations import quotation_depth, quotation_prose
from index.load.plain.text_tables import write_text_tables
from index.text.line_joining import clean_prose
from index.text.normalise import clean, clean_line

__all__ = ["PlainText", "read_plain"]

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
# What begins a signature, with the lines and characters that one has at most: two hyphens by
# themselves may as well part a text.
_SIGNATURE = {"-- ": (10, 1500), "--": (4, 300)}
# Five words of a line that ends, or eight that may go on in the next.
_SENTENCE = re.compile(r"(?m)^(?:\w\S* +){4,}\w\S*[.!?]$|^(?:\w\S* +){7,}")
# What a signature ends at beside a quotation: a rule between messages.
_RULE = re.compile(r"[-_=*]{5,}")


class PlainText(NamedTuple):
    """``left_out``: ``(text, reason)`` of what is no part of the text."""

    text: str
    left_out: tuple[tuple[str, str], ...]


def read_plain(characters: str, part: MIMEPart) -> PlainText:
    """Return the text of a part without signatures, the footer of a mailing list, and lines that
    are only a link."""
    body = characters.replace("\r\n", "\n")
    if _PGP_HEAD.match(body):
        body = re.sub(r"(?m)^- (?=-|From )", "", _PGP_TAIL.sub("", _PGP_HEAD.sub("", body)))
    body = f"\n{body.rstrip()}"
    left_out: list[tuple[str, str]] = []
    if footer := _LIST_FOOTER.search(body):
        left_out.append((footer[0], "list footer"))
        body = body[: footer.start()]
    lines, signatures = _without_signatures(body.split("\n"))
    left_out += [(signature, "signature") for signature in signatures]
    body = "\n".join(lines)
    if str(part.get_param("format", "")).lower() == "flowed":
        body = _reflow(body, str(part.get_param("delsp", "")).lower() == "yes")
    lines = body.split("\n")
    left_out += [(line, "link") for line in lines if _URL_LINE.match(line.strip())]
    lines = [line for line in lines if not _URL_LINE.match(line.strip())]
    groups = itertools.groupby(lines, quotation_depth)
    text = clean("\n".join(_message_prose("\n".join(group), depth) for depth, group in groups))
    return PlainText(text, tuple((clean_line(words), reason) for words, reason in left_out))


def _without_signatures(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines without signatures, and the signatures."""
    rest: list[str] = []
    signatures: list[str] = []
    at = 0
    while at < len(lines):
        end = _signature_end(lines, at) if at and lines[at] in _SIGNATURE else at
        if end > at:
            signatures.append("\n".join(lines[at + 1 : end]))
            rest.append("")
            at = end
        else:
            rest.append(lines[at])
            at += 1
    return rest, list(filter(str.strip, signatures))


def _signature_end(lines: Sequence[str], mark: int) -> int:
    """Return where the signature below a mark ends: at the end of the mail, a quotation, the line
    that says whose it is, or a rule; 0 where it is too long for one, or is not set apart as
    programs do it and has a sentence."""
    most_lines, most_chars = _SIGNATURE[lines[mark]]
    start, end = mark + 1, len(lines)
    count = chars = 0
    for at in range(start, len(lines)):
        if lines[at].startswith(">") or _RULE.match(lines[at]):
            end = _attribution(lines, start, at) if lines[at].startswith(">") else at
            break
        count += bool(lines[at].strip())
        chars += len(lines[at])
        if count > most_lines or chars > most_chars:
            return 0
    is_said = lines[mark] == "--" and _SENTENCE.search("\n".join(lines[start:end]))
    return 0 if is_said else end


def _attribution(lines: Sequence[str], start: int, at: int) -> int:
    """Return where the lines begin that say whom a quotation is from; ``at`` where none do."""
    end = at
    while end > start and not lines[end - 1].strip():
        end -= 1
    if end == start or not lines[end - 1].rstrip().endswith(":"):
        return at
    while end > start and lines[end - 1].strip():
        end -= 1
    return end


def _message_prose(text: str, depth: int) -> str:
    """Join lines of one depth of quotation to prose, with a mark before each paragraph."""
    if not depth:
        # What stands between quotations stays apart from them.
        before, after = (
            "\n" if is_apart else "" for is_apart in (text[:1] == "\n", text[-1:] == "\n")
        )
        prose = clean_prose(write_text_tables(text)[0])
        return f"{before}{prose}{after}" if prose else ""
    return quotation_prose(text)


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
