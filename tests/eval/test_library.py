from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from eval.dataset import Dataset
from eval.library import open_pullquote
from rag import Pullquote, Settings


def test_a_set_is_asked_on_the_day_of_its_newest_article(dataset: Dataset, home: Path) -> None:
    days = (date(2024, 5, 6), date(2024, 3, 1), None)
    articles = tuple(
        replace(article, published_at=day)
        for article, day in zip(dataset.articles, days, strict=True)
    )
    dated = replace(dataset, articles=articles)
    with open_pullquote(dated, Settings(home=home)) as opened:
        for system in (opened.system, opened.unsilenced):
            assert isinstance(system, Pullquote)
            assert system.today() == date(2024, 5, 6)
