"""Numbers of lists, codes of fields and deleted rows in Word documents."""

from __future__ import annotations

from tests.index.load.conftest import One
from tests.index.load.web_archives import WORD, docx, paragraph, run

_LEVEL = (
    '<w:lvl w:ilvl="{}"><w:start w:val="{}"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
)


def _numbering(*kinds: str) -> str:
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{levels}</w:abstractNum>'
        for at, levels in enumerate(kinds)
    )
    lists = "".join(
        f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>'
        for at in range(len(kinds))
    )
    again = (
        '<w:num w:numId="9"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    return f'<w:numbering xmlns:w="{WORD}">{abstract}{lists}{again}</w:numbering>'


def _item(number: int, depth: int, text: str) -> str:
    place = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/>'
    return f"<w:p><w:pPr><w:numPr>{place}</w:numPr></w:pPr>{run(text)}</w:p>"


def _text(one: One, body: str, *kinds: str, styles: str = "") -> list[str]:
    members = {"word/numbering.xml": _numbering(*kinds)}
    if styles:
        members["word/styles.xml"] = f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>'
    return one("a.docx", docx(body, **members)).text.split("\n\n")


def test_items_have_the_numbers_that_word_shows(one: One) -> None:
    rules = (
        _LEVEL.format(0, 1, "decimal", "%1.")
        + _LEVEL.format(1, 1, "lowerLetter", "%2)")
        + _LEVEL.format(2, 1, "decimal", "%1.%3")
    )
    articles = _LEVEL.format(0, 4, "upperRoman", "Article %1")
    bullets = _LEVEL.format(0, 1, "bullet", "*") + _LEVEL.format(1, 1, "bullet", " ")
    places = [
        (1, 0),
        (1, 1),
        (1, 1),
        (1, 0),
        (1, 1),
        (1, 2),
        (2, 0),
        (2, 0),
        (3, 0),
        (3, 1),
        (9, 0),
        (0, 0),
    ]
    body = "".join(_item(number, depth, "stone") for number, depth in places)
    marks = ["1.", "a)", "b)", "2.", "a)", "2.1", "Article IV", "Article V", "-", "", "1.", ""]
    read = [f"{mark} stone".strip() for mark in marks]
    assert _text(one, body, rules, articles, bullets) == read


def test_a_style_may_number(one: One) -> None:
    styles = (
        '<w:style w:styleId="Rule"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Rule2"><w:basedOn w:val="Rule"/></w:style>'
    )
    body = paragraph("First.", "Rule") + paragraph("Between.") + paragraph("Second.", "Rule2")
    level = _LEVEL.format(0, 1, "decimal", "%1.")
    assert _text(one, body, level, styles=styles) == ["1. First.", "Between.", "2. Second."]


def test_items_in_cells_are_numbered(one: One) -> None:
    cells = "".join(f"<w:tc>{_item(1, 0, word)}</w:tc>" for word in ("stone", "wood"))
    level = _LEVEL.format(0, 1, "decimal", "%1.")
    body = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    assert _text(one, body, level) == ["1. stone | 2. wood"]


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_words_amid_the_code_of_a_field_are_no_text(one: One) -> None:
    inner = _field("begin") + _field("separate") + run("name") + _field("end")
    field = _field("begin") + inner + _field("separate") + run("yes") + _field("end")
    entry = _field("begin") + run("index entry") + _field("end")
    body = f"<w:p>{run('Say ')}{field}{run(' now.')}{entry}</w:p>{paragraph('Last.')}"
    assert one("a.docx", docx(body)).text == "Say yes now.\n\nLast."


def test_a_field_without_an_end_costs_its_paragraph_alone(one: One) -> None:
    body = f"<w:p>{run('First.')}{_field('begin')}</w:p>{paragraph('Last.')}"
    assert one("a.docx", docx(body)).text == "First.\n\nLast."


def test_deleted_rows_are_listed(one: One) -> None:
    rows = "".join(
        f"<w:tr>{properties}<w:tc>{paragraph(port)}</w:tc><w:tc>{paragraph(boats)}</w:tc></w:tr>"
        for properties, port, boats in (
            ("", "Oxney", "12"), ("<w:trPr><w:del/></w:trPr>", "Quay", "77"))
    )  # fmt: skip
    article = one("a.docx", docx(f"<w:tbl>{rows}</w:tbl>"))
    assert article.text == "Oxney | 12"
    assert article.findings.left_out == (("Quay 77", "deleted"),)


def test_a_first_sentence_in_japanese_is_no_title(one: One) -> None:
    text = "港は月曜日に閉鎖された。\n\n五月に再開する。"
    assert one("a.txt", text).text == text


def test_numbers_and_patterns_that_no_list_has_cost_no_article(one: One) -> None:
    huge = "9" * 5_000
    kinds = (
        _LEVEL.format(0, huge, "decimal", "%1."),
        _LEVEL.format(huge, 1, "decimal", "%1."),
        _LEVEL.format(0, 1, "decimal", "%1." * 10_000),
    )
    body = "".join(_item(number, 0, "The bridge was closed.") for number in (1, 2, 3))
    assert _text(one, body, *kinds) == [
        "1. The bridge was closed.", "- The bridge was closed.", "The bridge was closed.",
    ]  # fmt: skip
