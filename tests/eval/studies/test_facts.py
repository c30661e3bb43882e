from __future__ import annotations

from pathlib import Path

import pytest

from eval.studies.facts.__main__ import main
from eval.studies.facts.claims import claimed_amounts, claimed_days
from eval.studies.facts.corpora import lines
from eval.studies.facts.trials import TRIALS, run_trial


@pytest.mark.parametrize("kind", ["numbers", "names", "orders"])
def test_a_corpus_is_large_enough(kind: str) -> None:
    assert len({line.text for line in lines(kind)}) >= 300


def test_so_are_both_of_time_together() -> None:
    times = [*lines("time_in_questions"), *lines("time_in_sentences")]
    assert len({line.text for line in times}) >= 300


def test_what_is_marked_lies_within_the_sentence() -> None:
    for corpus, key in (
        ("numbers", "amounts"),
        ("time_in_sentences", "days"),
        ("time_in_questions", "words"),
    ):
        for line in lines(corpus):
            assert all(
                0 <= each["start"] < each["end"] <= len(line.text) for each in line.values[key]
            )


def test_halves_make_up_the_whole() -> None:
    every, seen, held_out = (run_trial("names called absent", half) for half in (None, False, True))
    assert every.readings == seen.readings + held_out.readings
    assert every.lines == seen.lines + held_out.lines


def test_claims_are_made_from_values_alone() -> None:
    made = list(claimed_amounts({"value": 2.5e6, "dimension": ""}))
    assert made == [
        ("It was 2.5 million of them.", True),
        ("It was 3.425 million of them.", False),
    ]
    assert list(claimed_days({"years": [2024, 2024], "month": 5, "day": 26})) == [
        ("It happened on 26 May 2024.", True),
        ("It happened on 26 May 2027.", False),
    ]


def test_the_table_is_written_to_its_place_and_is_the_published_one(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    begin, end = "<!-- table facts -->", "<!-- end facts -->"
    page.write_text(f"Before.\n{begin}\nold\n{end}\nAfter.\n", encoding="utf-8")
    main(["--doc", str(page)])
    before, _, rest = page.read_text(encoding="utf-8").partition(f"\n{begin}\n")
    table, _, after = rest.partition(f"\n{end}\n")
    assert (before, after) == ("Before.", "After.\n")
    document = Path("docs/evaluation.md").read_text(encoding="utf-8")
    assert table in document, "run python -m eval.studies.facts"
    assert all(f"| {name} |" in table for name in TRIALS)
