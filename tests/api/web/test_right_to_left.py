"""An article in letters that run from right to left."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.api.web.conftest import ask
from tests.api.web.test_appearance import faults, fits

QUESTION = "كم مليون جنيه بلغت تكلفة الرصيف الجديد؟"
PORT = {
    "id": "port",
    "title": "ميناء الإسكندرية يفتتح رصيفا جديدا",
    "publisher": "صحيفة النيل",
    "author": "ليلى حسن",
    "published_at": "2025-06-01",
    "language": "ar",
    "text": "بلغت تكلفة الرصيف الجديد 380 مليون جنيه، "
    "كما قال مدير الميناء (Alexandria Port) "
    "للصحفيين.\n\nطلب الصيادون ذلك مرارا وتكرارا، وقيل لهم أن ينتظروا.",
}
FLOAT = "(element) => getComputedStyle(element, '::first-letter').float"


def test_an_answer_begins_at_the_right_and_a_joined_letter_is_no_initial(own_page: Page) -> None:
    assert own_page.request.post("/articles", data=PORT).ok
    ask(own_page, QUESTION)
    answer = own_page.locator(".quoted > .answer")
    style = "(element) => getComputedStyle(element, '::before')"
    right = answer.evaluate(f"element => parseFloat(({style})(element).right)")
    left = answer.evaluate(f"element => parseFloat(({style})(element).left)")
    assert right < left
    assert "”" in answer.evaluate(f"element => ({style})(element).content")
    assert fits(own_page)
    assert faults(own_page) == []
    own_page.goto("/a/port")
    first = own_page.locator(".reading .text p").first
    expect(first).to_have_css("direction", "rtl")
    assert first.evaluate(FLOAT) == "none"
    # The words that the page adds run as the page does.
    expect(own_page.locator(".author")).to_have_css("direction", "ltr")
    assert faults(own_page) == []
    own_page.goto("/a/harbour")
    assert own_page.locator(".reading .text p").first.evaluate(FLOAT) != "none"
