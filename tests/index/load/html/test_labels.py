"""Figures beside each other in elements of their own: scores, and the digits of one number."""

from __future__ import annotations

import pytest

from tests.index.load.webpages import article, paragraphs, read


def line(part: str) -> str:
    """What becomes of a part of a page between its paragraphs."""
    return read(article(paragraphs(0, 2) + part + paragraphs(2, 4))).text.split("\n\n")[2]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('<div class="score"><span>3</span><span>1</span></div>', "3 1"),
        ('<p>Final score: <b class="home">3</b><b class="away">1</b></p>', "Final score: 3 1"),
        ('<p><i class="set">6</i><i class="set">4</i><i class="set">7</i></p>', "6 4 7"),
        ("<p><span>102</span><span>98</span></p>", "102 98"),
        (
            '<p><span class="team">Orrel</span><span class="goals">102</span> – '
            '<span class="goals">98</span><span class="team">Foss</span></p>',
            "Orrel 102 – 98 Foss",
        ),
        ('<p class="score"><span>3</span>rd of <span>21</span><span>st</span></p>', "3rd of 21st"),
    ],
)
def test_the_figures_of_a_score_are_two(part: str, words: str) -> None:
    assert line(part) == words


def test_those_in_a_cell() -> None:
    table = (
        "<table><tr><th>Team</th><th>Sets</th></tr>"
        "<tr><td>Orrel</td><td><b>6</b><b>4</b></td></tr>"
        "<tr><td>Foss</td><td><b>4</b><b>6</b></td></tr></table>"
    )
    text = read(article(paragraphs(0, 4) + table)).text
    assert "Orrel | Sets: 6 4" in text


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('<div class="counter"><span>4</span><span>2</span></div>', "42"),
        ('<p><b class="digit">4</b><b class="digit">2</b> boats</p>', "42 boats"),
        ("<p>It costs <b>14</b><b>,000</b> crowns.</p>", "It costs 14,000 crowns."),
        ('<p>It is <i class="int">7</i><i class="frac">.5</i> m.</p>', "It is 7.5 m."),
        ("<p>Call <b>05</b><b>51</b> at once.</p>", "Call 0551 at once."),
        ("<p>In <b>19</b>21 it sank.</p>", "In 1921 it sank."),
    ],
)
def test_the_digits_of_a_number_are_one(part: str, words: str) -> None:
    assert line(part) == words
