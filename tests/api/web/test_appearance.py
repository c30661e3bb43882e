from __future__ import annotations

from importlib.resources import files
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.web.conftest import AnswerPage, ask, front, opened, watched
from tests.api.web.test_asking import BASIN
from tests.api.web.test_leads import TOUCHED


class Look(NamedTuple):
    """What the page is looked at with."""

    width: int
    height: int
    scheme: Literal["light", "dark"]


LOOKS = {
    "light": Look(1280, 900, "light"),
    # 1280 by 900 pixels at 200 percent; and 1280 wide at 400 percent, as on the smallest phone.
    "zoom": Look(640, 450, "light"),
    "reflow": Look(320, 568, "dark"),
}


def faults(page: Page) -> list[tuple[str, str, Any]]:
    """What axe finds that is serious or critical: the rule, why, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (each["id"], each["help"], [node["html"] for node in each["nodes"]])
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def the_box_that_stays_and_the_masthead_are_a_line_each(page: Page) -> None:
    boxes = [each.bounding_box() for each in page.locator(".under > :visible").all()]
    middles = [box["y"] + box["height"] / 2 for box in boxes if box]
    assert len(middles) >= 3
    assert max(middles) - min(middles) < 12
    assert page.locator(".masthead").evaluate("(element) => element.offsetHeight") < 64


@pytest.mark.parametrize("look", LOOKS)
def test_every_state_is_accessible_and_fits(tab: Page, look: str) -> None:
    width, height, scheme = LOOKS[look]
    tab.set_viewport_size({"width": width, "height": height})
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    look_at_every_state(front(tab), look)


def look_at_every_state(seen: Page, look: str) -> None:
    def check(state: str) -> None:
        # What axe sees of the zoomed page it has seen of the others, in either scheme.
        assert look == "zoom" or faults(seen) == [], state
        assert fits(seen), state

    seen.locator("#filters summary").click()
    check("front")
    seen.locator("#filters summary").click()
    ask(seen, BASIN)
    check("answer")
    the_box_that_stays_and_the_masthead_are_a_line_each(seen)
    seen.locator(".mark button").first.click()
    seen.locator(".reading mark").wait_for()
    # Nothing moves where motion is not wanted.
    assert seen.evaluate("document.getAnimations().length") == 0
    check("article")
    seen.keyboard.press("Escape")
    ask(seen, "Which goalkeeper stopped most penalties?")
    check("silence")
    ask(seen, TOUCHED)
    check("leads")
    seen.get_by_role("button", name="Articles", exact=True).click()
    seen.get_by_role("button", name="Remove Harbour").click()
    seen.get_by_role("button", name="Paste a text").click()
    check("articles")
    seen.get_by_role("button", name="Close").click()
    seen.locator("#keep summary").click()
    seen.locator(".mark button").first.focus()
    check("card")
    seen.get_by_role("button", name="Threads").click()
    check("threads")
    seen.goto("/a/emoji#c0-40")
    seen.locator(".reading mark").wait_for()
    check("page")


def test_a_phone_shows_how_to_answer_with_the_sources(chromium: Browser, shared_site: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    with watched(chromium, shared_site, **phone) as watch:
        page = opened(watch.context)
        ask(page, BASIN)
        expect(page.locator(".over-time")).to_be_hidden()
        page.locator("#filters summary").click()
        page.locator("#over-time").check()
        page.locator("#filters summary").click()
        expect(page.locator("#over-time")).to_be_visible()
        # A finger drops no files.
        page.get_by_role("button", name="Articles", exact=True).click()
        expect(page.get_by_role("button", name="Add files")).to_be_visible()
        expect(page.locator(".drop-hint")).to_be_hidden()


def test_the_masthead_has_room_beside_the_panel(answer_page: AnswerPage) -> None:
    page = answer_page(BASIN)
    page.locator(".mark button").first.click()
    expect(page.locator("#panel")).to_be_visible()
    right = "(element) => element.getBoundingClientRect().right"
    masthead = page.locator(".masthead").evaluate(right)
    for name in ("Threads", "Articles"):
        assert page.get_by_role("button", name=name, exact=True).evaluate(right) <= masthead + 1


def test_print_leaves_the_controls_out(page: Page) -> None:
    ask(page, BASIN)
    ask(page, TOUCHED)
    page.emulate_media(media="print")
    expect(page.locator("#ask")).to_be_hidden()
    # A long answer begins below the one before, not on a new page.
    assert page.locator(".turn").first.evaluate("(e) => getComputedStyle(e).breakInside") == "auto"
    expect(page.locator(".turn .acts")).to_have_count(2)
    for acts in page.locator(".turn .acts").all():
        expect(acts).to_be_hidden()
    expect(page.locator(".sources")).to_be_visible()
    expect(page.locator(".leads")).to_be_visible()
