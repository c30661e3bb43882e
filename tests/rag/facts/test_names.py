from __future__ import annotations

import pytest

from rag.facts.names import KnownWords, names


def test_names_are_runs_of_capitals() -> None:
    found = names("In 2020 Alibaba's Eddie Wu spoke at the Bureau of Industry in Bonn.")
    assert [name.words for name in found] == [
        ("alibaba", "eddie", "wu"),
        ("bureau", "industry"),
        ("bonn",),
    ]


def test_an_accent_is_no_capital() -> None:
    assert [name.words for name in names("Her fiancé, élu in Évian, left")] == [("evian",)]


def test_an_opening_word_may_be_any_word() -> None:
    assert [name.first for name in names("However, Bonn won.")] == [True, False]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("The American firm", "a firm of the United States"),
        ("Chinese buyers of Nvidia", "in China, Nvidia sold"),
        ("at the IMF", "the International Monetary Fund said"),
        ("the International Monetary Fund", "the IMF said"),
        ("in the U.K.", "a British town"),
        ("by Wu", "Eddie Wu’s plan"),
        ("Polish miners", "miners in Poland"),
        ("in Niger", "in Niger on Friday"),
        ("the Czech Republic", "a mill in Czechia"),
        ("South Korean ships", "ships of South Korea"),
        ("Siberian rivers", "the rivers of Siberia"),
        ("Texan ranchers", "ranchers in Texas"),
        ("in Sao Paulo", "in São Paulo"),
        ("in Lodz", "in Łódź"),
        ("the Data Centers", "new data center"),
        ("the Marl-Weir", "a weir near Marl, and Marl"),
    ],
)
def test_a_name_has_forms(name: str, text: str) -> None:
    known = KnownWords([text])
    assert all(known.missing(each) == 0 for each in names(f"So {name}") if each.words != ("so",))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("by Ivo Stam", "this is all"),
        ("by Tencent", "Alibaba invests"),
        ("in Chile", "in China"),
        ("at the IMF", "the Bank said"),
        ("in Niger", "in Nigeria"),
        ("in America", "he told us so"),
        ("by Nigerian troops", "the coup in Niger"),
        ("in Chad", "Owen Chadwick resigned"),
        ("by Roberts", "Robert Kane denied it"),
        ("in Austria", "in Australia"),
        ("in Georgia", "in Georgetown"),
    ],
)
def test_another_name_is_missing(name: str, text: str) -> None:
    (found,) = names(f"so {name}")
    assert KnownWords([text]).missing(found) == 1
