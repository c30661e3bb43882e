"""The facade: open a library, add to it, ask it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError

from index.article import Article
from index.errors import QuestionError
from index.ingest import AddReport, OnProgress
from index.library import Library
from index.load import Loaded, load_paths
from index.models import ExportedModels, Models
from index.sync.engine import SyncOptions, SyncReport, sync_folder
from index.tidy import Arrival
from index.view import Selection, View
from rag.answer import AbstainReason, Answer, SearchResult, Usage
from rag.compose import ABSTENTION, compose
from rag.conversation import NEAREST, Rewriter, carry, concatenated, standalone
from rag.copies import cite_one_copy
from rag.preference import SURE, prefer, read_first
from rag.question import Filters, Question, Turn
from rag.read import Reader, Reading
from rag.readers import open_reader
from rag.rerank import Reranker, open_reranker, rerank
from rag.retrieve import Retrieved, Wording, retrieve
from rag.settings import Settings
from rag.time_words import TimeWord, narrowed, time_words

if TYPE_CHECKING:
    from index.fetch import LinkResult, MakeClient
    from rag.langchain import PullquoteRetriever

__all__ = ["OnFound", "Pullquote"]

# Told what retrieval found while it is still to be read.
OnFound = Callable[[tuple[SearchResult, ...]], object]


class Pullquote:
    """Articles to ask.

    ::

        with Pullquote.open(Path("my-library"), create=True) as pullquote:
            pullquote.add([Path("articles/")])
            print(pullquote.ask("Who runs Acme?").text)

    Safe to share between threads. ``models`` and ``reader`` may be replaced by anything that
    meets their protocols; by default the reader is made when the first question is asked. A
    ``rewriter`` says follow-ups in full; without one what they need is carried over.
    ``make_client``, where it is set, makes what fetches links.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        reader: Reader | None = None,
        rewriter: Rewriter | None = None,
    ) -> None:
        self.library = library
        self.settings = settings
        self.rewriter = rewriter
        self.make_client: MakeClient | None = None
        self._reader = reader
        self._reranker: Reranker | None = None
        # What "yesterday" in a question is counted from.
        self.today: Callable[[], date] = date.today

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        settings: Settings | None = None,
        *,
        create: bool = False,
        models: Models | None = None,
        reader: Reader | None = None,
        rewriter: Rewriter | None = None,
    ) -> Self:
        """Open the library in ``path`` (default: where the settings say), or make one there.

        Raises ``LibraryMissing`` when there is none and ``create`` is false, and the other
        ``LibraryError`` s when it cannot be used.
        """
        settings = settings or Settings.from_environment()
        models = models or ExportedModels(settings.models_folder, settings.threads)
        folder = path or settings.library_folder
        library = Library.open(folder, settings.index_settings(), models, create=create)
        return cls(library, settings, reader, rewriter)

    def close(self) -> None:
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Articles

    def add(self, paths: Iterable[Path], on_progress: OnProgress | None = None) -> AddReport:
        """Add the articles of files and folders; see :meth:`index.library.Library.add`."""
        return self.add_articles(load_paths(paths, self.settings.max_article_chars), on_progress)

    def add_articles(
        self,
        articles: Iterable[Loaded],
        on_progress: OnProgress | None = None,
        *,
        keep_copies: bool = False,
    ) -> AddReport:
        """Add articles that are at hand. A text is taken as it is, not cleaned; what a loader
        marked as a page or a record is.

        ``keep_copies`` adds those too whose content the library has under another id.
        """
        return self.library.add(articles, on_progress, keep_copies=keep_copies)

    def add_links(
        self,
        links: Iterable[str],
        limit: int | None = None,
        on_result: Callable[[LinkResult], None] | None = None,
        write: Callable[[Sequence[Loaded]], AddReport] | None = None,
    ) -> AddReport:
        """Add the articles behind links: pages, or feeds and sitemaps that list them.

        ``limit`` is how many of each list are taken (default: ``max_links`` of the settings).
        ``on_result`` is told what came of each link, when it did; each article is written by
        then. What cannot be had is in the report, and the rest goes on. ``write`` writes
        articles where it is not this call that may.
        """
        # Nothing that fetches is imported by who only asks.
        from index.fetch import Client, LinkAdder, open_reader

        report = AddReport()
        library, settings = self.library, self.settings
        make = self.make_client or Client
        with open_reader(settings.fetch_settings(), library.folder, library.has, make) as reader:
            adder = LinkAdder(reader, write or library.add, settings.max_article_chars)
            for link in links:
                for result in adder.add(link, limit or settings.max_links):
                    report.include(result.report)
                    if on_result:
                        on_result(result)
        return report

    def sync(
        self,
        folder: Path,
        *,
        dry_run: bool = False,
        yes: bool = False,
        reread: bool = False,
        on_progress: OnProgress | None = None,
    ) -> SyncReport:
        """Make the library equal to a folder; see :func:`index.sync.engine.sync_folder`."""
        options = SyncOptions(dry_run, yes, reread, self.settings.max_article_chars)
        return sync_folder(self.library, folder, options, on_progress)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles. ``NotFoundError`` if one is not there; then none is removed."""
        self.library.remove(ids)

    def articles(self) -> list[Article]:
        """All articles, newest first."""
        with self.library.view() as view:
            return list(view.articles())

    def article(self, id: str) -> Article:
        """One article. ``NotFoundError`` when there is none of that id."""
        with self.library.view() as view:
            return view.article(id)

    def arrival(self, id: str) -> Arrival | None:
        """How an article came in: the lines dropped from it, how its day was found. ``None``
        when it was added as it is."""
        with self.library.view() as view:
            return view.arrival(id)

    # Questions

    def search(
        self,
        question: str,
        top_k: int = 5,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
    ) -> list[SearchResult]:
        """The passages nearest to a question, best first; with ``history``, to a follow-up.

        Raises ``QuestionError`` for an empty or overlong question, an impossible ``top_k``, or
        too many or too long turns.
        """
        asked = _question(question, top_k, filters, history)
        with self.library.view() as view:
            return _results(self._retrieve(view, asked, asked.top_k)[0])

    def ask(
        self,
        question: str,
        top_k: int = 5,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        on_found: OnFound | None = None,
        time_filters: bool = True,
    ) -> Answer:
        """A cited answer, or an abstention with the ``top_k`` nearest passages.

        ``history`` are the earlier turns, oldest first. ``on_found`` is handed the answer's search
        results as soon as they are known, if there are any: reading them takes as long again.
        Words of time in the question ("last month", "latest") narrow the filters or are a
        preference (:mod:`rag.time_words`), unless ``time_filters`` or the setting is off.

        Raises ``QuestionError`` for an empty or overlong question, an impossible ``top_k``, or
        too many or too long turns.
        """
        asked = _question(question, top_k, filters, history)
        words: tuple[TimeWord, ...] = ()
        if time_filters and self.settings.time_filters:
            words = time_words(asked.question, self.today())
            asked = asked.model_copy(update={"filters": narrowed(asked.filters, words)})
        clock = _Clock()
        with self.library.view() as view:
            if not len(view):
                return self._abstain(view, asked, clock, "empty_library", words)
            with clock.stage("retrieve"):
                depth = max(asked.top_k, self.settings.read_passages)
                found, understood = self._retrieve(view, asked, depth, words)
            if not found:
                return self._abstain(view, asked, clock, "nothing_matches_filters", words)
            results = tuple(_results(found[: asked.top_k]))
            if on_found:
                on_found(results)
            with clock.stage("read"):
                read = found[: self.settings.read_passages]
                reading = self._read(understood or asked.question, read, words)
                evidence = cite_one_copy(view, view.select(asked.filters), reading.evidence)
        if not reading.evidence or reading.confidence < self.threshold:
            return self._abstain(
                view, asked, clock, "not_in_articles", words, reading, results, understood
            )
        text, citations = compose(evidence)
        return Answer(
            question=asked.question,
            text=text,
            confidence=reading.confidence,
            citations=citations,
            search_results=results,
            usage=clock.usage(),
            index_generation=view.generation,
            standalone_question=understood,
            filters=asked.filters,
            time_words=words,
        )

    def _read(
        self, question: str, found: Sequence[Retrieved], words: Sequence[TimeWord]
    ) -> Reading:
        if first := read_first(found, words):
            reading = self.reader.read(question, [each.found for each in first])
            if reading.evidence and reading.confidence >= max(self.threshold, SURE):
                return reading
        return self.reader.read(question, [each.found for each in found])

    def _abstain(
        self,
        view: View,
        asked: Question,
        clock: _Clock,
        reason: AbstainReason,
        words: tuple[TimeWord, ...],
        reading: Reading | None = None,
        results: tuple[SearchResult, ...] = (),
        understood: str | None = None,
    ) -> Answer:
        return Answer(
            question=asked.question,
            text=ABSTENTION[reason],
            confidence=reading.confidence if reading else 0.0,
            abstain_reason=reason,
            search_results=results,
            usage=clock.usage(),
            index_generation=view.generation,
            standalone_question=understood,
            filters=asked.filters,
            time_words=words,
        )

    def _retrieve(
        self, view: View, asked: Question, k: int, words: Sequence[TimeWord] = ()
    ) -> tuple[list[Retrieved], str | None]:
        """The ``k`` best passages, and the question in full where history had to be read."""
        selection = view.select(asked.filters)
        if selection.empty or not len(view):
            return [], None
        settings = self.settings
        depth = max(k, settings.rerank_passages) if settings.reranker else k
        if words:
            depth = max(depth, settings.candidates)
        found, understood = self._find(view, asked, depth, selection)
        found = prefer(found, words)
        if settings.reranker:
            question = understood or asked.question
            first = rerank(self.reranker, question, found[: settings.rerank_passages])
            found = first + found[settings.rerank_passages :]
        return found[:k], understood

    def _find(
        self, view: View, asked: Question, k: int, selection: Selection
    ) -> tuple[list[Retrieved], str | None]:
        encoder = self.library.query_encoder()

        def find(question: str, k: int, wordings: Sequence[Wording] = ()) -> list[Retrieved]:
            return retrieve(view, encoder, question, k, selection, self.settings, wordings)

        question, mode = asked.question, self.settings.history
        if not asked.history or mode == "none":
            return find(question, k), None
        full = self._in_full(asked)
        if full is not None:
            return find(full, k), (full if full != question else None)
        found = find(question, max(k, NEAREST))
        carried = carry(view, encoder, question, asked.history, found)
        if not carried.wordings:
            return found[:k], None
        found = find(question, k, carried.wordings)
        return found, standalone(view, question, carried.terms, found)

    def _in_full(self, asked: Question) -> str | None:
        """A follow-up as the rewriter says it, or the turns in one line where settings want that;
        ``None`` where it has to be resolved by scores."""
        if self.settings.history == "concatenate":
            return concatenated(asked.question, asked.history)
        if self.rewriter is None:
            return None
        return " ".join(self.rewriter.rewrite(asked.question, asked.history).split()) or None

    # LangChain

    def as_retriever(self, **options: Any) -> PullquoteRetriever:
        """A LangChain retriever of passages; ``options`` are its fields, ``k`` and ``filters``.

        LangChain is imported here, and only by who asks for it.
        """
        from rag.langchain import PullquoteRetriever

        return PullquoteRetriever(pullquote=self, **options)

    @property
    def reader(self) -> Reader:
        """What reads the passages; made when first needed."""
        if self._reader is None:
            self._reader = open_reader(self.settings, self.library.query_encoder())
        return self._reader

    @property
    def reranker(self) -> Reranker:
        """What the settings name as reranker; made when first needed."""
        if self._reranker is None:
            self._reranker = open_reranker(self.settings.reranker, self.reader)
        return self._reranker

    @property
    def threshold(self) -> float:
        """The confidence below which there is no answer."""
        return self.settings.threshold

    def describe(self) -> dict[str, Any]:
        """Settings, models, counts and corpus hash: what a result has to be kept with."""
        return {"settings": self.settings.model_dump(mode="json"), **self.library.status()}


class _Clock:
    """Wall time of one question, whole and by stage, in milliseconds."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._stages[name] = 1000 * (time.perf_counter() - start)

    def usage(self) -> Usage:
        return Usage(1000 * (time.perf_counter() - self._start), self._stages)


def _question(text: str, top_k: int, filters: Filters | None, history: Sequence[Turn]) -> Question:
    try:
        return Question(
            question=text, top_k=top_k, filters=filters or Filters(), history=tuple(history)
        )
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise QuestionError(f"{field}: {first['msg'].removeprefix('Value error, ')}") from exc


def _results(found: Sequence[Retrieved]) -> list[SearchResult]:
    return [SearchResult(each.found.article, each.found.passage, each.score) for each in found]
