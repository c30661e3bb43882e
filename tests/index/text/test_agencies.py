from __future__ import annotations

import pytest

from index.text.agencies import agency_of


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
