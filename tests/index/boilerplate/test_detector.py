from __future__ import annotations

from pathlib import Path

import pytest

from eval.pages import HALVES, Half, read_pages
from eval.training.boilerplate import measure
from index.article import Article
from index.boilerplate.classifier import LineScorer
from index.boilerplate.detector import Layout, furniture
from index.boilerplate.rules import byline, sure
from index.load.base import Source
from index.load.plain.markdown import MarkdownLoader
from index.load.plain.text import TextLoader
from tests.conftest import SEEDS
from tests.index.pages import IMITATIONS, Imitation


def dropped(text: str, title: str = "", scored: bool = True) -> list[str]:
    scorer = LineScorer.load() if scored else None
    return [each.text for each in furniture(Layout.of(text), title, scorer)]


@pytest.mark.parametrize("page", IMITATIONS, ids=lambda page: page.name)
def test_all_furniture_goes_and_nothing_else(page: Imitation) -> None:
    assert dropped(page.text, page.title) == page.furniture


@pytest.mark.parametrize("half", HALVES)
def test_no_sentence_of_the_labelled_pages_goes(half: Half) -> None:
    tally = measure(read_pages(half), LineScorer.load())
    assert tally.sentences > 100
    assert tally.sentences_dropped == 0
    assert tally.headings_dropped == 0
    assert tally.hits > 0.8 * (tally.hits + tally.misses)


@pytest.mark.parametrize("file", sorted(SEEDS.glob("*.md")), ids=lambda file: file.stem)
def test_the_built_in_articles_are_clean(file: Path) -> None:
    (article,) = MarkdownLoader().load(Source.of_file(file), 100_000)
    assert isinstance(article, Article)
    assert dropped(article.text, article.title) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("News | Sport | Weather | Travel", "navigation"),
        ("Share this article on Facebook", "share"),
        ("Partager cet article", "share"),
        ("Save for later", "share"),
        ("Temps de lecture : 3 min", "counter"),
        ("La suite après la publicité", "advert"),
        ("Artikel anhören", "player"),
        ("Diese Audioversion wurde künstlich generiert.", "player"),
        ("Article continues on next page", "navigation"),
        ("Page 1 of 3", "navigation"),
        ("Jump to recipe", "navigation"),
        ("홍길동 기자 hong@daily.example", "byline"),
        ("ⓒ 서울매일, 무단 전재 및 재배포 금지", "legal"),
        ("1.2K Shares", "counter"),
        ("12 3 Share", "share"),
        ("[ Read more ]", "navigation"),
        ("View this email in your browser", "advert"),
        ("(AP Photo/J. R. Roe)", "credit"),
        ("Crowds at the gate. Photo: J. Roe", "credit"),
        ("Jane Roe/AFP via Getty Images", "credit"),
        ("The minister leaves the … More", "more"),
        ("Sign up to our newsletter for the day's news.", "advert"),
        ("Lesen Sie auch: Die Fähre fällt aus", "related"),
        ("Abonnez-vous à notre newsletter", "advert"),
        ("I agree", "cookies"),
        ("Got it!", "cookies"),
        ("We use cookies to improve your experience.", "cookies"),
        ("Terms of use | Privacy policy | Contact", "legal"),
        ("Already a subscriber? Log in", "paywall"),
    ],
)
def test_rules(line: str, reason: str) -> None:
    assert sure(line, "body") == reason


@pytest.mark.parametrize(
    "line",
    [
        "Published in 1925, the novel was a failure.",
        "Cookies are small files, she said.",
        "I agree.",
        "Got it.",
        "By using cookies, advertisers follow readers across the web.",
        "Share prices fell",
        "Share on the rise",
        "Share 41",
        "(2004)",
        "You can read it online.",
        "A purchase by Bloomberg",
        "A new swimming-pool",
        "Photo by photo, the archive grew.",
        "Subscribe to fewer services, and you will save $40 a month.",
        "»Das ist gut«, sagte er.",
        "► The company cut 300 jobs.",
        "(c) The board shall meet.",
        "Copyright law is changing.",
        "Get ready: the subscription economy is slowing.",
        "11",
        "May 26, 2025",
        "News",
        "Follow the money, he said.",
        "Join us or leave, the minister said on Facebook.",
        "To keep reading, pupils need quiet.",
        "He moved to Paris. Getty Images sued.",
    ],
)
def test_rules_leave_text_alone(line: str) -> None:
    assert sure(line, "body") is None


