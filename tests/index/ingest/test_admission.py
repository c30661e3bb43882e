from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.article import Article, Findings
from index.errors import LoadError
from index.ingest.admission import admit
from index.ingest.preparation import prepare_article
from index.ingest.provenance import Provenance, date_source
from index.library import Library
from index.settings import IndexSettings
from tests.fakes import FakeModels, article
from tests.stores import sqlite_store

PROSE = "The club won the cup for the third time in a row, in front of 9,000 people on {}."
TODAY = date(2026, 1, 1)


def prepared(item: Article) -> tuple[Article, Provenance]:
    return prepare_article(item, TODAY, IndexSettings())


def page(id: str, *lines: str, **known: Any) -> Article:
    made = article(id, "\n\n".join(lines), publisher="The Wire", **known)
    return replace(made, found_as="page")


def text_of(library: Library, id: str) -> str:
    with library.view() as view:
        return view.article(id).text


def test_furniture_goes_and_is_kept_beside_the_article(library: Library) -> None:
    library.add([page("a", "Share", PROSE.format("Monday"), "AFP via Getty Images")])
    assert text_of(library, "a") == PROSE.format("Monday")
    with library.view() as view:
        provenance = view.provenance("a")
    assert provenance is not None
    assert [(each.line, each.reason) for each in provenance.dropped] == [
        (0, "share"),
        (4, "credit"),
    ]


def test_the_same_page_again_is_unchanged(library: Library) -> None:
    came = page("a", "Share", PROSE.format("Monday"))
    library.add([came])
    report = library.add([came, replace(came, id="copy")])
    assert (report.unchanged, report.added, report.updated) == (2, [], [])


def test_a_text_is_taken_as_it_is(library: Library) -> None:
    text = f"Share\n\n{PROSE.format('Monday')}"
    library.add([article("a", text)])
    assert text_of(library, "a") == text
    with library.view() as view:
        assert view.provenance("a") is None


def test_a_record_is_cleaned_by_rules_alone(library: Library) -> None:
    lines = ["Members here free", "AFP via Getty Images", PROSE.format("Monday")]
    library.add([replace(page("a", *lines), found_as="record")])
    assert text_of(library, "a") == f"{lines[0]}\n\n{lines[2]}"


def test_cleaning_can_be_switched_off(tmp_path: Path, models: FakeModels) -> None:
    settings = IndexSettings(cleaning=False)
    came = page("a", "Share", "Published 26 May 2025", PROSE.format("Monday"))
    with_off = Library.open(tmp_path / "off", settings, models, create=True)
    with_off.add([came])
    with with_off.view() as view:
        found = view.article("a")
    with_off.close()
    assert found.text == came.text
    assert found.published_at == date(2025, 5, 26)


def test_a_page_without_an_article_is_refused(library: Library) -> None:
    report = library.add([page("a", "Share", "AFP via Getty Images"), page("b", "Share")])
    assert [each.reason for each in report.failed] == [
        "no article in it, only what pages have around one"
    ]
    # One line has nothing around it that would tell it from an article.
    assert report.added == ["b"]


REPEATED = "Harbour desk members area"


def test_a_line_of_many_pages_goes_from_new_ones_only(library: Library) -> None:
    first = page("p0", PROSE.format("day 0"), REPEATED)
    library.add([first])
    assert REPEATED in text_of(library, "p0")
    for i in range(1, 5):
        library.add([page(f"p{i}", PROSE.format(f"day {i}"), REPEATED)])
    assert REPEATED not in text_of(library, "p4")
    # The first one stays as it is, however often it comes, and even if something else changes.
    assert library.add([first]).unchanged == 1
    library.add([page("p0", PROSE.format("day zero"), REPEATED)])
    assert text_of(library, "p0") == f"{PROSE.format('day zero')}\n\n{REPEATED}"


def test_pages_that_come_together_know_each_other(library: Library) -> None:
    library.add([page(f"p{i}", PROSE.format(f"day {i}"), REPEATED) for i in range(5)])
    assert all(REPEATED not in text_of(library, f"p{i}") for i in range(5))


