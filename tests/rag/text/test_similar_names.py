from __future__ import annotations

import pytest

from rag.text.similar_names import similar_articles, similar_names

TITLES = {
    "b3-03f80ed5": "Traffic returns to the Northgate bridge",
    "china-ai-chip-curbs": "Tencent and Baidu explain how they keep building",
    "tolls-15a45590": "tolls",
    "untitled": "",
}


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("northgate-brigde", ["b3-03f80ed5"]),
        ("chna-ai", ["china-ai-chip-curbs"]),
        ("chip-curbs", ["china-ai-chip-curbs"]),
        ("toll-15", ["tolls-15a45590"]),
        ("no", []),
        ("elephants", []),
        ("", []),
    ],
)
def test_an_article_is_near_by_its_id_or_its_title(name: str, ids: list[str]) -> None:
    assert similar_articles(name, TITLES, 3) == ids


def test_names_come_likest_first_and_no_more_than_asked_for() -> None:
    names = ["The Wirral Post", "Harbour Evening Post", "Evening Post"]
    assert similar_names("Evning Post", names, 2) == ["Evening Post", "Harbour Evening Post"]