@pytest.mark.parametrize("line", ["copy link " * 60 + "!x", "a via " * 23 + "!", "By " + "A" * 115])
def test_rules_are_quick_with_what_nearly_fits(line: str) -> None:
    # A pattern that tries every way to split these would not come back.
    assert sure(line, "head") is None
    assert byline(line) is None


def test_lines_of_a_broken_paragraph_are_not_scored() -> None:
    lines = [
        "The harbour commission said on Tuesday that it would",
        "Subscribe to the friends of the",
        "organ and pay for a new bridge, a longer quay and a crane.",
    ]
    paragraph = "It rained all day, and the ferry left an hour late with three people on board."
    assert dropped("\n".join([paragraph, "", *lines, "", paragraph])) == []


def test_a_text_without_prose_is_not_scored() -> None:
    assert dropped("Latest\n\nMembers\n\nHere\n\nGo home", scored=True) == []


def test_numbers_and_days_in_the_article_stay() -> None:
    prose = "The club won the cup for the third time in a row, in front of 9,000 people."
    text = "\n\n".join([prose, "Won", "11", "Lost", "1", "May 26, 2025", prose])
    assert dropped(text) == []


def test_a_heading_after_a_box_of_links_stays() -> None:
    prose = "The club won the cup for the third time in a row, in front of 9,000 people."
    text = "\n".join([prose, "Most read", "Swan holds up traffic", "The second half", prose])
    assert dropped(text, scored=False) == ["Most read", "Swan holds up traffic"]


def test_furniture_above_the_title_is_looked_past() -> None:
    assert sure("Home / World / Asia", "head") == "navigation"


def test_a_title_below_a_breadcrumb_is_found(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("CQ / CQ Plaza /\nTide rises again\n\nTide rises again\n\nIt is wet. Very.\n")
    (article,) = TextLoader().load(Source.of_file(file), 1000)
    assert isinstance(article, Article)
    assert article.title == "Tide rises again"
    assert article.text.startswith("CQ / CQ Plaza /")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Roe, Staff Writer", "Jane Roe"),
        ("By Ana de la Cruz and Li Wei", "Ana de la Cruz and Li Wei"),
        ("By Monday morning", None),
        ("By all accounts", None),
        ("Submitted by Jane Roe on Tue, 11/25/2025 - 08:00", "Jane Roe"),
        ("Jane Roe · Nov 25, 2025 · 3 min read", "Jane Roe"),
        ("Author: Jane Roe", "Jane Roe"),
        ("By Jane Roe | Varnes Post | 25 November 2025", "Jane Roe"),
        ("3 May 2025 | By Jane Roe", "Jane Roe"),
        ("Written by hand on Tuesday", None),
        ("By Łucja Żak", "Łucja Żak"),
        ("Par Jean Roe, envoyé spécial à Varnes", "Jean Roe"),
        ("Por Ana Roe / Varnes", "Ana Roe"),
        ("Por Ana Roe, alcaldesa.", None),
        ("Propos recueillis par Jean Roe", "Jean Roe"),
        ("Words by Jane Roe. Photographs by Bo Lind.", "Jane Roe"),
        ("Text: Jana Roe | Fotos: Bo Lind", "Jana Roe"),
        ("Text: Love and war", None),
        ("Yazar: Ayşe Roe Yayınlanma: 04.03.2025 - 21:15", "Ayşe Roe"),
        ("Автор: Иван Ро · 4 марта 2025, 21:15", "Иван Ро"),
        ("Του Νίκου Παππά", "Νίκου Παππά"),
        ("بقلم: سمير حداد", "سمير حداد"),
        ("מאת: דנה לוי", "דנה לוי"),
    ],
)
def test_bylines(line: str, author: str | None) -> None:
    assert byline(line) == author


