"""What is fuzzed of files and of what other servers send: small ones of every kind, changed, and
read as they are read when they are added."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal

from reportlab.pdfgen.canvas import Canvas

from index.article import Article
from index.errors import FetchError, LoadError, PublicationError, SchemaTooNew
from index.fetch.body import BadBody, read_body
from index.fetch.clock import SystemClock
from index.fetch.guard import RequestRefusal
from index.fetch.listing_reader import read_listing
from index.fetch.media import charset, readable
from index.fetch.retry import retry_after
from index.fetch.robots import Robots
from index.fetch.xml_text import root_tag
from index.ingest.preparation import prepare_article
from index.load import load_bytes
from index.publication.manifest import Manifest, Pointer
from index.settings import IndexSettings
from index.text.passages import passages_of
from tests.api.fuzz.target import Target
from tests.api.fuzz.targets import TODAY
from tests.index.load.web_archives import CORE, docx, epub, paragraph

__all__ = ["FILES"]

PROSE = (
    "The harbour of Westmark is closed. Cracks were found in its breakwater on 3 March 2025.",
    "“It will take weeks,” said Anna Weiss, who runs it. Ships wait in the towns nearby.",
)
_PAGE = (
    '<html lang="en"><head><title>Harbour closed</title><meta name="date" content="2025-03-04">'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harbour closed",'
    '"datePublished":"2025-03-04","author":[{"name":"Anna Weiss"}]}</script></head><body><article>'
    f"<h1>Harbour closed</h1><p>{PROSE[0]}</p><ul><li>Ships<li>Boats</ul><table><tr><th>Port<th>"
    f"Ships<tr><td>Westmark<td>12</table><p>{PROSE[1]}<sup>1</sup></p></article></body></html>"
).encode()


def _pdf() -> bytes:
    out = io.BytesIO()
    pdf = Canvas(out, pageCompression=0)
    for page in range(2):
        for row, line in enumerate([f"Page {page}", *PROSE]):
            pdf.drawString(72, 700 - 20 * row, line)
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def _columns() -> bytes:
    """A page of two columns, a note below them, figures in rows, and a line through words."""
    out = io.BytesIO()
    pdf = Canvas(out, pageCompression=0)
    for row in range(12):
        for left in (72, 320):
            pdf.drawString(left, 700 - 14 * row, PROSE[row % 2][8 * (row % 4) :][:38])
    pdf.setFont("Helvetica", 7)
    pdf.drawString(72, 520, "1 A note in smaller type, below the column.")
    pdf.setFont("Helvetica", 10)
    for row in range(4):
        for left, words in ((72, "Westmark"), (200, f"{row}2.5"), (300, f"{row}7.1")):
            pdf.drawString(left, 480 - 14 * row, words)
    pdf.line(72, 700, 200, 703)
    pdf.save()
    return out.getvalue()


def _warc() -> bytes:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + _PAGE
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/1\r\nWARC-Date: "
        "2025-03-04T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return 2 * (head.encode() + body + b"\r\n\r\n")


def _arc() -> bytes:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + _PAGE
    version = b"1 0 Archive\nURL IP-address Archive-date Content-type Archive-length\n\n"
    head = f"filedesc://a.arc 0.0.0.0 20250304000000 text/plain {len(version)}\n"
    entry = f"http://a.example/1 1.2.3.4 20250304000000 text/html {len(body)}\n"
    return head.encode() + version + 2 * (entry.encode() + body + b"\n")


_MAIL = (
    "From: =?utf-8?q?Anna_Wei=C3=9F?= <anna@a.example>\nTo: jon@a.example\nSubject: Harbour closed"
    "\nDate: Tue, 4 Mar 2025 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/alternative"
    f'; boundary="b"\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{PROSE[0]}\n\n> Yes.\n'
    "--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPHA+SGFyYm91cjwvcD4=\n--b--"
    "\n"
)
_FRONT = "---\ntitle: Harbour closed\ndate: 2025-03-04\ntags: [a, {b: c}]\n---\n"
_RECORD = {"id": "a", "title": "Harbour", "text": PROSE[0], "published_at": "2025-03-04", "x": [1]}

# Of every format one that is read, and pieces that mean something in it.
SAMPLES: dict[str, tuple[bytes, Sequence[str]]] = {
    ".txt": (
        "\n\n".join(["Harbour closed", *PROSE]).encode(),
        ["\n", "\t", " | ", "¹", "[1]", "-\n", "\ufeff", "Caption: ", "3 March 2025", "{{", "}}",
         "[[", "]]", "'''", "<ref>", "== ", "\n:a: ", "\n.. ", "`", "#+", "\n* ", "====\n", "\n> "],
    ),
    ".md": (
        f"{_FRONT}# Harbour\n\n{PROSE[0]}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x](y)".encode(),
        ["---\n", "# ", "- ", "> ", "```", "[a](b", "![", "<b>", "|", "&*a", "!!", "[^1]", "\n"],
    ),
    ".jsonl": (
        b"\n".join(json.dumps(each).encode() for each in (_RECORD, {**_RECORD, "id": "b"})),
        ["{", "}", "[", "]", '"', ",", ":", "\n", "null", "1e999", "\\ud800", "NaN", "-", '"id":'],
    ),
    ".csv": (
        f"title,text,date\nHarbour,{PROSE[0]},2025-03-04\nQuay,{PROSE[1]},\n".encode(),
        [",", ";", "\t", '"', '""', "\n", "\r", "text", "title", "="],
    ),
    ".html": (
        _PAGE,
        ["<p>", "</p>", "<", ">", "&#x110000;", "&#xd800;", "<![CDATA[", "<!--", "<td colspan=9>",
         "<svg>", "<template>", "<plaintext>", "<sup>", "<title>", "<math>", "<a href='http://[x'>",
         '<link rel="canonical" href="http://[">', "datetime=", "content=", "<base href=//>"],
    ),
    ".pdf": (
        _pdf(),
        ["<<", ">>", "[", "]", "/", " 0 R", "obj", "endobj", "stream", "endstream", "BT", "ET",
         "Tj", "-1", "99999999999", "1e9 ", "Tf", "Tm", "(", ")", "/Font", "/Kids", "/Parent"],
    ),
    ".docx": (
        docx("".join(map(paragraph, PROSE)), **{"docProps/core.xml": CORE.format(title="Harbour")}),
        ["<w:p>", "</w:p>", "<w:tbl>", "<w:tr>", "<w:tc>", "<w:t>", "<", ">", "&", "w:val=",
         "<w:altChunk r:id='a'/>", "<w:footnoteReference w:id='x'/>", "-1", "<w:sym w:char='zz'/>"],
    ),
    ".epub": (
        epub({"1.xhtml": f"<body><h1>A</h1><p>{PROSE[0]}</p></body>"}, {"1.xhtml": "A"}),
        ["<p>", "<", ">", "&", "href=", "../", "%", "<item ", "idref=", "<nav>", "<li>", "\x00"],
    ),
    ".eml": (
        _MAIL.encode(),
        ["\n", "\n\n", "--b\n", "=?utf-8?q?", "=?x?b?", "?=", "charset=", "boundary=", ";",
         "base64", "quoted-printable", "Content-Type: ", "message/rfc822", "Date: ", "=\n", "<"],
    ),
    ".mbox": (
        f"From a@a.example Tue Mar  4 10:00:00 2025\n{_MAIL}\n".encode() * 2,
        ["From ", "\n", "\n\n", "--b\n", "Content-Type: ", "charset=", ">From ", "Subject: "],
    ),
    ".warc": (
        _warc(),
        ["WARC/1.0\r\n", "\r\n", "Content-Length: ", "-1", "9999999999999", "HTTP/1.1 ", "gzip",
         "Transfer-Encoding: chunked\r\n", "Content-Encoding: deflate\r\n", "http://[x"],
    ),
    ".arc": (
        _arc(),
        ["\n", " ", "HTTP/1.1 200 ", "9999999999999", "-1", "http://[x", "20259999", "text/html"],
    ),
}  # fmt: skip
_TITLES = (
    "= Harbour closed\nAnna Weiss <a@a.example>\n2025-03-04\n:toc:\n\n== Quay\n\n.Notes\n",
    "#+title: Harbour closed\n#+date: 2025-03-04\n* TODO Quay :port:\n:PROPERTIES:\n:a: b\n:END:\n",
    "==============\nHarbour closed\n==============\n:Author: Anna\n\n.. image:: a.png\n   :a: b\n",
    "{{Box|a={{b}}}}\n== Quay ==\n'''Harbour''' [[Port|port]] <ref>a</ref>\n{|\n| a\n|}\n",
)
_LINKS = "See [[a][b]], `c <d>`_, https://a.example[e].\n"
# Of some formats more that is read.
_MORE = {
    ".txt": tuple("\n".join([title, *PROSE, _LINKS]).encode() for title in _TITLES),
    ".pdf": (_columns(),),
}
_FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title><link>https://a.example/'
    b"</link><item><title>Harbour</title><link>https://a.example/1</link><pubDate>Tue, 04 Mar 2025 "
    b"10:00:00 GMT</pubDate><author>Anna</author><guid>x</guid></item></channel></rss>"
)
_ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/"><title>Post</title>'
    b'<entry><id>urn:x:1</id><title type="html">&lt;b&gt;Harbour&lt;/b&gt;</title><link href="/1" '
    b'rel="alternate"/><updated>2025-03-04T10:00:00+01:00</updated><author><name>Anna</name></author>'
    b"<content type='xhtml'><div>Cracks were found.</div></content></entry></feed>"
)
_SITEMAP = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news='
    b'"http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/1</loc><lastmod>'
    b"2025-03-04</lastmod><news:news><news:title>Harbour</news:title></news:news></url></urlset>"
)
_XML = ["<", ">", "</", "&", "&amp;", "<![CDATA[", "<!--", "http://[x", "<link>", "<loc>",
        "<item>", "<entry>", "xmlns=", "\x00", "0000-00-00", "99", "<?xml", "<sitemap>",
        "<pubDate>"]  # fmt: skip

# What a reader says of a file whose parser stumbled where it should have known better, and of one
# that it was ended by.
_STUMBLED = re.compile(
    r"(?:unreadable|not an article): (?:\w*\.)*(?:Index|Key|Attribute|Type|Assertion|Name|"
    r"ZeroDivision|Unbound\w*|Recursion|Overflow|Runtime|StopIteration|Unicode\w*|System|Value)"
    r"(?:Error)?:|its reader|given up"
)


def _load(suffix: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        for item in load_bytes(data, f"a{suffix}", max_chars=100_000):
            if isinstance(item, LoadError):
                assert not _STUMBLED.search(item.reason), item.reason
                continue
            _check_article(item)

    return check


def _check_article(item: Article) -> None:
    """All that is stored of it can be, and it is cut in order into what stands in it."""
    item, _ = prepare_article(item, TODAY, IndexSettings())
    for field in (item.id, item.title, item.text, item.publisher, item.author, item.url):
        (field or "").encode()
    end = 0
    for passage in passages_of(item):
        assert passage.span.of(item.text).strip()
        assert passage.span.end >= end
        end = passage.span.end
        for span in passage.sentences:
            assert span.of(item.text) == span.of(item.text).strip() != ""


def _listing(kind: Literal["feed", "sitemap"]) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        root_tag(data, "utf-8")
        reason = ""
        try:
            listed = read_listing(kind, data, "https://a.example/feed", "application/xml", 100_000)
            for link in listed.links:
                link.url.encode()
        except BadBody as exc:
            reason = str(exc)
        assert not _STUMBLED.search(reason), reason

    return check


def _robots(given: tuple[str, str]) -> None:
    text, path = given
    robots = Robots(lambda url: text.encode(errors="surrogatepass"))
    with suppress(RequestRefusal, FetchError):
        robots.check("https://a.example", f"https://a.example/{path}")
    assert robots.delay("https://a.example") >= 0


def _headers(given: tuple[str, str, bytes]) -> None:
    first, second, body = given
    readable(first, "/a.html")
    charset(first)
    wait = retry_after(second, SystemClock())
    assert wait is None or wait >= 0
    root_tag(body, charset(first))
    with suppress(BadBody):
        read_body([body], second, 10_000)


def _published(data: bytes) -> None:
    for kind in (Manifest, Pointer):
        with suppress(PublicationError, SchemaTooNew):
            kind.parse(data, "here")


_RULES = ["User-agent: *\n", "Disallow: ", "Allow: /", "*", "$", "Crawl-delay: ", "1e999", "-1",
          "\n", "Request-rate: 1/", "0/0", "Sitemap: ", "#", "%", "nan", "inf", ":",
          "1/1 1200-9999"]  # fmt: skip
_ROBOTS = """User-agent: *
Disallow: /private/*.html$
Allow: /private/open
Crawl-delay: 2
Request-rate: 1/10
Sitemap: https://a.example/sitemap.xml
"""
_HEADER = ["text/html", ";", "charset=", "utf-7", "idna", "punycode", "rot13", "unicode_escape",
           "gzip", "Tue, 04 Mar 2025 10:00:00 GMT", "99999999999999999999", "-", "0", ",",
           '"']  # fmt: skip


_POINTER = json.dumps(
    {"format": 1, "generations": [{"library": "a", "generation": 1, "sha256": "0" * 64, "size": 1}]}
).encode()
_JSON = ["{", "}", '"', ":", "null", "9" * 5000, "[" * 2000, "-1", "1e999"]
FILES = (
    *(
        Target(
            f"file {suffix}",
            _load(suffix),
            (data, *_MORE.get(suffix, ()), "".join(pieces).encode()),
            pieces,
        )
        for suffix, (data, pieces) in SAMPLES.items()
    ),
    Target("feed", _listing("feed"), (_FEED, _ATOM), _XML),
    Target("sitemap", _listing("sitemap"), (_SITEMAP,), _XML),
    Target("robots", _robots, ((_ROBOTS, "a?b=c#d"), ("", "")), _RULES),
    Target(
        "headers",
        _headers,
        (
            ("text/html; charset=iso-8859-1", "120", _PAGE[:80]),
            ('application/xml;charset="utf-16"', "Tue, 04 Mar 2025 10:00:00 GMT", b"<rss/>"),
            ("text/plain", "gzip, deflate", gzip.compress(_PAGE)),
        ),
        _HEADER,
    ),
    Target("publication", _published, (_POINTER,), _JSON),
)
