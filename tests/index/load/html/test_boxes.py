from __future__ import annotations

import pytest

from index.article import Article
from index.load.base import Source
from index.load.html.loader import HtmlLoader
from tests.index.load.webpages import HEADLINE, P, paragraphs, read

WHOLE = "\n\n".join(P)
H1 = f"<h1>{HEADLINE}</h1>"
STORY = "<a href=/1>A seal moves into the lido</a>"
LEDE = "A seal has moved into the lido of Orrel, and the swimmers say that it has the better lane."


def body(box: str) -> str:
    return f"<article>{H1}<div class=story>{paragraphs(0, 4)}{box}{paragraphs(4)}</div></article>"


@pytest.mark.parametrize(
    "box",
    [
        f"<h3>Most read</h3><ul><li>{STORY}</li></ul>",
        f"<p><b>Related stories</b></p><p>{STORY}</p>",
        f"<div><h4>Most popular</h4><div><h5>{STORY}</h5><p>{LEDE}</p></div></div>",
        f"<section><header><h2>Top stories</h2></header><p>{STORY}</p><p>{LEDE}</p></section>",
        f"<div><span>Mehr zum Thema</span><article>{STORY}</article></div>",
        f"<section><h3>Más información</h3>{STORY}</section>",
        f"<div><p>Sur le même sujet</p><ul><li>{STORY}</li></ul></div>",
        f"<div><h3>Potrebbe interessarti anche</h3><p>{STORY}</p></div>",
        "<div><h3>The tide in your post</h3><p>What the sea brings, each day at six.</p>"
        "<form><input type=email><button>Send</button></form></div>",
        "<div><h3>Der Newsletter der Küste</h3><p>Jeden Morgen um sechs alles Wichtige.</p>"
        "<a href=/n>Jetzt abonnieren</a></div>",
        "<section><h3>Sobre el autor</h3><p>Ada Roe escribe desde 2011 sobre barcos.</p></section>",
        "<div><h4>Local news costs something</h4><p>Join 900 subscribers, and cancel at will.</p>"
        "<a href=/subscribe>See what we have</a></div>",
        "<div><p>Our choice: the Altis flask, 39,90 €.</p><a href=/x>See the offer</a></div>",
        "<div><p><strong>From our sponsor</strong></p><p>Wellwax boots reach the knee.</p></div>",
        "<div><h3>Media contact</h3><p>Erik Strand<br>press@pier.example</p></div>",
        "<div><p>In this article</p><ol><li><a href=#a>Why</a></li><li><a href=#b>How</a></li></ol>"
        "</div>",
        "<div class='podcast-promo'><p>Hear the voices of the coast, and tell us what else the"
        " programme should look into this week.</p></div>",
    ],
)
def test_what_is_boxed_is_none_of_the_article_and_is_listed(box: str) -> None:
    article = read(body(box))
    assert article.text == WHOLE
    assert article.findings.left_out


@pytest.mark.parametrize(
    "own",
    [
        "<h3>Most read in the school</h3><p>Crime novels are lent most, says the librarian.</p>",
        "<h3>Most popular</h3><ul><li>Wexmouth to Leeham, 212 a day</li></ul>",
        "<h3>About the author</h3>" + paragraphs(2, 4) * 3,
        "<div><p>A year costs £30, and <a href=/offers>offers</a> for pupils end in May.</p></div>",
        "<h3>Contents of the hold</h3><ul><li>Nine sacks of flour for the school</li></ul>",
        "<p>Readers of the newsletter sent 300 letters to the county within one week.</p>",
    ],
)
def test_what_only_looks_like_a_box_stays(own: str) -> None:
    text = read(body(own)).text
    assert all(line in text for line in P)
    assert len(text) > len(WHOLE) + 20


def test_a_menu_below_the_article_is_left_out() -> None:
    links = "<li><a href=/p>Version for printing</a></li><li><a href=/m>Mail it</a></li>"
    menu = f"<ul class=tools>{links}</ul>"
    story = f"<div><div>{H1}<div class=story>{paragraphs()}{menu}</div></div></div>"
    assert read(story).text == WHOLE


@pytest.mark.parametrize(
    "top",
    [
        f"<article><header>{H1}<b>{P[0]}</b></header><div>{paragraphs(1)}</div></article>",
        f"<article>{H1}<strong>{P[0]}</strong><div class=story>{paragraphs(1)}</div></article>",
        f"<div>{H1}<span class=lead>{P[0]}</span><div class=story>{paragraphs(1)}</div></div>",
        f"<main><div>{H1}<h2>{P[0]}</h2></div><article>{paragraphs(1)}</article></main>",
        f"<main><div>{H1}<p class=summary>{P[0][:-1]}</p></div><div>{paragraphs(1)}</div></main>",
    ],
)
def test_a_standfirst_beside_the_body(top: str) -> None:
    assert read(top).text.replace("\n", "") == WHOLE.replace("\n", "") or read(
        top
    ).text == WHOLE.replace(P[0], P[0][:-1])


@pytest.mark.parametrize(
    "heading",
    ["<header><time>14:05</time><h2>Part {}</h2></header>", "<h1>Part {}</h1>",
     "<h2><a href='#p{}'>Part {}</a></h2>"],
)  # fmt: skip
def test_the_headings_of_a_live_blog(heading: str) -> None:
    posts = "".join(
        f"<article class=post>{heading.replace('{}', str(i))}"
        f"<div>{paragraphs(2 * i, 2 * i + 2)}</div></article>"
        for i in range(4)
    )
    text = read(f"<main><h1>{HEADLINE}</h1><div>{posts}</div></main>").text
    assert [line for line in text.split("\n\n") if line not in P] == [f"Part {i}" for i in range(4)]


def test_a_headline_with_a_line_before_it_is_no_paragraph() -> None:
    page = (
        f"<html lang=en><head><title>{HEADLINE} – The Coast</title></head><body><article><h2>"
        f"<span class=kicker>Boats</span><span class=headline>{HEADLINE}</span></h2>"
        f"<div>{paragraphs()}</div></article></body></html>"
    )
    (article,) = HtmlLoader().load(Source.of_bytes(page.encode(), "x.html"), 100_000)
    assert isinstance(article, Article)
    assert article.text == WHOLE
