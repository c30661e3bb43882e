from __future__ import annotations

import pytest

from tests.index.load.webpages import HEADLINE, article, paragraphs, read

BARE = f"<div>{paragraphs()}</div>"
SITE = '<meta property="og:site_name" content="Leeham Herald">'


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"<title>{HEADLINE} - Leeham Herald</title>",
         f"<header><h1><a href=/>Leeham Herald</a></h1></header><article><h2>{HEADLINE}</h2>"
         f"{paragraphs()}</article>"),
        (f"<title>{HEADLINE} - Leeham Herald</title>",
         f"<main><h1><a href=/>Leeham Herald</a></h1><h2>{HEADLINE}</h2>{paragraphs()}</main>"),
        (f"<title>{HEADLINE} - Leeham Herald</title>",
         f"<h1 class=section>On the Coast</h1><main><h2>{HEADLINE}</h2>{paragraphs()}</main>"),
        (f"<title>{HEADLINE} - IGN</title>", BARE),
        (f"<title>{HEADLINE} | Coast | Leeham Herald</title>", BARE),
        (f"<title>{HEADLINE} - Leeham Herald - News from the coast</title>{SITE}", BARE),
        (f"<title>Leeham Herald: {HEADLINE}</title>{SITE}", BARE),
        (f"<title>x</title><meta property='og:title' content='{HEADLINE} – Leeham Herald'>{SITE}",
         BARE),
        ("<title>Herald</title><script type='application/ld+json'>"
         f'{{"@type":"NewsArticle","headline":"{HEADLINE}"}}</script>', BARE),
        (f"<title>Leeham Herald – {HEADLINE}</title>",
         f"<header><h1>Leeham Herald</h1></header><article><h1>{HEADLINE}</h1>{paragraphs()}"
         "</article>"),
        ("<title>Leeham Herald</title>",
         f"<header><h1>Leeham Herald</h1></header><article><h2>{HEADLINE}</h2>{paragraphs()}"
         "</article>"),
    ],
    ids=["logo", "logo-inside", "section", "tail", "two-tails", "motto", "before", "open-graph",
         "json-ld", "two-headings", "site-alone"],
)  # fmt: skip
def test_the_headline(head: str, body: str) -> None:
    assert read(body, head).title == HEADLINE


def test_a_dash_of_the_headline_itself_stays() -> None:
    title = "Wexmouth - The Last Boat"
    body = f"<article><h1>{title}</h1>{paragraphs()}</article>"
    assert read(body, f"<title>{title}</title>").title == title


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ada Roe<br>Monday, November 18, 2019", "Ada Roe"),
        ("Ada Roe November 15, 2019", "Ada Roe"),
        ("By Ada Roe, Political Correspondent", "Ada Roe"),
        ("By Ada Roe Staff Writer", "Ada Roe"),
        ("Von Ada Roe, Redakteurin", "Ada Roe"),
        ("By Theresa May", "Theresa May"),
        ("By Jan Doe, May 3, 2025", "Jan Doe"),
        ("Posted by admin", None),
        ("Von Ada Roe, Leeham", "Ada Roe"),
        ("Author: Ada Roe, 12:30 pm", "Ada Roe"),
        ("By Dr. Ada Roe, M.D.", "Dr Ada Roe"),
        ("By Ada Roe Photographs by Bo Doe", "Ada Roe"),
        ("Par Ada Roe avec AFP", "Ada Roe"),
        ("Ada Roe; Envoyée Spéciale À Leeham", "Ada Roe"),
        ("Joined 3 March 2019", None),
        ("Reuters", None),
        ("By The Associated Press", None),
        ("dpa/AFP", None),
        ("Reuters Staff", None),
        ("By Ada Roe, Reuters", "Ada Roe"),
        ("By Ann Reuters", "Ann Reuters"),
        ("AGI", None),
        ("Ada Roe / AGI", "Ada Roe"),
    ],
)
def test_the_author(line: str, author: str | None) -> None:
    assert read(article(f"<p class=author>{line}</p>{paragraphs()}")).author == author


def test_authors_in_json_ld_without_their_jobs() -> None:
    said = '"author":[{"name":"Ada Roe, Editor"},{"@type":"Person","name":"Bo Doe"}]'
    head = f'<script type="application/ld+json">{{"@type":"BlogPosting",{said}}}</script>'
    assert read(article(paragraphs()), head).author == "Ada Roe; Bo Doe"


@pytest.mark.parametrize(
    ("tag", "publisher"),
    [
        ('<meta name="publisher" content="Copyright 2014 by Leeham Herald GmbH">', "Leeham Herald"),
        ('<meta name="copyright" content="© 2020-2024 Leeham Herald. All rights reserved.">',
         "Leeham Herald"),
        ('<meta name="copyright" content="Copyright 2014">', "Coast Post"),
        ('<meta name="publisher" content="https://social.example/herald">', "Coast Post"),
        (SITE, "Leeham Herald"),
        ('<meta property="og:site_name" content="Home">', "Coast Post"),
        ('<meta property="og:site_name" content="Leeham Herald | News of the coast">',
         "Leeham Herald"),
    ],
)  # fmt: skip
def test_the_publisher(tag: str, publisher: str) -> None:
    head = f"<title>{HEADLINE} - Coast Post</title>{tag}"
    assert read(article(paragraphs()), head).publisher == publisher


