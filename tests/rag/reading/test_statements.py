"""Which lines of an article state something."""

from __future__ import annotations

import pytest

from index.article import Span
from rag.reading.statements import is_statement

PROSE = "The zebra ran to Köln on Friday. Nobody was hurt."


def _states(line: str, text: str = "{}\n" + PROSE) -> bool:
    whole = text.format(line)
    start = whole.index(line)
    return is_statement(whole, Span(start, start + len(line)))


@pytest.mark.parametrize(
    "line",
    [
        "Where the zebra ran",
        "By Carla Diaz",
        "KÖLN, 3 May 2024",
        "More about zebras",
        "Where did the zebra go next",
    ],
)
def test_headings_bylines_and_links_state_nothing(line: str) -> None:
    assert not _states(line)
    assert not _states(line, PROSE + "\n  {}  \n" + PROSE)
    assert not _states(line, PROSE + "\n{}")


@pytest.mark.parametrize(
    "line",
    [
        "Photo: the zebra runs to Köln.",
        "Read more: where did the zebra run?",
        "RELATED: a zebra in Köln.",
        "Image by: the zoo of Köln.",
        "Video from: the zoo of Köln.",
    ],
)
def test_labelled_lines_state_nothing_whatever_they_end_with(line: str) -> None:
    assert not _states(line)


@pytest.mark.parametrize(
    "line",
    ["Helmsby 2 Osk Town 3", "Helmsby Rovers 0, Weir of Osk 11", "Osk 2-3 Helmsby (aet; 1-1)"],
)
def test_the_result_of_a_match_states_something(line: str) -> None:
    assert _states(line)


@pytest.mark.parametrize("line", ["Helmsby 2", "Chapter 2 Section 3", "Apollo 11 in 1969"])
def test_a_heading_with_numbers_states_nothing(line: str) -> None:
    assert not _states(line)


def test_no_sentence_of_a_caption_states_anything() -> None:
    text = f"Photo: the zebra. It ran to Köln.\n{PROSE}"
    start = text.index("It ran")
    assert not is_statement(text, Span(start, start + len("It ran to Köln.")))


@pytest.mark.parametrize("sentence", ["The zebra ran to Köln on Friday.", "Nobody was hurt."])
def test_sentences_of_a_paragraph_state_something(sentence: str) -> None:
    assert _states(sentence, "A heading\n" + PROSE.replace(sentence, "{}"))


@pytest.mark.parametrize(
    "line",
    [
        "- the zebra ran to Köln",
        "• the zebra ran to Köln",
        "3. the zebra ran to Köln",
        "(12) the zebra ran to Köln",
        "Zebra | Köln | Friday",
        "Zebra\tKöln\tFriday",
    ],
)
def test_list_items_and_rows_of_tables_state_something(line: str) -> None:
    assert _states(line)


@pytest.mark.parametrize(
    "line",
    [
        "The zebra ran to Köln!",
        "“The zebra ran to Köln.”",
        "Did the zebra run (to Köln?)",
        "The zebra ran …",
        "The zebra ran to these towns:",
    ],
)
def test_lines_that_end_as_sentences_do_state_something(line: str) -> None:
    assert _states(line)


def test_a_long_line_is_a_sentence_that_lost_its_full_stop() -> None:
    assert _states("The zebra ran " + "on and " * 8 + "on")
    assert not _states("The zebra ran " + "on and " * 5 + "on")


@pytest.mark.parametrize("text", ["{}", "{}\nIt rained on Friday\n"])
def test_where_no_line_has_a_full_stop_all_state_something(text: str) -> None:
    assert _states("The zebra ran to Köln", text)


@pytest.mark.parametrize("line", ["東京に雨が降った", "فر الحمار الوحشي", "พายุเข้าเมือง"])
def test_other_scripts_need_no_full_stop(line: str) -> None:
    assert _states(line)
