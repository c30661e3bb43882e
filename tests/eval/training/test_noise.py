"""Questions as people type them, and lines as pages have them."""

from __future__ import annotations

from random import Random

from eval.training.noise import as_typed, echo_line, typo

ASKED = "Where did the zebra run yesterday?"


def test_a_typo_changes_one_word_only() -> None:
    changed = 0
    for seed in range(20):
        after = typo(ASKED, Random(seed)).split(" ")
        off = sum(a != b for a, b in zip(ASKED.split(" "), after, strict=True))
        assert off <= 1
        changed += off
    assert changed > 10
    assert typo("Who is he?", Random(1)) == "Who is he?"


def test_most_questions_stay_and_every_way_of_typing_is_met() -> None:
    typed = [as_typed(ASKED, Random(seed), ["It rained."]) for seed in range(600)]
    assert 0.5 < typed.count(ASKED) / len(typed) < 0.9
    met = set(typed)
    assert {
        ASKED.upper(),
        ASKED.lower().rstrip("?"),
        "zebra run yesterday",
        f"It rained. {ASKED}",
    } <= met
    assert any(each.endswith(f" {ASKED}") and "It rained." not in each for each in met)


def test_nothing_long_is_said_before() -> None:
    long = "It rained " + "and rained " * 30
    assert not any(as_typed(ASKED, Random(seed), [long]).startswith(long) for seed in range(200))


def test_few_words_are_no_keywords() -> None:
    assert "he" not in {as_typed("Who is he?", Random(seed)) for seed in range(200)}


def test_an_echo_line_repeats_the_question_or_a_title() -> None:
    lines = {echo_line(ASKED, ["Zoo news"], Random(seed)) for seed in range(200)}
    assert {"zebra run yesterday", "Zoo news", "Where did the zebra run yesterday"} <= lines
    assert "Photo: zebra run yesterday" in lines
    assert not any(line.endswith((".", "?")) for line in lines)
    assert "More News" in {echo_line(ASKED, [""], Random(seed)) for seed in range(200)}
