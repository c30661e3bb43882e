from __future__ import annotations

from datetime import date

import pytest
from lxml.html import fragment_fromstring

from index.article import Article
from index.errors import LoadError
from index.ingest.preparation import prepare_article
from index.load import as_page, load_bytes
from index.load.html.page_blocks import text_blocks
from index.load.html.page_texts import page_texts
from index.settings import IndexSettings
from tests.index.load.webpages import HEADLINE, P, article, paragraphs, read

H1 = f"<h1>{HEADLINE}</h1>"
WHOLE = "\n\n".join(P)


@pytest.mark.parametrize(
    "body",
    [
        f"<main>{H1}<section class=a>{paragraphs(0, 4)}</section>"
        f"<section class=b>{paragraphs(4)}</section></main>",
        f"<div class=x>{H1}<div class='body-text'>{paragraphs(0, 3)}</div><div class=ad>Ad</div>"
        f"<div class='body-text'>{paragraphs(3, 6)}</div>"
        f"<div class='body-text'>{paragraphs(6)}</div></div>",
        f"<div><div>{H1}<div><div class=c1>{paragraphs(0, 1)}</div></div>"
        f"<div class=c2>{paragraphs(1, 4)}</div><div class=c3>{paragraphs(4)}</div></div></div>",
        f"<main>{H1}<article>{paragraphs(0, 5)}</article><article>{paragraphs(5)}</article></main>",
        f"<article><header>{H1}<p>{P[0]}</p><p>By Ada Roe</p></header>"
        f"<div itemprop=articleBody>{paragraphs(1)}</div></article>",
        f"<article>{H1}<h2 class=deck>{P[0]}</h2><div class=story>{paragraphs(1)}</div></article>",
        f"<main>{H1}<div class=lead>{P[0]}</div><div class=body__text>{paragraphs(1)}</div></main>",
    ],
    ids=["sections", "three-bodies", "deep", "articles", "header", "deck", "summary"],
)
def test_an_article_in_several_containers(body: str) -> None:
    assert (
        read(f"<nav><a href=/>Home</a></nav>{body}<footer><p>About us</p></footer>").text == WHOLE
    )


@pytest.mark.parametrize(
    "part", ["<span style='height:0'>seven</span>", "<span class='tags'>seven</span>",
             "<span class='premium-box'>seven</span>"]
)  # fmt: skip
def test_a_sentence_of_which_extraction_drops_a_word_stands_there_once(part: str) -> None:
    line = f"<p>The board of the port has {part} members, and three of them are fishermen.</p>"
    text = read(f"<main>{H1}{paragraphs(0, 3)}{line}{paragraphs(3)}</main>").text
    assert text.split("\n\n") == [
        *P[:3], "The board of the port has seven members, and three of them are fishermen.", *P[3:]
    ]  # fmt: skip


def test_a_line_of_links_below_is_left_out_and_a_list_of_facts_is_not() -> None:
    bar = "<p><a href=/1>Turbine falls into the sea</a> <a href=/2>Who owns the sun?</a></p>"
    facts = "<ul><li>The boat leaves at nine on weekdays</li><li>It holds ninety people</li></ul>"
    page = read(f"<article>{H1}{paragraphs()}{facts}{bar}</article>")
    assert page.text.split("\n\n") == [
        *P, "- The boat leaves at nine on weekdays", "- It holds ninety people"
    ]  # fmt: skip
    assert [text for text, _ in page.findings.left_out] == [
        "Turbine falls into the sea Who owns the sun?"
    ]


def test_a_standfirst_in_a_box_and_a_bar_of_links_below() -> None:
    standfirst = "<div class=subheadline><p>The boats that nobody took will be sold</p></div>"
    bar = "<div><a href=/1>Turbine falls</a><a href=/2>Who owns the sun?</a></div>"
    page = read(f"<main><div>{H1}</div>{standfirst}<div>{paragraphs()}</div>{bar}</main>")
    assert page.text == f"The boats that nobody took will be sold\n\n{WHOLE}"
    assert page.findings.left_out == (("Turbine falls Who owns the sun?", "outside the body"),)


def test_a_live_blog_keeps_its_posts_and_their_headings() -> None:
    posts = (
        f"<article class=live><h3>{10 + i}:00 Part {i}</h3>{paragraphs(2 * i, 2 * i + 2)}</article>"
        for i in range(4)
    )
    text = read(f"<main>{H1}{''.join(posts)}</main>").text
    assert [line for line in text.split("\n\n") if line not in P] == [
        f"{10 + i}:00 Part {i}" for i in range(4)
    ]
    assert all(line in text for line in P)


