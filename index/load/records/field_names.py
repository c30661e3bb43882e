"""The fields of an article under the names that tables and records give them, in several languages:
``headline``, ``Publication Date``, ``Inhalt``, ``fecha``; and within what a record has for the
article (``{"article": {"title": ...}}``, a column ``article.title``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from index.text.dates import needs_order, parse_day
from index.text.normalise import word_set

__all__ = ["field_named", "has_title", "text_parts", "with_known_names"]

# Without spaces, dashes and underscores. The field's own name is not here: it goes first.
_NAMES = {
    "text": "content body article articletext articlebody articlecontent fulltext storytext inhalt"
    " storycontent maintext pagecontent paragraphs plaintext rawtext cleantext"
    " volltext artikel artikeltext texte contenu corps texto contenido cuerpo artículo testo"
    " contenuto articolo conteúdo corpo tekst inhoud treść artykuł obsah článek szöveg innehåll"
    " indhold innhold teksti metin içerik текст содержание зміст κείμενο",
    "title": "headline heading titel überschrift schlagzeile titre título titulo titolo tytuł"
    " nadpis název cím webtitle booktitle rubrik"
    " overskrift otsikko başlık заголовок название назва τίτλος",
    "published_at": "publishedat published publishedon publicationdate datepublished pubdate"
    " publishdate datepublish publisheddate dateofpublication datum veröffentlicht"
    " erscheinungsdatum webpublicationdate datetimepub"
    " veröffentlichungsdatum datepublication datedepublication datedeparution fecha"
    " fechadepublicación fechapublicación data datadipubblicazione datadepublicação"
    " datapublikacji dato dátum päivämäärä tarih дата датапубликации ημερομηνία",
    "author": "authors bookauthor publishedby by byline writer"
    " autor autoren verfasser auteur auteurs autores autore"
    " autori författare forfatter kirjoittaja szerző yazar автор συγγραφέας",
    "publisher": "outlet newspaper publication publicationtitle containertitle medianame pubtitle"
    " site zeitung verlag journal periódico diario testata"
    " giornale krant gazeta tidning avis gazete издание газета εφημερίδα",
    "url": "weburl documenturl canonicalurl articleurl"
    " link permalink weblink webaddress lien enlace odkaz länk ссылка",
    "language": "lang sprache langue idioma lingua taal język jazyk språk язык",
}  # fmt: skip
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
# What a record has the article in, or what is said of it: of an export, an index, a document.
_CONTAINERS = word_set(
    "article articles source fields meta metadata document doc data attributes item post story"
    " record content news"
)
_MOST_LEVELS = 3
# Fields of people and houses, which may be lists or objects with a name.
_NAMED = ("author", "publisher")
# Names by which the same fields are read in any case.
_OWN_NAMES = {"published_at": ("published_at", "date")}
# Those within what has the article in it.
_FULL_NAMES = {name: name for name in _NAMES} | {"date": "published_at"}


def field_named(name: str) -> str | None:
    """Return the field that a column or key stands for by another name than its own."""
    above, dot, last = name.casefold().rpartition(".")
    if dot and all(re.sub(r"[\W_]+", "", part) in _CONTAINERS for part in above.split(".")):
        return _FULL_NAMES.get(last) or _FIELDS.get(re.sub(r"[\W_]+", "", last))
    return _FIELDS.get(re.sub(r"[\W_]+", "", name.casefold()))


def with_known_names(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Add the fields that have other names to those that have their own.

    Of several names of a field the first counts, and only for a value that can be meant: a day, or
    a text that is not blank. Such a name may stand for something else, so it is no error where not.
    """
    whole = dict(values)
    for name, value in _entries(values):
        field = field_named(name)
        if field is None or any(
            whole.get(key) is not None for key in _OWN_NAMES.get(field, (field,))
        ):
            continue
        holds_more = isinstance(value, (list, dict))
        # What holds more may be the whole of a file, and is no day.
        text = "" if holds_more else str(value).strip()
        is_day = bool(parse_day(text)) or needs_order(text)
        is_text = isinstance(value, str) and text
        is_part = holds_more and value and (field in _NAMED or _are_texts(field, value))
        if is_day if field == "published_at" else is_text or is_part:
            whole[field] = value
    return whole


def _entries(
    values: Mapping[Any, Any], level: int = 0, above: str = ""
) -> Iterator[tuple[str, Any]]:
    """Yield names and values, and behind them those within what has the article in it, under
    dotted names."""
    inner = []
    for name, value in values.items():
        if not isinstance(name, str):
            continue
        yield f"{above}{name}", value
        if isinstance(value, Mapping) and re.sub(r"[\W_]+", "", name.casefold()) in _CONTAINERS:
            inner.append((name, value))
    if level < _MOST_LEVELS:
        for name, value in inner:
            yield from _entries(value, level + 1, f"{above}{name}.")


def has_title(value: Any) -> bool:
    """Whether an object has the title of an article."""
    names = map(str, value) if isinstance(value, Mapping) else ()
    return any("title" in name.casefold() or field_named(name) == "title" for name in names)


def text_parts(value: Any) -> list[str] | None:
    """Return the paragraphs of a text that is given as a list of texts, or of objects with one;
    ``None`` for anything else, as for articles, which have titles."""
    if not isinstance(value, list) or any(has_title(part) for part in value):
        return None
    parts = [part.get("text") if isinstance(part, Mapping) else part for part in value]
    texts = [part for part in parts if isinstance(part, str)]
    return texts if len(texts) == len(parts) else None


def _are_texts(field: str, value: Any) -> bool:
    """Whether a value is the article's text in paragraphs."""
    return field == "text" and text_parts(value) is not None