def test_copies_of_one_article_do_not_make_its_lines_furniture(library: Library) -> None:
    long = (
        "The harbour commission, which met behind closed doors on Monday, let it be known that " * 3
    )
    for i in range(6):
        library.add([page(f"p{i}", f"{long}{i}", PROSE.format("Monday"), long, REPEATED)])
    assert all(REPEATED in text_of(library, f"p{i}") for i in range(6))


def test_what_is_beside_an_article_survives_a_reencoding(library: Library) -> None:
    library.add([page("a", "Share", PROSE.format("Monday"))])
    with library.view() as view:
        before = view.provenance("a")
    library.reencode()
    with library.view() as view:
        assert view.provenance("a") == before
    library.remove(["a"])
    with library.view() as view:
        assert view.provenance("a") is None


def test_an_article_that_came_whole_has_nothing_beside_it(library: Library) -> None:
    library.add([article("old", "It rained.")])
    with library.view() as view:
        assert view.provenance("old") is None
    library.add([page("new", "Share", PROSE.format("Monday"))])
    with library.view() as view:
        assert view.provenance("new") is not None


@pytest.mark.parametrize(
    ("known", "day", "how"),
    [
        ({"published_at": date(2031, 1, 1), "date_source": "given"}, date(2031, 1, 1), "given"),
        ({"published_at": date(2025, 3, 4)}, date(2025, 3, 4), "metadata"),
        ({"published_at": date(1970, 1, 1), "url": "https://x.org/2025/05/26/a"},
         date(2025, 5, 26), "url"),
        ({"published_at": date(2031, 1, 1)}, date(2025, 5, 27), "text"),
    ],
)  # fmt: skip
def test_where_the_day_comes_from(known: dict[str, object], day: date, how: str) -> None:
    came = page("a", "Published 27 May 2025", PROSE.format("Monday"), **known)
    found, provenance = prepared(came)
    assert (found.published_at, date_source(found, provenance)) == (day, how)


def test_a_missing_day_stays_missing(library: Library) -> None:
    found, provenance = prepare_article(
        page("a", PROSE.format("Monday"), "Updated 26 May 2025"), TODAY, IndexSettings()
    )
    assert found.published_at is None
    assert date_source(found, provenance) is None


def test_a_byline_becomes_the_author() -> None:
    found, _ = prepare_article(
        page("a", "By Jane Roe, Staff Writer", PROSE.format("Monday")), TODAY, IndexSettings()
    )
    assert found.author == "Jane Roe"
    assert "Jane" not in found.text


def test_load_errors_are_admitted_as_they_are(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path)
    error = LoadError("a.txt", "broken")
    with store.reading() as records:
        assert admit([error], records, IndexSettings(), TODAY) == ([error], {})
    store.close()


@pytest.mark.parametrize(
    ("stated", "order", "day"),
    [
        ("05/06/2025", "dmy", date(2025, 6, 5)),
        ("05/06/2025", "mdy", date(2025, 5, 6)),
        ("05/06/2025", None, None),
        ("05.06.2025", "mdy", date(2025, 5, 6)),
        ("05.06.2025", None, date(2025, 6, 5)),
    ],
)
def test_a_day_that_may_be_two_needs_the_order(
    tmp_path: Path, stated: str, order: Any, day: date | None
) -> None:
    item = replace(article("a", "It is closed."), found_as="record", date_source="given")
    item = replace(item, findings=Findings(unclear_day=stated))
    store = sqlite_store(tmp_path)
    with store.reading() as records:
        (found,), _ = admit([item], records, IndexSettings(date_order=order))
    store.close()
    if day:
        assert isinstance(found, Article)
        assert (found.published_at, found.date_source) == (day, "given")
    else:
        assert isinstance(found, LoadError)
        assert "PULLQUOTE_DATE_ORDER" in found.reason
