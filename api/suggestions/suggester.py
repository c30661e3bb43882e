"""Suggest questions; each is asked before it is shown, and kept only with a confident answer.

They are made of an article's sentences (:mod:`api.suggestions.question_forms`) and asked in the
background, one at a time and only while nobody else asks, once a client requests suggestions.
Results hold until the library changes.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from api.pool import WorkPool
from api.problem import Problem
from api.samples import SAMPLE_QUESTIONS
from api.suggestions.question_forms import Candidate, candidates
from index.article import Article, Span
from index.errors import NotFoundError, PullquoteError
from index.filters import Filters
from rag import Pullquote
from rag.answer import Answer
from rag.text.article_sentences import article_sentences

__all__ = ["SuggestedQuestion", "Suggestions"]

_log = logging.getLogger("pullquote.suggestions")

# Of the newest articles, where none are named.
_FRONT_ARTICLES: Final = 12
_MAX_ASKED: Final = 6
_MAX_KEPT: Final = 3
# "Likely", in the words of the page.
_MIN_CONFIDENCE: Final = 0.65
_IDLE_SECONDS: Final = 0.25
# Articles in the line: whoever names more has to ask again.
_MAX_WAITING: Final = 50


@dataclass(frozen=True, slots=True)
class SuggestedQuestion:
    """A question, the article and the sentence that answer it, and the confidence of that
    answer."""

    question: str
    article: Article
    sentence: Span
    confidence: float


@dataclass(slots=True)
class _Findings:
    """The results at one generation of the library, by article; ``queue`` has the articles that
    wait for their turn, ``past`` those that had it."""

    generation: int
    questions: dict[str, list[SuggestedQuestion]] = field(default_factory=dict)
    queue: deque[str] = field(default_factory=deque)
    past: set[str] = field(default_factory=set)


class Suggestions:
    """Finds questions that articles answer. ``pool`` is the one that answers questions; it is used
    only while it has nothing else to do."""

    def __init__(self, pullquote: Pullquote, pool: WorkPool) -> None:
        self._pullquote = pullquote
        self._pool = pool
        self._mutex = threading.Lock()
        self._findings = _Findings(-1)
        self._worker: threading.Thread | None = None
        self._stop = threading.Event()

    def of(self, ids: Sequence[str], limit: int) -> tuple[list[SuggestedQuestion], bool]:
        """Return up to ``limit`` questions that these articles (the newest, where none are named)
        are known to answer, one of each article before the second of any, and whether all of these
        articles have been examined."""
        library = self._pullquote.library
        with library.view() as view:
            generation = view.generation
            page, _ = ([], 0) if ids else view.page(Filters(), "", _FRONT_ARTICLES, 0)
        if ids:
            # Whoever makes ids up must not fill the memory with them.
            with library.store.reading() as records:
                rows = records.stored(ids)
            ids = [id for id in dict.fromkeys(ids) if id in rows]
        else:
            ids = [article.id for article in page]
        with self._mutex:
            if self._findings.generation != generation:
                self._findings = _Findings(generation)
            findings = self._findings
            for id in ids:
                if id not in findings.questions and len(findings.queue) < _MAX_WAITING:
                    findings.questions[id] = []
                    findings.queue.append(id)
            is_complete = findings.past.issuperset(ids)
            if findings.queue and not self._is_working and not self._stop.is_set():
                self._worker = threading.Thread(target=self._work, name="suggestions", daemon=True)
                self._worker.start()
            rounds = [
                (turn, question)
                for id in ids
                for turn, question in enumerate(findings.questions.get(id, ()))
            ]
        rounds.sort(key=lambda each: each[0])
        return [question for _, question in rounds][:limit], is_complete

    @property
    def _is_working(self) -> bool:
        return self._worker is not None and self._worker.is_alive()

    def close(self) -> None:
        """Stop asking, and wait for the question that is being asked."""
        self._stop.set()
        worker = self._worker
        if worker is not None:
            worker.join()

    def _work(self) -> None:
        while True:
            with self._mutex:
                findings = self._findings
                if not findings.queue or self._stop.is_set():
                    self._worker = None
                    return
                id = findings.queue.popleft()
            try:
                self._examine(id, findings)
            except (PullquoteError, Problem) as exc:
                _log.info("no questions of %s: %s", id, exc)
            except Exception:
                _log.exception("no questions of %s", id)
            with self._mutex:
                findings.past.add(id)

    def _examine(self, id: str, findings: _Findings) -> None:
        try:
            with self._pullquote.library.view() as view:
                article = view.article(id)
                spans = article_sentences(view, id)
        except NotFoundError:
            return
        samples = [Candidate(question, None) for question in SAMPLE_QUESTIONS.get(id, ())]
        for candidate in (samples + candidates(article, spans))[:_MAX_ASKED]:
            if len(findings.questions[id]) == _MAX_KEPT:
                return
            answer = self._ask(candidate.question, findings)
            if answer is None:
                return
            sentence = _sentence_of(answer, article, candidate)
            if sentence:
                suggestion = SuggestedQuestion(
                    candidate.question, article, sentence, answer.confidence
                )
                with self._mutex:
                    findings.questions[id].append(suggestion)

    def _ask(self, question: str, findings: _Findings) -> Answer | None:
        """Return the answer, once nobody else asks; ``None`` where it is no longer wanted."""
        while self._pool.load:
            if self._stop.wait(_IDLE_SECONDS):
                return None
        if self._stop.is_set() or findings is not self._findings:
            return None
        answer = self._pool.submit(lambda: self._pullquote.ask(question, mode="extractive"))
        return answer.result()


def _sentence_of(answer: Answer, article: Article, candidate: Candidate) -> Span | None:
    """Return the sentence that the answer quotes first, where it is confident, and the sentence is
    the one that the question was made of; else ``None``."""
    if answer.abstained or answer.confidence < _MIN_CONFIDENCE:
        return None
    first = answer.citations[0]
    places = (first, *first.also_in)
    span = next((each.span for each in places if each.document_id == article.id), None)
    made_of = candidate.sentence
    if span and made_of and not span.overlaps(made_of):
        return None
    return span
