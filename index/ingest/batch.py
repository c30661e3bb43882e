"""Batches of articles to write: which are new, which changed, which cannot be added."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from index.article import Article, Span
from index.encode.base import Floats
from index.errors import LibraryCorrupt, LoadError
from index.ingest.admission import AdmissionRecords, admit
from index.ingest.provenance import Provenance
from index.load.base import Loaded, one_of_many
from index.settings import IndexSettings
from index.store.base import NewArticle, Records, Stored
from index.text.passages import cut_passages, with_title
from index.text.sentences import has_sentence, sentences
from index.text.shingles import Fingerprint

__all__ = ["AddReport", "Admission", "Batch", "Cut", "OnProgress", "admissions", "batches", "cut"]

# A batch ends early when its text would fill this many characters, to bound memory.
_BATCH_CHARS = 8_000_000
# And when reading it has taken so many seconds, the first batch sooner: what is read is soon
# written. Large batches tell more of what the pages of a publisher have in common.
_FIRST_SECONDS, _BATCH_SECONDS = 2.0, 10.0


@dataclass
class AddReport:
    """The report of adding articles. ``passages`` counts those encoded; ``failed`` lists what was
    not added.

    ``copies``: of the articles added and updated, those that are copies, each with the article that
    it copies; ``languages`` counts the same articles by language. ``present``: the articles that
    the unchanged ones are in the library, each with where it came from this time.
    """

    on_progress: OnProgress | None = field(default=None, repr=False, compare=False)
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    passages: int = 0
    failed: list[LoadError] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    present: dict[str, str] = field(default_factory=dict, repr=False)
    seen_ids: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    seen_content: set[str] = field(default_factory=set, repr=False)

    def count_encoded(self, passages: int) -> None:
        """Count passages that were encoded."""
        self.passages += passages
        self._report_progress()

    def count_written(self, batch: Batch) -> None:
        """Count the articles of a batch that was written."""
        for admission, _ in batch.entries:
            ids = self.added if admission.version == 1 else self.updated
            ids.append(admission.article.id)
            self.languages[admission.article.language] += 1
        self.copies |= batch.copies
        self._report_progress()

    def include(self, report: AddReport) -> None:
        """Add the counts and lists of another report."""
        self.added.extend(report.added)
        self.updated.extend(report.updated)
        self.unchanged += report.unchanged
        self.passages += report.passages
        self.failed.extend(report.failed)
        self.copies |= report.copies
        self.languages.update(report.languages)
        self._report_progress()

    def _report_progress(self) -> None:
        if self.on_progress:
            self.on_progress(self)


OnProgress = Callable[[AddReport], None]


@dataclass(frozen=True, slots=True)
class Admission:
    """An article to write, and what is written beside it (:class:`index.store.base.NewArticle`)."""

    article: Article
    version: int
    provenance: Provenance | None
    keep_previous: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """An article's passages, each its sentences as spans of the text, and its fingerprint."""

    passages: list[tuple[Span, ...]]
    fingerprint: Fingerprint


def cut(article: Article, settings: IndexSettings) -> Cut:
    """Cut an article into passages: which depends on its text and the settings alone, so that any
    machine may do it. No passages when it has not one sentence."""
    sentence_spans = sentences(article.text, article.language)
    passages = cut_passages(article.text, sentence_spans, settings.passages)
    return Cut(passages, Fingerprint.of(article.text))


