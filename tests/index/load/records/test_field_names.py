from __future__ import annotations

from datetime import date

import pytest

from tests.index.load.conftest import One, Refusal

DAY = date(2025, 3, 4)
TEXT = "The slipway of Orrel is closed until the swans have moved on."


@pytest.mark.parametrize(
    ("names", "stated"),
    [
        ("Titel;Inhalt;Datum;Autor", "4. März 2025"),
        ("titre;texte;date de publication;auteur", "4 mars 2025"),
        ("Título;Contenido;Fecha;Autor", "4 de marzo de 2025"),
        ("tytuł;treść;data publikacji;autor", "4 marca 2025 r."),
        ("Заголовок;Текст;Дата;Автор", "4 мар. 2025"),
        ("headline;Article Body;Publication-Date;byline", "2025-03-04 10:22"),
        ("headline;Article Body;pubdate;by", "2025-03-04 10:22"),
    ],
)
def test_columns_in_other_words(one: One, names: str, stated: str) -> None:
    found = one("a.csv", f"{names}\nSwans;{TEXT};{stated};Ada Roe\n")
    assert (found.title, found.text, found.published_at) == ("Swans", TEXT, DAY)
    assert found.author == "Ada Roe"


def test_a_fields_own_name_goes_first(one: One) -> None:
    line = f'{{"content": "Other words.", "text": "{TEXT}", "headline": "No", "title": "Swans"}}'
    found = one("a.jsonl", line)
    assert (found.title, found.text) == ("Swans", TEXT)


@pytest.mark.parametrize("value", ["true", '{"x": 1}', '"42 rows"', "7"])
def test_what_cannot_be_meant_is_no_day(one: One, value: str) -> None:
    found = one("a.jsonl", f'{{"body": "{TEXT}", "data": {value}, "published": {value}}}')
    assert (found.text, found.published_at) == (TEXT, None)


def test_front_matter_in_other_words(one: One) -> None:
    found = one(
        "a.md", f"---\nTitel: Schwäne\nDatum: 4. März 2025\n---\n\n# Nicht dies\n\n{TEXT}\n"
    )
    assert (found.title, found.published_at) == ("Schwäne", DAY)


@pytest.mark.parametrize(
    "line",
    [
        '{"article": {"title": "Swans", "body": "TEXT", "by": "Ada Roe", "date": "2025-03-04"}}',
        '{"_source": {"headline": "Swans", "content": ["TEXT"]}, '
        '"meta": {"author": "Ada Roe", "published": "2025-03-04"}}',
        '{"article.title": "Swans", "article.text": "TEXT", "doc.author": "Ada Roe", '
        '"doc.pubdate": "2025-03-04", "image.url": "b", "section.title": "News"}',
        '{"page_content": "TEXT", "metadata": {"title": "Swans", "author": "Ada Roe", '
        '"date": "2025-03-04", "image": {"title": "No"}}}',
        '{"title": "Swans", "content": [{"type": "text", "text": "TEXT"}], "author": "Ada Roe", '
        '"date": "2025-03-04"}',
    ],
)
def test_fields_within_what_has_the_article(one: One, line: str) -> None:
    found = one("a.jsonl", line.replace("TEXT", TEXT))
    assert (found.title, found.text, found.url) == ("Swans", TEXT, None)
    assert (found.author, found.published_at) == ("Ada Roe", DAY)


def test_a_refusal_names_the_fields_that_are_there(refusal: Refusal) -> None:
    reason = refusal("a.jsonl", '{"title": "Swans", "story_html": {"raw": "Words."}}')
    assert reason.endswith("field 'text' is missing; there are title, story_html.raw")
