"""Reading one generation of a library in Milvus, without searching."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from index.article import Article, Passage
from index.filters import Filters
from index.ingest.provenance import Provenance
from index.store.base import Selection, Stored, StoredVersion
from index.store.milvus.collections import name_hash
from index.store.milvus.conditions import MOST_NAMES, condition_of, passage_condition
from index.store.milvus.documents import (
    article_of,
    item_of,
    join_bodies,
    provenance_of,
    version_of,
)
from index.store.milvus.engine import Engine, Row, chunks, listing
from index.store.milvus.passages import PASSAGE_FIELDS, passage_of
from index.store.milvus.state import State
from index.store.sync_changes import Item
from index.text.normalise import clean_line

__all__ = ["MilvusRecords"]

_ARTICLE: Final = 'kind == "article"'
_LIGHT: Final = (
    *("document", "article", "name", "version", "family", "runs", "day", "content", "language"),
)
# Articles whose texts are loaded at a time.
_TEXTS: Final = 256
# Rows that are counted lines in: more of them would tell nothing new.
_LINE_ROWS: Final = 2_000
_FAMILY_MEMBERS: Final = 100


class MilvusRecords:
    """See :class:`index.store.base.Records`."""

    def __init__(self, engine: Engine, state: State) -> None:
        self._engine = engine
        self._state = state

    # Rows

    def rows(
        self, condition: str, fields: Sequence[str] = _LIGHT, limit: int | None = None
    ) -> list[Row]:
        """Return the rows of records that meet a condition and are there in this generation."""
        condition = f"{condition} and {self._state.visible}"
        return self._engine.query(self._engine.records, condition, fields, limit)

    def rows_by_owner(
        self, kind: str, names: Iterable[str], fields: Sequence[str] = _LIGHT
    ) -> Iterator[Row]:
        """Yield the rows of a kind whose owner is one of these names."""
        hashes = list(dict.fromkeys(map(name_hash, names)))
        for part in chunks(hashes):
            yield from self.rows(f'kind == "{kind}" and owner in {listing(part)}', fields)

    def bodies(self, documents: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Return the bodies of these documents."""
        parts: defaultdict[int, list[Row]] = defaultdict(list)
        for keys in chunks(sorted(set(documents)), _TEXTS):
            condition = f"document in {listing(keys)}"
            for row in self.rows(condition, ["document", "part", "body"]):
                parts[row["document"]].append(row)
        return {document: join_bodies(rows) for document, rows in parts.items()}

    def article_row(self, id: str) -> Row | None:
        return next(self.rows_by_owner("article", [id]), None)

    def body(self, id: str) -> dict[str, Any] | None:
        """Return the body of an article."""
        row = self.article_row(id)
        return self.bodies([row["document"]])[row["document"]] if row else None

    def _articles(self, rows: Sequence[Row]) -> Iterator[Article]:
        """Yield the articles of these rows, in their order."""
        for part in chunks(rows, _TEXTS):
            bodies = self.bodies(row["document"] for row in part)
            yield from (article_of(bodies[row["document"]]) for row in part)

    # Articles

    @property
    def generation(self) -> int:
        return self._state.generation

    def metadata(self, name: str) -> Any:
        return self._state.metadata.get(name)

    def counts(self) -> tuple[int, int]:
        return self._state.articles, self._state.passages

    def languages(self) -> dict[str, int]:
        counts = self._state.languages
        return self.languages_anew() if counts is None else dict(counts)

    def languages_anew(self) -> dict[str, int]:
        """Count the articles in each language, all of them."""
        return dict(Counter(row["language"] for row in self.rows(_ARTICLE, ["language"])))

    def publishers(self) -> list[tuple[str, int]]:
        rows = self.rows(f"{_ARTICLE} and publisher_hash != '{name_hash('')}'", ["publisher"])
        names = sorted((row["publisher"] for row in rows), reverse=True)
        counts = Counter(name.casefold() for name in names)
        first = {name.casefold(): name for name in names}
        return [(first[name], counts[name]) for name in sorted(counts)]

    def content_hashes(self) -> Iterator[tuple[str, str]]:
        yield from sorted((row["name"], row["content"]) for row in self.rows(_ARTICLE))

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        rows = {row["name"]: row for row in self.rows_by_owner("article", ids)}
        return {
            id: Stored(rows[id]["article"], rows[id]["content"], rows[id]["version"])
            for id in ids
            if id in rows
        }

    def id_of_content(self, content_hash: str) -> str | None:
        return next(iter(self._ids_of_tag(f"c{name_hash(content_hash)}")), None)

    def ids_of_url(self, url: str) -> list[str]:
        return self._ids_of_tag(f"u{name_hash(url)}")

    def _ids_of_tag(self, tag: str) -> list[str]:
        rows = self.rows(f'{_ARTICLE} and array_contains(tags, "{tag}")')
        return sorted(row["name"] for row in rows)

    def article(self, id: str) -> Article | None:
        body = self.body(id)
        return article_of(body) if body else None

    def articles(self) -> Iterator[Article]:
        return self._articles(sorted(self.rows(_ARTICLE), key=_newest_first))

    def page(
        self, filters: Filters, words: str, limit: int, offset: int
    ) -> tuple[list[Article], int]:
        words = clean_line(words).casefold()
        fields = (*_LIGHT, "about") if words else _LIGHT
        rows = self.select_rows(filters, fields)
        rows = [row for row in rows if not words or words in row["about"]]
        rows.sort(key=_newest_first)
        return list(self._articles(rows[offset : offset + limit])), len(rows)

    def select_rows(
        self, filters: Filters, fields: Sequence[str] = _LIGHT, limit: int | None = None
    ) -> list[Row]:
        """Return the rows of the articles that meet the filters."""
        condition = " and ".join(filter(None, [_ARTICLE, self.condition(filters)]))
        if not filters.article_ids:
            return self.rows(condition, fields, limit)
        ids = set(filters.article_ids)
        if len(ids) > self._state.articles:
            rows = self.rows(condition, [*fields, "name"])
            return [row for row in rows if row["name"] in ids]
        hashes = list(map(name_hash, ids))
        return [
            row
            for part in chunks(hashes)
            for row in self.rows(f"{condition} and owner in {listing(part)}", fields)
        ]

    def condition(self, filters: Filters) -> str:
        """Return the expression of all filters but those by article."""
        languages = self.languages() if len(filters.language) > MOST_NAMES else None
        publishers = None
        if len(filters.publisher) > MOST_NAMES:
            publishers = [name for name, _ in self.publishers()]
        return condition_of(filters, languages, publishers)

    def passages_of(self, article_id: str) -> list[Passage]:
        row = self.article_row(article_id)
        if row is None or not self._state.collection:
            return []
        condition = f"article == {row['article']} and {self._state.visible}"
        rows = self._engine.query(self._state.collection, condition, PASSAGE_FIELDS)
        passages = [passage_of(entry, article_id) for entry in rows]
        return sorted(passages, key=lambda passage: passage.ordinal)

    def versions(self, id: str) -> list[StoredVersion]:
        row = self.article_row(id)
        if row is None:
            return []
        rows = [*self.rows_by_owner("version", [id])]
        rows = [row, *sorted(rows, key=lambda entry: -entry["version"])]
        bodies = self.bodies(entry["document"] for entry in rows)
        return [version_of(entry["version"], bodies[entry["document"]]) for entry in rows]

    # Near-duplicates

    def families(self, ids: Sequence[str]) -> dict[str, int]:
        return {row["name"]: row["family"] for row in self.rows_by_owner("article", ids)}

    def family(self, id: str, selection: Selection | None = None) -> list[Article]:
        row = self.article_row(id)
        if row is None:
            return []
        condition = f"{_ARTICLE} and family == {row['family']}"
        # A selection of passages says nothing that one of articles does not.
        articles_only = Selection(selection.articles) if type(selection) is Selection else selection
        if articles_only and (more := passage_condition(articles_only)):
            condition += f" and {more}"
        rows = self.rows(condition)
        rows.sort(
            key=lambda entry: (
                entry["day"] or date.max.toordinal(),
                -entry["runs"],
                entry["article"],
            )
        )
        return list(self._articles(rows[:_FAMILY_MEMBERS]))

    def uncompared(self) -> int:
        return 0

    # Provenance

    def provenance(self, id: str) -> Provenance | None:
        body = self.body(id)
        return provenance_of(body) if body else None

    def ids_of_input(self, input_hash: str) -> list[str]:
        return self._ids_of_tag(f"i{name_hash(input_hash)}")

    def line_counts(
        self, lines: Collection[int], longest: Collection[int], but: Collection[str]
    ) -> dict[int, int]:
        tags, copies = {f"l{line}" for line in lines}, {f"l{line}" for line in longest}
        counts: Counter[int] = Counter()
        for part in chunks(sorted(tags)):
            condition = f"{_ARTICLE} and array_contains_any(tags, {listing(part)})"
            for row in self.rows(condition, ["name", "tags"], _LINE_ROWS):
                if row["name"] not in but and copies.isdisjoint(row["tags"]):
                    counts.update(int(tag[1:]) for tag in set(part).intersection(row["tags"]))
        return dict(counts)

    # Sources

    def sync_items(self, source: str) -> dict[str, Item]:
        rows = list(self.rows_by_owner("item", [source]))
        bodies = self.bodies(row["document"] for row in rows)
        return {row["name"]: item_of(bodies[row["document"]]) for row in rows}

    def sync_lost(self, source: str) -> set[str]:
        items = self.sync_items(source)
        ids = sorted({id for item in items.values() for id in item.articles})
        present = set(self.stored(ids))
        return {name for name, item in items.items() if item.articles - present}

    def held_elsewhere(self, source: str, ids: Iterable[str]) -> set[str]:
        return self._ids_held(ids, f' and owner != "{name_hash(source)}"')

    def held(self, ids: Iterable[str]) -> set[str]:
        return self._ids_held(ids, "")

    def _ids_held(self, ids: Iterable[str], condition: str) -> set[str]:
        by_tag = {f"h{name_hash(id)}": id for id in ids}
        holders = f'kind in ["hold","hand"]{condition}'
        tags: set[str] = set()
        for part in chunks(list(by_tag)):
            rows = self.rows(f"{holders} and array_contains_any(tags, {listing(part)})", ["tags"])
            tags.update(tag for row in rows for tag in row["tags"])
        return {id for tag, id in by_tag.items() if tag in tags}


def _newest_first(row: Row) -> tuple[bool, int, str]:
    return (not row["day"], -row["day"], row["name"])
