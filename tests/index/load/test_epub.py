from __future__ import annotations

from datetime import date

import pytest

from index.article import Article
from tests.index.load.conftest import Load, One, Refusal
from tests.index.load.web_archives import ENTITIES, epub

ONE = "<body><h1>The storm</h1><p>It rained&#160;all day&nbsp;&eacute;.</p></body>"
MORE = "<body><p>And all night.</p></body>"
TWO = "<body><h1>The calm</h1><p>Then it stopped.<br/>At last.</p></body>"


def test_an_article_a_chapter(load: Load) -> None:
    chapters = {"1.xhtml": ONE, "1b.xhtml": MORE, "2.xhtml": TWO}
    contents = {"1.xhtml": "The storm", "2.xhtml#top": "The calm"}
    first, second = load("harbour.epub", epub(chapters, contents))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.title == "The storm (The Harbour)"
    assert first.text == "It rained all day é.\n\nAnd all night."
    assert second.text == "Then it stopped.\nAt last."
    assert first.id != second.id
    assert (first.author, first.publisher, first.language) == ("Jon Berg", "Quay Press", "en")
    assert first.published_at == date(2024, 5, 6)
    assert second.source.endswith("harbour.epub#book/2.xhtml")


def test_what_is_about_the_book_is_left_out(one: One) -> None:
    frame = '<body epub:type="copyright-page"><p>All rights reserved.</p></body>'
    found = one("a.epub", epub({"c.xhtml": frame, "1.xhtml": ONE}, {}))
    assert found.title == "The storm (The Harbour)"


@pytest.mark.parametrize(
    "mark",
    [
        '<a epub:type="noteref" href="#n"><sup>3</sup></a>',
        '<sup><a role="doc-noteref" href="#n">3</a></sup>',
    ],
)
def test_the_mark_of_a_note_joins_no_number(one: One, mark: str) -> None:
    note = '<aside epub:type="footnote" id="n"><p>Crowns of 2015.</p></aside>'
    body = f"<body><p>It costs <b>14</b>{mark} million.</p><p>14{mark} days.</p>{note}</body>"
    assert one("a.epub", epub({"1.xhtml": body}, {})).text.split("\n\n") == [
        "It costs 14 million.", "14 days.", "Crowns of 2015.",
    ]  # fmt: skip


def test_pages_that_are_not_well_formed(one: One) -> None:
    broken = "<body><h1>Loose</h1><p>One<p>Two <b>three</body>"
    assert one("a.epub", epub({"1.xhtml": broken}, {})).text == "One\n\nTwo three"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (epub({"1.xhtml": f"{ENTITIES}<body><p>&b9;</p></body>"}, {}), "XML entities"),
        (epub({}, {}, **{"META-INF/container.xml": f"{ENTITIES}<a>&b9;</a>"}), "XML entities"),
        (epub({"1.xhtml": f"<body><p>{'x' * 3_000_000}</p></body>"}, {}), "a zip bomb"),
        (epub({}, {}), "no chapter with text"),
        (epub({}, {}, **{"META-INF/container.xml": "<container/>"}), "package document"),
        (epub({"1.xhtml": ONE}, {})[:500], "damaged, or not a zip archive"),
        (
            epub({"1.xhtml": ONE}, {}, **{
                "META-INF/encryption.xml": '<e><CipherReference URI="book/1.xhtml"/></e>'
            }),
            "DRM",
        ),
    ],
    ids=["entities", "container", "bomb", "no-text", "no-package", "truncated", "locked"],
)  # fmt: skip
def test_refusals(refusal: Refusal, content: bytes, reason: str) -> None:
    assert reason in refusal("a.epub", content)


def test_a_table_by_role(one: One) -> None:
    rows = (("columnheader", "Port", "2023"), ("cell", "Oslo", "7.5"), ("cell", "Kiel", "6.1"))
    table = "".join(
        f"<div role='row'><span role='{role}'>{first}</span>"
        f"<span role='{role}'>{second}</span></div>"
        for role, first, second in rows
    )
    body = f"<body><p>Ships wait in the bay.</p><div role='table'>{table}</div></body>"
    assert "Oslo | 2023: 7.5" in one("a.epub", epub({"1.xhtml": body}, {})).text


@pytest.mark.parametrize(
    "mark",
    ['<span epub:type="pagebreak" id="p12">12</span>', '<span role="doc-pagebreak">12</span>'],
)
def test_the_number_of_a_printed_page_joins_no_word(one: One, mark: str) -> None:
    body = f"<body><p>It rai{mark}ned for 3{mark} days.</p></body>"
    assert one("a.epub", epub({"1.xhtml": body}, {})).text == "It rained for 3 days."