def test_what_extraction_finds_later_stands_where_it_stood() -> None:
    posts = "".join(f"<div class=post><h3>Part {i}</h3><p>{P[i]}</p></div>" for i in range(1, 5))
    text = read(f"<main>{H1}<p>{P[0]}</p><div class=liveblog>{posts}</div></main>").text
    lines = [line for i in range(1, 5) for line in (f"Part {i}", P[i])]
    assert text.split("\n\n") == [P[0], *lines]


def test_an_embedded_post_is_a_part_of_the_article() -> None:
    post = "<div class=embed><blockquote><p>We will fight for this boat as long as we can.</p>"
    body = article(f"{paragraphs(0, 4)}{post}</blockquote></div>{paragraphs(4)}")
    assert f"{P[3]}\n\nWe will fight for this boat as long as we can.\n\n{P[4]}" in read(body).text


OTHERS = (
    ("<div class=author-bio><p>{}</p><p>{}</p></div>", "author"),
    ("<div id=comments><p>{}</p><p>{}</p></div>", "comments"),
    ("<div class='more-on-this'><p>{}</p><p>{}</p></div>", "related"),
    ("<aside><p>{}</p><p>{}</p></aside>", "aside"),
    ("<div class=newsletter-box><p>{}</p><p>{}</p></div>", "newsletter"),
)
SAID = (
    "Ada Roe has written about the coast and its boats for eleven years now.",
    "The weather on the coast was fair for most of the first week of March.",
)


@pytest.mark.parametrize(("part", "reason"), OTHERS)
def test_what_the_page_calls_something_else_is_left_out_and_named(part: str, reason: str) -> None:
    page = as_page(read(article(paragraphs(0, 6) + part.format(*SAID))))
    assert isinstance(page, Article)
    found, provenance = prepare_article(page, date(2026, 1, 1), IndexSettings())
    assert found.text == "\n\n".join(P[:6])
    told = {each.text: (each.line, each.reason) for each in provenance.dropped}
    assert told == dict.fromkeys(SAID, (-1, reason))


def test_articles_below_with_headlines_that_lead_elsewhere_are_others() -> None:
    other = "<article><h3><a href=/x>Other news</a></h3><p>{}</p><p>{}</p></article>"
    body = f"<main>{article(paragraphs())}{other.format(*SAID)}</main>"
    page = read(body)
    assert page.text == WHOLE
    assert SAID[0] in dict(page.findings.left_out)


def test_short_sentences_of_scripts_without_spaces_are_put_back() -> None:
    lines = (
        "港湾委員会は火曜日に閉鎖を決定したと発表した。",
        "銀行は九百万クローネを貸していたと述べた。",
    )
    first, second = (f"<div class=article__body><p>{line}</p></div>" for line in lines)
    assert read(f"<main>{H1}{first}{second}</main>", lang="ja").text == "\n\n".join(lines)


def test_a_page_without_any_article_keeps_its_blocks_apart() -> None:
    last = "A: We sell both of the boats to a firm in the far, far south…"
    lines = ["Q: Why now?", "A: There is no money!", "Q: And then?", last]
    body = "".join(f"<p><b>{line[:2]}</b>{line[2:]}</p>" for line in lines)
    found = read(f"<h1>Talk</h1>{body}", "<title>Talk</title>")
    assert found.text.split("\n\n") == lines


def test_a_bar_of_links_below_a_page_without_any_article() -> None:
    bar = "<div><a href=/1>Turbine falls</a><a href=/2>Who owns the sun?</a></div>"
    story = f"<div class=w><div class=b>{'<br><br>'.join(P[:3])}</div></div>"
    page = read(f"<div><h1>{HEADLINE}</h1>{story}{bar}</div>")
    assert page.text.split("\n") == list(P[:3])


def test_lines_that_extraction_joins_are_apart() -> None:
    box = fragment_fromstring(f"<div><div>Mayor resigns<br>12 May 2003<p>{P[0]}</p></div></div>")
    texts = page_texts(text_blocks(box), ["Mayor resigns12 May 2003", P[0]], "")
    assert texts == ["Mayor resigns\n12 May 2003", P[0]]


def test_a_menu_is_no_list_of_words() -> None:
    links = "".join(f'<li><a href="/{n}">Part {n}</a></li>' for n in range(60))
    with pytest.raises(LoadError, match="no article"):
        read(f"<ul>{links}</ul>")


