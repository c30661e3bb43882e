from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import load_bytes, load_file
from tests.index.load.conftest import One, Refusal
from tests.index.load.webpages import P, article, paragraphs, read

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
    "- Die Busse fahren um.\n\n- Die Schule bleibt offen.\n\n"
    "Jahr | Autos\n\n2024 | Autos: 12.000\n\n"
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
    "odd",
    ["\x00", "\x01", "\x02", "\x08", "\x0c", "\x1f", "\ufffe", "\uffff", "&#0;", "&#2;", "&#x0b;",
     "&#xFFFF;", "&#31"],
)  # fmt: skip
def test_odd_characters_cost_no_page(odd: str) -> None:
    found = read(article(paragraphs(0, 2) + f"<p>{P[2][:-1]}{odd}.</p>"))
    assert found.text.replace(" .", ".") == "\n\n".join(P[:3])


SCRIPTS = {
    "hi": "बंदरगाह बोर्ड ने मंगलवार को पुराने अनाज टर्मिनल को बंद करने का फैसला किया।",
    "bn": "বন্দর বোর্ড মঙ্গলবার পুরনো শস্য টার্মিনাল বন্ধ করার সিদ্ধান্ত নিয়েছে বলে জানিয়েছে।",
    "ur": "بندرگاہ بورڈ نے منگل کو پرانے اناج ٹرمینل کو بند کرنے کا فیصلہ کیا۔",
    "am": "የወደብ ቦርዱ ማክሰኞ ዕለት አሮጌውን የእህል ተርሚናል ለመዝጋት ዛሬ ወሰነ።",
    "hy": "Նավահանգստի խորհուրդը երեքշաբթի օրը որոշեց փակել հին հացահատիկի տերմինալը։",
    "th": "คณะกรรมการท่าเรือลงมติเมื่อวันอังคารให้ปิดท่าเทียบเรือธัญพืชเก่า มีคนทำงานที่นั่น",
    "my": "ဆိပ်ကမ်းဘုတ်အဖွဲ့သည် အင်္ဂါနေ့တွင် စပါးဆိပ်ကမ်းဟောင်းကို ပိတ်ရန် ဆုံးဖြတ်ခဲ့သည်။",
    "km": "ក្រុមប្រឹក្សាកំពង់ផែបានសម្រេចនៅថ្ងៃអង្គារបិទចំណតគ្រាប់ធញ្ញជាតិចាស់។",
    "ja": "港湾委員会は火曜日、古い穀物ターミナルを閉鎖することを決定した。",
}


@pytest.mark.parametrize("lang", SCRIPTS)
def test_sentences_of_all_scripts(lang: str) -> None:
    line = SCRIPTS[lang]
    body = f"<article><h1>{line[:12]}</h1><p>{line}</p><p>{line} {line}</p></article>"
    found = read(body, f"<title>{line[:12]}</title>", lang)
    assert found.text == f"{line}\n\n{line} {line}"


def test_a_poem_is_an_article_and_a_menu_is_none() -> None:
    verses = (
        "<p>over the harbour the evening lies<br>and nobody counts the boats</p>"
        "<p>the gulls have gone to other skies<br>and grey is the colour of coats</p>"
        "<p>the water is dark as ink and cold<br>as the key in the door of the house</p>"
    )
    assert "lies\nand nobody" in read(article(verses)).text
    links = "".join(f"<p><a href=/{i}>Section number {i} of the paper</a></p>" for i in range(20))
    with pytest.raises(LoadError, match="no article"):
        read(article(links))


def test_hard_line_ends_are_joined() -> None:
    wrapped = "<br>".join(
        f"and so the {word} of the harbour went on with the work of that" for word in
        ("clerks", "cooks", "crews", "guards", "pilots")
    )  # fmt: skip
    assert "that and so the cooks" in read(article(f"{paragraphs(0, 1)}<p>{wrapped} day.</p>")).text


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
        (page("", "<b>x</b>" * 100_000), "100,0"),
        (page("", "<div>" * 50_000), "no article"),
    ],
    ids=["menu", "script", "empty", "binary", "many-elements", "deep"],
)
def test_refusals(refusal: Refusal, content: str | bytes, reason: str) -> None:
    assert reason in refusal("a.html", content)


def test_an_article_may_be_too_long(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page("", "<p>Word by word it goes on and on. </p>" * 300))
    (refusal,) = load_file(tmp_path / "a.html", 5_000)
    assert isinstance(refusal, LoadError)
    assert "over the limit of 5,000 characters" in refusal.reason


def test_what_stands_behind_the_end_of_the_page_is_read(one: One) -> None:
    first, last = ("".join(f"<p>The {word} boat of {n} was at sea on Monday.</p>" for n in range(9))
                   for word in ("red", "blue"))  # fmt: skip
    page = f"<html><head><title>Boats</title></head><body>{first}</body></html>{last}</body></html>"
    assert one("a.html", page).text.count("blue boat") == 9
