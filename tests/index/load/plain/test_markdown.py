from __future__ import annotations

from datetime import date

import pytest

from tests.index.load.conftest import One


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("It cost 14 million.^1^^2^ He left.", "It cost 14 million. He left."),
        ("It lets out 10^6^^3^ tons.", "It lets out 10^6 tons."),
        ("It is 2^2^^2^ in all.", "It is 2^2^2 in all."),
        ("It sank in 2019^\\[12\\]^ there.", "It sank in 2019 there."),
        ("Ships^[See the *report* of 2019.] sank.", "Ships sank.\n\n* See the report of 2019."),
        ("Crane\n: A machine that lifts.", "Crane: A machine that lifts."),
        ("Crane\n: It lifts.\n: A bird.", "Crane: It lifts.; A bird."),
        ("Crane\n\n: A machine that lifts.", "Crane: A machine that lifts."),
        ("At 14:30\nthey left: all of them.", "At 14:30 they left: all of them."),
    ],
)
def test_marks_of_pandoc(one: One, markdown: str, text: str) -> None:
    assert one("a.md", markdown).text == text


@pytest.mark.parametrize("mark", [": ", "Table: "])
def test_what_a_table_is_called_is_no_meaning_of_its_last_row(one: One, mark: str) -> None:
    table = "| Port | 2024 |\n|---|---|\n| Oslo | 7.5 |\n"
    found = one("a.md", f"The ports said it.\n\n{table}\n{mark}Tons by port\n\nNo more was said.\n")
    called = "Tons by port" if mark == ": " else "Table: Tons by port"
    assert found.text.split("\n\n")[1:] == [
        "Port | 2024", "Oslo | 2024: 7.5", called, "No more was said.",
    ]  # fmt: skip


def test_headings_over_two_columns(one: One) -> None:
    table = (
        "| Port | 2023 | | 2024 | |\n|---|---|---|---|---|\n| | Tons | Ships | Tons | Ships |\n"
        "| Oslo | 3.1 | 40 | 4.2 | 51 |"
    )
    line = "Oslo | 2023 Tons: 3.1 | 2023 Ships: 40 | 2024 Tons: 4.2 | 2024 Ships: 51"
    assert line in one("a.md", table).text.split("\n\n")


@pytest.mark.parametrize("rule", ["---", "-----"])
def test_rules_within_a_text_are_no_front_matter(one: One, rule: str) -> None:
    found = one("a.md", f"# Pier\n\nIt is shut.\n\n{rule}\n\nIt opens.\n\n{rule}\n\nIt stays.\n")
    assert (found.title, found.text) == ("Pier", "It is shut.\n\nIt opens.\n\nIt stays.")


def test_a_text_between_rules_at_the_top_is_read(one: One) -> None:
    assert (
        one("a.md", "---\n\nIt is shut.\n\n---\n\nIt opens.\n").text == "It is shut.\n\nIt opens."
    )


@pytest.mark.parametrize(
    "title",
    [
        "Orven flood: six dead",
        '"I refuse": the luthier on robots',
        '\'Tis the season: a "tale"',
        "@home: how we live",
    ],
)
def test_titles_that_are_no_yaml_are_taken_as_written(one: One, title: str) -> None:
    found = one(
        "a.md", f"---\ntitle: {title}\ndate: 2025-03-04\nauthor: Li Wen\n---\nIt is shut.\n"
    )
    assert (found.title, found.text, found.author) == (title, "It is shut.", "Li Wen")
    assert found.published_at == date(2025, 3, 4)


def test_front_matter_in_toml(one: One) -> None:
    found = one("a.md", '+++\ntitle = "Pier"\ndate = 2025-03-04\n+++\n\nIt is shut.\n')
    assert (found.title, found.text) == ("Pier", "It is shut.")
    assert found.published_at == date(2025, 3, 4)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("- [ ] Paint it\n- [x] Mend it", "- Paint it\n\n- Mend it"),
        ("It cost ==eight== crowns, and a == b.", "It cost eight crowns, and a == b."),
        ("::: note\nMind the gap.\n:::", "Mind the gap."),
        ("Pier     Boats\n-----  -------\nLund         9\nLeck         4",
         "Pier | Boats\n\nLund | Boats: 9\n\nLeck | Boats: 4"),
    ],
)  # fmt: skip
def test_marks_of_other_kinds_of_markdown(one: One, written: str, text: str) -> None:
    assert one("a.md", f"# T\n\n{written}\n").text == text


def test_a_rule_above_all_else_begins_no_fields(one: One) -> None:
    article = one("a.md", "---\n\n# The harbour\n\nIt closed on Monday.\n")
    assert (article.title, article.text) == ("The harbour", "It closed on Monday.")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("It is [Small]{.smallcaps} by `npm`{.sh}. {#end .x}", "It is Small by npm."),
        ("## What next {#next}\n\nIt\n{: .lead }", "What next\n\nIt"),
        ("See [[Port|the port]], [[Velmora]].\n![[a.png]] ^id-1", "See the port, Velmora."),
        ("> [!note] Good\n> It is.", "Good\n\nIt is."),
        ('It is.\n\n{{< figure src="a" >}}\n\n%%not\nthis%%{% x %}So.', "It is.\n\nSo."),
        ("It is.[1](https://a.example)[2](b) So [[1](#n)].", "It is. So."),
        ("It is [1], so [2].\n\n[1]: https://a.example\n[2]: b", "It is, so."),
        ("In [2](a) of [7](b) ships `{.x}`", "In 2 of 7 ships {.x}"),
    ],
)
def test_other_kinds_of_markdown(one: One, written: str, text: str) -> None:
    assert one("a.md", written).text == text