PROSE = "The ferry company said on Monday that its boats would no longer call there from May."


def kept(*lines: str) -> list[str]:
    """The lines between two paragraphs that cleaning leaves."""
    layout = Layout.of("\n\n".join([PROSE, *lines, PROSE.replace("ferry", "bus")]))
    gone = {each.text for each in furniture(layout, "", LineScorer.load())}
    return [line for line in lines if line not in gone]


@pytest.mark.parametrize(
    "lines",
    [
        ("Minister | Party | Region | Portfolio", "Ada Roe | Greens | Lakes | Finance"),
        ("Rang | DFL-Tabelle | Wahre Tabelle", "1. | Leeham (28 Pkt) | Wexmouth"),
        ("Partei | Sitze", "Grüne | 0"),
        ("- Greens | Labour | Liberals | Centre", "- Ada | Bo | Cora | Dan"),
        ("Kiel → Oslo → Bergen → Narvik",),
        ("Winners: Ada Roe • Bo Doe • Cora Poe • Dan Moe",),
        ("Ada > Bo > Cora > Dan",),
        ("Greens / Labour / Liberals / Centre",),
        ("- Ada Roe", "- Bo Doe", "- Cora Poe"),
        ("More on this: the court ruled on Friday that the sale was void.",),
    ],
)
def test_rows_and_lists_of_the_article_stay(lines: tuple[str, ...]) -> None:
    assert kept(*lines) == list(lines)


def test_bars_of_sections_go_wherever_they_stand() -> None:
    assert kept("News | Sport | Weather | Travel") == []


def test_short_sentences_have_a_head_too() -> None:
    lines = ["2025年8月14日 9時12分", "14.08.2025", "Von Ida Moe und Nils Fure", "1 of 3"]
    said = "The kiln burned all night long."
    assert dropped("\n".join([*lines, said, "By noon", "it cooled"])) == lines


_ABOVE = "The council of Orrel met on Monday and voted to mend the old crane on the quay."
_BELOW = "The rest of the money is set aside for the slipway, the chandler told the meeting."


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("More on the budget", ("- Schools: 31 million", "- Roads: 12 million", "- Crane: 4")),
        ("More from the hearing", ("Judge: Why?", "Roe: I was cold", "Judge: And then?")),
        ("More in the report:", ("The crane cost 31%", "The quay cost 12%", "What is left")),
        ("Most read", ("- What does it cost?", "- Who pays for it?", "- When will it open?")),
        ("Related", ("$31 for the crane", "$12 for the quay", "The rest for the swans")),
    ],
)
@pytest.mark.parametrize("last", ["", _BELOW])
def test_facts_under_a_heading_stay(heading: str, lines: tuple[str, ...], last: str) -> None:
    facts = dropped("\n\n".join([_ABOVE, heading, *lines, last]), scored=False)
    assert not set(facts) & set(lines)
    # At the end of a page it heads a list of other stories all the same.
    assert not last or heading not in facts


def test_headlines_under_a_heading_go() -> None:
    headlines = ["- Crane of Orrel falls into the quay", "- Why the swans stay: a visit", "- Fog"]
    text = "\n\n".join([_ABOVE, "Most read", *headlines, _BELOW])
    assert dropped(text, scored=False) == ["Most read", *headlines]


def test_a_quotation_within_another_is_no_link() -> None:
    lines = [_ABOVE, ">> How much does the crane cost", "> Some 31 million", ">> Who pays", _BELOW]
    assert dropped("\n\n".join(lines)) == []
    links = [">> Crane of Orrel falls into the quay", ">> Swans leave the slipway"]
    assert dropped("\n\n".join([_ABOVE, *links, _BELOW]), scored=False) == links
