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
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from index.article import Article
from index.encode.base import EncoderId, Floats, PassageEncoder, QueryEncoder
from index.encode.encoders import Models
from index.errors import LibraryCorrupt, LibraryError, ModelMismatch, NotFoundError
from index.ingest.batch import AddReport, Batch, OnProgress, batches, prepare, settled
from index.load import Loaded
from index.search.dense import VectorBase, VectorIndex, check_base, choose_factory, write_base
from index.search.lexical import LexicalIndex
from index.settings import IndexSettings
from index.snapshot import Derived, View
from index.store import versions
from index.store.duplicate_groups import CopyGroups
from index.store.indexed_settings import REENCODE, require_same
from index.store.lock import writing
from index.store.sqlite import Store
from index.sync.state import SyncState

__all__ = ["Library"]

# The vector file is rewritten once this many passages, and this share, came or went since.
_REWRITE_MIN, _REWRITE_SHARE = 2_000, 0.25


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
        self._derived: Derived | None = None

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

    def _derive(self, store: Store) -> Derived:
        self.problems.clear()
        return Derived(store.generation, self._open_vectors(store), self._open_lexical(store))

    def _open_vectors(self, store: Store) -> VectorIndex:
        base = _base(store)
        if base is None:
            return VectorIndex.from_vectors(*store.vectors())
        try:
            changes = store.vectors(after=base.last_key)
            return VectorIndex.open(self.folder, base, *changes, store.tombstones(base.last_key))
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
                f"{self.settings.encoder}; {REENCODE}"
            )
        known = EncoderId.from_json(recorded) if recorded else None
        return self.models.query_encoder(self.settings.encoder, known)

    def has(self, ids: Sequence[str]) -> bool:
        """Whether the library holds the articles of all these ids."""
        store = self._store()
        with store.reading():
            return len(store.article_keys(ids)) == len(set(ids))

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

    def languages(self) -> dict[str, int]:
        """How many articles there are in each language."""
        store = self._store()
        with store.reading():
            query = "SELECT language, count(*) FROM articles GROUP BY language"
            return dict(store.execute(query).fetchall())

    def uncompared(self) -> int:
        """How many articles nobody has looked for copies of; :meth:`repair` does."""
        store = self._store()
        with store.reading():
            return CopyGroups(store).missing()

    def sync_state(self, source: str) -> SyncState:
        """What is known of a source that the library is kept equal to."""
        return SyncState(self._store(), source)

    def ids_of(self, articles: Sequence[Article]) -> list[str | None]:
        """Under which id the library has exactly this content, if it does: an article's own, or
        that of another one with the same."""
        store = self._store()
        with store.reading():
            known = store.article_keys([article.id for article in articles])
            hashes = [article.content_hash for article in articles]
            return [
                article.id
                if article.id in known and known[article.id][1] == content
                else store.id_of_content(content)
                for article, content in zip(articles, hashes, strict=True)
            ]

    def settled(self, article: Article) -> Article:
        """The article as it would be taken in: with its language, under the id that it has."""
        store = self._store()
        with store.reading():
            return settled(article, store)

    # Writing

    def add(
        self,
        loaded: Iterable[Loaded],
        on_progress: OnProgress | None = None,
        *,
        keep_copies: bool = False,
        report: AddReport | None = None,
    ) -> AddReport:
        """Add new articles and replace changed ones; what is there already costs nothing.

        An article that is a copy of another is left out, unless ``keep_copies`` says that every
        id is to be found under its own name.

        Articles are written in batches, each of them whole or not at all. Anything that cannot
        be added (a ``LoadError`` among ``loaded``, an id used twice) is in the report and the
        rest goes on. A ``report`` handed in is continued. Raises ``LibraryLocked``,
        ``ModelMismatch``, ``StorageError``; what was written before stays.
        """
        report = report if report is not None else AddReport(on_progress)
        with self._writing() as store:
            for batch in batches(loaded, self.settings):
                prepared = prepare(batch, store, self.settings, report, keep_copies)
                if prepared.articles:
                    encoder = self._passage_encoder(store)
                    vectors = encoder.encode(prepared.texts, report.encoded)
                    self._write(store, prepared, vectors, encoder.id)
                report.written(prepared)
        return report

    def preview(self, loaded: Iterable[Loaded], report: AddReport | None = None) -> AddReport:
        """What :meth:`add` would do, without doing it: nothing is encoded or written."""
        report = report if report is not None else AddReport()
        store = self._store()
        with store.reading():
            for batch in batches(loaded, self.settings):
                report.written(prepare(batch, store, self.settings, report))
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
                CopyGroups(store).forget(keys)
                versions.forget(store, ids)
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
            if CopyGroups(store).missing():
                with store.writing():
                    placed = CopyGroups(store).fill()
                done.append(f"looked for copies of {placed} articles that nobody had compared")
        return done

    @contextmanager
    def _writing(self, done: list[str] | None = None) -> Iterator[Store]:
        store = self._store(create=True)
        with writing(self.folder, self.settings.lock_timeout):
            store.complete()
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
        require_same(store, self.folder, encoder.id, self.settings.passages)
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
        gone = len(store.tombstones(base.last_key)) if base else 0
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
