from __future__ import annotations

import pytest

from tests.index.load.conftest import One, Refusal
from tests.index.load.web_archives import CORE, ENTITIES, WORD, docx, paragraph, run, zipped

BODY = paragraph("The harbour is closed.") + paragraph("It will open in May.")


def test_paragraphs_headings_lists_and_tables(one: One) -> None:
    item = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>first</w:t></w:r></w:p>"
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Ships", "12"))
    body = paragraph("News", "Title") + paragraph("Monday", "Heading1") + BODY
    found = one("a.docx", docx(body + item + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))
    assert found.title == "News"
    assert found.text.split("\n\n") == [
        "Monday", "The harbour is closed.", "It will open in May.", "- first", "Ships | 12",
    ]  # fmt: skip


def test_a_table_of_contents_is_left_out(one: One) -> None:
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    code = f"{begin}<w:r><w:instrText> TOC \\o </w:instrText></w:r>{separate}"
    field = f"<w:p>{code}{run('The catch')}<w:r><w:tab/></w:r>{run('2')}{end}</w:p>"
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{paragraph('Inhalt')}</w:sdtContent></w:sdt>"
    )
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="Verzeichnis2"><w:name w:val="toc 2"/>'
        "</w:style></w:styles>"
    )
    entries = field + control + paragraph("Cod 3", "Verzeichnis2") + paragraph("Eel 4", "TOC3")
    # A field that never ends hides nothing.
    found = one(
        "a.docx", docx(entries + BODY + f"<w:p>{code}</w:p>", **{"word/styles.xml": styles})
    )
    assert found.text == "The harbour is closed.\n\nIt will open in May."
    assert {reason for _, reason in found.findings.left_out} == {"contents"}


def test_what_was_deleted_or_stands_twice_is_not_read(one: One) -> None:
    gone = "<w:del><w:r><w:delText>never</w:delText></w:r></w:del>"
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    added = "<w:ins><w:r><w:t> Added.</w:t></w:r></w:ins>"
    inside = f"{gone}<w:r>{both}</mc:AlternateContent></w:r>{added}"
    found = one("a.docx", docx(paragraph("Kept.", inside=inside)))
    assert found.text == "Kept. Added.\n\nboxed"
    assert found.findings.left_out == (("never", "deleted"),)


@pytest.mark.parametrize(
    "look",
    [
        "<w:strike/>",
        "<w:dstrike/>",
        "<w:vanish/>",
        '<w:vanish w:val="1"/>',
        '<w:rStyle w:val="C"/>',
    ],
)
def test_what_is_struck_out_or_hidden_is_not_there(one: One, look: str) -> None:
    inside = run("resign ", look) + run("stay in office.", '<w:strike w:val="0"/>')
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="B"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="C"><w:basedOn w:val="B"/></w:style></w:styles>'
    )
    found = one(
        "a.docx", docx(paragraph("She will ", inside=inside), **{"word/styles.xml": styles})
    )
    assert found.text == "She will stay in office."
    reason = "struck out" if "strike" in look else "hidden"
    assert found.findings.left_out == (("resign", reason),)


def test_struck_words_beside_each_other_are_listed_as_one(one: One) -> None:
    inside = run("214 ", "<w:strike/>") + run("million, ", "<w:strike/>") + run("231 million.")
    found = one("a.docx", docx(paragraph("It cost ", inside=inside)))
    assert found.text == "It cost 231 million."
    assert found.findings.left_out == (("214 million,", "struck out"),)


def test_a_paragraph_of_a_hidden_style_is_not_there(one: One) -> None:
    styles = (
        f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        "</w:styles>"
    )
    found = one("a.docx", docx(BODY + paragraph("Draft.", "H"), **{"word/styles.xml": styles}))
    assert found.text.endswith("in May.")


def test_raised_and_lowered_characters(one: One) -> None:
    up, down = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    inside = run("1", up) + run("2", up) + run(" crowns for 10") + run("6", up)
    inside += run(" tons of CO") + run("2", down) + run(" on 5 km") + run("2", up)
    inside += run(" in the 19") + run("th", up) + run(" year.")
    found = one("a.docx", docx(paragraph("It cost 14", inside=inside)))
    assert found.text == "It cost 14 crowns for 10^6 tons of CO2 on 5 km^2 in the 19th year."


