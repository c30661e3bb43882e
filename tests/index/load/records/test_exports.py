"""Files of JSON, and the records of reading lists, feed readers and reference managers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from index.article import Article
from tests.index.load.conftest import Load, One, Refusal

TEXT = "The slipway of Orrel is closed until the swans have moved on."
MARKUP = f"<p>{TEXT}</p>"
URL = "https://post.example/swans"
DAY = "2025-03-04"
INSTANT = f"{DAY}T08:00:00+0100"

RECORDS: dict[str, dict[str, Any]] = {
    "saved page": {
        "title": "Swans", "url": URL, "content": MARKUP, "created_at": "2025-04-01T10:00:00+0000",
        "published_at": INSTANT, "published_by": ["Ada Roe"], "site": "The Post",
    },
    "news API": {
        "source": {"id": None, "name": "The Post"}, "author": "Ada Roe", "title": "Swans",
        "description": "Closed.", "url": URL, "publishedAt": INSTANT, "content": TEXT,
    },
    "fields of an API": {
        "id": "news/swans", "webTitle": "Swans", "webUrl": URL, "webPublicationDate": INSTANT,
        "fields": {"byline": "Ada Roe", "bodyText": TEXT, "publication": "The Post"},
    },
    "reader": {
        "url": "https://read.readwise.io/read/01", "source_url": URL, "title": "Swans",
        "author": "Ada Roe", "site_name": "The Post", "published_date": DAY,
        "created_at": "2025-04-01", "html_content": MARKUP,
    },
    "reference": {
        "itemType": "newspaperArticle", "title": "Swans", "abstractNote": TEXT, "url": URL,
        "publicationTitle": "The Post", "date": DAY, "accessDate": "2025-04-01",
        "creators": [{"firstName": "Ada", "lastName": "Roe", "creatorType": "author"}],
    },
    "citation": {
        "type": "article-newspaper", "container-title": "The Post", "title": "Swans", "URL": URL,
        "abstract": TEXT, "author": [{"family": "Roe", "given": "Ada"}],
        "issued": {"date-parts": [["2025", 3, 4]]},
    },
    "extraction": {
        "title": "Swans", "author": "Ada Roe", "date": DAY, "text": TEXT, "source": URL,
        "source-hostname": "The Post", "excerpt": "Closed.",
    },
}  # fmt: skip


def _is_whole(found: Article) -> bool:
    return (found.title, found.text, found.url) == ("Swans", TEXT, URL) and (
        (found.author, found.publisher, found.published_at)
        == ("Ada Roe", "The Post", date(2025, 3, 4))
    )


@pytest.mark.parametrize("kind", RECORDS)
def test_the_fields_of_a_record(one: One, kind: str) -> None:
    assert _is_whole(one("a.jsonl", json.dumps(RECORDS[kind])))
    assert _is_whole(one("a.json", json.dumps(RECORDS[kind], indent=1)))


@pytest.mark.parametrize(
    "around", [[], ["items"], ["response", "results"], ["articles", "results"]]
)
def test_the_records_of_a_file(load: Load, around: list[str]) -> None:
    value: Any = [RECORDS["news API"], {**RECORDS["extraction"], "source": f"{URL}/2"}]
    for name in reversed(around):
        value = {"status": "ok", "page": 1, name: value}
    first, second = load("a.json", json.dumps(value))
    assert isinstance(first, Article)
    assert _is_whole(first)
    assert isinstance(second, Article)
    assert second.url == f"{URL}/2"


def test_a_record_a_line_in_a_file_of_json(load: Load) -> None:
    lines = "\n".join(json.dumps(RECORDS[kind]) for kind in ("reader", "news API"))
    assert len(load("a.json", lines)) == 2


def test_a_feed_is_the_publisher_of_its_items(one: One) -> None:
    item = {"id": "1", "url": URL, "title": "Swans", "content_html": MARKUP,
            "date_published": INSTANT, "authors": [{"name": "Ada Roe"}]}  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Post", "items": [item]}
    assert _is_whole(one("a.json", json.dumps(feed)))


def test_a_stream_of_a_feed_reader_has_no_day_of_the_outlet(one: One) -> None:
    item = {"title": "Swans", "content": {"content": MARKUP}, "author": "Ada Roe",
            "published": 1741075200000, "alternate": [{"href": URL}],
            "origin": {"title": "The Post", "htmlUrl": "https://post.example"}}  # fmt: skip
    found = one("a.json", json.dumps({"id": "x", "items": [item]}))
    assert (found.text, found.url, found.publisher) == (TEXT, URL, "The Post")
    assert found.published_at is None


@pytest.mark.parametrize(
    ("names", "row"),
    [
        ("Highlight,Book Title,Book Author,Highlighted at", f"{TEXT},Swans,Ada Roe,2025-04-01"),
        ("URL,Title,Selection,Timestamp", f"{URL},Swans,{TEXT},1741999999"),
    ],
)
def test_tables_of_reading_lists(one: One, names: str, row: str) -> None:
    found = one("a.csv", f"{names}\n{row}\n")
    assert (found.title, found.text, found.published_at) == ("Swans", TEXT, None)


def test_the_whole_text_goes_before_its_abstract(one: One) -> None:
    found = one("a.csv", f"Title,Abstract,FullText,pubtitle\nSwans,Closed.,{TEXT},The Post\n")
    assert (found.text, found.publisher) == (TEXT, "The Post")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"name": "a", "version": "1"}', "field 'text' is missing; there are name, version"),
        ("[]", "no records in the file"),
        ('{"a": ', "not JSON: "),
    ],
)
def test_files_of_json_without_an_article(refusal: Refusal, content: str, reason: str) -> None:
    assert reason in refusal("a.json", content)


_REMARK = {"title": "Re", "text": "Nobody asked the swans.", "author": "Guest"}
_SWANS = {"title": "Swans", "body": TEXT, "url": URL}


@pytest.mark.parametrize(
    "value",
    [
        {**_SWANS, "comments": [_REMARK, _REMARK]},
        {"post": _SWANS, "comments": [_REMARK]},
        {**_SWANS, "images": [{"title": "A swan", "src": "a.jpg", "width": 300}]},
        {"title": "Swans", "content": MARKUP, "url": URL, "related_articles": [
            {"title": "Geese", "url": f"{URL}/2", "image": "b.jpg"}]},
        {"title": "Swans", "content_html": MARKUP, "url": URL, "attachments": [
            {"title": "Map", "url": f"{URL}/map", "mime_type": "image/png"}]},
        {"related": [{"title": "Geese", "url": f"{URL}/2", "image": "b.jpg"}], "answer": _SWANS},
    ],
)  # fmt: skip
def test_lists_beside_a_text_are_no_articles(one: One, value: dict[str, Any]) -> None:
    found = one("a.json", json.dumps(value))
    assert (found.title, found.text, found.url) == ("Swans", TEXT, URL)


@pytest.mark.parametrize(
    "value",
    [
        {"harbour": [_SWANS], "town": [{**_SWANS, "url": f"{URL}/{n}"} for n in (2, 3)]},
        {"totalPages": 1, "content": [{"title": "Swans", "text": TEXT}] * 3},
        {"1": _SWANS, "2": {**_SWANS, "url": f"{URL}/2"}, "3": {**_SWANS, "url": f"{URL}/3"}},
        {"title": "News", "harbour": {"news": [{"headline": "Swans", "text": TEXT}] * 2},
         "town": {"news": [_SWANS]}, "included": [{"title": "x", "type": "tag", "id": "1"}]},
    ],
)  # fmt: skip
def test_articles_of_all_sections(load: Load, value: dict[str, Any]) -> None:
    found = load("a.json", json.dumps(value))
    assert [isinstance(it, Article) and it.text for it in found] == [TEXT] * 3


def test_articles_without_a_text_are_refused_one_by_one(load: Load) -> None:
    item = {"title": "Swans", "url": URL, "image": "a.jpg"}
    found = load("a.json", json.dumps({"status": "ok", "articles": [item, item]}))
    assert ["there are title, url, image" in str(failed) for failed in found] == [True, True]


def test_the_part_of_a_titled_record_is_not_the_article(refusal: Refusal) -> None:
    clip = {"title": "A clip", "text": "Swans sleep.", "url": f"{URL}/clip"}
    assert "'text' is missing" in refusal("a.json", json.dumps({"title": "Swans", "video": clip}))
