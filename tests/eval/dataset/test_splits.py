"""The fixed splits: what ships was fitted on them, so they may never move."""

from __future__ import annotations

from eval.dataset.splits import alternate, by_digest, digest, group_of, is_held_out
from index.article import Article

NAMES = [f"Article {i}" for i in range(2000)]


def test_a_text_without_a_title_stands_alone() -> None:
    assert group_of(Article("d1", "", "It snowed.")) == "d1"
    assert group_of(Article("d0", "Zebras", "It rained.")) == "Zebras"


def test_fifteen_in_a_hundred_are_held_out() -> None:
    assert 0.12 < sum(map(is_held_out, NAMES)) / len(NAMES) < 0.18
    assert [is_held_out(name) for name in ("Andes", "Normans", "Zebras")] == [True, False, False]


def test_every_second_name_is_in_the_other_half() -> None:
    assert alternate(["c", "a", "b", "a"]) == {"a": 0, "b": 1, "c": 0}
    halves = alternate(NAMES, digest)
    assert sum(halves.values()) == 1000
    assert list(halves) == sorted(NAMES, key=digest)


def test_the_half_by_digest_is_fixed() -> None:
    assert 900 < sum(map(by_digest, NAMES)) < 1100
    assert [by_digest(name) for name in ("Andes", "Normans", "Zebras")] == [
        digest(name)[1] in "13579bdf" for name in ("Andes", "Normans", "Zebras")
    ]
