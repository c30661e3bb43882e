from __future__ import annotations

from datetime import date

import pytest
from babel import Locale

from eval.pages import HALVES, Half, read_pages
from eval.training.boilerplate import measure_days
from index.text.date_types import DateOrder
from index.text.dates import days_in, parse_day, stamp, url_day
from index.text.months import MONTHS
from index.text.page_day import text_day
from index.text.source_line import source_day
from index.text.weekdays import WEEKDAYS

TODAY = date(2026, 1, 1)
DAY = date(2025, 5, 26)


@pytest.mark.parametrize(
    "stated",
    [
        "2025-05-26",
        "2025-05-26T05:45:44+08:00",
        "20250526T101010Z",
        "D:20250526054544+08'00'",
        "Mon, 26 May 2025 05:45:44 GMT",
        "May 26, 2025 at 10:05",
        "26. Mai 2025",
        "le 26 mai 2025 à 10h05",
        "26 de mayo de 2025",
        "26/05/2025",
        "05/26/2025",
        "26.05.2025",
        "2025年5月26日",
        "26 мая 2025 г.",
        "26 травня 2025 року",
        "26 maja 2025 r.",
        "26. května 2025",
        "26.května 2025",
        "26. mája 2025",
        "26 maj 2025",
        "26. mai 2025 kl. 10.05",
        "26. toukokuuta 2025",
        "26 Mayıs 2025 Pazartesi",
        "Май 26, 2025",
        "May 26 14:05:59 UTC 2025",
        "Mon May 26 14:05 2025",
        "2025. 5. 26.",
        "26 V 2025",
        "26.V.2025",
        "po 26. 5. 2025",
        "26/may/2025",
        "26 мая 2025",
        "26 трав. 2025",
        "26 Μαΐ 2025",
    ],
)
def test_days_that_are_stated(stated: str) -> None:
    assert parse_day(stated) == DAY


@pytest.mark.parametrize(
    "stated", ["", "05/06/2025", "May 2025", "2025-05", "2025-02-30", "yesterday", "Spring 2025"]
)
def test_days_that_cannot_be_told(stated: str) -> None:
    assert parse_day(stated) is None


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2025, 6, 5)), ("mdy", date(2025, 5, 6))])
@pytest.mark.parametrize("written", ["05/06/2025", "05.06.2025", "5-6-2025"])
def test_the_order_can_be_told(written: str, order: DateOrder, day: date) -> None:
    assert parse_day(written, order) == day


def test_between_dots_the_day_comes_first_where_no_order_is_set() -> None:
    assert parse_day("05.06.2025") == date(2025, 6, 5)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://x.org/2025/05/26/slug", DAY),
        ("https://x.org/world/2025/may/26/slug", DAY),
        ("https://x.org/a-2025-05-26.html", DAY),
        ("https://x.org/20250526/slug", DAY),
        ("https://x.org/2025/05/slug", None),
        ("https://x.org/2025/05/26-ways-to-mend-a-net/", None),
        ("https://x.org/2025/05/7-swans-in-orrel", None),
        ("https://x.org/2025/05/24-hours-on-the-quay.html", None),
        ("https://x.org/news-52520250526", None),
        ("https://x.org/2031/05/26/a", None),
        ("https://x.org/1870/05/26/a", None),
        ("https://x.org/a?day=2025/05/26", None),
        ("http://2025-05-26.org/a", None),
        ("https://x.org/2025/13/45/", None),
        (None, None),
    ],
)
def test_days_in_addresses(url: str | None, day: date | None) -> None:
    assert url_day(url, TODAY) == day


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (["Published 26 May 2025"], DAY),
        (["Handed down on 26 May 2025"], DAY),
        (["Issued: 26 May 2025, 9 a.m."], DAY),
        (["Published:", "2025-05-26 05:45:44"], DAY),
        (["By Jane Roe | May 26, 2025 | 4 min read"], DAY),
        (["26.05.2025, 14:03 Uhr"], DAY),
        (["Published 26 May 2025 Updated 27 May 2025"], DAY),
        (["May 26, 2025", "Most read", "June 3, 2025"], None),
        (["Updated 3:15 PM EDT, Mon May 26, 2025"], None),
        (["05/06/2025"], None),
        (["2 hours ago"], None),
        (["Опубликовано: 26 мая 2025 г. в 14:05"], DAY),
        (["Понедельник, 26 мая 2025 | 14:05 МСК"], DAY),
        (["Опубліковано 26 травня 2025 року"], DAY),
        (["Opublikowano: 26 maja 2025, 14:05"], DAY),
        (["Publikováno 26. května 2025 14:05", "Aktualizováno 27. května 2025"], DAY),
        (["Publicerad 26 maj 2025 kl. 14.05"], DAY),
        (["Обновлено 26 мая 2025"], None),
        (["Published 26 May 2031"], None),
        (["Published January 1, 1970"], None),
    ],
)
def test_days_on_the_page(head: list[str], day: date | None) -> None:
    assert text_day(head, "It rained.", [], TODAY, None) == day


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("PARIS, May 26, 2025 – It rained.", DAY),
        ("SAN FRANCISCO, May 26, 2025 /Wire/ -- It rained.", DAY),
        ("In Paris, May 26, 2025 was a wet day.", None),
        ("It rained on May 26, 2025 – all day.", None),
    ],
)
def test_days_of_datelines(opening: str, day: date | None) -> None:
    assert text_day([], opening, [], TODAY, None) == day


