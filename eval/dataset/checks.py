"""The checks that every question set passes, in whatever layout it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eval.dataset.lines import Row
from eval.dataset.questions import Case, Dataset, GoldSpan
from eval.errors import DatasetError
from index.article import Article

__all__ = ["Ids", "build", "check_gold", "check_texts"]


@dataclass(slots=True)
class Ids:
    """The ids read so far, with the line of each. ``what`` says what they identify."""

    what: str
    seen: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row, name: str) -> str:
        """Record ``name`` and return it; ``DatasetError`` when an earlier line has it already."""
        if name in self.seen:
            raise row.error(
                f"the {self.what} id {name!r} stands on line {self.seen[name]} already: "
                "ids must differ"
            )
        self.seen[name] = row.line
        return name


def check_gold(row: Row, case: Case, articles: Mapping[str, Article]) -> Case:
    """Check that all gold spans of a case lie in the articles; returns the case."""
    for doc_id in case.gold_doc_ids:
        if doc_id not in articles:
            raise row.error(
                f"question {case.id!r} names the gold document {doc_id!r}, which the "
                "set does not hold"
            )
    for span in case.gold_spans:
        _check_span(row, case, span, articles)
    return case


def _check_span(row: Row, case: Case, span: GoldSpan, articles: Mapping[str, Article]) -> None:
    article = articles.get(span.doc_id)
    if article is None:
        raise row.error(
            f"question {case.id!r} has a gold span in the document "
            f"{span.doc_id!r}, which the set does not hold"
        )
    if not 0 <= span.start < span.end <= len(article.text):
        raise row.error(
            f"question {case.id!r} has the gold span {span.start}:{span.end}, which lies outside "
            f"the document {span.doc_id!r} of {len(article.text)} characters"
        )


def check_texts(
    row: Row, case: Case, gold: Iterable[tuple[GoldSpan, str]], articles: Mapping[str, Article]
) -> None:
    """Check that each span covers the text that the set records for it.

    Raises ``DatasetError`` that quotes both where one does not: then the articles or their cleaning
    have changed since the offsets were written.
    """
    for span, text in gold:
        _check_span(row, case, span, articles)
        actual = span.of(articles[span.doc_id])
        if actual != text:
            raise row.error(
                f"question {case.id!r}: the gold span {span.start}:{span.end} of the document "
                f"{span.doc_id!r} should read {text!r} and reads {actual!r}: set its offsets anew"
            )


def build(
    name: str, layout: str, path: Path, articles: Iterable[Article], cases: Iterable[Case]
) -> Dataset:
    """Build the set; ``DatasetError`` when it has no questions."""
    dataset = Dataset(name, layout, path, tuple(articles), tuple(cases))
    if not dataset.cases:
        raise DatasetError(path, None, "there is not one question in it: nothing to evaluate")
    if not dataset.articles:
        raise DatasetError(path, None, "there is not one article in it: nothing to search")
    return dataset
