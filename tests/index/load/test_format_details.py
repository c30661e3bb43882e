"""Rare parts of formats, read by the functions that read them."""

from __future__ import annotations

import gzip
import io
import itertools
import zipfile
import zlib
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import MIMEPart
from typing import Any

import pytest
from lxml import etree, html

from index.errors import LoadError
from index.load import zip_archive
from index.load.archives.http_body import unpack
from index.load.base import Source
from index.load.docx.lists import Lists
from index.load.html.formula import drawn_characters, formula
from index.load.html.preformatted import write_preformatted
from index.load.mail.parts import bodies
from index.load.plain.header_fields import split_header
from index.load.records.field_names import _entries
from index.load.records.jsonl import _day, _names_given
from index.load.registry import _check, _kind
from index.load.zip_archive import Archive, parse_xml
from tests.index.load.conftest import One
from tests.index.load.web_archives import WORD, zipped


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<msub><mi>x</mi><mn>2</mn></msub>", "x_2"),
        ("<munder><mi>x</mi><mi>a+b</mi></munder>", "x_(a+b)"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x_1^2"),
        ("<mover><mi>x</mi><mo>-</mo></mover>", "x^-"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac>", "a/(b + c)"),
        ("<msqrt><mi>x</mi></msqrt>", "√(x)"),
        ("<mi>x</mi><!-- y --><annotation>z</annotation>", "x"),
    ],
)
def test_a_formula_is_written_on_one_line(markup: str, text: str) -> None:
    assert formula(html.fromstring(f"<math>{markup}</math>")) == text


@pytest.mark.parametrize(
    ("attributes", "characters"),
    [
        ('alt="😀"', "😀"),
        ('alt="😀" aria-hidden="true"', ""),
        ('alt="x^2" class="latex"', "x^2"),
        ('alt="A harbour"', ""),
    ],
)
def test_pictures_of_characters(attributes: str, characters: str) -> None:
    assert drawn_characters(html.fromstring(f"<img {attributes}>")) == characters


@pytest.mark.parametrize(
    ("packed", "coding"),
    [
        (gzip.compress(b"<p>"), "gzip"),
        (zlib.compress(b"<p>"), "deflate"),
        (b"\x0b\x01\x80<p>\x03", "br"),
        (b"(\xb5/\xfd\x20\x03\x19\x00\x00<p>", "zstd"),
        (b"<p>", "gzip"),
        (b"<p>", "other"),
    ],
    # What is packed holds the time, and processes that share tests need names alike.
    ids=itertools.count(),
)
def test_bodies_are_unpacked(packed: bytes, coding: str) -> None:
    assert unpack(packed, "", coding) == b"<p>"


class _Loader:
    suffixes: Any = (".a",)
    content_types: Any = ("text/a",)
    load: Any = print


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("suffixes", [".a"], "no tuple"),
        ("content_types", (1,), "no tuple"),
        ("suffixes", ("a",), "no suffix"),
        ("suffixes", (".A",), "no suffix"),
        ("load", None, "no method"),
    ],
)
def test_a_loader_that_is_none(name: str, value: Any, reason: str) -> None:
    loader = _Loader()
    setattr(loader, name, value)
    with pytest.raises((TypeError, ValueError), match=reason):
        _check(loader)
    _check(_Loader())


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\n%PDF-1.7", "application/pdf"),
        (zipped({"mimetype": b""})[:30] + b"mimetypeapplication/epub+zip", "application/epub+zip"),
        (zipped({"a.txt": b""}), None),
        (b"<!doctype html><p>", "text/html"),
    ],
    ids=itertools.count(),
)
def test_what_bytes_prove(data: bytes, kind: str | None) -> None:
    assert _kind(data, generic=True) == kind


def _encrypted() -> bytes:
    data = bytearray(zipped({"a": "b"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("limit", "data", "reason"),
    [
        ("MAX_MEMBERS", zipped({"a": "b", "c": "d"}), "2 files in it"),
        ("MAX_MEMBER", zipped({"a": "bb"}), "2 bytes, over the limit"),
        ("MAX_RATIO", zipped({"a": "b" * 100}), "would grow"),
        ("", _encrypted(), "encrypted"),
        ("", b"PK\x03\x04", "not a zip archive"),
    ],
)
def test_archives_that_are_not_unpacked(
    monkeypatch: pytest.MonkeyPatch, limit: str, data: bytes, reason: str
) -> None:
    if limit:
        monkeypatch.setattr(zip_archive, limit, 1)
        monkeypatch.setattr(zip_archive, "RATIO_FROM", 50)
    source = Source.of_bytes(data, "a.zip")
    with pytest.raises(LoadError, match=reason), Archive.open(source) as archive:
        archive.read("a")


def test_an_archive_whose_files_overlap() -> None:
    data = zipped({"a": b"x" * 10})
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        file.infolist()[0].compress_size = 10_000
        with pytest.raises(LoadError, match="overlap"):
            Archive(file, Source.of_bytes(data, "a.zip"))


def test_members_of_many_elements_and_those_named_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_archive, "MAX_ELEMENTS", 2)
    source = Source.of_bytes(zipped({"a": "text"}), "a.zip")
    with pytest.raises(LoadError, match="3 elements"):
        parse_xml(b"<a><b/><c/></a>", source, "a")
    with Archive.open(source) as archive:
        assert [archive.text("a"), archive.text("a")] == ["text", "text"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<pre>a<br>b</pre>", "<div><p>a<br>b</p></div>"),
        ("<pre><code>a | b\nc | d</code></pre>", "<div><p>a | b<br>c | d</p></div>"),
        ("<pre>a <pre>b</pre></pre>", "<div><p>a b</p></div>"),
    ],
)
def test_preformatted_text(markup: str, text: str) -> None:
    root = html.fromstring(f"<main>{markup}</main>")
    write_preformatted(root)
    assert etree.tostring(root, method="html", encoding="unicode") == f"<main>{text}</main>"