def test_a_formula(one: One) -> None:
    part = "<m:{0}><m:r><m:t>{1}</m:t></m:r></m:{0}>"
    power = f"<m:sSup>{part.format('e', '10')}{part.format('sup', '6')}</m:sSup>"
    share = f"<m:f>{part.format('num', '3')}{part.format('den', '4')}</m:f>"
    inside = f'<m:oMath xmlns:m="urn:m">{power}</m:oMath>' + run(" or ")
    inside += f'<m:oMath xmlns:m="urn:m">{share}</m:oMath>'
    assert one("a.docx", docx(paragraph("About ", inside=inside))).text == "About 10^6 or 3/4"


def test_notes_follow_their_paragraph(one: One) -> None:
    inside = run("", inside='<w:footnoteReference w:id="2"/>') + run(" to a firm.")
    inside += run("", inside='<w:endnoteReference w:id="2"/>')
    notes = {
        f"word/{kind}s.xml": f'<w:{kind}s xmlns:w="{WORD}"><w:{kind} w:type="separator" w:id="1">'
        f'{paragraph("no")}</w:{kind}><w:{kind} w:id="2">{paragraph(text)}</w:{kind}></w:{kind}s>'
        for kind, text in (("footnote", "Their price was 5 million."), ("endnote", "A letter."))
    }
    body = paragraph("The cranes were sold in 2015", inside=inside) + paragraph("They are gone.")
    assert one("a.docx", docx(body, **notes)).text.split("\n\n") == [
        "The cranes were sold in 2015 to a firm.",
        "* Their price was 5 million.",
        "* A letter.",
        "They are gone.",
    ]


@pytest.mark.parametrize("shape", ["w:pict", "w:drawing"])
def test_a_text_box_follows_its_paragraph(one: One, shape: str) -> None:
    box = f"<{shape}><w:txbxContent>{paragraph('In the box.')}</w:txbxContent></{shape}>"
    body = paragraph("Before.", inside=run("", inside=box)) + paragraph("After.")
    assert one("a.docx", docx(body)).text == "Before.\n\nIn the box.\n\nAfter."


def test_an_initial_over_several_lines_belongs_to_its_word(one: One) -> None:
    frame = (
        '<w:p><w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr><w:r><w:t>D</w:t></w:r></w:p>'
    )
    assert one("a.docx", docx(frame + paragraph("rop it."))).text == "Drop it."


def test_an_initial_that_nothing_follows_stays(one: One) -> None:
    frame = '<w:p><w:pPr><w:framePr w:dropCap="drop"/></w:pPr><w:r><w:t>Drop it.</w:t></w:r></w:p>'
    assert one("a.docx", docx(paragraph("News.") + frame)).text == "News.\n\nDrop it."


def _cell(text: str, known: str = "") -> str:
    return f"<w:tc><w:tcPr>{known}</w:tcPr>{paragraph(text)}</w:tc>"


def _row(*cells: str, known: str = "") -> str:
    return f"<w:tr><w:trPr>{known}</w:trPr>{''.join(cells)}</w:tr>"


def test_cells_keep_their_column_and_have_its_heading(one: One) -> None:
    rows = _row(_cell("Town"), _cell("2023"), _cell("2024"))
    rows += _row(_cell("Kiel"), _cell(""), _cell("7.5")) + _row(
        _cell("Bergen"), _cell("4.1"), _cell("")
    )
    assert one("a.docx", docx(BODY + f"<w:tbl>{rows}</w:tbl>")).text.split("\n\n")[2:] == [
        "Town | 2023 | 2024", "Kiel | 2024: 7.5", "Bergen | 2023: 4.1",
    ]  # fmt: skip


def test_merged_cells_stand_in_all_that_they_cover(one: One) -> None:
    two, starts, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = _row(_cell("Town", starts), _cell("2023", two), _cell("2024", two))
    rows += _row(_cell("", goes_on), *(_cell(half) for half in ("Spring", "Autumn") * 2))
    rows += _row(_cell("Kiel", starts), *(_cell(f"1.{at}") for at in range(4)))
    rows += _row(_cell("", goes_on), *(_cell(f"2.{at}") for at in range(4)))
    assert one("a.docx", docx(f"<w:tbl>{rows}</w:tbl>")).text.split("\n\n") == [
        "Town | 2023 Spring | 2023 Autumn | 2024 Spring | 2024 Autumn",
        "Kiel | 2023 Spring: 1.0 | 2023 Autumn: 1.1 | 2024 Spring: 1.2 | 2024 Autumn: 1.3",
        "Kiel | 2023 Spring: 2.0 | 2023 Autumn: 2.1 | 2024 Spring: 2.2 | 2024 Autumn: 2.3",
    ]


