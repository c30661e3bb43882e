"""What was said over time, day by day, asked for on the page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.api.web.conftest import ask
from tests.api.web.test_asking import BASIN

TOPIC = "Harbour of Marseille"
DAYS = ["1 March 2024:", "26 May 2025:"]


def told_over_time(page: Page) -> None:
    turn = page.locator(".turn").last
    expect(turn.locator(".answer .state")).to_have_text(DAYS)
    content = "(element) => getComputedStyle(element, '::before').content"
    assert turn.locator(".answer").evaluate(content) == "none"


def test_a_timeline_is_asked_for(own_page: Page) -> None:
    earlier = "The harbour of Marseille began to dig a second basin on Friday."
    sent = {"title": "Harbour of Marseille digs", "text": earlier, "published_at": "2024-03-01"}
    assert own_page.request.post("/articles", data=sent).ok
    own_page.get_by_label("Over time").check()
    ask(own_page, TOPIC)
    told_over_time(own_page)
    # The address holds how it was asked.
    own_page.evaluate("localStorage.clear()")
    own_page.reload()
    expect(own_page.locator(".turn[aria-busy=false]")).to_have_count(1)
    told_over_time(own_page)
    assert not own_page.get_by_label("Over time").is_checked()


def test_an_answer_can_be_told_over_time(page: Page) -> None:
    ask(page, BASIN)
    with page.expect_request("**/ask") as request:
        page.get_by_role("button", name="Show over time").click()
    sent: Any = request.value.post_data_json
    assert (sent["question"], sent["timeline"]) == (BASIN, True)
    turn = page.locator(".turn").last
    expect(turn.locator(".answer")).to_contain_text("26 May 2025:")
    expect(turn.get_by_role("button", name="Show over time")).to_have_count(0)
