"""BEIR's layout (Thakur et al. 2021): ``corpus.jsonl``, ``queries.jsonl``, ``qrels/SPLIT.tsv``.

Only queries that the split judges are asked. A document without text gets its title as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.dataset.checks import Ids, build
from eval.dataset.lines import Row, jsonl_rows
from eval.dataset.qrels import read_qrels
from eval.dataset.questions import Case, Dataset
from eval.errors import DatasetError
from index.article import Article

__all__ = ["CORPUS", "QUERIES", "open_beir"]

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"


def open_beir(folder: Path, split: str | None = None) -> Dataset:
    """Open the set in ``folder`` with the judgements of ``split`` (default ``test``)."""
    articles = tuple(_articles(folder / CORPUS))
    ids = Ids("query")
    rows = {ids.add(row, row.name("_id", "id")): row for row in jsonl_rows(folder / QUERIES)}
    qrels = read_qrels(
        _qrels_path(folder, split or "test"), rows, {article.id for article in articles}
    )
    name = folder.resolve().name + (f", {split}" if split else "")
    cases = (_case(rows[query], query, judgements) for query, judgements in qrels.items())
    return build(name, "beir", folder, articles, cases)


def _articles(path: Path) -> Iterator[Article]:
    ids = Ids("document")
    for row in jsonl_rows(path):
        title = row.text("title", default="")
        text = row.text("text", default="")
        if not (text.strip() or title.strip()):
            raise row.error("the document has neither text nor title")
        yield Article(
            id=ids.add(row, row.name("_id", "id")),
            title=title,
            text=text if text.strip() else title,
            source=f"{path}:{row.line}",
        )


def _case(row: Row, query: str, judgements: dict[str, int]) -> Case:
    question = row.text("text")
    if not question.strip():
        raise row.error(f"query {query!r} is empty")
    gold = tuple(document for document, grade in judgements.items() if grade > 0)
    return Case(id=query, question=question, kind="query", gold_doc_ids=gold, relevance=judgements)


def _qrels_path(folder: Path, split: str) -> Path:
    path = folder / "qrels" / f"{split}.tsv"
    if not path.exists():
        names = sorted(file.stem for file in (folder / "qrels").glob("*.tsv"))
        raise DatasetError(
            path, None, f"there is no such split; the set has {', '.join(names) or 'none'}"
        )
    return path