def test_a_row_of_headings_may_say_that_it_is_one(one: One) -> None:
    rows = _row(_cell("Minister"), _cell("Party"), known="<w:tblHeader/>")
    rows += _row(_cell("Ada Brandt"), _cell("Greens"))
    found = one("a.docx", docx(f"<w:tbl>{rows}</w:tbl>"))
    assert found.text == "Minister | Party\n\nAda Brandt | Party: Greens"


def test_a_first_row_in_bold_is_one_of_headings(one: One) -> None:
    bold = [f"<w:tc><w:p>{run(name, '<w:b/>')}</w:p></w:tc>" for name in ("Minister", "Party")]
    table = f"<w:tbl>{_row(*bold)}{_row(_cell('Ann'), _cell('Greens'))}</w:tbl>"
    assert one("x.docx", docx(table)).text == "Minister | Party\n\nAnn | Party: Greens"


def test_pictures_and_their_captions_are_marked(one: One) -> None:
    picture = (
        '<w:r><w:drawing><wp:docPr xmlns:wp="p" id="1" name="Picture 1" descr="A crane in Kiel"/>'
        "</w:drawing></w:r>"
    )
    body = paragraph("Ships wait.", inside=picture) + paragraph("The crane in May", "Caption")
    assert one("x.docx", docx(body)).text.split("\n\n") == [
        "Ships wait.", "[Image: A crane in Kiel]", "[Caption: The crane in May]",
    ]  # fmt: skip


def test_breaks_and_hyphens_within_a_line_are_read(one: One) -> None:
    inside = "<w:r><w:br/><w:t>Berth</w:t><w:tab/><w:t>4</w:t><w:noBreakHyphen/><w:t>5.</w:t></w:r>"
    # A sign of a font of pictures is none, and a picture without a description says nothing.
    inside += '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    inside += '<w:r><w:drawing><wp:docPr xmlns:wp="p" id="1" name="Picture 1"/></w:drawing></w:r>'
    found = one("x.docx", docx(paragraph("Ships wait.", inside=inside)))
    assert found.text == "Ships wait.\nBerth 4‑5."


