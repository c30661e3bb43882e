"""SQuAD's JSON, 1.1 (Rajpurkar et al. 2016) and 2.0 (Rajpurkar et al. 2018).

Every paragraph becomes an article under its page's title; the places of the answers are
alternatives, one of which is enough. ``is_impossible`` marks what the paragraph does not
answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.dataset.checks import build
from eval.dataset.lines import json_file, read_text
from eval.dataset.questions import Case, Dataset, GoldSpan
from eval.errors import DatasetError
from index.article import Article

__all__ = ["open_squad"]


def open_squad(path: Path) -> Dataset:
    """Open the paragraphs and questions of one SQuAD file."""
    content = json_file(path)
    if not isinstance(content, dict) or not isinstance(content.get("data"), list):
        raise DatasetError(path, None, "this is not SQuAD's JSON: it has no list 'data'")
    reader = _Reader(path)
    for number, page in enumerate(content["data"]):
        reader.page(number, page)
    version = str(content.get("version", "")).removeprefix("v") or "1.1"
    return build(path.stem, f"squad {version}", path, reader.articles, reader.cases)


class _Reader:
    """Collects articles and cases. An error names the line with the id of the question at fault, or
    the number of the paragraph, since parsed JSON has no line numbers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.articles: list[Article] = []
        self.cases: list[Case] = []
        self.ids: set[str] = set()

    def page(self, number: int, page: Any) -> None:
        title = str(page.get("title", "")) if isinstance(page, dict) else ""
        paragraphs = page.get("paragraphs") if isinstance(page, dict) else None
        if not isinstance(paragraphs, list):
            raise self.error(f"data[{number}] has no list 'paragraphs'")
        for place, paragraph in enumerate(paragraphs):
            where = f"data[{number}].paragraphs[{place}]"
            try:
                text, questions = paragraph["context"], list(paragraph["qas"])
            except (KeyError, TypeError) as exc:
                raise self.error(f"{where} needs 'context' and 'qas'") from exc
            if not isinstance(text, str) or not text.strip():
                raise self.error(f"{where} has an empty 'context'")
            name = f"{number}-{place}"
            article = Article(name, title.replace("_", " "), text, source=f"{self.path}#{where}")
            self.articles.append(article)
            self.cases.extend(self._cases(where, article, questions))

    def _cases(self, where: str, article: Article, questions: list[Any]) -> Iterator[Case]:
        for question in questions:
            try:
                name, text = str(question["id"]), question["question"]
                impossible = bool(question.get("is_impossible", False))
                answers = [] if impossible else list(question["answers"])
                spans = [self._span(name, article, answer) for answer in answers]
            except (KeyError, TypeError, AttributeError) as exc:
                raise self.error(
                    f"a question of {where} needs 'id', 'question' and 'answers' with 'text' and "
                    f"'answer_start': {exc!r} is wrong or missing"
                ) from exc
            if name in self.ids:
                raise self.error(f"the question id {name!r} stands in it twice", name)
            self.ids.add(name)
            if not isinstance(text, str) or not text.strip():
                raise self.error(f"question {name!r} is empty", name)
            yield _case(name, text, impossible, article, answers, spans)

    def _span(self, name: str, article: Article, answer: Any) -> GoldSpan:
        text, start = answer["text"], int(answer["answer_start"])
        span = GoldSpan(article.id, start, start + len(text))
        if not 0 <= span.start < span.end <= len(article.text):
            raise self.error(
                f"question {name!r} has the gold span {span.start}:{span.end}, which lies outside "
                f"its paragraph of {len(article.text)} characters",
                name,
            )
        if span.of(article) != text:
            raise self.error(
                f"question {name!r}: the paragraph reads {span.of(article)!r} at {start}, "
                f"not {text!r}",
                name,
            )
        return span

    def error(self, reason: str, question_id: str | None = None) -> DatasetError:
        return DatasetError(self.path, self._line_of(question_id), reason)

    def _line_of(self, question_id: str | None) -> int | None:
        """Find the line on which a question's id stands last."""
        if question_id is None:
            return None
        text = read_text(self.path)
        mentions = list(re.finditer(re.escape(f'"{question_id}"'), text))
        return text.count("\n", 0, mentions[-1].start()) + 1 if mentions else None


def _case(
    name: str,
    text: str,
    impossible: bool,
    article: Article,
    answers: list[Any],
    spans: list[GoldSpan],
) -> Case:
    answerable = bool(spans) and not impossible
    return Case(
        id=name,
        question=text,
        kind="answerable" if answerable else "unanswerable",
        answers=tuple(dict.fromkeys(answer["text"] for answer in answers)),
        answerable=answerable,
        gold_doc_ids=(article.id,) if answerable else (),
        evidence=tuple((span,) for span in dict.fromkeys(spans)),
        relevance={article.id: 1} if answerable else {},
    )
