from __future__ import annotations

from datetime import date

import pytest

from index.article import Article
from index.ingest.preparation import prepare_article
from index.load import as_page
from index.settings import IndexSettings
from tests.index.load.webpages import HEADLINE, P, article, paragraphs, read

HEAD = "<tr><th>Port</th><th>2021</th><th>2022</th></tr>"


def rows(table: str) -> list[str]:
    """The lines that a table in an article becomes, with what cleaning makes of them."""
    page = as_page(read(article(f"{paragraphs(0, 2)}{table}{paragraphs(2, 4)}")))
    assert isinstance(page, Article)
    text = prepare_article(page, date(2026, 1, 1), IndexSettings())[0].text
    return [line for line in text.split("\n") if line and line not in P]


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        (
            f"{HEAD}<tr><td>Kiel</td><td></td><td>7.5</td></tr>"
            "<tr><td>Riga</td><td>4.1</td><td></td></tr>",
            ["Port | 2021 | 2022", "Kiel | 2022: 7.5", "Riga | 2021: 4.1"],
        ),
        (
            "<tr><td>Kiel</td><td></td><td>7.5</td></tr><tr><td>Riga</td><td>4</td><td>5</td></tr>",
            ["Kiel | – | 7.5", "Riga | 4 | 5"],
        ),
        (
            "<thead><tr><th rowspan=2>Port</th><th colspan=2>2021</th></tr>"
            "<tr><th>May</th><th>June</th></tr></thead>"
            "<tr><td rowspan=2>Kiel</td><td>1</td><td>2</td></tr><tr><td colspan=2>3</td></tr>",
            ["Port | 2021 May | 2021 June", "Kiel | 2021 May: 1 | 2021 June: 2",
             "Kiel | 2021 May, 2021 June: 3"],
        ),
        (
            "<tr><td>Club</td><td>Points</td></tr><tr><td>Leeham</td><td>28</td></tr>"
            "<tr><td>Wexmouth</td><td>6</td></tr>",
            ["Club | Points", "Leeham | Points: 28", "Wexmouth | Points: 6"],
        ),
        (
            "<caption>Cargo</caption><tr><th>Port<th>Boat<tr><td>Kiel<td><a href=x>Ada</a> <b>2</b>"
            "<tr><td colspan=2>In the north",
            ["Cargo", "Port | Boat", "Kiel | Boat: Ada 2", "In the north"],
        ),
        (
            "<tr><th>Owner</th><td>The town</td></tr><tr><th>Built</th><td>1931</td></tr>",
            ["Owner | The town", "Built | 1931"],
        ),
        (
            "<tr><th>Port<th>Tons<tr><th colspan=2>North<tr><td>Kiel<td>7"
            "<tr><th colspan=2>South<tr><td>Genoa<td>9",
            ["Port | Tons", "North", "Kiel | Tons: 7", "South", "Genoa | Tons: 9"],
        ),
        (
            "<tr><th>Name</th><td>Ada</td></tr><tr><th>Party</th><td></td></tr>"
            "<tr><th>Age</th><td>44</td></tr>",
            ["Name | Ada", "Party | –", "Age | 44"],
        ),
        (
            "<tfoot><tr><td>Sum</td><td>12</td></tr></tfoot><thead><tr><th>Port</th><th>Tons</th>"
            "</tr></thead><tbody><tr><td>Kiel</td><td>7</td></tr></tbody>",
            ["Port | Tons", "Kiel | Tons: 7", "Sum | Tons: 12"],
        ),
    ],
    ids=["empty", "no-heading", "merged", "plain-heading", "caption-links", "labels", "parts",
         "pairs", "sums-first"],
)  # fmt: skip
def test_rows(table: str, lines: list[str]) -> None:
    assert rows(f"<table>{table}</table>") == lines


def test_a_table_in_a_figure_is_no_picture() -> None:
    table = "<table><tr><td>Kiel</td><td>1</td></tr><tr><td>Riga</td><td>2</td></tr></table>"
    assert rows(f"<figure class=wp-block-table>{table}</figure>") == ["Kiel | 1", "Riga | 2"]