def test_cells_within_controls_are_cells(one: One) -> None:
    def within(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    rows = _row(_cell("Port"), _cell("2023")) + within(_row(within(_cell("Oslo")), _cell("7.5")))
    found = one("x.docx", docx(paragraph("Ships wait.") + f"<w:tbl>{rows}</w:tbl>"))
    assert found.text.split("\n\n") == ["Ships wait.", "Port | 2023", "Oslo | 7.5"]


def test_raised_by_their_position_and_signs_of_a_font(one: One) -> None:
    raised = run("3", '<w:position w:val="6"/>')
    degree = '<w:r><w:sym w:font="Symbol" w:char="F0B0"/></w:r>'
    found = one("x.docx", docx(f"<w:p>{run('It cost 14')}{raised}{run(' million at ≤ 5')}{degree}"
                               f"{run('C.')}</w:p>"))  # fmt: skip
    assert found.text == "It cost 14 million at ≤ 5°C."


def test_a_table_inside_a_cell_keeps_its_rows(one: One) -> None:
    ports = (("Oslo", "7.5"), ("Kiel", "4"))
    inner = "".join(_row(_cell(town), _cell(tons)) for town, tons in ports)
    nested = f"<w:tc><w:tcPr/>{paragraph('By port:')}<w:tbl>{inner}</w:tbl>{paragraph('')}</w:tc>"
    rows = _row(_cell("Tons"), nested) + _row(_cell("Ships"), _cell("12"))
    found = one("a.docx", docx(paragraph("They said it.") + f"<w:tbl>{rows}</w:tbl>"))
    assert found.text.split("\n\n") == [
        "They said it.", "Tons", "By port:", "Oslo | 7.5", "Kiel | 4", "Ships | 12",
    ]  # fmt: skip


@pytest.mark.parametrize("long", ["Ships wait.", "The harbour is closed. " * 20])
def test_a_text_box_in_a_cell_is_read_once(one: One, long: str) -> None:
    box = f"<w:pict><w:txbxContent>{paragraph('In the box.')}</w:txbxContent></w:pict>"
    cell = f"<w:tc>{paragraph('Here.', inside=run('', inside=box))}</w:tc>"
    rows = _row(_cell("Town"), _cell(long)) + _row(_cell("Kiel"), cell)
    text = one("a.docx", docx(f"<w:tbl>{rows * 2}</w:tbl>")).text
    assert text.count("In the box.") == 2
    assert text.count("Here.") == 2


def test_a_table_that_lays_out_a_page_is_paragraphs(one: One) -> None:
    long = "The harbour is closed. " * 20
    rows = _row(_cell(long), _cell("Ships wait."))
    assert one("a.docx", docx(f"<w:tbl>{rows}</w:tbl>")).text == f"{long.strip()}\n\nShips wait."


@pytest.mark.parametrize(
    ("stated", "title"), [("Harbour news", "Harbour news"), ("Document1", "my notes")]
)
def test_properties(one: One, stated: str, title: str) -> None:
    core = {"docProps/core.xml": CORE.format(title=stated)}
    found = one("my-notes.docx", docx(BODY, **core))
    assert (found.title, found.author, found.language) == (title, "Anna Weiss", "de")
    assert found.published_at is None


_HEADLINE = paragraph("", inside=run("Bridge vote", '<w:b/><w:sz w:val="36"/>'))
_CREDITS = paragraph("By Ann Roe") + paragraph("3 May 2025")
_SAID = "The council voted to repair the old bridge."


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (_HEADLINE + _CREDITS, "Bridge vote"),
        (_HEADLINE, "Bridge vote"),
        (paragraph("Opinion") + _HEADLINE + _CREDITS, "Bridge vote"),
        (paragraph("Bridge vote") + _CREDITS, "Bridge vote"),
        (paragraph("Dear Ann"), "letter"),
        (paragraph("", inside=run("It was raining.", "<w:b/>")), "letter"),
    ],
)
def test_a_headline_without_a_style_is_the_title(one: One, above: str, title: str) -> None:
    found = one("letter.docx", docx(above + paragraph(_SAID)))
    assert found.title == title
    assert ("Bridge vote" in found.text, found.text.endswith(_SAID)) == (False, True)


def test_a_byline_goes_before_what_the_file_says_of_its_author(one: One) -> None:
    core = {"docProps/core.xml": CORE.format(title="Harbour news")}
    found = one("a.docx", docx(paragraph("By Ada Roe") + BODY, **core))
    assert found.author == "Ada Roe"
    core["docProps/core.xml"] = core["docProps/core.xml"].replace("Anna Weiss", "python-docx")
    assert one("a.docx", docx(BODY, **core)).author is None


def test_the_strict_variant_and_another_name_of_the_main_part(one: One) -> None:
    rels = '<R><r Type="http://x/officeDocument" Target="/word/document2.xml"/></R>'
    w = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    main = f'<w:document xmlns:w="{w}"><w:body>{BODY}</w:body></w:document>'
    found = one("b.docx", zipped({"_rels/.rels": rels, "word/document2.xml": main}))
    assert found.text.startswith("The harbour")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx(paragraph("&b9;"), ENTITIES), "XML entities"),
        (docx(paragraph("x" * 3_000_000)), "a zip bomb"),
        (docx("<w:p>" * 1000 + "</w:p>" * 1000), "is not XML"),
        (docx(BODY)[:-60], "damaged, or not a zip archive"),
        (docx(""), "no text in the document"),
        (docx(paragraph("word " * 250_000)), "over the limit"),
        (zipped({"a.txt": "x"}), "word/document.xml is missing"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "encrypted, or an old .doc"),
    ],
    ids=["entities", "bomb", "deep", "truncated", "empty", "long", "no-document", "encrypted"],
)
def test_refusals(refusal: Refusal, content: bytes, reason: str) -> None:
    assert reason in refusal("a.docx", content)


@pytest.mark.parametrize("char", ["\x02", "\x0b", "&#2;", "&#x1F;", "\uffff"])
def test_characters_that_xml_may_not_hold(one: One, char: str) -> None:
    assert one("a.docx", docx(paragraph(f"It is {char}closed."))).text == "It is closed."


def test_an_authors_own_mark_of_a_note_is_left_out(one: One) -> None:
    reference = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>'
    found = one("a.docx", docx(paragraph("It costs 14", inside=f"{reference}{run(' crowns.')}")))
    assert "*" not in found.text.split("\n")[0]
