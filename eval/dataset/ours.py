"""The layout of the open sets: ``documents.jsonl``, ``questions.jsonl``, ``qrels.tsv``.

A document has ``doc_id``, ``title``, ``text`` and, where known, ``publisher``, ``url``,
``date``. A question has ``id``, ``question``, ``answers``, ``answerable``, ``gold_doc_ids``,
``gold_spans`` as ``[doc_id, start, end]``, ``history``, ``multi_turn`` (of which only
``Clarification`` is read) and ``kind``. Its gold spans answer together, unless
``gold_spans_per_answer`` lists alternatives, or ``answer_type`` is ``short``, where each span is
a place of the answer and one is enough. ``gold_span_texts`` and ``gold_span_texts_per_answer``,
of the same shape with a text for each span, say what stands there, and are checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.dataset.checks import Ids, build, check_gold, check_texts
from eval.dataset.lines import Row, jsonl_rows
from eval.dataset.qrels import read_qrels
from eval.dataset.questions import Case, Dataset, GoldSpan
from eval.errors import DatasetError
from index.article import Article
from rag.question import Turn

__all__ = ["DOCUMENTS", "QUESTIONS", "open_ours", "open_questions", "read_documents", "read_spans"]

DOCUMENTS, QUESTIONS, QRELS = "documents.jsonl", "questions.jsonl", "qrels.tsv"


def open_ours(folder: Path, split: str | None = None) -> Dataset:
    """Open the set in ``folder``; with ``split`` only the questions of that split."""
    articles = tuple(read_documents(folder / DOCUMENTS))
    qrels_path = folder / QRELS
    return _open(folder.resolve().name, folder, folder / QUESTIONS, articles, qrels_path, split)


def open_questions(
    path: Path, articles: Iterable[Article], name: str | None = None, split: str | None = None
) -> Dataset:
    """Open a question file of this layout over articles that are loaded already; with ``split``
    only the questions of that split."""
    return _open(name or path.stem, path, path, tuple(articles), None, split)


def _open(
    name: str,
    place: Path,
    questions: Path,
    articles: tuple[Article, ...],
    qrels_path: Path | None,
    split: str | None,
) -> Dataset:
    by_id = {article.id: article for article in articles}
    ids = Ids("question")
    rows = [(row, ids.add(row, row.name("id"))) for row in jsonl_rows(questions)]
    qrels = read_qrels(qrels_path, ids.seen, by_id) if qrels_path and qrels_path.exists() else None
    if split is not None:
        rows = _of_split(questions, rows, split)
    cases = (_with_checked_texts(row, _case(row, name, qrels), by_id) for row, name in rows)
    return build(name, "pullquote", place, articles, cases)


def _with_checked_texts(row: Row, case: Case, articles: Mapping[str, Article]) -> Case:
    """Check that a case's gold lies in the articles and reads as the row records; returns the
    case."""
    check_gold(row, case, articles)
    fields, flat, per_answer = row.fields, "gold_span_texts", "gold_span_texts_per_answer"
    pairs = _pairs(row, fields.get("gold_spans"), fields.get(flat), flat)
    for spans, texts in _pairs(
        row, fields.get("gold_spans_per_answer"), fields.get(per_answer), per_answer
    ):
        pairs += _pairs(row, spans, texts or [], per_answer)
    check_texts(
        row, case, ((_span(row, "gold_spans", value), text) for value, text in pairs), articles
    )
    return case


def _pairs(row: Row, spans: Any, texts: Any, field: str) -> list[tuple[Any, Any]]:
    """Pair spans, or alternatives of spans, with their recorded texts; nothing where none are
    recorded."""
    if texts is None:
        return []
    spans = spans or []
    if not (isinstance(spans, list) and isinstance(texts, list) and len(spans) == len(texts)):
        raise row.error(f"{field!r} must hold one text for each gold span, in lists of its shape")
    return list(zip(spans, texts, strict=True))


def read_documents(path: Path) -> Iterator[Article]:
    """Read the documents of one file.

    Raises ``DatasetError``, with the line, for a document without text or with an id that was used
    before.
    """
    ids = Ids("document")
    for row in jsonl_rows(path):
        text = row.text("text")
        if not text.strip():
            raise row.error("the document has no text")
        yield Article(
            id=ids.add(row, row.name("doc_id", "id")),
            title=row.text("title", default=""),
            text=text,
            publisher=row.text("publisher", default="") or None,
            published_at=_date(row),
            language=row.text("language", default="en"),
            url=row.text("url", default="") or None,
            source=f"{path}:{row.line}",
            metadata={"story": story} if (story := row.text("story", default="")) else None,
        )


def _of_split(path: Path, rows: list[tuple[Row, str]], split: str) -> list[tuple[Row, str]]:
    members = [(row, name) for row, name in rows if row.text("split", default="") == split]
    if not members:
        splits = sorted({row.text("split", default="") for row, _ in rows} - {""})
        raise DatasetError(
            path, None, f"no question is of the split {split!r}; it has {splits or 'no splits'}"
        )
    return members


def _case(row: Row, name: str, qrels: Mapping[str, Mapping[str, int]] | None) -> Case:
    answers = row.texts("answers")
    evidence = _evidence(row)
    answerable = row.flag("answerable", True)
    gold_docs = row.texts("gold_doc_ids")
    if not gold_docs:
        gold_docs = tuple(dict.fromkeys(span.doc_id for spans in evidence for span in spans))
    history = _history(row)
    question = row.text("question")
    if not question.strip():
        raise row.error(f"question {name!r} is empty")
    judgements = dict(qrels.get(name, {})) if qrels is not None else dict.fromkeys(gold_docs, 1)
    return Case(
        id=name,
        question=question,
        kind=row.text("kind", default="") or _kind(row, answerable, bool(history)),
        history=history,
        answers=answers,
        answerable=answerable,
        gold_doc_ids=gold_docs,
        evidence=evidence,
        relevance=judgements if answerable else {},
    )


def _kind(row: Row, answerable: bool, follows: bool) -> str:
    if not answerable:
        return "unanswerable"
    if follows:
        return "clarification" if "Clarification" in row.texts("multi_turn") else "follow_up"
    return row.text("answer_type", default="") or "question"


def _evidence(row: Row) -> tuple[tuple[GoldSpan, ...], ...]:
    if row.fields.get("gold_spans_per_answer"):
        sets = row.fields["gold_spans_per_answer"]
        if not isinstance(sets, list):
            raise row.error("'gold_spans_per_answer' must be a list of lists of spans")
        alternatives = tuple(read_spans(row, "gold_spans_per_answer", spans) for spans in sets)
        return tuple(spans for spans in dict.fromkeys(alternatives) if spans)
    spans = read_spans(row, "gold_spans", row.fields.get("gold_spans") or [])
    if row.text("answer_type", default="") == "short":
        return tuple((span,) for span in spans)
    return (spans,) if spans else ()


def read_spans(row: Row, field: str, values: Any) -> tuple[GoldSpan, ...]:
    """Read the spans of a field, without repetitions; ``DatasetError`` where it holds anything
    else."""
    if not isinstance(values, list):
        raise row.error(f"{field!r} must be a list of [doc_id, start, end]")
    return tuple(dict.fromkeys(_span(row, field, value) for value in values))


def _span(row: Row, field: str, value: Any) -> GoldSpan:
    match value:
        case [str(doc_id), int(start), int(end)]:
            return GoldSpan(doc_id, start, end)
    raise row.error(f"{field!r} must hold [doc_id, start, end], not {value!r}")


def _history(row: Row) -> tuple[Turn, ...]:
    turns = row.fields.get("history") or []
    if not isinstance(turns, list):
        raise row.error("'history' must be a list of turns")
    return tuple(_turn(row, turn) for turn in turns)


def _turn(row: Row, turn: Any) -> Turn:
    try:
        return Turn(role=turn["role"], content=turn.get("content", turn.get("text")))
    except (ValidationError, KeyError, TypeError, AttributeError) as exc:
        raise row.error(
            "a turn of 'history' needs 'role' (user or assistant) and 'content'"
        ) from exc


def _date(row: Row) -> date | None:
    value = row.text("published_at", "date", default="")
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None