def _mail(kind: str, *parts: str) -> MIMEPart:
    head = f'Content-Type: multipart/{kind}; boundary="b"\n\n'
    body = "".join(f"--b\n{part}\n" for part in parts) + "--b--\n"
    return message_from_bytes((head + body).encode(), policy=policy.default)


_PLAIN, _PAGE = "Content-Type: text/plain\n\nWords.", "Content-Type: text/html\n\n<p>Words."
_SENT = "Content-Type: message/rfc822\n\nSubject: Harbour\n\nWords."
_NESTED = f'Content-Type: multipart/mixed; boundary="c"\n\n--c\n{_PAGE}\n--c\n{_PLAIN}\n--c--'


@pytest.mark.parametrize(
    ("mail", "forms"),
    [
        (_mail("signed", _PLAIN, "Content-Type: application/pgp-signature\n\nx"), ["plain"]),
        (_mail("report", _PLAIN, _SENT), ["plain"]),
        (_mail("mixed", _PLAIN, _SENT), ["plain", "message"]),
        (_mail("alternative", _PLAIN, _PAGE), ["html+plain"]),
        (_mail("alternative", _PLAIN), ["plain"]),
        (_mail("alternative", _PLAIN, _NESTED), ["html", "plain"]),
        (_mail("mixed"), []),
    ],
)
def test_parts_of_a_mail_that_are_shown(mail: MIMEPart, forms: list[str]) -> None:
    shown = [
        "+".join(name for name in ("html", "plain", "message") if getattr(body, name))
        for body in bodies(mail)
    ]
    assert shown == forms


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("3. a\n4. b", "3. a\n\n4. b"),
        ("```\na\n```", "a"),
        ("a  \nb", "a\nb"),
        ("a<br>b", "a\nb"),
        ("m<sup>2 and", "m 2 and"),
        ("<q>a <sub>b</q> c", "“a b” c"),
        ("a</sup> b", "a b"),
        ("~~gone~~ here", "here"),
    ],
)
def test_rare_marks_of_markdown(one: One, markdown: str, text: str) -> None:
    assert one("a.md", markdown).text == text


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (datetime(2025, 3, 1, 12, 0), date(2025, 3, 1)),
        (date(2025, 3, 1), date(2025, 3, 1)),
        (20250301, date(2025, 3, 1)),
        (" ", None),
        ("05/06/2025", "05/06/2025"),
    ],
)
def test_days_of_a_record(value: object, day: object) -> None:
    assert _day(value) == day


def test_names_of_a_record() -> None:
    assert _names_given([]) == _names_given({}) == ""
    assert "a.b" in _names_given({"a": {"b": 1}})
    deep: dict[Any, Any] = {"title": "x", 1: "no name"}
    for _ in range(9):
        deep = {"data": deep}
    assert 0 < len(list(_entries(deep))) < 9


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Author: Anna Weiss\nSource: https://a.example\n\nIt rained.", {"author", "url"}),
        ("Author: Anna Weiss\nSource: The Post\n\nIt rained.", {"author", "publisher"}),
        ("Date: soon\nAuthor: Anna Weiss\n\nIt rained.", set()),
    ],
)
def test_fields_above_a_text(text: str, fields: set[str]) -> None:
    assert set(split_header(text)[0].fields) == fields


_LISTS = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt '
    'w:val="decimalZero"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="9"/></w:num>'
)
_LOOP = (
    '<w:style w:styleId="a"><w:basedOn w:val="b"/></w:style>'
    '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
)


def _xml(name: str, inner: str) -> Any:
    return etree.fromstring(f'<w:{name} xmlns:w="{WORD}">{inner}</w:{name}>')


def _item(number: str, depth: str = "0") -> str:
    return f'<w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'


@pytest.mark.parametrize(
    ("properties", "mark"),
    [
        (_item("1"), "01."),
        (_item("2"), "-"),
        (_item("7"), "-"),
        (_item("1", "5"), "-"),
        (_item("0"), ""),
        ('<w:pPr><w:pStyle w:val="a"/></w:pPr>', ""),
    ],
)
def test_marks_of_lists(properties: str, mark: str) -> None:
    lists = Lists(_xml("numbering", _LISTS), _xml("styles", _LOOP))
    assert lists.mark(_xml("p", properties)).strip() == mark