def test_the_arrow_back_from_a_note_is_no_word_of_it(one: One) -> None:
    body = '<body><p>It rained.</p><p>Or did it? <a href="#r">↩</a></p></body>'
    assert one("a.epub", epub({"1.xhtml": body}, {})).text == "It rained.\n\nOr did it?"


def test_the_rows_of_a_table_are_known_as_such(one: One) -> None:
    rows = "<tr><th>Port</th><th>Mayor</th></tr><tr><td>Oslo</td><td>Ada Brandt</td></tr>"
    body = f"<body><p>They said it.</p><figure><table>{rows}</table></figure><p>No more.</p></body>"
    found = one("a.epub", epub({"1.xhtml": body}, {}))
    assert found.findings.rows == ("Port | Mayor", "Oslo | Mayor: Ada Brandt")
    assert found.text.split("\n\n") == ["They said it.", *found.findings.rows, "No more."]


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        (("modification 2024-09-01", "publication 2024-05-06"), date(2024, 5, 6)),
        (("creation 2024-09-01", " 2024-05-06"), date(2024, 5, 6)),
        (("conversion 2024-09-01",), None),
    ],
)
def test_of_several_dates_that_of_publication_counts(
    one: One, dates: tuple[str, ...], day: date | None
) -> None:
    stated = "".join(
        f'<dc:date opf:event="{event}">{text}</dc:date>' if event else f"<dc:date>{text}</dc:date>"
        for event, _, text in (entry.partition(" ") for entry in dates)
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{stated}</metadata><manifest><item '
        'id="a" href="1.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref '
        'idref="a"/></spine></package>'
    )
    found = one("a.epub", epub({"1.xhtml": ONE}, {}, **{"book/it.opf": package}))
    assert found.published_at == day


def test_the_style_sheets_of_the_book_are_read(one: One) -> None:
    sheet = ".up{position:relative;top:-0.33em;font-size:.58em} .old{text-decoration: line-through}"
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><link href="../s/a.css" '
        'rel="stylesheet"/><link href="../s/none.css" rel="stylesheet"/></head>'
        '<body><p><span>It has 10</span><span class="up">5</span><span> boats, and '
        'was </span><span class="old">not</span><span> sold.'
        "</span></p></body></html>"
    )
    members = {"book/s/a.css": sheet, "book/x/1.xhtml": page}
    found = one("a.epub", epub({"x/1.xhtml": ""}, {}, **members))
    assert found.text == "It has 10^5 boats, and was sold."
    assert found.findings.left_out == (("not", "struck out"),)


def test_the_items_of_a_list_keep_their_numbers(one: One) -> None:
    body = (
        "<body><p>The council of Varnes has set out what it wants at the mill.</p>"
        '<ol start="3"><li>A roof.</li><li>A wheel.<ul><li>Of oak</li></ul></li></ol>'
        '<ol type="a"><li>No fees.</li></ol></body>'
    )
    found = one("a.epub", epub({"1.xhtml": body}, {}))
    assert found.text.split("\n\n")[1:] == ["3. A roof.", "4. A wheel.", "- Of oak", "a. No fees."]


def test_a_book_of_the_older_version_is_read_by_its_guide_and_contents(load: Load) -> None:
    pages = ("cover", "1", "2", "gone")
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
        for name in pages
    )
    refs = "".join(f'<itemref idref="{name}"/>' for name in (*pages, "picture", "unknown"))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The Harbour</dc:title>'
        f'</metadata><manifest>{items}<item id="picture" href="a.png" media-type="image/png"/>'
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="old" href="old.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
        f'<spine toc="ncx">{refs}</spine><guide><reference type="cover" href="cover.xhtml"/>'
        '<reference type="text" href="1.xhtml"/></guide></package>'
    )
    points = "".join(
        f'<navPoint><navLabel><text>Part {name}</text></navLabel><content src="{name}.xhtml"/>'
        "</navPoint>"
        for name in "12"
    )
    contents = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'
    chapters = {"cover.xhtml": "<body><p>A novel of ships.</p></body>", "1.xhtml": ONE}
    chapters["2.xhtml"] = TWO
    members = {"book/it.opf": package, "book/toc.ncx": contents}
    found = load("harbour.epub", epub(chapters, {}, **members))
    assert [each.title for each in found if isinstance(each, Article)] == [
        "Part 1 (The Harbour)", "Part 2 (The Harbour)"
    ]  # fmt: skip
    assert "A novel of ships." not in "".join(map(str, found))


def test_lines_that_are_set_as_they_stand_keep_their_breaks(one: One) -> None:
    body = "<body><p>She sang:</p><pre>The old ship\n  lies in the bay.\n</pre></body>"
    found = one("a.epub", epub({"1.xhtml": body}, {}))
    assert found.text == "She sang:\n\nThe old ship\n lies in the bay."
