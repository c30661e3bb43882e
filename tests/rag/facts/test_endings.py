"""Sentences that say that Carla Weir no longer is what she was, and such that do not."""

from __future__ import annotations

import pytest

from rag.facts.endings import says_ended


@pytest.mark.parametrize(
    "sentence",
    [
        "Carla Weir is no longer in charge of the bridge.",
        "Carla Weir has resigned as head of the bank.",
        "Weir stepped down on Monday after eleven years.",
        "Weir, who had led the bank since 2011, has stepped down.",
        "Carla Weir, 61, will retire in May.",
        "Weir gave up her post after the audit.",
        "Weir abruptly quit.",
        "Weir leaves the company at the end of the year.",
        "Carla Weir died on Sunday at the age of 81.",
        "Carla Weir was dismissed on Friday.",
        "Weir has been replaced by Otto Lind.",
        "Weir was succeeded by her deputy.",
        "Weir was voted out by 31 to 12.",
        "The board dismissed Carla Weir on Monday.",
        "Lind succeeds Carla Weir at the head of the bank.",
        "The city parted with the engineer Weir.",
        "The former chair Carla Weir spoke of a relief.",
        "Carla Weir, the former director, does not want the post back.",
        "Former mayor Weir opened the fair.",
    ],
)
def test_it_is_over(sentence: str) -> None:
    assert says_ended(sentence, "Carla Weir")


@pytest.mark.parametrize(
    "sentence",
    [
        "Carla Weir will not resign.",
        "Weir rejected calls to step down.",
        "Weir denied that she would resign.",
        "The Greens demanded that Weir be dismissed.",
        "Whether Weir resigns is open.",
        "Weir left the hall at noon.",
        "Weir left open whether the bridge will be built.",
        "Weir dismissed the criticism.",
        "Weir replaced two managers.",
        "Weir's husband died in 2018.",
        "The former minister Otto Lind praised Carla Weir's plan.",
        "Weir succeeded Otto Lind in 2011.",
        "Carla Weir leads the bank.",
        "Nobody at the bank said that Weir was suspended.",
        "Weir fired the head of the works.",
        "Weir was elected in June.",
        "Weir could be replaced in June.",
        "Lind resigned, and Weir took over.",
        "Weir removed the tax.",
    ],
)
def test_it_is_not(sentence: str) -> None:
    assert not says_ended(sentence, "Carla Weir")