def test_a_publisher_that_is_none_gives_way_to_the_host() -> None:
    head = f'<title>{HEADLINE}</title><meta name="copyright" content="Copyright 2014">'
    found = read(article(paragraphs()), head, url="https://www.herald.example/ferry")
    assert found.publisher == "herald.example"


def test_a_family_name_that_stands_first() -> None:
    head = f'<title>{HEADLINE}</title><meta name="author" content="Roe, Ada">'
    assert read(article(paragraphs()), head).author == "Ada Roe"


def test_a_page_that_nobody_gave_a_title() -> None:
    heading = f'<h1>{HEADLINE}<span class="kicker">Coast</span></h1>'
    body = f"<article>{heading}{paragraphs()}</article>"
    assert read(body, "<title>Home</title>").title == HEADLINE


@pytest.mark.parametrize(
    ("author", "publisher"),
    [
        ('"Reuters"', "Reuters"),
        ('{"@type":"Organization","name":"AFP"}', "AFP"),
        ('[{"name":"dpa"},{"name":"Ada Roe"}]', "dpa"),
    ],
)
def test_an_agency_is_the_publisher_where_no_other_is_stated(author: str, publisher: str) -> None:
    said = f'{{"@type":"NewsArticle","author":{author}}}'
    head = f'<title>{HEADLINE}</title><script type="application/ld+json">{said}</script>'
    assert read(article(paragraphs()), head).publisher == publisher
    found = read(article(paragraphs()), head + SITE)
    assert (found.publisher, found.author) == (
        "Leeham Herald",
        "Ada Roe" if "Roe" in author else None,
    )


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("港务局周二决定关闭旧码头_新闻中心_港报网", "港务局周二决定关闭旧码头"),
        ("港湾局、古い桟橋を閉鎖へ｜港新聞デジタル", "港湾局、古い桟橋を閉鎖へ"),
        ("港湾局、古い桟橋を閉鎖へ | 港ニュース - 港新聞", "港湾局、古い桟橋を閉鎖へ"),
        ("特集｜港湾局が古い桟橋を閉鎖することを決めた理由",
         "特集｜港湾局が古い桟橋を閉鎖することを決めた理由"),
        ("港口关闭——四十人失去工作", "港口关闭——四十人失去工作"),
        ("GPT-4发布后港口股价下跌", "GPT-4发布后港口股价下跌"),
        ("항만청은 낡은 터미널을 닫기로 - 항구일보", "항만청은 낡은 터미널을 닫기로"),
    ],
)  # fmt: skip
def test_titles_without_capitals(title: str, headline: str) -> None:
    assert read(BARE, f"<title>{title}</title>").title == headline


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("港报网_港务局周二决定关闭旧码头", '<meta property="og:site_name" content="港报网">'),
        ("港务局周二决定关闭旧码头——港报网", '<meta property="og:site_name" content="港报网">'),
        (f"{HEADLINE} - herald.example", ""),
        (f"{HEADLINE}_Leeham Herald", SITE),
        (f"{HEADLINE}—Leeham Herald", SITE),
        (f"Leeham Herald > {HEADLINE}", SITE),
    ],
)
def test_the_name_of_the_site_goes(title: str, head: str) -> None:
    found = read(BARE, f"<title>{title}</title>{head}").title
    assert found == (HEADLINE if HEADLINE in title else "港务局周二决定关闭旧码头")


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("Leeham Herald - News of the coast", "Leeham Herald"),
        ("Leeham Herald: all that moves the coast", "Leeham Herald"),
        ("Leeham - Wexmouth Herald", "Leeham - Wexmouth Herald"),
        ("3 March 2019", "Coast Post"),
    ],
)
def test_a_motto_is_no_name(name: str, publisher: str) -> None:
    head = f'<title>{HEADLINE} - Coast Post</title><meta property="og:site_name" content="{name}">'
    assert read(article(paragraphs()), head).publisher == publisher


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ('<span class="author vcard"><a class="url fn n">Dunja Kovač</a></span>', "Dunja Kovač"),
        ("<span>By </span><a>Ann Roe</a><span> and </span><a>Bo Lind</a>", "Ann Roe; Bo Lind"),
        ("2024-05-17 08:30 来源：海港日报 作者：王小明", "王小明"),
        ("2025年3月4日 21時15分 <span>取材・文＝佐藤健</span>", "佐藤健"),
        ("<ul><li><b>Author:</b> Ann Roe</li><li><b>Topic:</b> Ships</li></ul>", "Ann Roe"),
        ("<p class=author>بقلم: سمير حداد</p>", "سمير حداد"),
        ("The board met.", None),
        ("<a rel=author>Eva Horn</a>, transport editor, and <a rel=author>Jon Pask</a>",
         "Eva Horn; Jon Pask"),
        ("<div data-component=byline-block><span data-testid=byline-names>Wyn Price</span><br>"
         "<span>Business reporter, Isle News</span></div>", "Wyn Price"),
        ("<p class=author>Staff Writer</p>", None),
        ("<p>홍길동 기자 hong@daily.example</p>", "홍길동"),
    ],
)  # fmt: skip
def test_the_author_stands_below_the_headline(line: str, author: str | None) -> None:
    body = f"<article><h1>Ferries</h1><div>{line}</div>{paragraphs()}</article>"
    assert read(body).author == author
