"""Whether two phrases of an article mean the same person or body."""

from __future__ import annotations

import pytest

from rag.facts.identity import compare_identity

TEXT = (
    "Skipper Magnus Rafn told the inquiry that the radio was dead. Sigrid Olsen, the harbour "
    "master, disagreed. Rafn's lawyer would not comment. The hotelier was not asked. Quill is "
    "the union's secretary Ada Quill."
)


@pytest.mark.parametrize(
    ("speaker", "phrase", "identity"),
    [
        ("Magnus Rafn", "Rafn", "same"),
        ("Rafn", "Skipper Rafn", "same"),
        # Whose title stands before the full name elsewhere.
        ("Magnus Rafn", "Skipper Rafn", "same"),
        ("Peter Rafn", "Skipper Rafn", "other"),
        ("the skipper", "Rafn", "same"),
        ("the harbour master", "Olsen", "same"),
        ("Sigrid Olsen", "the harbour master", "same"),
        ("the ministry", "A spokesman for the fisheries ministry", "same"),
        ("Magnus Rafn", "Olsen", "other"),
        ("Peter Rafn", "Rafn", "other"),
        ("Magnus Rafn", "Erik Rafn", "other"),
        ("the skipper", "Olsen", "other"),
        ("Sigrid Olsen", "the skipper", "other"),
        ("the judge", "Judge Vera Holm", "same"),
        # It is the lawyer who speaks.
        ("Rafn", "Rafn's lawyer", "other"),
        # No role of hers is known that another could be told from.
        ("Ines Falk", "the hotelier", "unknown"),
        ("the shopkeeper", "Olsen", "unknown"),
        ("the skipper", "the lawyer of the skipper", "unknown"),
    ],
)
def test_by_name_surname_and_role(speaker: str, phrase: str, identity: str) -> None:
    assert compare_identity(speaker, phrase, TEXT) == identity
