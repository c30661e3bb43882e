from __future__ import annotations

from datetime import date

import pytest

from index.article import Article
from index.load import load_bytes
from tests.index.load.conftest import One, Refusal

BODY = """<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Brücke gesperrt</h1>
<p>Die alte Brücke über den Fluss ist seit Montag gesperrt, teilte die Stadt
am Dienstag mit.<br>Ein Ende ist nicht abzusehen.</p>
<h2>Wie lange?</h2><p>Bis in den <a href="/h">Herbst</a>, sagen Fußgänger.</p>
<ul><li>Die Busse fahren um.</li><li>Die Schule bleibt <b>offen</b>.</li></ul>
<table><tr><th>Jahr</th><th>Autos</th></tr><tr><td>2024</td><td>12.000</td></tr></table>
<p>Was die Anwohner davon halten, ist nicht wenig und nicht schön.</p></article>
<footer>Impressum | Datenschutz</footer>"""
META = """<meta property="og:site_name" content="Der Bote">
<meta name="author" content="Anna Weiss">
<meta property="article:published_time" content="2025-03-04T23:30:00+01:00">
<link rel="canonical" href="https://www.bote.example/news/bruecke?utm_source=x#top">"""
TEXT = (
    "Die alte Brücke über den Fluss ist seit Montag gesperrt, teilte die Stadt am Dienstag mit.\n"
    "Ein Ende ist nicht abzusehen.\n\nWie lange?\n\nBis in den Herbst, sagen Fußgänger.\n\n"
    "- Die Busse fahren um.\n\n- Die Schule bleibt offen.\n\nJahr | Autos\n\n2024 | 12.000\n\n"
    "Was die Anwohner davon halten, ist nicht wenig und nicht schön."
)


def page(meta: str = META, body: str = BODY, lang: str = ' lang="de-AT"') -> str:
    title = "<title>Brücke gesperrt - Der Bote</title>"
    return f"<!doctype html><html{lang}><head>{title}{meta}</head><body>{body}</body></html>"


def fetched(data: bytes, url: str | None = None, kind: str | None = "text/html") -> Article:
    (found,) = load_bytes(data, url or "x", url=url, content_type=kind, max_chars=100_000)
    assert isinstance(found, Article), found
    return found


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xhtml"])
def test_a_page(one: One, name: str) -> None:
    found = one(name, page())
    assert (found.title, found.text) == ("Brücke gesperrt", TEXT)
    assert (found.publisher, found.author, found.language) == ("Der Bote", "Anna Weiss", "de")
    assert found.published_at == date(2025, 3, 4)
    assert found.url == "https://www.bote.example/news/bruecke"


def test_a_date_that_only_the_text_names_is_not_the_page_s(one: One) -> None:
    body = BODY.replace("seit Montag", "seit dem 4. März 2024")
    assert one("a.html", page("", body)).published_at is None


@pytest.mark.parametrize(
    ("encoding", "label", "meta"),
    [
        ("utf-8", "text/html; charset=iso-8859-1", "iso-8859-1"),
        ("cp1252", "text/html", "iso-8859-1"),
        ("cp1252", "text/html; charset=utf-8", "utf-8"),
        ("utf-16", "text/html", ""),
        ("utf-8-sig", "text/html; charset=ascii", ""),
    ],
)
def test_wrong_labels(encoding: str, label: str, meta: str) -> None:
    data = page(f'<meta charset="{meta}">').encode(encoding)
    assert fetched(data, kind=label).text == TEXT


def test_cyrillic_that_is_called_western() -> None:
    text = "Мост через реку закрыт с понедельника, сообщили городские власти во вторник утром."
    data = f'<html><meta charset="windows-1252"><body><p>{text}</p></body></html>'.encode("cp1251")
    assert fetched(data).text == text


def test_a_stray_byte_costs_a_character_and_not_the_page() -> None:
    data = page().encode().replace(b"Ende", b"En\xffde")
    assert "En\ufffdde ist" in fetched(data).text


@pytest.mark.parametrize(
    ("canonical", "url", "known_as"),
    [
        ("https://bote.example/a", "https://bote.example/a?ref=1", "https://bote.example/a"),
        ("/a", "https://bote.example/amp/a", "https://bote.example/a"),
        ("https://bote.example/", "https://bote.example/a", "https://bote.example/a"),
        ("https://evil.example/a", "https://bote.example/a", "https://bote.example/a"),
        ("javascript:x", "https://bote.example/a#b", "https://bote.example/a"),
        ("https://www.bote.example/a", "https://m.bote.example/a", "https://www.bote.example/a"),
    ],
)
def test_the_address_that_a_page_is_known_by(canonical: str, url: str, known_as: str) -> None:
    found = fetched(page(f'<link rel="canonical" href="{canonical}">').encode(), url)
    assert found.url == known_as


def test_a_saved_page_and_a_fetched_one_are_one_article(one: One) -> None:
    saved = "<!-- saved from url=(0029)https://bote.example/bruecke/ -->"
    found = one("a.html", page("").replace("<html", f"{saved}<html"))
    again = fetched(
        page("", BODY.replace("gesperrt", "zu")).encode(), "https://bote.example/bruecke"
    )
    assert found.url == "https://bote.example/bruecke/"
    assert found.id == again.id


def test_bytes_are_what_they_are_and_not_what_they_are_called() -> None:
    data = page().encode()
    for kind in ("text/plain", "application/octet-stream", None):
        assert fetched(data, "https://bote.example/get?file=1.pdf", kind).text == TEXT


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            page("", "<nav><ul>" + "<li><a href=x>Section</a></li>" * 40 + "</ul></nav>"),
            "no article",
        ),
        (page("", "<noscript>Please enable JavaScript.</noscript>"), "no article"),
        ("   ", "empty or no HTML"),
        (b"<html>\0\0", "binary data"),
        (page("", "<p>Word by word it goes on and on and on. </p>" * 30_000), "over the limit"),
        (page("", "<b>x</b>" * 100_000), "100,0"),
        (page("", "<div>" * 50_000), "no article"),
    ],
    ids=["menu", "script", "empty", "binary", "long", "many-elements", "deep"],
)
def test_refusals(refusal: Refusal, content: str | bytes, reason: str) -> None:
    assert reason in refusal("a.html", content)
