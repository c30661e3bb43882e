"""The facade: open a library, add to it, ask it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, Unpack

from index.article import Article
from index.encode.encoders import ExportedModels, Models
from index.ingest.batch import AddReport, OnProgress
from index.ingest.provenance import Provenance
from index.library import Library
from index.load import Loaded, load_paths
from index.sync.engine import SyncOptions, SyncReport, is_link, sync_folder
from rag.answer import Answer, SearchResult
from rag.citing.copies import Copies, cite_one_copy
from rag.events import Event, Restart, SearchResults, Sentence
from rag.evidence import Evidence, Reader, Reading
from rag.generation.answer_stream import Told, telling
from rag.generation.writers import Writers
from rag.pipeline import Inquiry, checked, results_of
from rag.query.follow_up import Rewriter
from rag.query.time_expressions import TimeWord, narrowed, time_words
from rag.question import Filters, Mode, Question, QuestionOptions, Turn
from rag.reading.opening import open_reader
from rag.retrieval.hybrid import Retrieved
from rag.retrieval.recency import SURE, read_first
from rag.search import Finder
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from index.fetch import LinkResult, MakeClient
    from rag.chat.base import ChatModel
    from rag.generation.writer import Writer

__all__ = ["Pullquote"]

_RETRIEVERS: Final = "pullquote.retrievers"


class Pullquote:
    """Articles to ask.

    ::

        with Pullquote.open(Path("my-library"), create=True) as pullquote:
            pullquote.add([Path("articles/")])
            print(pullquote.ask("Who runs Acme?").answer)

    Safe to share between threads. ``models`` and ``reader`` may be replaced by anything that
    meets their protocols; by default the reader is made when the first question is asked. A
    ``rewriter`` says follow-ups in full; without one the chat model does where it may write, and
    what they need is carried over where it does not. ``chat`` is that chat model, by default the
    one of the settings, made when first needed.
    ``make_client``, where it is set, makes what fetches links.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        reader: Reader | None = None,
        rewriter: Rewriter | None = None,
        chat: ChatModel | None = None,
    ) -> None:
        self.library = library
        self.settings = settings
        self.make_client: MakeClient | None = None
        self._reader = reader
        self._writers = Writers(settings, library, chat, lambda: self.reader)
        self._finder = Finder(library, settings, lambda: self.reader, rewriter)
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
        chat: ChatModel | None = None,
    ) -> Self:
        """Open the library in ``path`` (default: where the settings say), or make one there.

        Raises ``LibraryMissing`` when there is none and ``create`` is false, and the other
        ``LibraryError`` s when it cannot be used.
        """
        settings = settings or Settings.from_environment()
        models = models or ExportedModels(settings.models_folder, settings.threads)
        folder = path or settings.library_folder
        library = Library.open(folder, settings.index_settings(), models, create=create)
        return cls(library, settings, reader, rewriter, chat)

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
        source: Path | str,
        *,
        dry_run: bool = False,
        yes: bool = False,
        reread: bool = False,
        limit: int | None = None,
        on_progress: OnProgress | None = None,
    ) -> SyncReport:
        """Make the library equal to a folder, or to what is behind a link to a feed, a sitemap or
        a page; see :func:`index.sync.engine.sync_folder` and :func:`index.sync.links.sync_link`.

        ``limit`` is how many of a list are taken (default: ``max_links`` of the settings).
        """
        settings, library = self.settings, self.library
        options = SyncOptions(dry_run, yes, reread, settings.max_article_chars)
        if not isinstance(source, str) or not is_link(source):
            return sync_folder(library, Path(source), options, on_progress)
        # Nothing that fetches is imported by who only asks.
        from index.fetch import Client, open_reader
        from index.sync.links import sync_link

        fetch, make = settings.fetch_settings(), self.make_client or Client
        with open_reader(fetch, library.folder, library.has, make, not dry_run) as reader:
            most = limit or settings.max_links
            return sync_link(library, source, reader, options, most, on_progress)

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

    def provenance(self, id: str) -> Provenance | None:
        """How an article came in: the lines dropped from it, how its day was found. ``None``
        when it was added as it is."""
        with self.library.view() as view:
            return view.provenance(id)

    # Questions

    def search(
        self,
        question: str | Question,
        *,
        top_k: int | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] | None = None,
    ) -> list[SearchResult]:
        """The ``top_k`` (5) passages nearest to a question, best first; with ``history``, to a
        follow-up.

        Raises ``QuestionError`` for an empty or overlong question, an impossible ``top_k``, or
        too many or too long turns.
        """
        asked = checked(question, {"top_k": top_k, "filters": filters, "history": history})
        with self.library.view() as view:
            return list(results_of(self._finder(view, asked, asked.top_k)[0]))

    def ask(self, question: str | Question, **options: Unpack[QuestionOptions]) -> Answer:
        """A cited answer, or an abstention with leads and the nearest passages: the last event of
        :meth:`stream`, which says what the options are and what is raised."""
        *_, answer = self.stream(question, **options)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str | Question,
        *,
        top_k: int | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] | None = None,
        time_filters: bool | None = None,
        mode: Mode | None = None,
        final: bool = False,
    ) -> Generator[Event, None, None]:
        """The way to an answer as it is gone (:mod:`rag.events`): the search results while they are
        still to be read, each sentence once it is sure, what takes them back, and the answer.

        ``question``: in plain words, or a ``Question`` with its options, of which those given here
        take the place. ``top_k`` (5) is how many search results there are. ``history``: the earlier
        turns, oldest first. Words of time in the question ("last month", "latest") narrow the
        ``filters`` or are a preference (:mod:`rag.query.time_expressions`), unless ``time_filters``
        or the setting is off. ``mode``, by default as set: ``extractive`` quotes, ``generative``
        lets the chat model write, ``auto`` does so when there is one. When it fails the answer
        quotes, and says why. What it wrote until then is taken back by a ``Restart``; where
        sentences are ``final`` it stays, and the quotation follows.

        To stop, close the iterator. Until it is at its end or closed it reads one state of the
        library, so take it in one thread and write to the library from another.

        Raises ``QuestionError`` for an empty or overlong question, an impossible ``top_k``, too
        many or too long turns, or a mode without its chat model; ``MissingExtra`` or
        ``ModelError`` when the one that is set cannot be opened.
        """
        writer = self._writers.of(mode or self.settings.mode)
        options = {"top_k": top_k, "filters": filters, "history": history}
        asked = checked(question, {**options, "time_filters": time_filters})
        words: tuple[TimeWord, ...] = ()
        if asked.time_filters and self.settings.time_filters:
            words = time_words(asked.question, self.today())
            asked = asked.model_copy(update={"filters": narrowed(asked.filters, words)})
        inquiry = Inquiry(asked, self.settings, words)
        return inquiry.clock.stopped_between(self._events(inquiry, writer, final))

    def _events(
        self, inquiry: Inquiry, writer: Writer | None, final: bool
    ) -> Generator[Event, None, None]:
        """The stages of one question, in order."""
        asked = inquiry.asked
        full = self._in_full(inquiry, writer)
        with self.library.view() as view:
            inquiry.generation = view.generation
            found: list[Retrieved] = []
            if len(view):
                with inquiry.clock.stage("retrieve"):
                    depth = max(asked.top_k, self.settings.read_passages)
                    found, inquiry.understood = self._finder(
                        view, asked, depth, inquiry.words, full
                    )
            inquiry.results = results_of(found[: asked.top_k])
            yield SearchResults(inquiry.results)
            if not found:
                yield inquiry.abstain("nothing_matches_filters" if len(view) else "empty_library")
                return
            with inquiry.clock.stage("read"):
                read = found[: self.settings.read_passages]
                reading = self._read(inquiry, read)
                selection = view.select(asked.filters)
                evidence = cite_one_copy(view, selection, reading.evidence)
                near = cite_one_copy(view, selection, self._near(reading))
                copies = Copies(view, selection, [each.found for each in read] if writer else ())
        if not evidence or reading.confidence < self.threshold:
            yield inquiry.abstain("not_in_articles", reading.confidence, near)
            return
        with inquiry.clock.stage("write"):
            told = yield from self._telling(
                inquiry, writer, copies, replace(reading, evidence=evidence), final
            )
        yield inquiry.answer(told, reading.confidence)

    def _near(self, reading: Reading) -> tuple[Evidence, ...]:
        """The sentences to show where there is no answer: none unless one of them likely answers
        or stands beside an answer."""
        likely = reading.nearness >= self.settings.lead_threshold
        return reading.nearest if likely and reading.confidence < self.threshold else ()

    def _telling(
        self,
        inquiry: Inquiry,
        writer: Writer | None,
        copies: Copies,
        reading: Reading,
        final: bool,
    ) -> Generator[Sentence | Restart, None, Told]:
        return telling(
            writer,
            inquiry.understood or inquiry.asked.question,
            copies.passages,
            reading,
            also_in=copies.also_in,
            flag=self.settings.unsupported == "flag",
            final=final,
            spent=inquiry.rewriter.seconds if inquiry.rewriter else 0.0,
        )

    def _in_full(self, inquiry: Inquiry, writer: Writer | None) -> str:
        """A follow-up as the chat model says it; empty where it is not asked, or cannot.

        Done before the library is looked at: no view is held open while a provider is waited for.
        """
        resolves = self.settings.history == "resolve" and self._finder.rewriter is None
        if writer is None or not inquiry.asked.history or not resolves:
            return ""
        inquiry.rewriter = self._writers.rewriter(writer)
        with inquiry.clock.stage("rewrite"):
            return inquiry.rewriter.rewrite(inquiry.asked.question, inquiry.asked.history)

    def _read(self, inquiry: Inquiry, found: Sequence[Retrieved]) -> Reading:
        question = inquiry.understood or inquiry.asked.question
        if first := read_first(found, inquiry.words):
            reading = self.reader.read(question, [each.found for each in first])
            if reading.evidence and reading.confidence >= max(self.threshold, SURE):
                return reading
        return self.reader.read(question, [each.found for each in found])

    # LangChain

    def as_retriever(self, **options: Any) -> BaseRetriever:
        """A LangChain retriever of passages; ``options`` are its fields, ``k`` and ``filters``.

        It is found by its entry point: LangChain is a way in, which nothing here depends on.
        """
        (retriever,) = entry_points(group=_RETRIEVERS, name="langchain")
        made: BaseRetriever = retriever.load()(pullquote=self, **options)
        return made

    @property
    def reader(self) -> Reader:
        """What reads the passages; made when first needed."""
        if self._reader is None:
            self._reader = open_reader(self.settings)
        return self._reader

    @property
    def writes(self) -> bool:
        """Whether there is a chat model to write answers."""
        return self._writers.there

    @property
    def threshold(self) -> float:
        """The confidence below which there is no answer."""
        return self.settings.threshold

    def describe(self) -> dict[str, Any]:
        """Settings, models, counts and corpus hash: what a result has to be kept with."""
        return {"settings": self.settings.model_dump(mode="json"), **self.library.status()}