@pytest.mark.parametrize(
    "line",
    [
        "Published on 26 May 2025, the report says growth slowed.",
        "Published in 1925, it failed.",
        "May",
        "11",
        "On Monday at 10:05 the bridge fell.",
        "By May 26, 2025 the bridge had fallen into the river and nobody had noticed",
    ],
)
def test_sentences_are_no_stamps(line: str) -> None:
    assert stamp(line) is None


@pytest.mark.parametrize("language", MONTHS)
def test_months_and_weekdays_are_those_of_the_locale(language: str) -> None:
    months = Locale(language).months["format"]["wide"]
    for number in range(1, 13):
        name = months[number].lower()
        assert MONTHS[language][number - 1] == name
        assert parse_day(f"2 {name} 2025") == date(2025, number, 2)
    days = Locale(language).days["format"]["wide"]
    for number, name in enumerate(WEEKDAYS[language]):
        # Finnish says "on Sunday" in one word.
        assert name[:6].replace("’", "ʼ") == days[number].lower()[:6]
        assert stamp(f"{name.capitalize()}, 2 {MONTHS[language][0]} 2025") is not None


def test_overlapping_forms_are_one_day() -> None:
    assert [day for _, _, day in days_in("26 May 2025, not 2025-05-27")] == [DAY, date(2025, 5, 27)]


@pytest.mark.parametrize("half", HALVES)
def test_days_of_the_labelled_pages(half: Half) -> None:
    assert measure_days(read_pages(half))["wrong"] == []


@pytest.mark.parametrize(
    "stated",
    ["३ मार्च २०२५", "मार्च 3, 2025", "৩ মার্চ ২০২৫", "3 மார்ச் 2025", "3 మార్చి 2025", "૩ માર્ચ ૨૦૨૫",
     "٣ مارس ٢٠٢٥", "۳ مارس ۲۰۲۵", "3 مارچ 2025ء", "3 آذار 2025", "3 مارس/آذار 2025", "٢٠٢٥-٠٣-٠٣",
     "3 มีนาคม 2025"],
)  # fmt: skip
def test_days_in_other_digits_and_scripts(stated: str) -> None:
    assert parse_day(stated) == date(2025, 3, 3)


@pytest.mark.parametrize(
    "stated", ["۱۲ اسفند ۱۴۰۳", "3 มีนาคม 2568", "3 مارس/نيسان 2025", "मार्च २०२५"]
)
def test_days_of_other_calendars_and_doubtful_ones(stated: str) -> None:
    assert parse_day(stated) is None


def test_a_month_of_two_words_and_a_day_of_two_digits() -> None:
    assert parse_day("26 كانون الثاني 2025") == date(2025, 1, 26)


@pytest.mark.parametrize(
    "line",
    ["Publié le 8 avril 2025 à 05h15, modifié le 8 avril 2025 à 09h02 Temps de lecture 2 min.",
     "8 aprile 2025 (modifica il 8 aprile 2025 | 12:44)",
     "입력 2025.03.04 09:12 | 수정 2025.03.05 오전 10:00", "2025년 3월 4일",
     "2025年3月4日 09:12 更新"],
)  # fmt: skip
def test_stamps_that_tell_of_changes_and_of_reading(line: str) -> None:
    assert stamp(line)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Fjord Herald, 14 August 2025", date(2025, 8, 14)),
        ("The Westmark Courier, March 4, 2025", date(2025, 3, 4)),
        ("It was shut on Monday, 14 August 2025", None),
        ("Fjord Herald, 14 August 2025, page 3", date(2025, 8, 14)),
        ("Fjord Herald, August 2025", None),
    ],
)
def test_the_day_behind_an_outlet(line: str, day: date | None) -> None:
    assert source_day(line) == day
    assert text_day([line], "They run.", [], date(2026, 1, 1), None) == day


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("9 сент. 2024", date(2024, 9, 9)),
        ("1 нояб. 2024 г.", date(2024, 11, 1)),
        ("9 wrz 2024", date(2024, 9, 9)),
        ("9 paź 2024", date(2024, 10, 9)),
        ("9 Ağu 2024", date(2024, 8, 9)),
        ("9 Ιουν 2024", date(2024, 6, 9)),
        ("9. Mrz. 2024", date(2024, 3, 9)),
        # July in Polish and June in Croatian; what a telephone or a lamp is called.
        ("9 lip 2024", None),
        ("14 Pro 2024", None),
        ("24 LED 2024", None),
    ],
)
def test_months_made_short(stated: str, day: date | None) -> None:
    assert parse_day(stated) == day
