"""Stems, also from several threads at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import snowballstemmer

from index.text import stemming


def test_a_word_has_the_stem_of_its_language() -> None:
    assert stemming.stem_word("english", "bridges") == "bridg"
    assert stemming.stem_word("german", "brücken") == "bruck"


def test_no_stemmer_works_for_two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stemmer keeps its word while it works: shared, it would give one word another's stem, and
    that would be remembered."""
    owners: list[tuple[int, int]] = []

    class Stemmer:
        def __init__(self, algorithm: str) -> None:
            self.owner = threading.get_ident()

        def stemWord(self, word: str) -> str:  # noqa: N802
            owners.append((self.owner, threading.get_ident()))
            return word

    made: Any = Stemmer
    monkeypatch.setattr(snowballstemmer, "stemmer", made)
    monkeypatch.setattr(stemming, "_stemmers", threading.local())
    turns = threading.Barrier(2)

    def work(number: int) -> None:
        turns.wait()
        stemming.stem_word("english", f"unheard-of word {number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({user for _, user in owners}) == 2
    assert all(owner == user for owner, user in owners)
