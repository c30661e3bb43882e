"""The facade: open a library, add to it, ask it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, Unpack

from index.article import Article
from index.encode.encoders import ExportedModels, Models
from index.library import Library
from rag.answer import Answer, SearchResult
from rag.answer_cache import AnswerCache
from rag.answering_models import AnsweringModels
from rag.events import Event
from rag.evidence import Reader
from rag.generation.writer_factory import WriterFactory
from rag.pipeline import AnswerPipeline
from rag.pipeline_state import PipelineState, to_search_results, validate_question
from rag.query.follow_up import Rewriter
from rag.query.time_expressions import TimeWord, find_time_words, narrow_filters
from rag.query.topic import find_timeline_topic
from rag.question import Filters, Mode, Question, QuestionOptions, Turn
from rag.search import PassageRetriever
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from index.fetch import LinkResult, MakeClient
    from index.ingest.batch import AddReport, OnProgress
    from index.ingest.provenance import Provenance
    from index.load.base import Loaded
    from index.sync.engine import SyncReport
    from rag.chat.base import ChatModel

__all__ = ["Pullquote"]

_RETRIEVERS: Final = "pullquote.retrievers"


@contextmanager
def _closed_on_error(library: Library) -> Iterator[None]:
    """Close a library where the block that is to use it fails."""
    try:
        yield
    except BaseException:
        library.close()
        raise


class Pullquote:
    """Articles to ask.

    ::

        with Pullquote.open(Path("my-library"), create=True) as pullquote:
            pullquote.add([Path("articles/")])
            print(pullquote.ask("Who runs Acme?").answer)

    Safe to share between threads.

    library: where the articles are.
    settings: how they are searched and answered from.
    reader: anything that meets the protocol; by default the one that the settings name, opened
        when the first question is asked.
    rewriter: rewrites follow-ups as standalone questions; without one the chat model does where
        it may write, and elsewhere terms of the earlier turns are carried over.
    chat: the chat model that writes answers, by default the one that the settings name, opened
        when first needed.
    models: these three of another one, to be shared with it (:meth:`open_beside`).

    ``make_client``, where it is set, makes the client that fetches links; ``today`` is the day
    that "yesterday" in a question is counted from.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        reader: Reader | None = None,
        rewriter: Rewriter | None = None,
        chat: ChatModel | None = None,
        models: AnsweringModels | None = None,
    ) -> None:
        self.library = library
        self.settings = settings
        self.make_client: MakeClient | None = None
        self._models = models = models or AnsweringModels(settings, reader, rewriter, chat)
        self._writers = WriterFactory(settings, library, models)

        # Nothing of this refers back to this object, which else were kept, with its models and
        # their threads, until Python looks for cycles.
        def open_reader() -> Reader:
            return models.reader

        self._retriever = PassageRetriever(library, settings, open_reader, models.rewriter)
        self._pipeline = AnswerPipeline(
            library, settings, self._retriever, self._writers, open_reader
        )
        # Somebody's own reader may change its mind.
        self._cache = AnswerCache(settings.cached_answers if models.are_stable else 0)
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
        with _closed_on_error(library):
            return cls(library, settings, reader, rewriter, chat)

    def open_beside(self, path: Path, settings: Settings | None = None) -> Self:
        """Open the library in ``path`` with the settings and the models of this one: encoder,
        reader and chat model are in memory once for both. Each is closed by itself.

        settings: in place of this one's, where articles are kept elsewhere; models are as here.

        Raises the ``LibraryError`` s of :meth:`open`.
        """
        settings = (settings or self.settings).model_copy(update={"library": path})
        library = Library.open(path, settings.index_settings(), self.library.models)
        with _closed_on_error(library):
            other = type(self)(library, settings, models=self._models)
        other.make_client, other.today = self.make_client, self.today
        return other

    def close(self) -> None:
        """Close the library: its files and indexes. The models go with the last object that uses
        them."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # Articles

    def add(self, paths: Iterable[Path], on_progress: OnProgress | None = None) -> AddReport:
        """Add the articles of files and folders; see :meth:`index.library.Library.add`."""
        # Nothing that loads is imported by who only asks.
        from index.load import load_paths

        return self.add_articles(load_paths(paths, self.settings.max_article_chars), on_progress)

    def add_articles(
        self,
        articles: Iterable[Loaded],
        on_progress: OnProgress | None = None,
        *,
        keep_copies: bool = False,
    ) -> AddReport:
        """Add articles that are loaded already.

        A ``text`` is taken as it is, without cleaning; an article that a loader marked as a page or
        a record is cleaned. ``keep_copies`` adds those too whose content the library has under
        another id.
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
        from index.fetch import Client, LinkAdder, open_link_reader
        from index.ingest.batch import AddReport

        report = AddReport()
        library, settings = self.library, self.settings
        make = self.make_client or Client
        fetch = settings.fetch_settings()
        with open_link_reader(fetch, library.folder, library.has, make) as link_reader:
            adder = LinkAdder(link_reader, write or library.add, settings.max_article_chars)
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
        from index.sync.engine import SyncOptions, is_link, sync_folder

        settings, library = self.settings, self.library
        options = SyncOptions(dry_run, yes, reread, settings.max_article_chars)
        if not isinstance(source, str) or not is_link(source):
            return sync_folder(library, Path(source), options, on_progress)
        # Nothing that fetches is imported by who only asks.
        from index.fetch import Client, open_link_reader
        from index.sync.links import sync_link

        fetch, make = settings.fetch_settings(), self.make_client or Client
        with open_link_reader(fetch, library.folder, library.has, make, not dry_run) as reader:
            max_links = limit or settings.max_links
            return sync_link(library, source, reader, options, max_links, on_progress)

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
        """Return the provenance of an article: the lines dropped from it, how its day was found.
        ``None`` when it was added as it is."""
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
        """Search for the ``top_k`` (5) passages nearest to a question, best first; with
        ``history``, to a follow-up.

        Raises ``QuestionError`` for an empty or overlong question, an impossible ``top_k``, or
        too many or too long turns.
        """
        query = validate_question(
            question, {"top_k": top_k, "filters": filters, "history": history}
        )
        with self.library.view() as view:
            candidates, _ = self._retriever.retrieve(view, query, query.top_k)
        return list(to_search_results(candidates))

    def ask(self, question: str | Question, **options: Unpack[QuestionOptions]) -> Answer:
        """Answer a question with citations, or abstain with leads and the nearest passages.

        The answer is the last event of :meth:`stream`, which says what the options are and what
        is raised.
        """
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
        timeline: bool | None = None,
        mode: Mode | None = None,
        final: bool = False,
    ) -> Generator[Event, None, None]:
        """Answer a question in events (:mod:`rag.events`): the search results before they are
        read, each sentence once it is sure, restarts that take sentences back, and the answer.

        question: in plain words, or a ``Question`` with its options, which those given here
            replace.
        top_k: how many search results there are (5).
        filters: which articles may answer.
        history: the earlier turns, oldest first.
        time_filters: whether words of time in the question ("last month", "latest") narrow the
            filters or rank articles (:mod:`rag.query.time_expressions`); off in the settings
            means off.
        timeline: whether to quote what was said over time, day by day, the oldest first, instead of
            answering: of a question what answers it, of a topic every article that has its words.
        mode: ``extractive`` quotes, ``generative`` lets the chat model write, ``auto`` does so
            where there is one; by default as the settings say. When the model fails, the answer
            quotes and says why.
        final: keep what the model wrote before it failed, and let the quotation follow it,
            instead of taking it back with a ``Restart``.

        To stop, close the iterator. Until it is at its end or closed it reads one state of the
        library, so take it in one thread and write to the library from another.

        Raises ``QuestionError`` for an empty or overlong question, an impossible ``top_k``, too
        many or too long turns, or a mode without its chat model; ``MissingExtra`` or
        ``ModelError`` when the one that is set cannot be opened.
        """
        writer = self._writers.for_mode(mode or self.settings.mode)
        options: dict[str, Any] = {"top_k": top_k, "filters": filters, "history": history}
        options |= {"time_filters": time_filters, "timeline": timeline}
        state = self._state(validate_question(question, options))
        if writer:
            return state.clock.pause_between(self._pipeline.run(state, writer, final))
        return self._quoted_events(state, final)

    def _state(self, query: Question) -> PipelineState:
        """Begin a question: one for a timeline is asked as such, and its words of time, where they
        count, narrow its filters."""
        topic = find_timeline_topic(query.question) if self.settings.overviews else None
        if topic and not query.timeline:
            query = query.model_copy(update={"question": topic, "timeline": True})
        time_words: tuple[TimeWord, ...] = ()
        if query.time_filters and self.settings.time_filters:
            time_words = find_time_words(query.question, self.today())
            filters = narrow_filters(query.filters, time_words)
            query = query.model_copy(update={"filters": filters})
        return PipelineState(query, self.settings, time_words)

    def _quoted_events(self, state: PipelineState, final: bool) -> Generator[Event, None, None]:
        """Quote, or replay what was quoted for the same question over the same generation."""
        with self.library.store.reading() as records:
            generation = records.generation
        key = (generation, state.time_words, state.question.model_dump_json())
        if events := self._cache.replay(key):
            return events
        events = state.clock.pause_between(self._pipeline.run(state, None, final))
        return self._cache.recording(key, generation, events)

    # LangChain

    def as_retriever(self, **options: Any) -> BaseRetriever:
        """A LangChain retriever of passages; ``options`` are its fields, ``k`` and ``filters``.

        It is found by its entry point: LangChain is a way in, which nothing here depends on.
        """
        (retriever,) = entry_points(group=_RETRIEVERS, name="langchain")
        result: BaseRetriever = retriever.load()(pullquote=self, **options)
        return result

    @property
    def reader(self) -> Reader:
        """The reader, opened when first needed."""
        return self._models.reader

    @property
    def writes(self) -> bool:
        """Whether there is a chat model to write answers."""
        return self._writers.available

    @property
    def threshold(self) -> float:
        """The confidence below which there is no answer."""
        return self.settings.threshold

    def describe(self) -> dict[str, Any]:
        """Settings, models, counts and corpus hash: what a result has to be kept with."""
        return {"settings": self.settings.model_dump(mode="json"), **self.library.status()}
