"""The newsroom: sound in itself. No question of it is asked here."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import Case, Dataset, GoldSpan
from eval.dataset.built_in import BuiltIn, open_built_in
from index.article import Article
from index.errors import LoadError
from index.ingest.preparation import prepare_article
from index.load import load_paths
from index.settings import IndexSettings

ROOT = Path(__file__).resolve().parents[3]
RECORDS: list[dict[str, Any]] = [
    json.loads(line) for line in BuiltIn.NEWSROOM.questions.read_text("utf-8").splitlines()
]
ANSWERED = {
    "fact", "paraphrase", "yes_no", "why", "how", "who_said", "update", "list", "comparison",
    "compound", "keywords", "preamble", "table",
}  # fmt: skip
UNANSWERED = {"near_miss", "false_presupposition", "unvoiced_opinion", "other_subject"}
WORDS_IN_A_ROW = 10


@pytest.fixture(scope="module")
def newsroom() -> Dataset:
    return open_built_in(BuiltIn.NEWSROOM, 1_000_000)


def gold_texts(record: dict[str, Any], dataset: Dataset) -> list[list[str]]:
    """The text of each gold span of a question, as the articles have it."""
    return [
        [GoldSpan(*span).of(dataset.by_id[span[0]]) for span in spans]
        for spans in record["gold_spans_per_answer"]
    ]


def test_every_gold_span_reads_as_its_text(newsroom: Dataset) -> None:
    told = {record["id"]: gold_texts(record, newsroom) for record in RECORDS}
    assert len(told) == len(RECORDS)
    assert told == {record["id"]: record["gold_span_texts_per_answer"] for record in RECORDS}
    for record in RECORDS:
        texts = told[record["id"]]
        assert bool(texts) == record["answerable"] == bool(record["answers"]), record["id"]
        assert all(texts), record["id"]


def test_it_is_as_large_as_it_says(newsroom: Dataset) -> None:
    assert len(newsroom.articles) >= 30
    assert len(newsroom) >= 300
    assert sum(not case.answerable for case in newsroom) >= 80


def test_every_kind_is_there_and_says_whether_it_is_answered(newsroom: Dataset) -> None:
    kinds = {answerable: set[str]() for answerable in (True, False)}
    for case in newsroom:
        kinds[case.answerable].add(case.kind)
    assert kinds == {True: ANSWERED, False: UNANSWERED}


def test_its_description_counts_right(newsroom: Dataset) -> None:
    text = (BuiltIn.NEWSROOM.questions.parent / "README.md").read_text("utf-8")
    counted: dict[str, int] = {}
    for names, numbers in re.findall(r"^\| (`.*?`) \| ([\d, ]+) \|", text, re.MULTILINE):
        counted |= dict(zip(re.findall(r"\w+", names), map(int, numbers.split(",")), strict=True))
    assert counted == newsroom.kinds
    unanswerable = sum(not case.answerable for case in newsroom)
    assert f"{len(newsroom.articles)} articles and {len(newsroom)} questions" in text
    assert f"{unanswerable} of the {len(newsroom)} have no answer" in text


def test_questions_differ(newsroom: Dataset) -> None:
    asked = Counter(case.question.casefold() for case in newsroom)
    assert [question for question, count in asked.items() if count > 1] == []


def test_comparisons_lists_and_compounds_have_alternatives_of_several_spans(
    newsroom: Dataset,
) -> None:
    def joint(case: Case) -> bool:
        return any(len(spans) > 1 for spans in case.evidence)

    joined = Counter(case.kind for case in newsroom if joint(case))
    assert joined["comparison"] == newsroom.kinds["comparison"]
    assert joined["compound"] >= 5
    assert joined["list"] >= 3


def test_no_gold_is_a_heading_a_caption_a_dateline_or_a_link(newsroom: Dataset) -> None:
    markdown = {path.stem: path.read_text("utf-8") for path in _files()}
    for span in {span for case in newsroom for span in case.gold_spans}:
        text = span.of(newsroom.by_id[span.doc_id])
        assert f"## {text}\n" not in markdown[span.doc_id], span
        assert not re.match(r"(Photo|Read more):|[A-Z ]+, [A-Z][a-z]+\.? \d+ — ", text), span


def test_articles_share_no_wording_with_each_other_or_the_seeds(newsroom: Dataset) -> None:
    seeds = open_built_in(BuiltIn.SEEDS, 1_000_000)
    seen: dict[str, str] = {}
    for article in (*seeds.articles, *newsroom.articles):
        for row in set(_rows_of_words(article.text)):
            assert row not in seen, f"{article.id} and {seen[row]}: {row}"
        seen |= dict.fromkeys(_rows_of_words(article.text), article.id)


def test_an_article_is_what_the_library_makes_of_its_file(newsroom: Dataset) -> None:
    loaded = [each for each in load_paths(_files(), 1_000_000) if isinstance(each, Article)]
    assert len(loaded) == len(newsroom.articles)
    for article in loaded:
        assert article.published_at is not None
        tidied, provenance = prepare_article(article, article.published_at, IndexSettings())
        assert newsroom.by_id[article.id].text == tidied.text
        assert newsroom.by_id[article.id].found_as == "text"
        assert not any(each.text in tidied.text for each in provenance.dropped)


def test_an_article_over_the_limit_is_told() -> None:
    with pytest.raises(LoadError, match="over the limit of 1,000 characters"):
        open_built_in(BuiltIn.NEWSROOM, 1000)


def test_an_installed_package_has_the_set() -> None:
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    patterns = setup["package-data"]["*"]
    files = [*_files(), BuiltIn.NEWSROOM.questions, BuiltIn.SEEDS.questions]
    assert all(any(fnmatch(file.name, pattern) for pattern in patterns) for file in files)
    packages = {".".join(file.parent.relative_to(ROOT).parts) for file in files}
    include = setup["packages"]["find"]["include"]
    assert all(any(fnmatch(package, each) for each in include) for package in packages)


def _files() -> list[Path]:
    return sorted(BuiltIn.NEWSROOM.articles.glob("*.md"))


def _rows_of_words(text: str) -> Iterator[str]:
    found = re.findall(r"\w+", text.lower())
    for start in range(len(found) - WORDS_IN_A_ROW + 1):
        yield " ".join(found[start : start + WORDS_IN_A_ROW])
