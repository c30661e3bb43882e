from __future__ import annotations

import pytest

from index.text.agencies import agency_of, is_agency


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("dpa-AFX", "dpa-AFX"),
        ("Agenzia ANSA", "ANSA"),
        ("Redazione ANSA", "ANSA"),
        ("Агентство ТАСС", "ТАСС"),
        ("Anadolu Ajansı", "Anadolu"),
        ("EFE / Europa Press", "EFE"),
        ("UPI.com", "UPI"),
        ("Polska Agencja Prasowa", "Polska Agencja Prasowa"),
        ("Česká tisková kancelář", "Česká tisková kancelář"),
        ("By Reuters Staff", "Reuters"),
        ("Ana Lusa", ""),
        ("Redaktion", ""),
        ("PAP / Ada Quay", ""),
        ("Ada Roe-Afp", ""),
    ],
)
def test_agencies_in_the_words_of_their_languages(byline: str, agency: str) -> None:
    assert agency_of(byline) == agency


@pytest.mark.parametrize(
    ("name", "names_nobody"),
    [
        ("AGI", True),
        ("(agi)", True),
        ("TT", True),
        ("Ada", False),
        ("王小明", False),
        ("Bo", False),
    ],
)
def test_initials_alone_name_nobody(name: str, names_nobody: bool) -> None:
    assert is_agency(name) == names_nobody
    assert name == "TT" or not agency_of(name)
