from __future__ import annotations

import textwrap

import pytest

from index.text.line_joining import join_lines, unwrap

STORY = (
    "The board of the harbour voted on Tuesday to close the old terminal at the end of March, "
    "after two years of losses. Repairs would cost 14 million crowns, Ada Brandt of Kiel said. "
    "Bergen and Oslo will take its ships until the season ends."
)


@pytest.mark.parametrize("width", [32, 40, 55, 60, 66, 72, 76, 80])
@pytest.mark.parametrize("end", [110, 180, len(STORY)])
def test_a_wrapped_paragraph_is_joined(width: int, end: int) -> None:
    written = STORY[: STORY.find(" ", end)] if end < len(STORY) else STORY
    wrapped = textwrap.fill(f"{written.rstrip('.,')}.", width)
    assert "\n" in wrapped
    assert unwrap(f"Dear all,\n\n{wrapped}\n\nLena") == (
        f"Dear all,\n\n{written.rstrip('.,')}.\n\nLena"
    )


@pytest.mark.parametrize(
    "text",
    [
        "The managers said that repairs would cost 14\nmillion crowns.",
        "Die Reparatur kostet nach Angaben der Leitung 14\nMillionen Kronen.",
        "The cranes were sold by the city of\nKiel in 2015.",
        "The law was signed by the president on 28\nOctober 1998.",
        "Repairs would cost 14\nmillion crowns.",
        "He won $5\nbillion.",
        "The price rose to 40\n% in May, after 30\nper cent in April.",
        "The board of the\nharbour met.",
        "The board will not\nsell the cranes.",
        "It was read by Dr.\nVoss.",
        "The pier was sold for EUR\n14 and a crate of fish.",
        "It cost the town SEK\n3.5 million.",
        "Reparationen kostar enligt hamnen 14\nmiljoner kronor.",
        "Naprawa będzie kosztować według portu 14\nmilionów koron.",
        "La réparation coûterait selon le port 14\nmillions.",
        "La reparación costaría según el puerto 14\nmillones.",
        "De reparatie kost volgens de haven 14\nmiljoen.",
        "The talks were led by Gen.\nOkafor.",
        "Turnout in the town fell by 14\nper cent.",
        "It was 14\n°C in the harbour.",
        "Around 14\npeople were on the pier.",
        "The har-\nbour is shut.",
    ],
)
def test_a_line_that_the_next_one_goes_on_with_is_joined(text: str) -> None:
    assert unwrap(text) == text.replace("\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(["A whole sentence of a paragraph that stands on its line."] * 5),
        "Shall I compare the harbour to a day of summer,\nThou art more windy,\nRough winds blow.",
        "flour\nmilk\neggs",
        "- the harbour that was closed on Tuesday by the board\n- the cranes that were sold",
        "Oslo shipped 7.5\nBergen shipped 4.1",
        "Ann | Bo | Cy | Di May\nNorth | South | East | West",
        "The ferry goes each day from Kiel to Oslo in May\nTickets are sold at the quay of Kiel",
        "Roses are red\nviolets are blue",
        "Quay 5\n24103 Kiel",
        "Prices in EUR\nKiel: 14",
        "The winners of the year 2014\nPeople of the harbour",
        "He wrote to info@harbour-\nThen he left.",
        "Harbour closes after cracks were found\nShips were sent away, the port said.",
        "Ships that came into the harbour in 2023 14\nShips that left the harbour in 2023 12",
        "“Will the harbour be closed at the end of the month?”\n“It will be closed on Tuesday.”",
        "Price: 14 million crowns for both of the cranes of the harbour\nBuyer: a firm in Oslo.",
        "The harbour is closed:\n1. Ships wait.\n2. Cranes stand still.",
        "Still hangs the rope,\nstill stands the wheel,\nno hand upon it,\nno ship to steer.",
        "床前明月光疑是地上霜举头，\n望明月低头思故乡夜色凉，\n江上一片船灯火暖如春，\n归人听水声。",
        "",
    ],
)
def test_line_ends_of_the_text_itself_stay(text: str) -> None:
    assert unwrap(text) == text


def test_no_character_comes_or_goes() -> None:
    text = textwrap.fill(STORY, 70) + "\r\nand on.\n\n\n  and\n"
    assert len(unwrap(text)) == len(text)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            "港は火曜の夜に閉鎖された。船員\n12人は全員が岸に着いた。運航会\n社は14便を取りやめた。",
            "港は火曜の夜に閉鎖された。船員12人は全員が岸に着いた。運航会社は14便を取りやめた。",
        ),
        ("The harbour of 横浜\nis closed.", "The harbour of 横浜\nis closed."),
    ],
)
def test_lines_of_scripts_without_spaces_are_joined_without_one(lines: str, text: str) -> None:
    assert join_lines(lines) == text
    assert len(unwrap(lines)) == len(lines)
