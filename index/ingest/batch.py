"""A batch of articles on its way in: what is new, what changed, what cannot be taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from index.article import Article, Span
from index.encode.base import Floats
from index.errors import LoadError
from index.ingest.admission import let_in
from index.ingest.preparation import Arrival
from index.load import Loaded
from index.load.base import id_for, origin_of
from index.search.lexical import LexicalRow
from index.settings import IndexSettings
from index.store import versions
from index.store.duplicate_groups import CopyGroups
from index.store.sqlite import Store
from index.text.language import language_of
from index.text.passages import cut_passages, with_title
from index.text.sentences import sentences
from index.text.shingles import Fingerprint

__all__ = ["AddReport", "Batch", "OnProgress", "batches", "prepare", "settled"]

# A batch ends early when its text would fill this many characters, to bound memory.
_BATCH_CHARS = 8_000_000


@dataclass
class AddReport:
    """What adding did. ``passages`` counts those encoded; ``failed`` says what was not added.

    ``copies``: of the articles added and updated, those that are copies of another one, which
    they are named with; ``languages`` counts the same articles by language.
    """

    on_progress: OnProgress | None = field(default=None, repr=False, compare=False)
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    passages: int = 0
    failed: list[LoadError] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    seen_ids: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    seen_content: set[str] = field(default_factory=set, repr=False)

    def encoded(self, passages: int) -> None:
        self.passages += passages
        self._tell()

    def written(self, batch: Batch) -> None:
        self.added.extend(article.id for article, version in batch.articles if version == 1)
        self.updated.extend(article.id for article, version in batch.articles if version > 1)
        self.copies |= batch.copies
        self.languages.update(article.language for article, _ in batch.articles)
        self._tell()

    def include(self, other: AddReport) -> None:
        """Count what another report says as well."""
        self.added.extend(other.added)
        self.updated.extend(other.updated)
        self.unchanged += other.unchanged
        self.passages += other.passages
        self.failed.extend(other.failed)
        self.copies |= other.copies
        self.languages.update(other.languages)
        self._tell()

    def _tell(self) -> None:
        if self.on_progress:
            self.on_progress(self)


OnProgress = Callable[[AddReport], None]


@dataclass
class Batch:
    """Articles to write, cut into passages.

    ``articles``: each with the version it will be. ``replaced``: keys of the articles they
    take the place of; ``outdated``: those of them that go into the history. ``passages``: per
    article, the sentences of each passage. ``texts``: all passages in that order, as they are
    encoded. ``arrivals``: by id, what is kept beside them. ``copies``, once it is written: what
    is a copy, and of what.
    """

    articles: list[tuple[Article, int]] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    outdated: list[int] = field(default_factory=list)
    passages: list[list[tuple[Span, ...]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    fingerprints: list[Fingerprint] = field(default_factory=list)
    copies: dict[str, str] = field(default_factory=dict)
    arrivals: dict[str, Arrival] = field(default_factory=dict)

    @classmethod
    def again(cls, articles: Sequence[Article], store: Store, settings: IndexSettings) -> Self:
        """All of these articles, which the store has, under the settings as they are now."""
        batch = cls()
        known = store.article_keys([article.id for article in articles])
        for article in articles:
            key, _, version = known[article.id]
            batch.replaced.append(key)
            batch.append(article, version, settings)
            if arrival := store.arrivals.of(article.id):
                batch.arrivals[article.id] = arrival
        return batch

    def append(self, article: Article, version: int, settings: IndexSettings) -> bool:
        """Cut an article and take it in; ``False`` when it has not one sentence."""
        found = sentences(article.text, article.language)
        passages = cut_passages(article.text, found, settings.passages)
        if not passages:
            return False
        self.articles.append((article, version))
        self.passages.append(passages)
        self.fingerprints.append(Fingerprint.of(article.text))
        for spans in passages:
            text = article.text[spans[0].start : spans[-1].end]
            self.texts.append(with_title(article.title, text))
        return True

    def insert(self, store: Store, vectors: Floats) -> list[LexicalRow]:
        """Write everything to the store; what the lexical index is to hold is returned."""
        rows: list[LexicalRow] = []
        groups = CopyGroups(store)
        groups.prepare()
        groups.forget(self.replaced)
        versions.keep(store, self.outdated)
        for key in self.replaced:
            store.delete_article(key)
        at = 0
        ready = zip(self.articles, self.passages, self.fingerprints, strict=True)
        for (article, version), passages, fingerprint in ready:
            key = store.insert_article(article, version)
            if arrival := self.arrivals.get(article.id):
                store.arrivals.insert(key, arrival)
            if copied := groups.place(key, article.text, fingerprint):
                self.copies[article.id] = copied
            for ordinal, spans in enumerate(passages):
                passage = store.insert_passage(key, ordinal, spans, vectors[at])
                text = article.text[spans[0].start : spans[-1].end]
                rows.append((passage, key, article.title, text))
                at += 1
        return rows


def batches(loaded: Iterable[Loaded], settings: IndexSettings) -> Iterator[list[Loaded]]:
    """Group what comes from the loaders into batches of bounded size."""
    batch: list[Loaded] = []
    chars = 0
    for item in loaded:
        batch.append(item)
        chars += len(item.text) if isinstance(item, Article) else 0
        if len(batch) >= settings.batch_articles or chars >= _BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def prepare(
    loaded: Sequence[Loaded],
    store: Store,
    settings: IndexSettings,
    report: AddReport,
    keep_copies: bool = False,
) -> Batch:
    """Keep what is new or changed; count what is there already, report what cannot be taken."""
    known_as = [settled(item, store) if isinstance(item, Article) else item for item in loaded]
    loaded, arrivals = let_in(known_as, store, settings)
    articles = [item for item in loaded if isinstance(item, Article)]
    report.failed.extend(item for item in loaded if isinstance(item, LoadError))
    known = store.article_keys([article.id for article in articles])
    batch = Batch(arrivals=arrivals)
    for article in articles:
        problem = _problem(article, report, settings)
        if problem:
            report.failed.append(LoadError(article.source or article.id, problem))
            continue
        content = article.content_hash
        key, old, version = known.get(article.id, (None, None, 0))
        if old == content or _is_copy(article, content, key, store, report, keep_copies):
            report.unchanged += 1
        elif not batch.append(article, version + 1, settings):
            report.failed.append(LoadError(article.source or article.id, "no sentence in it"))
        elif key is not None:
            batch.replaced.append(key)
            batch.outdated.append(key)
        report.seen_ids[article.id] = (content, article.source)
        report.seen_content.add(content)
    return batch


def settled(article: Article, store: Store) -> Article:
    """With its language (of a page by its text rather than by its template), and under the id
    that it has: one that is known by its URL alone stays the same article when its headline, which
    the id begins with, is another."""
    by_template = article.found_as == "page"
    language = language_of(article.text, article.language, by_template)
    id = article.id
    if article.url and origin_of(id) == origin_of(id_for("", article.url)):
        known = store.execute("SELECT id FROM articles WHERE url = ?", (article.url,))
        id = next((other for (other,) in known if origin_of(other) == origin_of(id)), id)
    return replace(article, id=id, language=language)


def _problem(article: Article, report: AddReport, settings: IndexSettings) -> str | None:
    if not article.id.strip():
        return "the article has no id"
    if len(article.text) > settings.max_article_chars:
        return f"{len(article.text):,} characters, over the limit of {settings.max_article_chars:,}"
    try:
        known = (article.publisher, article.author, article.language, article.url, article.source)
        "".join([article.id, article.title, article.text, *filter(None, known)]).encode()
    except UnicodeEncodeError:
        return "the text holds lone surrogates; clean it with index.text.normalise.clean"
    before = report.seen_ids.get(article.id)
    if before and before[0] != article.content_hash:
        return f"id {article.id!r} was used before, for {before[1] or 'another article'}"
    return None


def _is_copy(
    article: Article,
    content: str,
    key: int | None,
    store: Store,
    report: AddReport,
    keep_copies: bool,
) -> bool:
    """The same content under another name, unless it is an article changing into it."""
    if key is not None or keep_copies:
        return article.id in report.seen_ids
    return content in report.seen_content or store.id_of_content(content) is not None
