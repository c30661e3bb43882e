"""A plain file of question, answer and article: JSONL, CSV or TSV with a header.

``article`` is the article's text, or the id of an article of the library; a single word is an id.
Rows with the same text share one article. Where a row names an id, all articles of the library are
searched; else only those whose text is there. An empty ``answer`` means that the article does not
answer. Where the answer stands in the text word for word, these places become the gold spans.
Optional: ``id``, ``kind``, ``title``, ``split``; in JSONL ``answer`` may be a list.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from eval.dataset.checks import Ids, build
from eval.dataset.lines import Row, csv_rows, jsonl_rows
from eval.dataset.questions import Case, Dataset, GoldSpan
from eval.errors import DatasetError
from index.article import Article
from rag.text.similar_names import similar_articles

__all__ = ["LibraryArticles", "open_plain"]

LibraryArticles = Callable[[], Iterable[Article]]

# What no article's text looks like: one word, without what ends a sentence in any script.
_ID: Final = re.compile(r"[\w.:/@%#?&=+~-]*[\w/=~-]")
# Longer values, and those of several lines, are not looked up.
_MAX_ID_CHARS: Final = 300
_SUGGESTIONS: Final = 3


def open_plain(path: Path, split: str | None = None, library: LibraryArticles = tuple) -> Dataset:
    """Open the set of one file. ``library`` returns the articles that its rows may refer to by id;
    it is called only where one may."""
    articles = _Articles(library)
    ids = Ids("question")
    cases = []
    for row in _rows(path):
        name = ids.add(row, row.text("id", default="") or f"line-{row.line}")
        if split is None or row.text("split", default="") == split:
            cases.append(_case(row, name, articles.of(row)))
        else:
            articles.check(row)
    if split is not None and not cases:
        raise DatasetError(path, None, f"no question is of the split {split!r}")
    return build(path.stem, "plain", path, articles.corpus, cases)


class _Articles:
    """The articles of a set: those whose text its rows hold, and once a row names one of the
    library's by its id, all of those."""

    def __init__(self, library: LibraryArticles) -> None:
        self._library = library
        self._texts: dict[str, Article] = {}
        self._names_ids = False

    @cached_property
    def _by_id(self) -> Mapping[str, Article]:
        return {article.id: article for article in self._library()}

    @property
    def corpus(self) -> list[Article]:
        """The articles to search."""
        return [*(self._by_id.values() if self._names_ids else ()), *self._texts.values()]

    def of(self, row: Row) -> Article:
        """Return the article of a row, which joins the corpus."""
        article = self.check(row)
        if self._by_id_of(row.text("article")):
            self._names_ids = True
            return article
        return self._texts.setdefault(article.id, article)

    def check(self, row: Row) -> Article:
        """Return the article of a row. ``DatasetError`` where it has none."""
        value = row.text("article")
        if not value.strip():
            raise row.error("'article' is empty: give the article's text")
        if article := self._by_id_of(value):
            return article
        if _ID.fullmatch(value):
            raise row.error(self._no_such_id(value))
        name = "article-" + hashlib.sha256(value.encode()).hexdigest()[:12]
        title = row.text("title", default="")
        return Article(name, title, value, source=f"{row.path}:{row.line}")

    def _by_id_of(self, value: str) -> Article | None:
        if len(value) > _MAX_ID_CHARS or "\n" in value:
            return None
        return self._by_id.get(value)

    def _no_such_id(self, id: str) -> str:
        titles = {article.id: article.title for article in self._by_id.values()}
        if near := similar_articles(id, titles, _SUGGESTIONS):
            advice = f"do you mean {' or '.join(near)}?"
        else:
            advice = "'article' is an id that pullquote list shows, or the article's text"
        return f"there is no article of the id {id!r} in the library: {advice}"


def _rows(path: Path) -> Iterable[Row]:
    if path.suffix.lower() == ".csv":
        return csv_rows(path)
    if path.suffix.lower() == ".tsv":
        return csv_rows(path, delimiter="\t")
    return jsonl_rows(path)


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
