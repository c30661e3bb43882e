"""The library: articles in, passages found. The one door to everything in this package.

Writing: the store's transaction is the moment at which a change happens. New passages are put
into the lexical index just before it and old ones taken out just after, so the lexical index
is never short of a passage that the store has. A process that dies in between leaves passages
there that no row stands for; readers pass over them, and the next writer clears them.

Reading: :meth:`Library.view` holds one generation of all three for as long as it is open.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage
from index.encode.base import EncoderId, Floats, PassageEncoder, QueryEncoder
from index.errors import LibraryCorrupt, LibraryError, ModelMismatch, NotFoundError
from index.filters import Filters
from index.ingest import AddReport, Batch, OnProgress, batches, prepare
from index.lexical import LexicalIndex
from index.load import Loaded
from index.lock import writing
from index.models import Models
from index.settings import IndexSettings
from index.store import Keys, Store
from index.vectors import VectorBase, VectorIndex, check_base, choose_factory, write_base

__all__ = ["Found", "Library", "Selection", "View"]

# The vector file is rewritten once this many passages, and this share, came or went since.
_REWRITE_MIN, _REWRITE_SHARE = 2_000, 0.25


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles and passages that a search may find; ``None`` keys mean all."""

    articles: NDArray[np.int64] | None = None
    passages: Keys | None = None

    @property
    def empty(self) -> bool:
        return self.articles is not None and not len(self.articles)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its article."""

    article: Article
    passage: Passage


@dataclass(frozen=True, slots=True)
class _Derived:
    generation: int
    vectors: VectorIndex
    lexical: LexicalIndex | None


class View:
    """One generation of a library, for reading."""

    def __init__(self, store: Store, derived: _Derived) -> None:
        self._store = store
        self._derived = derived
        self.generation = derived.generation

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self._derived.vectors)

    def select(self, filters: Filters) -> Selection:
        """What the filters leave."""
        conditions = filters.conditions()
        if not conditions:
            return Selection()
        articles = self._store.select(conditions)
        return Selection(articles, self._store.passage_keys(articles))

    def dense(self, query: Floats, k: int, selection: Selection) -> tuple[Keys, Floats]:
        """The ``k`` nearest passage keys and their cosines, best first."""
        return self._derived.vectors.search(query, k, selection.passages)

    def lexical(self, question: str, k: int, selection: Selection) -> tuple[Keys, Floats]:
        """The ``k`` best passage keys and their BM25 scores, best first."""
        if self._derived.lexical is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return self._derived.lexical.search(question, k, selection.articles)

    def cosines(self, query: Floats, keys: Keys) -> Floats:
        """The cosine of each of these passages, which must be there: float32 ``[len(keys)]``."""
        return self._store.vectors_of(keys.tolist()) @ query

    def terms(self, text: str) -> list[str]:
        """The words of a text as the lexical index has them, in order."""
        return self._derived.lexical.terms(text) if self._derived.lexical else []

    def idf(self, term: str) -> float:
        """What a term tells in this library (BM25's idf)."""
        return self._derived.lexical.idf(term) if self._derived.lexical else 0.0

    def passages(self, keys: Sequence[int]) -> list[Found | None]:
        """The passages of these keys, in their order; ``None`` for one that is not there."""
        passages = self._store.passages(keys)
        articles = self._store.articles_by_key(article for _, article in passages.values())
        return [
            Found(articles[passages[key][1]], passages[key][0]) if key in passages else None
            for key in keys
        ]

    def article(self, id: str) -> Article:
        """The article of that id. ``NotFoundError`` when there is none."""
        found = self._store.article(id)
        if found is None:
            raise NotFoundError(f"no article {id!r} in the library; pullquote list shows them")
        return found

    def articles(self) -> Iterator[Article]:
        """All articles, newest first."""
        return self._store.articles()

    def passages_of(self, article_id: str) -> list[Passage]:
        return self._store.passages_of(article_id)


class Library:
    """Articles, their passages and the indexes over them, in one folder.

    Safe to share between threads; any number of processes may read while one writes.
    """

    def __init__(self, folder: Path, settings: IndexSettings, models: Models) -> None:
        self.folder = folder
        self.settings = settings
        self.models = models
        self.problems: list[str] = []
        self._stores = threading.local()
        self._all_stores: list[Store] = []
        self._mutex = threading.Lock()
        self._derived: _Derived | None = None

    @classmethod
    def open(
        cls, folder: Path, settings: IndexSettings, models: Models, create: bool = False
    ) -> Self:
        """Open the library in ``folder``, or make an empty one there.

        Raises ``LibraryMissing``, ``SchemaTooNew``, ``StorageError`` or ``LibraryCorrupt``.
        """
        library = cls(folder, settings, models)
        library._store(create)
        return library

    def close(self) -> None:
        for store in self._all_stores:
            store.close()

    def _store(self, create: bool = False) -> Store:
        store: Store | None = getattr(self._stores, "store", None)
        if store is None:
            store = Store(self.folder, create)
            self._stores.store = store
            self._all_stores.append(store)
        return store

    # Reading

    @contextmanager
    def view(self) -> Iterator[View]:
        """One generation, for as long as the block runs."""
        store = self._store()
        while True:
            with store.reading():
                derived = self._derived
                if derived is not None and derived.generation == store.generation:
                    yield View(store, derived)
                    return
                with self._mutex:
                    self._derived = self._derive(store)
            # Read again: a writer may have gone on while the indexes were being opened.

    def _derive(self, store: Store) -> _Derived:
        self.problems.clear()
        return _Derived(store.generation, self._open_vectors(store), self._open_lexical(store))

    def _open_vectors(self, store: Store) -> VectorIndex:
        base = _base(store)
        if base is None:
            return VectorIndex.from_vectors(*store.vectors())
        try:
            changes = store.vectors(after=base.last_key)
            return VectorIndex.open(self.folder, base, *changes, store.tombstones())
        except LibraryCorrupt as exc:
            self.problems.append(f"{exc}; searching an index made in memory instead")
            return VectorIndex.from_vectors(*store.vectors())

    def _open_lexical(self, store: Store) -> LexicalIndex | None:
        folder = self.folder / "lexical"
        _, passages = store.counts()
        try:
            lexical = LexicalIndex(folder)
            if len(lexical) >= passages:
                return lexical
        except LibraryError:
            pass
        try:
            with writing(self.folder, timeout=0):
                return LexicalIndex.rebuilt(folder, store.lexical_rows())
        except LibraryError as exc:
            self.problems.append(f"no lexical search ({exc})")
            return None

    def query_encoder(self) -> QueryEncoder:
        """The encoder for questions, which runs the weights that the library was indexed with.

        Raises ``ModelMismatch`` when the settings name another one.
        """
        store = self._store()
        with store.reading():
            recorded = store.meta("encoder")
        if recorded and recorded["name"] != self.settings.encoder:
            raise ModelMismatch(
                f"{self.folder} was indexed with {recorded['name']}, and the settings name "
                f"{self.settings.encoder}; {_REENCODE}"
            )
        known = EncoderId.from_json(recorded) if recorded else None
        return self.models.query_encoder(self.settings.encoder, known)

    def status(self) -> dict[str, Any]:
        """What the library is and holds, in plain JSON types."""
        store = self._store()
        with store.reading():
            articles, passages = store.counts()
            hashes = hashlib.sha256()
            for line in store.content_hashes():
                hashes.update(line.encode() + b"\n")
            return {
                "folder": str(self.folder),
                "generation": store.generation,
                "articles": articles,
                "passages": passages,
                "corpus_hash": hashes.hexdigest(),
                "encoder": store.meta("encoder"),
                "passage_settings": store.meta("passages"),
                "vector_base": store.meta("vector_base"),
            }

    # Writing

    def add(self, loaded: Iterable[Loaded], on_progress: OnProgress | None = None) -> AddReport:
        """Add new articles and replace changed ones; what is there already costs nothing.

        Articles are written in batches, each of them whole or not at all. Anything that cannot
        be added (a ``LoadError`` among ``loaded``, an id used twice) is in the report and the
        rest goes on. Raises ``LibraryLocked``, ``ModelMismatch``, ``StorageError``; what was
        written before stays.
        """
        report = AddReport(on_progress)
        with self._writing() as store:
            for batch in batches(loaded, self.settings):
                prepared = prepare(batch, store, self.settings, report)
                if prepared.articles:
                    encoder = self._passage_encoder(store)
                    vectors = encoder.encode(prepared.texts, report.encoded)
                    self._write(store, prepared, vectors, encoder.id)
                report.written(prepared)
        return report

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles. ``NotFoundError`` if one is not there; then none is removed."""
        with self._writing() as store:
            known = store.article_keys(ids)
            missing = [id for id in ids if id not in known]
            if missing:
                raise NotFoundError(
                    f"no article {', '.join(missing)} in the library; nothing was removed"
                )
            keys = [key for key, _, _ in known.values()]
            with store.writing():
                for key in keys:
                    store.delete_article(key)
                stale = self._write_base(store)
            self._drop(stale, keys)

    def reencode(self, on_progress: OnProgress | None = None) -> AddReport:
        """Cut and encode every article again under the present settings, in one transaction."""
        report = AddReport(on_progress)
        with self._writing() as store:
            articles = list(store.articles())
            batch = Batch.again(articles, store, self.settings)
            encoder = self.models.passage_encoder(self.settings.encoder)
            vectors = encoder.encode(batch.texts, report.encoded)
            self._write(store, batch, vectors, encoder.id, rewrite=True)
            report.written(batch)
        return report

    def verify(self) -> list[str]:
        """What does not hold: the store itself, the vector file, the lexical index."""
        store = self._store()
        wrong: list[str] = []
        with store.reading():
            wrong.extend(store.damage())
            base = _base(store)
            _, passages = store.counts()
        try:
            if base is not None:
                check_base(self.folder, base)
            if len(LexicalIndex(self.folder / "lexical")) != passages:
                wrong.append("the lexical index does not match the store")
        except LibraryError as exc:
            wrong.append(str(exc))
        return wrong

    def repair(self) -> list[str]:
        """Make anew whatever derived index does not hold. Says what was wrong."""
        done: list[str] = []
        with self._writing(done) as store:
            base = _base(store)
            try:
                if base is not None:
                    check_base(self.folder, base)
            except LibraryCorrupt as exc:
                with store.writing():
                    stale = self._write_base(store, rewrite=True)
                self._drop(stale, [])
                done.append(f"{exc}; written anew")
        return done

    @contextmanager
    def _writing(self, done: list[str] | None = None) -> Iterator[Store]:
        store = self._store(create=True)
        with writing(self.folder, self.settings.lock_timeout):
            self._clear_lexical(store, done if done is not None else [])
            yield store

    def _clear_lexical(self, store: Store, done: list[str]) -> None:
        folder = self.folder / "lexical"
        _, passages = store.counts()
        try:
            if len(LexicalIndex(folder)) == passages:
                return
            done.append("the lexical index did not match the store; written anew")
        except LibraryError:
            if passages:
                done.append("the lexical index could not be opened; written anew")
        LexicalIndex.rebuilt(folder, store.lexical_rows())

    def _passage_encoder(self, store: Store) -> PassageEncoder:
        encoder = self.models.passage_encoder(self.settings.encoder)
        recorded = store.meta("encoder")
        if recorded and EncoderId.from_json(recorded).weights != encoder.id.weights:
            raise ModelMismatch(
                f"{self.folder} was indexed with {recorded['name']} "
                f"({recorded['weights'][:12]}), not with {encoder.id.name} "
                f"({encoder.id.weights[:12]}); {_REENCODE}"
            )
        passages = store.meta("passages")
        if passages and passages != self.settings.passages.model_dump():
            raise ModelMismatch(
                f"{self.folder} was cut with {passages}, not with "
                f"{self.settings.passages.model_dump()}; {_REENCODE}"
            )
        return encoder

    def _write(
        self,
        store: Store,
        batch: Batch,
        vectors: Floats,
        encoder: EncoderId,
        rewrite: bool = False,
    ) -> None:
        lexical = LexicalIndex(self.folder / "lexical")
        with store.writing():
            rows = batch.insert(store, vectors)
            store.set_meta("encoder", encoder.as_json())
            store.set_meta("passages", self.settings.passages.model_dump())
            stale = self._write_base(store, rewrite)
            lexical.add(rows)
        self._drop(stale, batch.replaced)

    def _write_base(self, store: Store, rewrite: bool = False) -> str | None:
        """Rewrite the vector file if enough has changed; the name of the file it replaces."""
        base = _base(store)
        _, passages = store.counts()
        gone = len(store.tombstones())
        fresh = passages - (base.count - gone if base else 0)
        limit = max(_REWRITE_MIN, _REWRITE_SHARE * base.count) if base else 0
        if not rewrite and gone + fresh <= limit:
            return None
        keys, vectors = store.vectors()
        if not len(keys):
            store.set_meta("vector_base", None)
        else:
            name = f"vectors-{store.generation + 1}.faiss"
            factory = choose_factory(self.settings.vector_index, len(keys))
            written = write_base(self.folder, name, factory, keys, vectors)
            store.set_meta("vector_base", asdict(written))
        store.clear_tombstones()
        return base.file if base else None

    def _drop(self, stale: str | None, articles: Sequence[int]) -> None:
        if articles:
            LexicalIndex(self.folder / "lexical").remove_articles(articles)
        if stale:
            (self.folder / stale).unlink(missing_ok=True)


def _base(store: Store) -> VectorBase | None:
    recorded = store.meta("vector_base")
    return VectorBase(**recorded) if recorded else None


_REENCODE = (
    "set PULLQUOTE_ENCODER and the passage settings as they were, "
    "or index everything again with pullquote doctor --reencode"
)
