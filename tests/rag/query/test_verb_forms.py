"""The base of a past, as a question with "did" has it."""

from __future__ import annotations

import pytest

from rag.query.verb_forms import base_of_past

BASES = (
    # With an e, which a short vowel before one consonant shows, or that only this is a word.
    "changed change stated state raised raise closed close pleased please ranged range used use "
    "aged age typed type hoped hope moved move produced produce caused cause devastated devastate "
    "emphasised emphasise bathed bathe freed free toed toe united unite judged judge "
    "settled settle "
    # Without.
    "attached attach pointed point suited suit opened open focused focus called call passed pass "
    "added add asked ask fixed fix owned own killed kill echoed echo stayed stay needed need "
    # Doubled.
    "planned plan banned ban cancelled cancel controlled control preferred prefer topped top "
    "equipped equip programmed program panicked panic gazetted gazette focussed focus "
    # In y and ie; irregular.
    "carried carry died die tied tie won win threw throw became become cut cut"
)


@pytest.mark.parametrize(
    ("past", "base"), list(zip(BASES.split()[::2], BASES.split()[1::2], strict=True))
)
def test_the_base_of_a_past(past: str, base: str) -> None:
    assert base_of_past(past) == base
