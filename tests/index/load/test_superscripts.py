from __future__ import annotations

import pytest

from index.load.superscripts import settle_superscripts, subscript_text, superscript_text
from tests.index.load.conftest import One


@pytest.mark.parametrize(
    ("before", "characters", "added"),
    [
        ("It cost 14", "3", ""),
        ("It cost 14", "3 ", " "),
        ("in 1998.", "1, 2", ""),
        ("in 1998.", "13,14", ""),
        ("in 1998", "13,14", ""),
        ("the law", "*", ""),
        ("Oslo", "a", ""),
        ("about 10", "6", "^6"),
        ("of 110", "6", ""),
        ("about 10", "−3", "^-3"),
        ("5 km", "2", "^2"),
        ("the beam", "2", ""),
        ("where x", "2", "^2"),
        ("the 19", "th", "th"),
        ("le 1", "er", "er"),
        ("la 2", "e", "e"),
        ("M", "me", "me"),
        ("price", "with tax", " with tax "),
        ("where (a+b)", "2", "^2"),
        ("by (1 + r)", "n", "^n"),
        ("by (1−q)", "−1", "^-1"),
        ("of (2+3)", "2", "^2"),
        ("[x-1]", "3", "^3"),
        ("of |z|", "2", "^2"),
        ("of f(x)", "2", "^2"),
        ("by (COVID-19)", "2", ""),
        ("in (2019/20)", "2", ""),
        ("the (U-20)", "2", ""),
        ("the board (see above)", "2", ""),
        ("under (b)", "2", ""),
        ("a χ", "2", "^2"),
        ("of SO4", "2−", "^2−"),
        ("of Na", "+", "^+"),
        ("of Osk", "2", ""),
        ("12 miles", "2", "^2"),
        ("people per kilometre", "2", "^2"),
        ("many miles", "2", ""),
        ("12 feet", "4", ""),
    ],
)
def test_raised(before: str, characters: str, added: str) -> None:
    assert superscript_text(before, characters) == added


def test_lowered() -> None:
    assert (subscript_text("CO", "2"), subscript_text("101", "2")) == ("2", "_2")


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("It cost 31¹ million in 1998².", "It cost 31 million in 1998."),
        ("It cost 31¹² million.", "It cost 31 million."),
        ("In 1998¹⁻³ it grew by 12%⁴,⁵ or $15⁶ a day.", "In 1998 it grew by 12% or $15 a day."),
        ("It ended in 1998.¹ It had two quays.", "It ended in 1998. It had two quays."),
        ("10⁶ tons, 4·10⁻³ and 2¹⁰ grains, 3² = 9", "10^6 tons, 4·10^-3 and 2^10 grains, 3^2 = 9"),
        ("The minister¹ said “no”² twice.", "The minister said “no” twice."),
        ("¹4 of 5", "¹ 4 of 5"),
        ("(a+b)² = a² + 2ab + b²", "(a+b)^2 = a² + 2ab + b²"),
        ("It grows by (1+r)ⁿ, and |x|² too.", "It grows by (1+r)^n, and |x|^2 too."),
        ("In CO₂² there is more.", "In CO₂ there is more."),
        ("A pier of 200 m⁴ was planned.", "A pier of 200 m⁴ was planned."),
    ],
)
def test_characters_that_are_raised_by_themselves(text: str, settled: str) -> None:
    assert settle_superscripts(text) == settled


@pytest.mark.parametrize(
    "text",
    [
        "12 miles² or 5 yards³",
        "SO₄²⁻, NO₃⁻, NH₄⁺ and Fe³⁺",
        "χ² and α²",
        "5 m² and 3 km³",
        "E = mc²",
        "¹⁴C and CO²",
        "¹ Source: port office",
    ],
)
def test_what_joins_no_number_stays(text: str) -> None:
    assert settle_superscripts(text) == text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "Quay¹\n\nThe quay cost 31² million."),
        ("a.md", "# Quay¹\n\nThe quay cost 31² million."),
        ("a.jsonl", '{"title": "Quay¹", "text": "The quay cost 31² million."}'),
        ("a.csv", "title,text\nQuay¹,The quay cost 31² million.\n"),
        (
            "a.html",
            "<title>Quay¹</title><p>The quay cost 31² million.</p>"
            "<p>It is shut, as the board said on Monday in Kiel.</p>",
        ),
    ],
)
def test_all_formats_settle_them(one: One, name: str, content: str) -> None:
    article = one(name, content)
    assert article.title == "Quay"
    assert article.text.startswith("The quay cost 31 million.")


def test_rows_of_tables_are_known_again(one: One) -> None:
    page = "<table><tr><th>Port</th><th>2023</th></tr><tr><td>Oslo</td><td>31² t</td></tr></table>"
    article = one("a.md", f"The ports.\n\n{page}\n")
    assert article.findings.rows[-1] in article.text.split("\n")


@pytest.mark.parametrize(
    ("before", "characters", "after", "added"),
    [
        ("The ", "14", "C method", "14"),
        ("of 200 m", "4", " was", ""),
        ("of 200 m", "3", " was", "^3"),
        ("a", "n+1", " is", "^(n+1)"),
        ("4 ft", "2", " of", "^2"),
    ],
)
def test_what_follows_tells(before: str, characters: str, after: str, added: str) -> None:
    assert superscript_text(before, characters, after) == added
