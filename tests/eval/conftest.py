"""A small world for the evaluation: articles, questions, and a system that answers by overlap."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from eval.command import OpenSystem, ReadySystem
from eval.dataset import Case, Dataset, GoldSpan
from eval.results import Cited, Found, Reply, Result
from index.article import Article, Passage, Span
from rag.answer import Answer, Citation, SearchResult
from rag.contract import Usage
from rag.question import Filters, Turn

ARTICLES = (
    Article("acme", "Acme opens", "Acme was founded in 1987. Ada Lovell runs Acme. It rained."),
    Article("zinc", "Zinc mines", "Zinc is mined in Peru. The mine closed in 2011."),
    Article("moss", "Moss", "Moss grows slowly. It needs no soil, and drinks through its leaves."),
)


def _sentences(text: str) -> list[Span]:
    return [Span(*match.span()) for match in re.finditer(r"[^.]+\.", text)]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def _case(name: str, question: str, doc: str | None, answer: str = "", **more: Any) -> Case:
    if doc is None:
        return Case(id=name, question=question, kind="unanswerable", answerable=False, **more)
    article = next(article for article in ARTICLES if article.id == doc)
    sentence = next(span for span in _sentences(article.text) if answer in span.of(article.text))
    return Case(
        id=name,
        question=question,
        kind=more.pop("kind", "single_fact"),
        answers=(answer,),
        gold_doc_ids=(doc,),
        evidence=((GoldSpan(doc, sentence.start, sentence.end),),),
        relevance={doc: 1},
        **more,
    )


CASES = (
    _case("q1", "When was Acme founded?", "acme", "1987"),
    _case("q2", "Who runs Acme?", "acme", "Ada Lovell"),
    _case("q3", "Where is zinc mined?", "zinc", "Peru"),
    _case("q4", "When was the mine closed?", "zinc", "2011", kind="why_how"),
    _case("q5", "What does moss need no soil for?", "moss", "leaves", kind="why_how"),
    _case("q6", "Who runs the opera of Vienna?", None),
    _case("q7", "What is the price of copper?", None),
    _case(
        "q8",
        "And when was that?",
        "acme",
        "1987",
        kind="follow_up",
        history=(Turn(role="user", content="Was Acme founded?"),),
    ),
)


class OverlapSystem:
    """Finds and answers with the sentence that shares most words with the question.

    Confidence is the share of the question's words that the sentence has.
    """

    def __init__(self, articles: Sequence[Article] = ARTICLES, threshold: float = 0.4) -> None:
        self.articles = articles
        self.threshold = threshold
        self.asked: list[str] = []
        self.fail_after: int | None = None

    def search(
        self, question: str, top_k: int = 5, filters: Filters | None = None
    ) -> list[SearchResult]:
        wanted = _words(question)
        found = [
            SearchResult(
                article,
                Passage(key, article.id, 0, Span(0, len(article.text)), (span,)),
                len(wanted & _words(span.of(article.text))) / len(wanted),
            )
            for key, article in enumerate(self.articles)
            for span in _sentences(article.text)
        ]
        return sorted(found, key=lambda result: -result.score)[:top_k]

    def ask(
        self,
        question: str,
        top_k: int = 5,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        if self.fail_after is not None and len(self.asked) >= self.fail_after:
            raise KeyboardInterrupt
        self.asked.append(question)
        alone = " ".join([*(turn.content for turn in history), question])
        found = self.search(alone, max(top_k, 1))
        best = found[0]
        usage = Usage(latency_ms=3.0, stages_ms={"retrieve": 1.0, "read": 2.0})
        if best.score < self.threshold:
            return Answer(
                question=question,
                answer="The articles don't say.",
                confidence=best.score,
                abstain_reason="not_in_articles",
                search_results=tuple(found),
                usage=usage,
            )
        span = best.passage.sentences[0]
        quote = span.of(best.article.text)
        place, marker = Span(0, len(quote)), Span(len(quote) + 1, len(quote) + 4)
        return Answer(
            question=question,
            answer=f"{quote} [1]",
            confidence=best.score,
            citations=(Citation(best.article, span, span, place, marker, 1, 0),),
            search_results=tuple(found),
            usage=usage,
        )

    def describe(self) -> Mapping[str, Any]:
        return {"name": "overlap", "settings": {"threshold": self.threshold}, "generation": 1}


@pytest.fixture
def dataset() -> Dataset:
    return Dataset("small", "pullquote", Path("small"), ARTICLES, CASES)


@pytest.fixture
def make_system() -> type[OverlapSystem]:
    return OverlapSystem


@pytest.fixture
def system() -> OverlapSystem:
    return OverlapSystem()


@pytest.fixture
def opening(make_system: Any) -> Callable[..., OpenSystem]:
    def make(system: Any = None) -> OpenSystem:
        @contextmanager
        def open_system(dataset: Dataset) -> Iterator[ReadySystem]:
            yield ReadySystem(system or make_system(), 1.5, make_system(threshold=0.0))

        return open_system

    return make


@pytest.fixture
def write_lines(tmp_path: Path) -> Callable[[str, Iterable[Any]], Path]:
    """Writes a file of JSON values, one a line; a ``str`` is written as it is."""

    def write(name: str, lines: Iterable[Any]) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
        return path

    return write


@pytest.fixture
def make_cited() -> Callable[..., Cited]:
    """A citation of ``start:end`` of a document, backing the answer's first ten characters, after
    which its mark stands."""

    def make(doc: str, start: int, end: int, number: int = 1, **more: Any) -> Cited:
        fields: dict[str, Any] = {
            "id": f"c{number}",
            "number": number,
            "document_id": doc,
            "document_index": 0,
            "document_title": doc,
            "start_char_index": start,
            "end_char_index": end,
            "highlight_start": start,
            "highlight_end": end,
            "start_index": 0,
            "end_index": 10,
            "marker_start": 11 + 3 * (number - 1),
            "marker_end": 14 + 3 * (number - 1),
            "cited_text": "x" * (end - start),
            "support": "verbatim",
            "support_score": 1.0,
            "context_start": start,
            "context": "x" * (end - start),
        }
        return Cited(**{**fields, **more})

    return make


def _silence(case: Case, confidence: float, latency_ms: float) -> Reply:
    return Reply(
        question=case.question,
        answer="Nothing.",
        confidence=confidence,
        abstain_reason="not_in_articles",
        usage=Usage(latency_ms=latency_ms),
    )


@pytest.fixture
def make_result(make_cited: Callable[..., Cited]) -> Callable[..., Result]:
    """A result from its bare facts: was it answerable, answered, right, and how sure."""
    count = iter(range(1_000_000))

    def make(
        *,
        answerable: bool = True,
        answered: bool = True,
        right: bool = True,
        confidence: float = 0.5,
        found: Sequence[str] = ("gold",),
        latency_ms: float = 1.0,
        kind: str = "fact",
        guess_right: bool | None = None,
    ) -> Result:
        case = Case(
            id=f"r{next(count)}",
            question="What?",
            kind=kind,
            answerable=answerable,
            answers=("gold words",) if answerable else (),
            gold_doc_ids=("gold",) if answerable else (),
            evidence=((GoldSpan("gold", 0, 10),),) if answerable else (),
            relevance={"gold": 1} if answerable else {},
        )

        def reply(is_right: bool) -> Reply:
            cited = make_cited("gold" if is_right else "other", 0, 10)
            return Reply(
                question=case.question,
                answer="xxxxxxxxxx [1]",
                confidence=confidence,
                citations=(cited,),
                usage=Usage(latency_ms=latency_ms),
            )

        return Result(
            case=case,
            reply=reply(right) if answered else _silence(case, confidence, latency_ms),
            guess=None if guess_right is None else reply(guess_right),
            found=tuple(Found(document_id=doc, start=0, end=50, score=1.0) for doc in found),
        )

    return make
