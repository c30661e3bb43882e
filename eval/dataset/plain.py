"""A plain file of question, answer and article: JSONL, CSV or TSV with a header.

``article`` is the article's text, or the id of an article that was passed in. Rows with the same
text share one article. An empty ``answer`` means that the article does not answer. Where the answer
stands in the text word for word, these places become the gold spans. Optional: ``id``, ``kind``,
``title``, ``split``; in JSONL ``answer`` may be a list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from eval.dataset.checks import Ids, build
from eval.dataset.lines import Row, csv_rows, jsonl_rows
from eval.dataset.questions import Case, Dataset, GoldSpan
from eval.errors import DatasetError
from index.article import Article

__all__ = ["open_plain"]


def open_plain(path: Path, split: str | None = None, articles: Iterable[Article] = ()) -> Dataset:
    """Open the set of one file. ``articles`` are those that its rows may refer to by id."""
    by_id = {article.id: article for article in articles}
    used_articles: dict[str, Article] = dict(by_id)
    ids = Ids("question")
    cases = []
    for row in _rows(path):
        name = ids.add(row, row.text("id", default="") or f"line-{row.line}")
        article = _article(row, by_id)
        if split is None or row.text("split", default="") == split:
            used_articles.setdefault(article.id, article)
            cases.append(_case(row, name, article))
    if split is not None and not cases:
        raise DatasetError(path, None, f"no question is of the split {split!r}")
    return build(path.stem, "plain", path, used_articles.values(), cases)


def _rows(path: Path) -> Iterable[Row]:
    if path.suffix.lower() == ".csv":
        return csv_rows(path)
    if path.suffix.lower() == ".tsv":
        return csv_rows(path, delimiter="\t")
    return jsonl_rows(path)


def _article(row: Row, by_id: dict[str, Article]) -> Article:
    value = row.text("article")
    if value in by_id:
        return by_id[value]
    if not value.strip():
        raise row.error("'article' is empty: give the article's text")
    if by_id and "\n" not in value and len(value) < 80:
        raise row.error(f"there is no article of the id {value!r}")
    name = "article-" + hashlib.sha256(value.encode()).hexdigest()[:12]
    title = row.text("title", default="")
    return Article(name, title, value, source=f"{row.path}:{row.line}")


def _case(row: Row, name: str, article: Article) -> Case:
    question = row.text("question")
    if not question.strip():
        raise row.error("'question' is empty")
    field = "answers" if "answers" in row.fields else "answer"
    if field not in row.fields:
        raise row.error(
            "the field 'answer' is missing; leave it empty for a question that the "
            "article does not answer"
        )
    answers = tuple(answer.strip() for answer in row.texts(field) if answer.strip())
    spans = [span for answer in answers for span in _places(article, answer)]
    answerable = bool(answers)
    return Case(
        id=name,
        question=question,
        kind=row.text("kind", default="") or ("answerable" if answerable else "unanswerable"),
        answers=answers,
        answerable=answerable,
        gold_doc_ids=(article.id,) if answerable else (),
        evidence=tuple((span,) for span in dict.fromkeys(spans)),
        relevance={article.id: 1} if answerable else {},
    )


def _places(article: Article, answer: str) -> list[GoldSpan]:
    places = []
    start = article.text.find(answer)
    while start >= 0:
        places.append(GoldSpan(article.id, start, start + len(answer)))
        start = article.text.find(answer, start + len(answer))
    return places
