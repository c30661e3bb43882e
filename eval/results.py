"""The results file of a run: a JSON header line, then one JSON line a question.

A result holds everything from which every metric can be computed again: the gold, the answer in the
fields of the contract (:mod:`rag.contract`), the passages found, times and memory. Offsets are code
points, end exclusive; times are milliseconds of wall time, memory is MiB.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.dataset.questions import Case
from eval.errors import ResultsError
from index.validation import field_of, reason_of
from rag.answer import Answer, Citation, SearchResult
from rag.contract import AnswerRecord, CitationRecord

__all__ = ["Cited", "Found", "Header", "Reply", "Result", "Run", "read_complete_run", "read_run"]

L = TypeVar("L", bound="_Line")

FORMAT = 2
CONTEXT = 300


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(CitationRecord):
    """A citation of the answer, with the text around it.

    ``context`` starts at the article's character ``context_start``: the passage that holds the
    citation, or 300 characters either side of it.
    """

    # Written in full: metrics are computed from what was written.
    support_score: float = 1.0
    context_start: int
    context: str

    @classmethod
    def of(cls, citation: Citation, answer: Answer) -> Cited:
        start, end = _context(citation, answer)
        around = citation.article.text[start:end]
        return cls(**dict(citation), context_start=start, context=around)


class Found(_Line):
    """A passage that the search found."""

    document_id: str
    start: int
    end: int
    score: float

    @classmethod
    def of(cls, result: SearchResult) -> Found:
        span = result.passage.span
        return cls(
            document_id=result.article.id, start=span.start, end=span.end, score=result.score
        )


class Reply(AnswerRecord):
    """An answer or an abstention, without leads; the search results are with the result."""

    # Written in full: metrics are computed from what was written.
    confidence: float
    citations: tuple[Cited, ...] = ()

    @classmethod
    def of(cls, answer: Answer) -> Reply:
        citations = tuple(Cited.of(citation, answer) for citation in answer.citations)
        return cls(**{**dict(answer), "citations": citations, "leads": (), "search_results": ()})


class Result(_Line):
    """The result of one question.

    ``guess`` is what the system would have answered with its threshold at zero; it is asked for
    only where the system abstained. ``error`` is the message of a question that failed.
    ``gold_texts`` are the words at the gold spans.
    """

    type: Literal["result"] = "result"
    case: Case
    gold_texts: tuple[str, ...] = ()
    reply: Reply | None = None
    guess: Reply | None = None
    found: tuple[Found, ...] = ()
    violations: tuple[str, ...] = ()
    error: str | None = None
    search_ms: float = 0.0
    peak_memory_mib: float = 0.0

    @property
    def abstained(self) -> bool:
        """Whether no answer was given, on purpose or because the question failed."""
        return self.reply is None or self.reply.abstained

    @property
    def is_error(self) -> bool:
        """Whether the question failed, so that there is neither an answer nor silence."""
        return self.reply is None

    @property
    def confidence(self) -> float:
        return self.reply.confidence if self.reply else 0.0


class Header(_Line):
    """The question set, system and settings that made the results. Runs whose ``key`` differs
    cannot be joined.

    ``code`` is the version and a hash of the sources; empty in files of before there was one.
    ``versions`` and ``preparation`` (times of indexing and the like) are for information and are
    not compared.
    """

    type: Literal["header"] = "header"
    format: int = FORMAT
    dataset: str
    dataset_format: str
    dataset_path: str
    dataset_hash: str
    corpus_hash: str
    questions: int
    articles: int
    started_at: str
    top_k: int
    depth: int
    answers: bool = True
    guesses: bool = False
    code: str = ""
    system: dict[str, Any]
    versions: dict[str, str] = {}
    preparation: dict[str, float] = {}

    @property
    def key(self) -> dict[str, Any]:
        """The fields that must be equal for one run to continue another."""
        left_out = {"type", "dataset", "dataset_path", "started_at", "versions", "preparation"}
        return {name: value for name, value in self.model_dump().items() if name not in left_out}


@dataclass(frozen=True)
class Run:
    """A results file that was read; complete when every question has its line.

    ``earlier_count`` questions were asked in an earlier run, which this one continued.
    """

    path: Path
    header: Header
    results: tuple[Result, ...]
    earlier_count: int = 0

    @property
    def complete(self) -> bool:
        return len(self.results) == self.header.questions

    @property
    def name(self) -> str:
        return str(self.header.system.get("name") or "Pullquote")


def read_run(path: Path) -> Run:
    """Read the run in ``path``. A last line that an interruption cut short is left out."""
    lines = _lines(path)
    number, first = next(lines, (1, None))
    if first is None or first.get("type") != "header":
        raise ResultsError(path, number, "a results file starts with a header line; this is none")
    header = _parse(Header, first, path, number)
    if header.format != FORMAT:
        raise ResultsError(
            path,
            number,
            f"written in format {header.format}, not {FORMAT}: run the evaluation again",
        )
    results: dict[str, Result] = {}
    for number, line in lines:
        result = _parse(Result, line, path, number)
        if result.case.id in results:
            raise ResultsError(path, number, f"question {result.case.id!r} stands there twice")
        results[result.case.id] = result
    return Run(path, header, tuple(results.values()))


def read_complete_run(path: Path) -> Run:
    """Read the run in ``path``. Raises ``ResultsError`` where it was interrupted."""
    run = read_run(path)
    if not run.complete:
        raise ResultsError(
            path,
            None,
            f"{len(run.results):,} of {run.header.questions:,} questions were asked: run the same "
            "command again, which goes on there",
        )
    return run


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        content = path.read_text(encoding="utf-8", errors="replace")
    except OSError as exc:
        raise ResultsError(path, None, f"cannot be read: {exc.strerror}") from exc
    *whole, _cut_short = content.split("\n")
    for number, line in enumerate(whole, start=1):
        try:
            value = json.loads(line)
        except json.JSONDecodeError as exc:
            raise ResultsError(
                path, number, "broken JSON: remove the line and its question is asked again"
            ) from exc
        if not isinstance(value, dict):
            raise ResultsError(path, number, "expected a JSON object")
        yield number, value


def _parse(kind: type[L], value: Mapping[str, Any], path: Path, number: int) -> L:
    try:
        return kind.model_validate(value)
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ResultsError(path, number, f"{field_of(first)}: {reason_of(first)}") from exc


def _context(citation: Citation, answer: Answer) -> tuple[int, int]:
    span, article = citation.span, citation.article
    for result in answer.search_results:
        passage = result.passage.span
        if (
            result.article.id == article.id
            and passage.start <= span.start
            and span.end <= passage.end
        ):
            return passage.start, passage.end
    return _word_start(article.text, span.start), _word_end(article.text, span.end)


def _word_start(text: str, before: int) -> int:
    """Find the start of a word about 300 characters before."""
    start = before - CONTEXT
    if start <= 0:
        return 0
    space = text.find(" ", start, before)
    return space + 1 if space >= 0 else start


def _word_end(text: str, after: int) -> int:
    """Find the end of a word about 300 characters after."""
    end = after + CONTEXT
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", after, end)
    return space if space >= 0 else end