def test_rows_of_names_are_no_navigation() -> None:
    table = (
        "<table><tr><th>Minister</th><th>Party</th><th>Region</th><th>Office</th></tr>"
        "<tr><td>Ada Roe</td><td>Greens</td><td>Lakes</td><td>Finance</td></tr>"
        "<tr><td>Bo Doe</td><td>Labour</td><td>Hills</td><td>Defence</td></tr></table>"
    )
    assert rows(table) == [
        "Minister | Party | Region | Office",
        "Ada Roe | Party: Greens | Region: Lakes | Office: Finance",
        "Bo Doe | Party: Labour | Region: Hills | Office: Defence",
    ]


def test_a_table_of_other_elements_has_its_cells_apart() -> None:
    def row(role: str, *cells: str) -> str:
        return f"<div role=row>{''.join(f'<span role={role}>{c}</span>' for c in cells)}</div>"

    table = (
        row("columnheader", "Port", "2021") + row("cell", "Kiel", "7") + row("cell", "Riga", "4")
    )
    assert rows(f"<div role=table>{table}</div>") == ["Port | 2021", "Kiel | 2021: 7",
                                                      "Riga | 2021: 4"]  # fmt: skip


def test_rows_below_an_article_that_name_nothing_are_no_navigation() -> None:
    table = (
        "<table><tr><td>Ann</td><td>North</td><td>Red</td><td>Quay</td></tr>"
        "<tr><td>Bo</td><td>South</td><td>Blue</td><td>Mole</td></tr></table>"
    )
    page = as_page(read(article(f"{paragraphs()}{table}")))
    assert isinstance(page, Article)
    text = prepare_article(page, date(2026, 1, 1), IndexSettings())[0].text
    assert text.endswith("Ann | North | Red | Quay\n\nBo | South | Blue | Mole")


def test_a_table_that_lays_out_a_page_is_read_as_a_page() -> None:
    layout = f"<table><tr><td><ul><li>Home</ul></td><td>{article(paragraphs())}</td></tr></table>"
    assert read(layout).text == "\n\n".join(P)


def test_the_columns_of_an_old_page_are_no_rows() -> None:
    menu = "<br>".join(f"<a href=/{name}>{name}</a>" for name in ("Home", "News", "Sport"))
    story = f"<b>{HEADLINE}</b><br><font>12 May 2003</font>{paragraphs(0, 3)}"
    cells = f"<tr><td width=150>{menu}</td><td>{story}</td></tr>"
    page = f"<table><tr><td colspan=2>Gazette</td></tr>{cells}<tr><td colspan=2>x</td></tr></table>"
    assert read(page).text == "\n\n".join(P[:3])


def test_a_table_below_a_title_keeps_its_rows() -> None:
    cell = "<p>It was built in 1931 by the town.</p><p>It was sold in 1999 to a bank.</p>"
    table = f"<tr><td colspan=2>Piers</td></tr><tr><td>Lem</td><td>{cell}</td></tr>"
    assert rows(f"<table>{table}<tr><td>Foss</td><td>{cell}</td></tr></table>") == [
        "Piers",
        "Lem | It was built in 1931 by the town. It was sold in 1999 to a bank.",
        "Foss | It was built in 1931 by the town. It was sold in 1999 to a bank.",
    ]


def test_the_paragraph_of_a_cell_stays_above_the_table_in_it_and_the_cell_beside_it() -> None:
    fees = "<table><tr><th>Boat<th>Fee</tr><tr><td>up to 6 m<td>£120</tr></table>"
    cells = f"<td><p>{P[2]}</p>{fees}</td><td>{P[3]}</td>"
    text = read(article(f"{paragraphs(0, 2)}<table><tr>{cells}</tr></table>")).text
    assert text.split("\n\n")[2:] == [P[2], "Boat | Fee", "up to 6 m | Fee: £120", P[3]]


def test_definitions_say_what_they_define() -> None:
    pairs = "<dl><dt>Built</dt><dd>1931</dd><dt>Owner:</dt><dd>Wexmouth</dd><dd>Leeham</dd></dl>"
    assert rows(pairs) == ["Built: 1931", "Owner: Wexmouth; Leeham"]
