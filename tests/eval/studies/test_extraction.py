from __future__ import annotations

import pytest

from eval.studies.extraction import _FRESH as FRESH
from eval.studies.extraction import fresh_pages, score


@pytest.mark.parametrize("name", ["fresh", "outlets", "kinds"])
def test_every_whole_page_has_an_article_and_no_mark_of_it(name: str) -> None:
    pages = fresh_pages(FRESH.with_name(name))
    assert len(pages) >= 10
    assert all(page.article and "data-article" not in page.page for page in pages)


def test_precision_and_recall_in_runs_of_four_words() -> None:
    assert score("a b c d e", ["a b c d e"]) == (1.0, 1.0)
    assert score("T\na b c d e x", ["a b c d e"], "T") == (2 / 3, 1.0)
    assert score("", ["a b c d"]) == (0.0, 0.0)