def test_an_article_goes_on_in_a_brother_of_its_part() -> None:
    first = f'<div class="story"><h1>{HEADLINE}</h1><div>{paragraphs(0, 3)}</div></div>'
    second = f'<div class="story"><div class="more">{paragraphs(3, 6)}</div></div>'
    assert read(first + second).text.split("\n\n") == list(P[:6])


def test_a_heading_that_is_a_word_of_a_paragraph_stays() -> None:
    body = f"<h1>{HEADLINE}</h1><section><h2>Monday</h2>{paragraphs(0, 2)}</section>"
    found = read(f"{body}<section><h2>Council</h2>{paragraphs(2, 4)}</section>")
    assert found.text.split("\n\n") == ["Monday", *P[:2], "Council", *P[2:4]]


def test_a_teaser_is_no_second_part() -> None:
    teaser = (
        '<article class="teaser"><h2><a href="/x">Other story</a></h2><p>The other story of the'
    )
    teaser += " day is about a thing in the town.</p></article>"
    body = f"<article><h1>{HEADLINE}</h1>{paragraphs(0, 2)}</article><article><h2>Second part</h2>"
    found = read(f"{body}{paragraphs(2, 4)}</article>{teaser}")
    assert found.text.split("\n\n") == [*P[:2], "Second part", *P[2:4]]
    assert any(text.startswith("The other story") for text, _ in found.findings.left_out)


def test_blocks_within_a_paragraph_stand_once() -> None:
    inside = f"<p>{P[0]}</p><p>The mayor <details><summary>who?</summary>Voss</details> came.</p>"
    text = read(article(f"{inside}<p>{P[1]}</p>")).text
    assert text.count("The mayor") == text.count("Voss") == 1


OWN = "https://quay.example/live/ferry-line-to-stop-2025"


@pytest.mark.parametrize("link", [f"{OWN}#p{{}}", f"{OWN}?post={{}}", f"{OWN}/post-{{}}", "#p{}"])
def test_headings_that_lead_to_their_own_page_are_headings(link: str) -> None:
    posts = "".join(
        f"<div class=post><time>1{i}:00</time><h3><a href='{link.format(i)}'>Part {i}</a></h3>"
        f"<p>{P[i]}</p></div>"
        for i in range(1, 5)
    )
    text = read(f"<main>{H1}<p>{P[0]}</p>{posts}</main>", url=OWN).text
    assert all(f"Part {i}\n\n{P[i]}" in text for i in range(1, 5))


def test_headings_with_a_number_below() -> None:
    parts = "".join(
        f"<h2>Part {i}</h2><div class=n><span>{i}</span><p>{P[i]}</p></div>" for i in range(1, 6)
    )
    text = read(f"<div id=doc>{H1}<p>{P[0]}</p>{parts}</div>").text
    assert all(f"Part {i}\n\n" in text for i in range(1, 6))


def test_a_section_leads_to_other_articles() -> None:
    teasers = "".join(f"<h3><a href='/sport/{i}'>Boat race {i} is won</a></h3>" for i in range(3))
    body = f"{article(paragraphs())}<div class=more>{teasers}</div>"
    assert "Boat race" not in read(body, url="https://quay.example/sport").text


def test_a_pull_quote_repeats_the_article() -> None:
    quote = "“could not take so many children”"
    found = read(
        article(f"{paragraphs(0, 4)}<blockquote><p>{quote}</p></blockquote>{paragraphs(4)}")
    )
    assert found.text == WHOLE
    assert (quote, "pull quote") in found.findings.left_out


def test_a_heading_in_the_words_of_the_article_stays() -> None:
    heading = "‘Could not take so many children’"
    found = read(article(f"{paragraphs(0, 4)}<h2>{heading}</h2>{paragraphs(4)}"))
    assert heading in found.text


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<span class=par>{line}</span>" for line in P),
        f"<story-text>{''.join(f'<story-par>{line}</story-par>' for line in P)}</story-text>",
        f"<font size=2>{'<p>'.join(P)}</font>",
        f"<b>{P[0]}{paragraphs(1)}</b>",
    ],
    ids=["spans", "custom elements", "font", "bold"],
)
def test_paragraphs_in_other_elements_than_theirs(body: str) -> None:
    assert read(f"<main>{H1}{body}</main>").text.split("\n\n") == list(P)


def test_a_page_that_is_one_broken_line_is_refused_as_none() -> None:
    """All that is extracted of it is a part of its one block."""
    data = b"--\xcc\x81>\x81\xcc\x81\xcc\x81\x81" + b"\xcc\x81" * 32 + b"\xcc"
    (item,) = load_bytes(data, "a.html", max_chars=1000)
    assert isinstance(item, LoadError)
    assert "Error" not in item.reason
