from __future__ import annotations

import pytest

from index.load.note_marks import without_note_marks
from tests.index.load.conftest import One


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("It cost 14[3] million.", "It cost 14 million."),
        ("It rose in 2015.[12] It fell.[a]", "It rose in 2015. It fell.[a]"),
        ("It rose.[1][2] It fell.", "It rose. It fell."),
        ("In 2015[3]–2016[4] it cost 14[b] million.", "In 2015–2016 it cost 14 million."),
        ("It cost 14[note 3] million and 9 [note 4] more.", "It cost 14 million and 9 more."),
        (
            "旧码头于周二关闭[3]，共有四十名工人[4]失去工作。",
            "旧码头于周二关闭，共有四十名工人失去工作。",
        ),
        ("He said [3] times, in [2015].", "He said [3] times, in [2015]."),
        ("“We [the board] pay.”", "“We [the board] pay.”"),
        ("Their word[s] and the boat[s] were his.", "Their word[s] and the boat[s] were his."),
        ("rows[0] = 14", "rows[0] = 14"),
        ("It takes args[0], then args[1].", "It takes args[0], then args[1]."),
        ("Call rows[0].close() then.", "Call rows[0].close() then."),
    ],
)
def test_marks_that_hang_on_a_word(text: str, result: str) -> None:
    assert without_note_marks(text, ()) == (result, ())


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("The pier cost 14 [3] million.\n\n[3] Port office.",
         "The pier cost 14 million.\n\n[3] Port office."),
        ("It has 14 [1] ships, 9 [2] boats and 9% [1][2] more.",
         "It has 14 ships, 9 boats and 9% more."),
        ("It has 14 [a] ships, 9 [b] boats.", "It has 14 ships, 9 boats."),
        ("The ferry[5] has 240 [6] seats.[7] It is old.", "The ferry has 240 seats. It is old."),
        ("It has 14 [1, 2] ships, 9\u2009[3] boats.", "It has 14 ships, 9 boats."),
    ],
)  # fmt: skip
def test_marks_apart_that_are_borne_out(text: str, result: str) -> None:
    assert without_note_marks(text, ()) == (result, ())


@pytest.mark.parametrize(
    "text",
    [
        "The pier cost 14 [3] million.",
        "Of the men 14 [35] and of the women 9 [22] came.",
        "It is 14 [12–16] metres, on page 14 [in German].",
        "It cost 14 [3] million.\n\n[4] Port office.",
        "Section 14 (3) of the law.",
        "It lies in 9 [0, 14] at most.",
        "It has 14 [35] men, 9 [22] women.",
    ],
)
def test_figures_in_brackets_that_nothing_bears_out_stay(text: str) -> None:
    assert without_note_marks(text, ()) == (text, ())


ROWS = (
    "Port | 2023 | 2024*",
    "Oslo† | 2023: 7.5 a) | 2024*: 9.1b",
    "Kiel | 2023: 3 (a) | 2024*: 4",
)


def test_marks_of_cells_with_their_notes_below() -> None:
    notes = "a) Estimate.\nb Without coal.\n* Until May.\n† With Moss."
    text, rows = without_note_marks("\n".join([*ROWS, "", notes]), ROWS)
    assert rows == (
        "Port | 2023 | 2024",
        "Oslo | 2023: 7.5 | 2024: 9.1",
        "Kiel | 2023: 3 | 2024: 4",
    )
    assert text == "\n".join([*rows, "", notes])


