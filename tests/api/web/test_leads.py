"""Where nothing answers: what may touch on the question, quoted."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from index.article import Article
from tests.api.web.articles import EMOJI, HARBOUR, HOSTILE
from tests.api.web.conftest import AnswerPage
from tests.api.web.test_asking import MARKED, answer

# One word of each of two articles, and one of a third.
TOUCHED = "Who paid the ringmaster and the harbour?"
SCRIPTS = "Who paid the scripts?"


def test_leads_are_quoted_in_place_of_the_nearest_passages(answer_page: AnswerPage) -> None:
    page = answer_page(TOUCHED)
    leads = answer(page, TOUCHED)["leads"]
    assert {each["document_id"] for each in leads} == {EMOJI.id, HARBOUR.id}
    expect(page.locator(".silence")).to_have_text("The articles do not say.")
    expect(page.locator("h3")).to_have_text("The articles may touch on this")
    shown = page.locator(".leads blockquote").all_text_contents()
    assert shown == [each["cited_text"] for each in leads]
    expect(page.locator(".nearest")).to_have_count(0)
    expect(page.locator("#status")).to_have_text(
        "The articles do not say. The articles may touch on this: 2 quotations."
    )
    harbour = page.locator(".leads li", has_text=HARBOUR.title)
    expect(harbour).to_contain_text("The Wire, 26 May 2025")
    expect(harbour.get_by_role("link", name="Original of Harbour")).to_be_visible()
    expect(page.locator(".leads .origin", has_text="original")).to_have_count(1)


@pytest.mark.parametrize(
    ("question", "article"), [(TOUCHED, EMOJI), (TOUCHED, HARBOUR), (SCRIPTS, HOSTILE)]
)
def test_a_lead_opens_its_article_at_the_sentence(
    answer_page: AnswerPage, question: str, article: Article
) -> None:
    page = answer_page(question)
    leads = answer(page, question)["leads"]
    (lead,) = [each for each in leads if each["document_id"] == article.id]
    start, end = lead["start_char_index"], lead["end_char_index"]
    near = [lead["highlight_start"], lead["highlight_end"]]
    item = page.locator(".leads li", has_text=article.title)
    bold = item.locator("b").all_text_contents()
    assert bold == ([] if near == [start, end] else [article.text[near[0] : near[1]]])
    item.get_by_role("button", name=article.title).click()
    page.locator(".reading mark").wait_for()
    marked = page.evaluate(MARKED)
    assert marked["cited"] == [start, end]
    assert marked["answering"] == (near if bold else None)
    assert article.text[start:end] == lead["cited_text"]
