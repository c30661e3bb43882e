from __future__ import annotations

import pytest

from rag.facts.quantities import Amount, amounts, same_amount, same_figure


def one(text: str) -> Amount:
    (found,) = amounts(text)
    return found


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("380 billion RMB", 380e9, "money:CNY"),
        ("$380 billion", 380e9, "money:USD"),
        ("US$4.5bn", 4.5e9, "money:USD"),
        ("€3m", 3e6, "money:EUR"),
        ("12m kronor", 12e6, "money:SEK"),
        ("a 5m-euro fine", 5e6, "money:EUR"),
        ("30 km²", 30e6, "area"),
        ("three quarters of an hour", 0.75 / 24, "time"),
        ("6ft 2in tall", 1.8796, "length"),
        ("two hours and 20 minutes", 140 / 1440, "time"),
        ("3,5 million people", 3.5e6, ""),
        ("2,50 euros", 2.5, "money:EUR"),
        ("2,50,000 rupees", 250_000, "money:INR"),
        ("half-a-million homes", 5e5, ""),
        ("300 sq m", 300, "area"),
        ("70 knots", 129.64, "speed"),
        ("150 kilometres per hour", 150, "speed"),
        ("$ 5 million", 5e6, "money:USD"),
        ("3 million US dollars", 3e6, "money:USD"),
        ("three plants", 3, ""),
        ("twenty-five plants", 25, ""),
        ("two hundred and five thousand people", 205_000, ""),
        ("1,234,567 units", 1_234_567, ""),
        ("2 percentage points", 2, "points"),
        ("25 basis points", 0.25, "points"),
        ("5 per cent", 5, "percent"),
        ("4 km", 4000, "length"),
        ("the 42nd season", 42, "ordinal"),
        ("a 10-year plan", 3652.5, "time"),
        ("three-quarters of it", 75, "percent"),
        ("one third", 100 / 3, "percent"),
        ("half of them", 50, "percent"),
        ("one in five pupils", 20, "percent"),
        ("nine out of ten", 90, "percent"),
        ("two and a half million", 2.5e6, ""),
        ("half a million", 5e5, ""),
        ("a quarter of a million", 2.5e5, ""),
        ("half an hour", 1 / 48, "time"),
        ("a year and a half", 547.875, "time"),
        ("a hundred people", 100, ""),
        ("two dozen ships", 24, ""),
        ("380 000 people", 380_000, ""),
        ("380\u202f000 people", 380_000, ""),
        ("1.380.000 people", 1_380_000, ""),
        ("minus 5 percent", -5, "percent"),
        ("-0.4 percent", -0.4, "percent"),
        ("1½ miles", 2414.016, "length"),
        ("one point two million", 1.2e6, ""),
        ("$1.2-billion", 1.2e9, "money:USD"),
        ("the twenty-first amendment", 21, "ordinal"),
        ("40 million zlotys", 40e6, "money:PLN"),
        ("70 million Egyptian pounds", 70e6, "money:EGP"),
        ("30 square kilometres", 30e6, "area"),
        ("NOK 2 million", 2e6, "money:NOK"),
        ("12 million SEK", 12e6, "money:SEK"),
        ("ALL 3 banks", 3, ""),
        ("In 2019 the pound fell.", 2019, ""),
    ],
)
def test_an_amount_is_read(text: str, value: float, dimension: str) -> None:
    ((found, of),) = one(text).readings
    assert found == pytest.approx(value)
    assert of == dimension


@pytest.mark.parametrize(
    "text",
    [
        "the second half",
        "in the third quarter",
        "over the last quarter",
        "a half-hearted try",
        "hundreds of people",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert amounts(text) == []


def test_two_numbers_stay_two() -> None:
    assert [each.plain for each in amounts("in flat 12 300 people met")] == [12, 300]


def test_lists_and_other_things_stay_two() -> None:
    assert len(amounts("two hours and 90 minutes")) == 2
    assert [each.plain for each in amounts("gates 2,5 and 7")] == [2, 5, 7]
    assert len(amounts("three hours and 40 people")) == 2


def test_one_alone_counts_nothing() -> None:
    assert amounts("no one of them, F-ones and Q3") == []


@pytest.mark.parametrize(
    ("claimed", "stated"),
    [
        ("three plants", "3 plants"),
        ("380 billion yuan", "RMB 380.2bn"),
        ("about 400 people", "397 people"),
        ("10 percent", "10 to 15 percent"),
        ("$10 billion", "$10-15 billion"),
        ("4 million people", "4m people"),
        ("18 months", "1.5 years"),
        ("¥500", "500 yuan"),
        ("380 billion", "380 billion RMB"),
        ("2.5 million", "two and a half million"),
        ("75 percent", "three-quarters"),
        ("a third of it", "33 percent"),
        ("minus 5 percent", "it fell 5 percent"),
        ("a fall of 5 percent", "growth of minus 5 percent"),
    ],
)
def test_what_backs_an_amount(claimed: str, stated: str) -> None:
    assert any(same_amount(one(claimed), each) for each in amounts(stated))


@pytest.mark.parametrize(
    ("claimed", "stated"),
    [
        ("$380 billion", "380 billion RMB"),
        ("$380 billion", "380 billion"),
        ("380 million RMB", "380 billion RMB"),
        ("400 people", "397 people"),
        ("4 million people", "4.4 million people"),
        ("2 percent", "2 percentage points"),
        ("the 42nd season", "42 seasons"),
        ("380 billion RMB", "378 billion RMB"),
        ("5 percent", "minus 5 percent"),
        ("minus 5 percent", "it rose 5 percent"),
        ("three-quarters of it", "three quarters in a row"),
        ("one third of it", "the third of it"),
    ],
)
def test_what_does_not(claimed: str, stated: str) -> None:
    assert not any(same_amount(one(claimed), each) for each in amounts(stated))


def test_the_same_figure_of_something_else_is_a_clash() -> None:
    assert same_figure(one("$380 billion"), one("380 billion RMB"))
    assert same_figure(one("2 percent"), one("2 percentage points"))
    assert not same_figure(one("380 billion RMB"), one("RMB 380bn"))
