"""Answers that the page is told in place of the server's."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

__all__ = ["answer_of", "tell"]


def answer_of(page: Page, question: str) -> Any:
    """What the API says to a question."""
    response = page.request.post("/ask", data={"question": question})
    assert response.ok, response.text()
    return response.json()


def tell(page: Page, answer: Any) -> None:
    """Have every question answered with this."""
    data = json.dumps(answer, ensure_ascii=False)
    page.route(
        "**/ask",
        lambda route: route.fulfill(
            content_type="text/event-stream; charset=utf-8",
            body=f"event: final_answer\ndata: {data}\n\n",
        ),
    )
