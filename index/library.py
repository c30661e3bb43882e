"""The library: stores articles and searches their passages. The rest of this package is used
through it.

Where articles are stored and how they are searched is up to a :class:`index.store.base.Store`; the
library cuts, encodes and admits what goes into it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from index.article import Article
from index.encode.base import EncoderId, Floats, PassageEncoder, QueryEncoder
from index.encode.encoders import Models
from index.errors import ModelMismatch, NotFoundError
from index.publication.follower import FollowerStore
from index.settings import IndexSettings
from index.snapshot import View
from index.store.base import Records, Store, Writer
from index.store.copy_state import describe_unfinished_copy
from index.store.indexed_settings import REENCODE, require_same, stored_encoder
from index.store.milvus.address import Address
from index.store.opening import open_store
from index.store.sync_changes import KeptByHand
from index.sync.state import SyncState

if TYPE_CHECKING:
    from index.ingest.batch import AddReport, Admission, Batch, OnProgress
    from index.ingest.batch_writer import BatchWriter
    from index.load.base import Loaded

__all__ = ["Library"]

# Passages that are encoded at a time.
_PIECE_PASSAGES: Final = 64


class Library:
    """Articles, their passages and the indexes over them, in one folder.

    Safe to share between threads; any number of processes may read while one writes.
    """

    def __init__(self, folder: Path, store: Store, settings: IndexSettings, models: Models) -> None:
        self.folder = folder
        self.store = store
        self.settings = settings
        self.models = models
        self.clock: Callable[[], float] = time.monotonic

    @classmethod
    def open(
        cls, folder: Path, settings: IndexSettings, models: Models, create: bool = False
    ) -> Self:
        """Open the library in ``folder``, or make an empty one there.

        Raises ``LibraryMissing``, ``SchemaTooNew``, ``StorageError`` or ``LibraryCorrupt``.
        """
        return cls(folder, open_store(folder, settings, create), settings, models)

    def close(self) -> None:
        self.store.close()

    @property
    def problems(self) -> list[str]:
        """What fails and is done without, parts of the index or articles of a copy that is not
        finished, as messages for people."""
        unfinished = self.unfinished_copy()
        return [*self.store.problems, *([unfinished] if unfinished else [])]

    def unfinished_copy(self) -> str | None:
        """Say of a library that was copied in part how to go on; ``None`` of any other."""
        with self.store.reading() as records:
            return describe_unfinished_copy(records)

    # Following

    @property
    def follower(self) -> FollowerStore | None:
        """The store, where it follows another library."""
        return self.store if isinstance(self.store, FollowerStore) else None

    def follow(self) -> None:
        """Take over new generations as they are published, until the library is closed, where it
        follows another."""
        if self.follower:
            self.follower.follow()

    def check_writable(self) -> None:
        """Raises ``LibraryReadOnly`` where the library follows another."""
        if self.follower:
            self.follower.check_writable()

    # Reading

    @contextmanager
    def view(self) -> Iterator[View]:
        """Open one generation for reading, until the block ends."""
        with self.store.searching() as snapshot:
            yield View(snapshot)

    def query_encoder(self) -> QueryEncoder:
        """Open the encoder for questions, with the weights that the library was indexed with.

        Raises ``ModelMismatch`` when the settings name another one.
        """
        with self.store.reading() as records:
            encoder_id = stored_encoder(records)
        if encoder_id and encoder_id.name != self.settings.encoder:
            raise ModelMismatch(
                f"{self.folder} was indexed with {encoder_id.name}, and the settings name "
                f"{self.settings.encoder}; {REENCODE}"
            )
        return self.models.query_encoder(self.settings.encoder, encoder_id)

    def has(self, ids: Sequence[str]) -> bool:
        """Whether the library holds the articles of all these ids."""
        with self.store.reading() as records:
            return len(records.stored(ids)) == len(set(ids))

    @property
    def place(self) -> str:
        """Where the articles are: the folder, or the engine and the library's name there."""
        if not self.settings.store:
            return str(self.folder)
        address = Address.parse(self.settings.store)
        return address.label if address.file else f"{address.label} ({address.name})"

    def status(self) -> dict[str, Any]:
        """Describe the library's settings and content in plain JSON types."""
        with self.store.reading() as records:
            articles, passages = records.counts()
            hashes = hashlib.sha256()
            for id, content_hash in records.content_hashes():
                hashes.update(f"{id} {content_hash}\n".encode())
            return {
                "folder": str(self.folder),
                "generation": records.generation,
                "articles": articles,
                "passages": passages,
                "corpus_hash": hashes.hexdigest(),
                "encoder": records.metadata("encoder"),
                "passage_settings": records.metadata("passages"),
                "vector_base": records.metadata("vector_base"),
            }

    def languages(self) -> dict[str, int]:
        """Count the articles in each language."""
        with self.store.reading() as records:
            return records.languages()

    def uncompared(self) -> int:
        """Count the articles not yet compared with the others for copies; :meth:`repair` does."""
        with self.store.reading() as records:
            return records.uncompared()

    def sync_state(self, source: str) -> SyncState:
        """Return the stored state of a source that the library is synchronised with."""
        return SyncState(self.store, source)

    def ids_of(self, articles: Sequence[Article]) -> list[str | None]:
        """Return, for each article, the id under which the library has exactly its content: its
        own, or that of another article; ``None`` where it has not."""
        with self.store.reading() as records:
            versions = records.stored([article.id for article in articles])
            hashes = [article.content_hash for article in articles]
            return [
                article.id
                if article.id in versions and versions[article.id].content_hash == content
                else records.id_of_content(content)
                for article, content in zip(articles, hashes, strict=True)
            ]

    def identify(self, article: Article) -> Article:
        """Return the article with the language and id that it would have in the library."""
        from index.ingest.admission import identify

        with self.store.reading() as records:
            return identify(article, records)

    # Writing

    def add(
        self,
        loaded: Iterable[Loaded],
        on_progress: OnProgress | None = None,
        *,
        keep_copies: bool = False,
        report: AddReport | None = None,
        by_hand: bool = True,
    ) -> AddReport:
        """Add new articles and replace changed ones; unchanged ones cost nothing.

        loaded: articles and errors, as loaders yield them.
        keep_copies: add an article even if its content is stored under another id; otherwise it is
            left out.
        report: a report to continue; by default a new one.
        by_hand: a person adds them: what a source had brought before, from another place, is no
            longer removed with it.

        Articles are written in batches, each of them completely or not at all. A batch is cut and
        encoded in pieces, and written in parts when that takes long, so an interruption loses only
        what was not encoded. What cannot be added (a ``LoadError`` in ``loaded``, an id used twice)
        is in the report and the rest goes on. Raises ``LibraryLocked``, ``ModelMismatch``,
        ``StorageError``; what was written before stays.
        """
        # Nothing that adds is imported by who only asks.
        from index.ingest.batch import AddReport, Batch, admissions, batches

        report = report if report is not None else AddReport(on_progress)
        with self.store.writing() as writer:
            for part in batches(loaded, self.settings, self.clock):
                records = writer.records
                articles = list(admissions(part, records, self.settings, report, keep_copies))
                if articles:
                    self._add_articles(writer, articles, report)
                else:
                    report.count_written(Batch())
        if by_hand:
            self.note_by_hand(report)
        return report

    def note_by_hand(self, report: AddReport) -> None:
        """Note that a person added what is in a report: what of it a source had brought before,
        from another place, is no longer removed with it."""
        if kept := self._present_elsewhere(report):
            self.store.note("", [KeptByHand(kept)])

    def _present_elsewhere(self, report: AddReport) -> list[str]:
        """Select, of what was there already, the articles that a source brought from a place other
        than where they came from this time."""
        with self.store.reading() as records:
            held = sorted(records.held(report.present))
            articles = [article for id in held if (article := records.article(id))]
        return [article.id for article in articles if article.source != report.present[article.id]]

    def preview(self, loaded: Iterable[Loaded], report: AddReport | None = None) -> AddReport:
        """Report what :meth:`add` would do; nothing is encoded or written."""
        from index.ingest.batch import AddReport, Batch, batches

        report = report if report is not None else AddReport()
        with self.store.reading() as records:
            for part in batches(loaded, self.settings):
                report.count_written(Batch.of(part, records, self.settings, report))
        return report

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles. ``NotFoundError`` if one is not there; then none is removed."""
        with self.store.writing() as writer:
            versions = writer.records.stored(ids)
            missing = [id for id in ids if id not in versions]
            if missing:
                raise NotFoundError(
                    f"no article {', '.join(missing)} in the library; nothing was removed"
                )
            writer.remove(ids)

    def reencode(self, on_progress: OnProgress | None = None) -> AddReport:
        """Cut and encode every article again under the present settings, in one transaction."""
        from index.ingest.batch import AddReport, Batch

        report = AddReport(on_progress)
        with self.store.writing() as writer:
            articles = list(writer.records.articles())
            batch = Batch.again(articles, writer.records, self.settings)
            encoder = self.models.passage_encoder(self.settings.encoder)
            self._write(writer, batch, encoder, report, anew=True)
            report.count_written(batch)
        return report

    def verify(self) -> list[str]:
        """Check every text and derived file; list the faults, each with its remedy."""
        return self.store.damage()

    def repair(self) -> list[str]:
        """Rebuild the derived indexes that are damaged, and passages of articles that are not.
        Returns what was wrong."""
        with self.store.writing() as writer:
            return [*writer.repair(), *self._repair_passages(writer)]

    def _repair_passages(self, writer: Writer) -> list[str]:
        """Cut and encode the articles again whose passages are not all there."""
        from index.ingest.batch import AddReport, Batch

        ids = writer.incomplete()
        articles = [article for id in ids if (article := writer.records.article(id)) is not None]
        if not articles:
            return []
        try:
            encoder = self._passage_encoder(writer.records)
        except ModelMismatch as exc:
            return [f"{len(articles)} articles lack passages, which cannot be made anew: {exc}"]
        batch = Batch.again(articles, writer.records, self.settings)
        if batch.entries:
            self._write(writer, batch, encoder, AddReport())
        return [f"{len(articles)} articles lacked passages; cut and encoded again"]

    def _passage_encoder(self, records: Records) -> PassageEncoder:
        encoder = self.models.passage_encoder(self.settings.encoder)
        require_same(records, self.folder, encoder.id, self.settings.passages)
        return encoder

    def _write(
        self,
        writer: Writer,
        batch: Batch,
        encoder: PassageEncoder,
        report: AddReport,
        anew: bool = False,
    ) -> None:
        vectors = encoder.encode(batch.texts, report.count_encoded)
        self._store(writer, batch, encoder.id, vectors, anew)

    def _add_articles(
        self, writer: Writer, articles: Sequence[Admission], report: AddReport
    ) -> None:
        """Cut and encode articles piece by piece, and write what is encoded from time to time and
        on interruption."""
        from index.ingest.batch import Batch

        encoder = self._passage_encoder(writer.records)
        pieces = Batch.pieces(articles, self.settings, _PIECE_PASSAGES)
        with self.batch_writer(writer, encoder.id, report) as batch_writer:
            for piece in pieces:
                batch_writer.put(piece, encoder.encode(piece.texts, report.count_encoded))

    def batch_writer(self, writer: Writer, encoder: EncoderId, report: AddReport) -> BatchWriter:
        """Make what writes encoded batches, and counts them in the report when they are written."""
        from index.ingest.batch_writer import BatchWriter

        def store(batch: Batch, vectors: Floats) -> None:
            self._store(writer, batch, encoder, vectors)
            report.count_written(batch)

        return BatchWriter(store, encoder.dim, self.clock)

    def _store(
        self,
        writer: Writer,
        batch: Batch,
        encoder: EncoderId,
        vectors: Floats,
        anew: bool = False,
    ) -> None:
        made_with = {
            "encoder": encoder.as_json(),
            "passages": self.settings.passages.model_dump(),
        }
        batch.copies = writer.write(list(batch.new_articles(vectors)), made_with, anew)