@pytest.mark.parametrize("below", ["", "a ship was lost there.", "It rained.\n\nb"])
def test_marks_of_cells_without_notes_stay(below: str) -> None:
    text = "\n".join([*ROWS, "", below])
    assert without_note_marks(text, ROWS) == (text, ROWS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "The ports in tons.\n\n| Port | 2023 | 2024 |\n|---|---|---|\n"
         "| Oslo | 7.5 a) | 9.1* |\n| Kiel | 3.0 | 4.2 |\n\na) Estimate.\n\n\\* Until May.\n"),
        ("a.html", "<article><h1>Ports</h1><p>The ports gave their tons on Monday in Kiel.</p>"
         "<table><tr><td>Port</td><td>2023</td><td>2024</td></tr><tr><td>Oslo</td><td>7.5 a)</td>"
         "<td>9.1*</td></tr><tr><td>Kiel</td><td>3.0</td><td>4.2</td></tr></table>"
         "<p>a) Estimate.</p><p>* Until May.</p><p>The others give theirs on Friday, they said.</p>"
         "</article>"),
    ],
)  # fmt: skip
def test_a_mark_keeps_no_figure_from_its_heading(one: One, name: str, content: str) -> None:
    article = one(name, content)
    row = "Oslo | 2023: 7.5 | 2024: 9.1"
    assert row in article.text.split("\n")
    assert row in article.findings.rows
    assert "Estimate." in article.text


@pytest.mark.parametrize(
    ("row", "result"),
    [
        ("North | Boats: 1,204 a,b | Crew: 33", "North | Boats: 1,204 | Crew: 33"),
        ("North | Boats [a]: 1,204 | Crew: 33", "North | Boats: 1,204 | Crew: 33"),
        ("North | Boats: 1,204 a,c | Crew: 33", "North | Boats: 1,204 a,c | Crew: 33"),
    ],
)
def test_several_marks_and_marks_in_brackets_in_a_cell(row: str, result: str) -> None:
    notes = "\n\na Without dinghies.\n\nb Of last year."
    assert without_note_marks(row + notes, (row,)) == (result + notes, (result,))


def test_a_figure_beside_marks_whose_numbers_it_does_not_continue_stays() -> None:
    text, _ = without_note_marks("The ferry[5] has 240 [310] seats.[6]", ())
    assert text == "The ferry has 240 [310] seats."


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("It is empty [1], rye goes by rail [2, 3] now. “Why?” [1]",
         "It is empty, rye goes by rail now. “Why?”"),
        ("As in [1], it is empty [4].", "As in [1], it is empty [4]."),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "notes",
    ["[1] Port, see [2].\n[2] Holt.\n[3] Feld.", "Sources\n\n1. Port.\n2. Holt.\n3. Feld."],
)
def test_marks_behind_words_need_a_list_of_notes(text: str, result: str, notes: str) -> None:
    assert without_note_marks(f"{text}\n\n{notes}", ())[0] == f"{result}\n\n{notes}"
    assert without_note_marks(text, ())[0] == text


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("History[edit]\n\nIt closed.[citation needed] Then", "History\n\nIt closed. Then"),
        ("Lage\n\n[Bearbeiten | Quelltext bearbeiten]\n\nSie schloss.", "Lage\n\nSie schloss."),
        ("It closed.^([1]) Then 【4†source】 it", "It closed. Then it"),
        ("1. ^ Port.\n2. ^ a b Holt.", "1. Port.\n2. Holt."),
        ("He [who?] said 2^3 [sic].", "He [who?] said 2^3 [sic]."),
    ],
)  # fmt: skip
def test_signs_of_wikis_and_chat_models(text: str, result: str) -> None:
    assert without_note_marks(text, ())[0] == result


_CODE = "name = args[1]\nprint(values[3])"
_TEXT = "The tool reads a name that somebody types, and prints the third value that it finds."
_MORE = "<p>Whoever needs another value starts it again.</p>" * 3


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.md", f"# Tools\n\n{_TEXT}[2]\n\n```\n{_CODE}\n```\n"),
        ("a.md", f"# Tools\n\n{_TEXT}[2]\n\n    name = args[1]\n    print(values[3])\n"),
        ("a.html", f"<h1>Tools</h1><p>{_TEXT}[2]</p>{_MORE}<pre>{_CODE}</pre>"),
        ("a.html", f"<h1>Tools</h1><p>{_TEXT}[2]</p>{_MORE}<pre><code>{_CODE}</code></pre>"),
    ],
)
def test_places_in_code_are_no_notes(one: One, file: str, content: str) -> None:
    text = one(file, content).text
    assert text.startswith(f"{_TEXT}\n")
    assert _CODE in text
