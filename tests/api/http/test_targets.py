"""What requests ask for: whole URLs, and parameters that stand twice."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.api.http.conftest import target_status


@pytest.mark.parametrize(
    ("target", "header", "status"),
    [
        ("http://localhost/articles/emus", "localhost", 200),
        ("HTTP://LOCALHOST:80/articles/e%6dus", "localhost", 200),
        # The target's host counts, whatever the header says.
        ("http://localhost/articles/emus", "evil.example", 200),
        ("http://evil.example/articles/emus", "localhost", 400),
        ("http://evil@localhost/articles/emus", "localhost", 400),
        ("http:///articles/emus", "localhost", 400),
        ("https://localhost", "localhost", 200),
        ("ftp://localhost/articles/emus", "localhost", 404),
    ],
)
def test_a_request_for_a_whole_url(
    client: TestClient, target: str, header: str, status: int
) -> None:
    assert target_status(client, target, header) == status


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("/articles?q=emus&q=koalas", "query.q"),
        ("/articles?limit=5&limit=5", "query.limit"),
        ("/ask?q=emus&q=koalas", "query.q"),
        ("/suggestions?limit=1&limit=2", "query.limit"),
        ("/articles?publisher=a&publisher=b", None),
        ("/suggestions?article_id=emus&article_id=koalas", None),
    ],
)
def test_one_value_is_not_sent_twice(client: TestClient, query: str, where: str | None) -> None:
    refused = client.get(query)
    assert refused.status_code == (422 if where else 200)
    if where:
        assert [error["where"] for error in refused.json()["errors"]] == [where]
