"""Questions that are asked before they are suggested, the languages, and the sample articles."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from api.pool import WorkPool
from api.samples import SAMPLE_QUESTIONS
from api.suggestions.suggester import Suggestions
from rag import Pullquote
from tests.api.http.conftest import Serve, opened
from tests.fakes import article
from tests.keyword_reader import KeywordReader

QUAY = article(
    "quay", "The Gannet quay was closed in March. Rain fell.", title="Quay", language="en"
)
OTHER = article("other", "The Puffin pier was opened in June.", title="Pier", language="en")


@pytest.fixture
def pullquote(tmp_path: Path) -> Pullquote:
    library = opened(tmp_path, KeywordReader())
    library.add_articles([QUAY, OTHER])
    return library


def settled(suggestions: Suggestions, ids: list[str]) -> list[str]:
    """The questions, once all were asked."""
    found, complete = suggestions.of(ids, 9)
    if not complete:
        worker = suggestions._worker
        if worker:
            worker.join(60)
        found, complete = suggestions.of(ids, 9)
    assert complete
    return [each.question for each in found]


def test_what_is_surely_answered_is_suggested(pullquote: Pullquote) -> None:
    pool = WorkPool("models", 1, 4, 60)
    suggestions = Suggestions(pullquote, pool)
    try:
        first, complete = suggestions.of(["quay"], 3)
        assert (first, complete) == ([], False)
        assert settled(suggestions, ["quay", "other"]) == [
            "When was the Gannet quay closed?",
            "When was the Puffin pier opened?",
        ]
        (found,), _ = suggestions.of(["quay"], 1)
        assert found.sentence.of(QUAY.text) == "The Gannet quay was closed in March."
        assert found.confidence == 0.9
        assert settled(suggestions, ["wombats"]) == []
        assert settled(suggestions, ["nowhere"]) == []
        # Another state of the library: everything is asked again.
        pullquote.remove(["quay"])
        assert settled(suggestions, ["quay", "other"]) == ["When was the Puffin pier opened?"]
    finally:
        suggestions.close()
        pool.close()


def test_names_that_are_made_up_are_not_kept(pullquote: Pullquote) -> None:
    pool = WorkPool("models", 1, 4, 60)
    suggestions = Suggestions(pullquote, pool)
    try:
        assert suggestions.of([f"nowhere {number}" for number in range(9)], 3) == ([], True)
        assert suggestions._findings.questions == {}
    finally:
        suggestions.close()
        pool.close()


def test_the_line_of_articles_has_an_end(
    pullquote: Pullquote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.suggestions.suggester._MAX_WAITING", 1)
    pool = WorkPool("models", 1, 4, 60)
    suggestions = Suggestions(pullquote, pool)
    # Nothing is taken out of the line.
    suggestions.close()
    assert suggestions.of(["quay", "other"], 3) == ([], False)
    assert list(suggestions._findings.queue) == ["quay"]
    pool.close()


def test_it_waits_while_others_ask(pullquote: Pullquote) -> None:
    pool = WorkPool("models", 1, 4, 60)
    suggestions = Suggestions(pullquote, pool)
    go = threading.Event()
    try:
        asked = pool.submit(lambda: go.wait(60))
        suggestions.of(["quay"], 3)
        assert pool.load == 1
        go.set()
        assert asked.result(60)
        assert settled(suggestions, ["quay"])
    finally:
        go.set()
        suggestions.close()
        pool.close()


def test_close_ends_the_waiting(pullquote: Pullquote) -> None:
    pool = WorkPool("models", 1, 4, 60)
    suggestions = Suggestions(pullquote, pool)
    go = threading.Event()
    pool.submit(lambda: go.wait(60))
    suggestions.of(["quay"], 3)
    suggestions.close()
    assert pool.load == 1
    go.set()
    pool.close()


def test_over_http(serve: Serve) -> None:
    client = serve(KeywordReader())
    assert client.get("/languages").json() == {"languages": [{"language": "en", "articles": 3}]}
    job = client.post("/samples").json()
    while job["state"] not in ("done", "failed"):
        job = client.get(f"/jobs/{job['id']}").json()
    assert sorted(job["report"]["added"]) == sorted(SAMPLE_QUESTIONS)
    assert client.get("/languages").json() == {"languages": [{"language": "en", "articles": 5}]}
    found = client.get("/suggestions", params={"article_id": ["wombats"], "limit": 2})
    assert found.status_code == 200
    assert found.json()["questions"] == []
    assert client.get("/suggestions", params={"limit": 0}).status_code == 422