@dataclass
class Batch:
    """Articles to write, each with its passages.

    ``texts``: all passages in order, as they are encoded. ``copies``, set when it is written: the
    near-duplicates, each with the article that it copies.
    """

    entries: list[tuple[Admission, Cut]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        items: Sequence[Loaded],
        records: Records,
        settings: IndexSettings,
        report: AddReport,
        keep_copies: bool = False,
    ) -> Self:
        """Make a batch of the articles in ``items`` that are new or changed.

        The ``report`` counts the unchanged ones and lists those that cannot be added.
        """
        batch = cls()
        for admission in admissions(items, records, settings, report, keep_copies):
            batch.put(admission, cut(admission.article, settings))
        return batch

    @classmethod
    def again(cls, articles: Sequence[Article], records: Records, settings: IndexSettings) -> Self:
        """Make a batch of articles that are stored already, under the present settings.

        ``LibraryCorrupt`` when one is not as it was written: written again, it would pass for
        whole.
        """
        batch = cls()
        versions = records.stored([article.id for article in articles])
        for article in articles:
            if article.content_hash != versions[article.id].content_hash:
                raise LibraryCorrupt(
                    f"article {article.id!r} is not as it was written, and nothing was changed; "
                    "remove it and add it again, or put a backup back (pullquote restore FILE)"
                )
            version, provenance = versions[article.id].version, records.provenance(article.id)
            admission = Admission(article, version, provenance, keep_previous=False)
            batch.put(admission, cut(article, settings))
        return batch

    def put(self, admission: Admission, cut: Cut) -> None:
        """Add an article with its passages; one that has none is left out."""
        if not cut.passages:
            return
        article = admission.article
        self.entries.append((admission, cut))
        for spans in cut.passages:
            text = article.text[spans[0].start : spans[-1].end]
            self.texts.append(with_title(article.title, text))

    @classmethod
    def pieces(
        cls, admissions: Iterable[Admission], settings: IndexSettings, passages: int
    ) -> Iterator[Self]:
        """Cut articles one by one, and yield them in batches of at least ``passages`` passages; no
        article is split. The last batch may be smaller."""
        piece = cls()
        for admission in admissions:
            piece.put(admission, cut(admission.article, settings))
            if len(piece.texts) >= passages:
                yield piece
                piece = cls()
        if piece.entries:
            yield piece

    def join(self, other: Batch) -> None:
        """Add the entries of another batch."""
        # In this order: interrupted between the two, no entry is without its texts.
        self.texts.extend(other.texts)
        self.entries.extend(other.entries)

    def new_articles(self, vectors: Floats) -> Iterator[NewArticle]:
        """Yield the articles with the vectors of their passages, float32 ``[len(texts), dim]``."""
        start = 0
        for admission, cut in self.entries:
            end = start + len(cut.passages)
            yield NewArticle(
                admission.article,
                admission.version,
                cut.passages,
                vectors[start:end],
                cut.fingerprint,
                admission.provenance,
                admission.keep_previous,
            )
            start = end


def batches(
    items: Iterable[Loaded],
    settings: IndexSettings,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[list[Loaded]]:
    """Group what loaders yield into batches of bounded size and bounded reading time, which is
    longer from batch to batch."""
    batch: list[Loaded] = []
    chars, began, seconds = 0, clock(), _FIRST_SECONDS
    for item in items:
        batch.append(item)
        chars += len(item.text) if isinstance(item, Article) else 0
        is_large = len(batch) >= settings.batch_articles or chars >= _BATCH_CHARS
        if is_large or clock() - began >= seconds:
            yield batch
            batch, chars, began = [], 0, clock()
            seconds = min(2 * seconds, _BATCH_SECONDS)
    if batch:
        yield batch


def admissions(
    items: Sequence[Loaded],
    records: AdmissionRecords,
    settings: IndexSettings,
    report: AddReport,
    keep_copies: bool = False,
) -> Iterator[Admission]:
    """Yield the articles in ``items`` that are new or changed.

    The ``report`` counts the unchanged ones and lists those that cannot be added.
    """
    results, provenances = admit([_check_item(item) for item in items], records, settings)
    articles = [item for item in results if isinstance(item, Article)]
    report.failed.extend(item for item in results if isinstance(item, LoadError))
    versions = records.stored([article.id for article in articles])
    for article in articles:
        if problem := _problem(article, report, settings):
            report.failed.append(LoadError(article.source or article.id, problem))
            continue
        content, previous = article.content_hash, versions.get(article.id)
        is_stored = previous is not None and previous.content_hash == content
        if is_stored or _is_copy(article, content, previous, records, report, keep_copies):
            report.unchanged += 1
            present = article.id if is_stored else records.id_of_content(content)
            report.present |= {present: article.source} if present else {}
        elif not has_sentence(article.text):
            report.failed.append(LoadError(article.source or article.id, "no sentence in it"))
        else:
            version = previous.version + 1 if previous else 1
            yield Admission(article, version, provenances.get(article.id), previous is not None)
        report.seen_ids[article.id] = (content, article.source)
        report.seen_content.add(content)


def _check_item(item: Loaded) -> Loaded:
    """Check an item, which may come from a program instead of a loader; returns it, or an error
    that says why it cannot be stored."""
    if isinstance(item, LoadError):
        return item
    return one_of_many(item.source or item.id, lambda: item)


def _problem(article: Article, report: AddReport, settings: IndexSettings) -> str | None:
    if len(article.text) > settings.max_article_chars:
        return f"{len(article.text):,} characters, over the limit of {settings.max_article_chars:,}"
    before = report.seen_ids.get(article.id)
    if before and before[0] != article.content_hash:
        return f"id {article.id!r} was used before, for {before[1] or 'another article'}"
    return None


def _is_copy(
    article: Article,
    content: str,
    previous: Stored | None,
    records: AdmissionRecords,
    report: AddReport,
    keep_copies: bool,
) -> bool:
    """Whether the same content is stored under another id, and this is not a stored article that
    changed into it."""
    if previous is not None or keep_copies:
        return article.id in report.seen_ids
    return content in report.seen_content or records.id_of_content(content) is not None
