"""What the rows of a library's records stand for: articles, old versions, items of sources.

A document is a row, or as many as its body fills: compressed JSON in strings that Milvus takes.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from index.article import Article
from index.boilerplate.omission import Omission
from index.ingest.provenance import Provenance
from index.store.base import NewArticle, StoredVersion
from index.store.milvus.collections import name_hash
from index.store.sync_changes import Item
from index.text.shingles import Fingerprint

__all__ = [
    "MOST_HOLDS",
    "Document",
    "article_document",
    "article_of",
    "filter_columns",
    "fingerprint_of",
    "item_documents",
    "item_of",
    "join_bodies",
    "provenance_of",
    "rows_of",
    "version_document",
    "version_of",
]

_BODY_CHARS: Final = 60_000
# Tags of a row are bounded; an article's lines are told apart by fewer.
MOST_HOLDS: Final = 4_000
_MOST_LINES: Final = 3_900
_EMPTY: Final[dict[str, Any]] = {
    **dict.fromkeys(("article", "version", "family", "runs", "day"), 0),
    **dict.fromkeys(("publisher", "language", "about", "content", "signature"), ""),
    **dict.fromkeys(("publisher_hash", "language_hash", "base_hash"), ""),
}


@dataclass(frozen=True, slots=True)
class Document:
    """Something that is kept under a name and found by it, by its owner's or by its tags."""

    kind: str
    owner: str
    name: str
    body: Mapping[str, Any]
    tags: Sequence[str] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)


def rows_of(document: Document, first_key: int) -> list[dict[str, Any]]:
    """The rows of a document, ``born`` and ``died`` apart; their keys begin with ``first_key``."""
    compact = zlib.compress(
        json.dumps(document.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    )
    text = base64.b64encode(compact).decode()
    parts = [text[i : i + _BODY_CHARS] for i in range(0, len(text), _BODY_CHARS)]
    first = {
        **_EMPTY,
        "document": first_key,
        "kind": document.kind,
        "owner": name_hash(document.owner),
        "name": document.name,
        "parts": len(parts),
        "tags": list(document.tags),
        **document.columns,
    }
    more = {**first, **_EMPTY, "kind": "part", "name": "", "tags": []}
    more["article"] = first["article"]
    return [
        {**(more if part else first), "key": first_key + part, "part": part, "body": body}
        for part, body in enumerate(parts)
    ]


def join_bodies(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the body of a document, from all its rows."""
    text = "".join(row["body"] for row in sorted(rows, key=lambda row: row["part"]))
    body: dict[str, Any] = json.loads(
        zlib.decompress(base64.b64decode(text)).decode("utf-8", "surrogatepass")
    )
    return body


def filter_columns(article: Article) -> dict[str, Any]:
    """Return the columns that filters compare, for an article's row and those of its passages."""
    language = article.language.casefold()
    return {
        "day": article.published_at.toordinal() if article.published_at else 0,
        "publisher_hash": name_hash((article.publisher or "").casefold()),
        "language_hash": name_hash(language),
        "base_hash": name_hash(language.partition("-")[0]),
    }


def article_document(new: NewArticle, key: int, family: int) -> Document:
    """Make the document of an article with everything beside it, its number and its family."""
    article, provenance = new.article, new.provenance
    about = "\n".join(
        value.casefold() for value in (article.title, article.publisher, article.author) if value
    )
    tags = [f"c{name_hash(article.content_hash)}"]
    tags += [f"u{name_hash(article.url)}"] if article.url else []
    tags += [f"b{band}" for band in new.fingerprint.bands()]
    if provenance:
        tags.append(f"i{name_hash(provenance.input_hash)}")
        tags += [f"l{line}" for line in provenance.lines[:_MOST_LINES]]
    return Document(
        "article",
        article.id,
        article.id,
        {
            "article": _article_json(article),
            "added_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "provenance": asdict(provenance) if provenance else None,
        },
        tags,
        {
            **filter_columns(article),
            "article": key,
            "version": new.version,
            "family": family,
            "runs": new.fingerprint.runs,
            "signature": base64.b64encode(new.fingerprint.to_bytes()).decode(),
            "content": article.content_hash,
            "publisher": article.publisher or "",
            "language": article.language,
            "about": about[: _BODY_CHARS // 4],
        },
    )


def article_of(body: Mapping[str, Any]) -> Article:
    """Return the article that a body holds."""
    fields = dict(body["article"])
    day, recognition = fields["published_at"], fields["recognition"]
    fields["published_at"] = date.fromisoformat(day) if day else None
    fields["recognition"] = tuple(recognition) if recognition is not None else None
    return Article(**fields)


def provenance_of(body: Mapping[str, Any]) -> Provenance | None:
    """Return the provenance of the article in a body."""
    fields = body["provenance"]
    if fields is None:
        return None
    omissions = tuple(Omission(**omission) for omission in fields["dropped"])
    return Provenance(
        fields["input_hash"], fields["date_source"], omissions, tuple(fields["lines"])
    )


def fingerprint_of(row: Mapping[str, Any]) -> Fingerprint:
    return Fingerprint.from_bytes(base64.b64decode(row["signature"]), row["runs"])


def version_document(number: int, body: Mapping[str, Any]) -> Document:
    """Make the document of a version that is replaced now, from the article's body."""
    id = body["article"]["id"]
    replaced_at = datetime.now(UTC).isoformat(timespec="seconds")
    history = {"article": body["article"], "added_at": body["added_at"], "replaced_at": replaced_at}
    return Document("version", id, id, history, columns={"version": number})


def version_of(number: int, body: Mapping[str, Any]) -> StoredVersion:
    replaced_at = body.get("replaced_at")
    return StoredVersion(
        number,
        article_of(body),
        datetime.fromisoformat(body["added_at"]),
        datetime.fromisoformat(replaced_at) if replaced_at else None,
    )


def item_documents(source: str, name: str, item: Item) -> list[Document]:
    """Make the document of a source's item, and those that list its articles."""
    ids = sorted(item.articles)
    body = {"stamp": item.stamp, "hash": item.hash, "articles": ids}
    tags = [f"h{name_hash(id)}" for id in ids]
    holds = [tags[i : i + MOST_HOLDS] for i in range(0, len(tags), MOST_HOLDS)]
    columns = {"content": name_hash(name)}
    return [
        Document("item", source, name, body, columns=columns),
        *(Document("hold", source, name, {}, part, columns) for part in holds),
    ]


def item_of(body: Mapping[str, Any]) -> Item:
    return Item(body["stamp"], body["hash"], frozenset(body["articles"]))


def _article_json(article: Article) -> dict[str, Any]:
    return {
        **article.header(),
        "text": article.text,
        "metadata": article.metadata,
        "recognition": article.recognition,
    }
