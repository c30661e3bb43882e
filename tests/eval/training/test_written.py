"""Our own training questions: every span where it says, none taken from what Pullquote is
measured with."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.dataset.built_in import BuiltIn
from eval.dataset.splits import group_of, is_held_out
from eval.training.sets import WRITTEN, QuestionSet, read_set
from index.load import load_paths

FOLDER = Path(__file__).parents[3] / "eval" / "training" / "written"


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> QuestionSet:
    return read_set(tmp_path_factory.mktemp("no data"), "news")


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / name / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_news_question_is_about_an_article_that_is_there(news: QuestionSet) -> None:
    assert len(news.questions) == len(_rows("news"))


def test_spans_hold_whole_words_of_their_article(news: QuestionSet) -> None:
    for question in news.questions:
        text = news.documents[question.document].text
        for start, end in question.spans:
            assert 0 <= start < end <= len(text), question.id
            around = text[max(start - 1, 0)], text[min(end, len(text) - 1)]
            cut = (start > 0 and around[0].isalnum() and text[start].isalnum()) or (
                end < len(text) and around[1].isalnum() and text[end - 1].isalnum()
            )
            assert not cut, (question.id, text[start:end])


@pytest.mark.parametrize("name", WRITTEN)
def test_ids_and_questions_are_there_once(name: str) -> None:
    rows = _rows(name)
    assert len({row["id"] for row in rows}) == len(rows)
    many = Counter(
        (row["question"], *row["gold_doc_ids"], *row["candidate_doc_ids"]) for row in rows
    )
    assert max(many.values()) == 1


@pytest.mark.parametrize("name", WRITTEN)
def test_a_third_of_the_questions_has_no_answer(name: str) -> None:
    silent = [not row["answerable"] for row in _rows(name)]
    assert 0.2 < sum(silent) / len(silent) < 0.4


def test_stories_are_held_out_whole_and_enough_of_them(news: QuestionSet) -> None:
    out = {group_of(d) for d in news.documents.values() if is_held_out(group_of(d))}
    assert len(out) >= 10
    kept = {group_of(news.documents[q.document]) for q in news.part(held_out=False)}
    assert not out & kept


def test_no_text_of_another_set_is_kept() -> None:
    for row in _rows("wikinews"):
        assert "answers" not in row
    assert sorted(path.name for path in (FOLDER / "wikinews").iterdir()) == ["questions.jsonl"]


def test_nothing_is_trained_on_that_pullquote_is_measured_with(news: QuestionSet) -> None:
    measured = {
        json.loads(line)["question"]
        for built_in in BuiltIn
        for line in built_in.questions.read_text(encoding="utf-8").splitlines()
    }
    assert measured
    assert not measured & {q.text for q in news.questions}
    titles = {title for built_in in BuiltIn for title in _titles(built_in)}
    assert titles
    assert not titles & {d.title for d in news.documents.values()}


def _titles(built_in: BuiltIn) -> list[str]:
    loaded = load_paths([built_in.articles], 200_000)
    return [each.title for each in loaded if not isinstance(each, Exception)]
