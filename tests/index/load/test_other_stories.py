"""What stands on a page beside its article, and says who wrote what and when of something else."""

from __future__ import annotations

from datetime import date

import pytest

from index.errors import LoadError
from tests.index.load.conftest import One
from tests.index.load.web_archives import docx, paragraph, run
from tests.index.load.webpages import HEADLINE, P, article, paragraphs, read

TITLE = f"<title>{HEADLINE}</title>"


def _json_ld(text: str) -> str:
    return f'{TITLE}<script type="application/ld+json">{text}</script>'


OTHER = (
    '{"@type": "NewsArticle", "headline": "Baker wins prize for bread", "datePublished":'
    ' "2021-01-15", "author": {"@type": "Person", "name": "Joe Doggett"}}'
)
OWN = (
    f'{{"@type": "NewsArticle", "headline": "{HEADLINE}", "datePublished": "2026-01-10",'
    ' "author": {"@id": "#ida"}, "publisher": {"@id": "#echo"}}'
)
PARTIES = (
    '{"@type": "Person", "@id": "#ida", "name": "Ida Falk"},'
    '{"@type": "Organization", "@id": "#echo", "name": "Arle Echo"}'
)


def test_another_story_says_nothing_of_this_one() -> None:
    found = read(article(paragraphs()), _json_ld(OTHER))
    assert (found.published_at, found.author) == (None, None)


def test_the_story_of_the_headline_counts_and_names_by_reference() -> None:
    found = read(article(paragraphs()), _json_ld(f'{{"@graph": [{OTHER}, {OWN}, {PARTIES}]}}'))
    assert found.published_at == date(2026, 1, 10)
    assert (found.author, found.publisher) == ("Ida Falk", "Arle Echo")


def test_a_review_of_a_thing_beside_the_story() -> None:
    review = (
        '{"@type": "Review", "itemReviewed": {"name": "Pump 3000"}, "datePublished": "2019-05-05"}'
    )
    assert read(article(paragraphs()), _json_ld(review)).published_at is None


@pytest.mark.parametrize("author", ["Echo Staff", "Our Correspondent", "dpa/lno", "The Echo"])
def test_an_outlet_and_a_desk_are_no_author(author: str) -> None:
    tags = f'<meta name="author" content="{author}"><meta property="og:site_name" content="Echo">'
    head = f"{TITLE}{tags}"
    assert read(article(paragraphs()), head).author is None


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("市议会批准在河上修建新水坝-时政频道-城市网", "市议会批准在河上修建新水坝"),
        ("中美-日韩贸易谈判结束-新华网", "中美-日韩贸易谈判结束"),
        ("中欧班列西安-汉堡线开通", "中欧班列西安-汉堡线开通"),
    ],
)
def test_a_site_behind_a_dash_without_spaces(title: str, headline: str) -> None:
    body = "<p>市议会星期四决定在旧磨坊下游的河上修建一座新水坝，工程将于九月开始。</p>"
    assert read(f"<div>{body}</div>", f"<title>{title}</title>", "zh").title == headline


def test_a_card_that_opens_over_a_name_is_no_part_of_its_sentence() -> None:
    card = "<span class=card__content><b>Mabel Frost</b> Councillor since 2011</span>"
    line = (
        f"<p>The plan of Cllr. <a href=/frost>Mabel Frost</a>{card}, said the clerk, is sound.</p>"
    )
    text = read(article(line + paragraphs())).text
    assert "The plan of Cllr. Mabel Frost, said the clerk, is sound." in text


def test_letters_of_a_pixel_are_hidden() -> None:
    line = '<p style="font-size:1px">Nobody sees these words of the page.</p>'
    assert "Nobody sees" not in read(article(paragraphs() + line)).text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Pardon Our Interruption", "Something about your browser made us think you were a bot."),
        ("Sign in", "Enter your email address and password to sign in to your account."),
        ("Search", "Your search did not match any articles. Please try other words."),
    ],
)
def test_pages_in_place_of_an_article(title: str, text: str) -> None:
    with pytest.raises(LoadError):
        read(f"<h1>{title}</h1><p>{text}</p>", f"<title>{title}</title>")


def test_the_first_lines_before_a_gate() -> None:
    gate = (
        "<section class=gate><p>To read the full story, choose a plan that suits you.</p></section>"
    )
    with pytest.raises(LoadError):
        read(article(f"<p>{P[0]}</p><p>{P[1]}</p>") + gate)


WHITE = '<w:color w:val="FFFFFF"/>'
DARK = '<w:shd w:val="clear" w:fill="1F4E79"/>'


def test_white_letters_are_read_on_colour_alone(one: One) -> None:
    hidden = run("Nobody sees this. ", WHITE)
    seen = run("On blue it is read.", WHITE + DARK)
    cell = f"<w:tbl><w:tr><w:tc><w:p>{run('Ships', WHITE)}</w:p></w:tc></w:tr></w:tbl>"
    body = paragraph("The harbour is closed. ", inside=hidden + seen) + cell
    assert one("a.docx", docx(body)).text == "The harbour is closed. On blue it is read.\n\nShips"


@pytest.mark.parametrize(
    "line",
    [
        "2026. január 14., szerda", "Τετάρτη 14 Ιανουαρίου 2026", "miercuri, 14 ianuarie 2026",
        "2026 m. sausio 14 d.", "2026. gada 14. janvārī", "14. siječnja 2026.", "14 януари 2026 г.",
        "Thứ Tư, 14 tháng 1 năm 2026", "입력 2026년 1월 14일", "نشر في 14 يناير 2026",
        "ב-14 בינואר 2026",
        "14 de gener de 2026", "2026ko urtarrilaren 14a", "14 Ionawr 2026", "14. janúar 2026",
    ],
)  # fmt: skip
def test_months_of_less_common_languages(line: str) -> None:
    body = f"<p class=post-date>{line}</p>{paragraphs()}"
    assert read(article(body)).published_at == date(2026, 1, 14)


@pytest.mark.parametrize(("line", "month"), [("3. listopada 2025.", 10), ("3 listopada 2025", 11)])
def test_the_month_that_two_languages_name_alike(line: str, month: int) -> None:
    body = f"<p class=post-date>{line}</p>{paragraphs()}"
    assert read(article(body)).published_at == date(2025, month, 3)


def test_a_cell_of_two_lines_in_a_grid_of_markdown(one: One) -> None:
    rule = "+-------+--------+\n"
    rows = f"| Boat  | Owner  |\n+=======+========+\n| Ada   | Ure    |\n|       | Steam  |\n{rule}"
    last = f"| Bella | a bank |\n{rule}"
    text = one("a.md", f"# Boats\n\nTwo boats are for sale.\n\n{rule}{rows}{last}").text
    assert "Ada | Owner: Ure Steam" in text


def test_a_card_that_is_a_link_is_another_story() -> None:
    words = "It was saved by the town at last."
    card = f'<a href="/fish"><div><h3>Fish market</h3><p>{words}</p></div></a>'
    found = read(article(paragraphs(0, 4) + card + paragraphs(4)))
    assert found.text == "\n\n".join(P)
    assert words in dict(found.findings.left_out)
