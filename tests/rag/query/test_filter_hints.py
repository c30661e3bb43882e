"""What is said where filters leave no answer."""

from __future__ import annotations

from index.filters import Filters
from rag.query.filter_hints import publisher_hint, without_publishers
from tests.fakes import article


def test_near_names_are_suggested() -> None:
    names = ["Market Brief", "The Wire", "Upland Times"]
    asked = Filters(publisher=("Wyre",))
    hint = "No article matches the publisher “Wyre”; did you mean “The Wire”?"
    assert publisher_hint(asked, names) == hint


def test_without_a_near_name_there_is_none() -> None:
    asked = Filters(publisher=("Xanthippe Quarterly",))
    assert publisher_hint(asked, ["The Wire"]) == (
        "No article matches the publisher “Xanthippe Quarterly”."
    )
    assert publisher_hint(Filters(language=("fi",)), ["The Wire"]) is None


def test_who_has_it_is_named() -> None:
    asked = Filters(publisher=("The Wire",))
    one, two = (
        article("a", "It rained.", publisher="Post"),
        article("b", "It rained.", publisher="Mail"),
    )
    assert without_publishers(asked, [one, two, one]) == "Not in “The Wire”; Post and Mail have it."
    assert without_publishers(asked, [one]) == "Not in “The Wire”; Post has it."
