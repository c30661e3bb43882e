"""Adding, finding and removing articles from the page; and articles that mean harm."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Dialog, FilePayload, Page, Route, expect

from tests.api.web.articles import HOSTILE
from tests.api.web.conftest import ask, opened

OTTERS = """---
title: Otters of the Danube
publisher: River Post
---

Otters caught 73 salmon yesterday.
"""
OTTERS_ASKED = "How many salmon were otters catching yesterday?"


def shelf(page: Page) -> None:
    page.get_by_role("button", name="Articles", exact=True).click()
    page.locator(".shelf li").first.wait_for()


def test_a_chosen_file_is_added_and_answers(own_page: Page, tmp_path: Path) -> None:
    file = tmp_path / "otters.md"
    file.write_text(OTTERS, "utf-8")
    shelf(own_page)
    with own_page.expect_file_chooser() as chooser:
        own_page.get_by_role("button", name="Add files").click()
    chooser.value.set_files(file)
    expect(own_page.locator(".uploads")).to_contain_text("otters.md 1 article added")
    expect(own_page.locator(".shelf li")).to_have_count(4)
    expect(own_page.locator("#edition")).to_contain_text("4 articles")
    own_page.keyboard.press("/")
    ask(own_page, OTTERS_ASKED)
    expect(own_page.locator(".turn")).to_contain_text("73 salmon")


def test_dropped_files_are_added_and_what_fails_is_told(own_page: Page) -> None:
    data = own_page.evaluate_handle(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], 'otters.md', { type: 'text/markdown' }));
          data.items.add(new File(['MZ'], 'otters.exe'));
          return data;
        }""",
        OTTERS,
    )
    own_page.dispatch_event("body", "dragenter", {"dataTransfer": data})
    expect(own_page.locator("#drop")).to_be_visible()
    own_page.dispatch_event("body", "drop", {"dataTransfer": data})
    expect(own_page.locator("#drop")).to_be_hidden()
    rows = own_page.locator(".uploads > li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("otters.md 1 article added")
    expect(rows.nth(1)).to_contain_text("otters.exe")
    expect(rows.nth(1).locator(".failed")).to_have_count(1)
    expect(own_page.get_by_role("progressbar")).to_have_count(0)


def test_each_of_several_files_shows_how_far_it_is(page: Page) -> None:
    held: list[Route] = []
    page.route("**/articles?wait=0", lambda route: held.append(route))
    page.get_by_role("button", name="Articles", exact=True).click()
    with page.expect_request("**/articles?wait=0"):
        page.locator("input[type=file]").set_input_files([wire(1), wire(2)])
    expect(page.get_by_role("progressbar")).to_have_count(2)
    rows = page.locator(".uploads > li")
    expect(rows.nth(0)).to_have_text("1.jsonl sending")
    expect(rows.nth(1)).to_have_text("2.jsonl waiting")
    report = {"added": ["a"], "updated": [], "unchanged": 0, "failed": []}
    with page.expect_request("**/articles?wait=0"):
        held[0].fulfill(status=201, json={"id": "1", "state": "done", "report": report})
    expect(rows.nth(0)).to_have_text("1.jsonl 1 article added")
    expect(rows.nth(1)).to_have_text("2.jsonl sending")
    held[1].fulfill(status=413, json={"detail": "the body is too large"})
    expect(rows.nth(1)).to_have_text("2.jsonl the body is too large")


def test_very_many_files_share_a_row(page: Page) -> None:
    report = {"added": ["a"] * 21, "updated": [], "unchanged": 0, "failed": []}
    done = {"id": "1", "state": "done", "report": report}
    page.route("**/articles?wait=0", lambda route: route.fulfill(status=201, json=done))
    page.get_by_role("button", name="Articles", exact=True).click()
    page.locator("input[type=file]").set_input_files([wire(number) for number in range(21)])
    expect(page.locator(".uploads > li")).to_have_text("21 files 21 articles added")


def wire(number: int) -> FilePayload:
    return {"name": f"{number}.jsonl", "mimeType": "application/jsonl", "buffer": b"{}"}


def test_all_publishers_are_offered_with_their_number(own_page: Page) -> None:
    own_page.locator("#filters summary").click()
    offered = own_page.locator(".choice")
    expect(offered.filter(has_text="The Wire")).to_have_text("The Wire (1)")
    more = {"title": "Tides", "text": "Tides rise.", "publisher": "the wire"}
    assert own_page.request.post("/articles", data=more).ok
    own_page.reload()
    own_page.locator("#filters summary").click()
    expect(offered.filter(has_text="The Wire")).to_have_text("The Wire (2)")


def test_a_long_job_is_followed_to_its_end(page: Page) -> None:
    job = {"id": "7", "state": "running", "progress": {"done": 1, "total": 4, "passages": 9}}
    report = {"added": ["a", "b", "c"], "updated": [], "unchanged": 1, "failed": []}
    states = [job]
    page.route("**/articles?wait=0", lambda route: route.fulfill(status=202, json=job))
    page.route("**/jobs/7", lambda route: route.fulfill(json=states[-1]))
    # The job goes on where it cannot be asked for.
    page.route("**/jobs/7", lambda route: route.fulfill(status=429, json={}), times=1)
    page.get_by_role("button", name="Articles", exact=True).click()
    row = page.locator(".uploads > li")
    with page.expect_response("**/jobs/7"):
        page.locator("input[type=file]").set_input_files(
            {"name": "wire.jsonl", "mimeType": "application/jsonl", "buffer": b"{}"}
        )
    expect(row.get_by_role("progressbar", name="Adding wire.jsonl")).to_have_js_property(
        "value", 0.625
    )
    states.append({**job, "state": "done", "report": report})
    expect(row).to_contain_text("wire.jsonl 3 articles added, 1 there already")
    expect(row.get_by_role("progressbar")).to_have_count(0)


def test_a_library_without_articles_offers_to_add_some(own_page: Page) -> None:
    for article in own_page.request.get("/articles").json()["articles"]:
        assert own_page.request.delete(f"/articles/{quote(article['id'], safe='')}").ok
    own_page.reload()
    ask(own_page, OTTERS_ASKED)
    expect(own_page.locator(".silence")).to_have_text("There are no articles yet.")
    own_page.get_by_role("button", name="Add articles").click()
    expect(own_page.get_by_role("button", name="Add files")).to_be_visible()
    own_page.keyboard.press("Escape")
    expect(own_page.locator("#panel")).to_be_hidden()


def test_an_empty_library_greets_with_two_samples(own_page: Page) -> None:
    for article in own_page.request.get("/articles").json()["articles"]:
        assert own_page.request.delete(f"/articles/{quote(article['id'], safe='')}").ok
    own_page.reload()
    expect(own_page.get_by_role("heading", name="Begin with some articles")).to_be_visible()
    own_page.get_by_role("button", name="Add articles").click()
    expect(own_page.get_by_role("button", name="Add files")).to_be_visible()
    own_page.get_by_role("button", name="Close").click()
    own_page.get_by_role("button", name="Take the two samples").click()
    expect(own_page.locator(".uploads")).to_contain_text("Two sample articles 2 articles added")
    expect(own_page.locator("#edition")).to_contain_text("2 articles")
    expect(own_page.locator("#welcome")).to_be_hidden()


def test_a_text_is_pasted_and_a_link_is_refused(own_page: Page) -> None:
    shelf(own_page)
    own_page.get_by_role("button", name="Paste a text").click()
    own_page.get_by_label("Title", exact=True).fill("Otters")
    own_page.get_by_label("Publisher", exact=True).fill("River Post")
    own_page.get_by_label("Text", exact=True).fill("Otters caught 73 salmon yesterday.")
    own_page.get_by_role("button", name="Add", exact=True).click()
    rows = own_page.locator(".uploads > li")
    expect(rows.first).to_have_text("Otters 1 article added")
    own_page.get_by_role("button", name="Add a link or a feed").click()
    own_page.get_by_label("Address of a page").fill("http://127.0.0.1/private")
    own_page.keyboard.press("Enter")
    expect(rows.first).to_contain_text("http://127.0.0.1/private")
    expect(rows.first.locator(".failed")).to_contain_text("127.0.0.1")
    own_page.get_by_role("button", name="Clear what is done").click()
    expect(rows).to_have_count(0)


def test_what_is_being_added_survives_a_reload(page: Page) -> None:
    job = {"id": "7", "state": "queued", "progress": {"done": 0, "total": None, "passages": 0}}
    report = {"added": ["a", "b"], "updated": [], "unchanged": 0, "failed": []}
    states = [job]
    page.route("**/articles?wait=0", lambda route: route.fulfill(status=202, json=job))
    page.route("**/jobs/7", lambda route: route.fulfill(json=states[-1]))
    page.get_by_role("button", name="Articles", exact=True).click()
    page.locator("input[type=file]").set_input_files([wire(1), wire(2)])
    row, unsent = (page.locator(".uploads > li").nth(place) for place in range(2))
    expect(row).to_have_text("1.jsonl waiting")
    states.append({**job, "state": "running"})
    expect(row).to_have_text("1.jsonl reading")
    page.reload()
    page.get_by_role("button", name="Articles", exact=True).click()
    expect(unsent).to_contain_text("2.jsonl not sent")
    states.append({**job, "state": "running", "progress": {"done": 1, "total": 2, "passages": 9}})
    expect(row).to_have_text("1.jsonl indexing 1 of 2")
    states.append({**job, "state": "done", "report": report})
    expect(row).to_have_text("1.jsonl 2 articles added")


def test_the_page_is_not_left_while_files_are_not_sent(tab: Page) -> None:
    page = opened(tab.context)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.route("**/articles?wait=0", lambda route: None)
    page.get_by_role("button", name="Articles", exact=True).click()
    with page.expect_request("**/articles?wait=0"):
        page.locator("input[type=file]").set_input_files([wire(1), wire(2)])
    page.reload()
    assert asked == ["beforeunload"]
    # Nothing is being sent any more.
    page.get_by_role("button", name="Articles", exact=True).click()
    page.reload()
    assert asked == ["beforeunload"]


def test_articles_are_searched_and_opened(page: Page) -> None:
    shelf(page)
    page.get_by_label("Search the list of articles").fill("marseille")
    expect(page.locator(".count")).to_have_text("1 article found")
    page.locator(".shelf .title").click()
    expect(page.locator(".reading .byline")).to_contain_text("By Jo Rowe")
    page.get_by_role("button", name="All articles").click()
    expect(page.get_by_label("Search the list of articles")).to_have_value("marseille")


def test_an_article_is_removed_once_confirmed(own_page: Page) -> None:
    shelf(own_page)
    remove = own_page.get_by_role("button", name="Remove Harbour of Marseille")
    remove.click()
    own_page.keyboard.press("Escape")
    expect(remove).to_be_focused()
    expect(own_page.locator(".shelf li")).to_have_count(3)
    remove.click()
    own_page.get_by_role("button", name="Remove Harbour of Marseille").click()
    expect(own_page.locator(".shelf li")).to_have_count(2)
    expect(own_page.locator("#edition")).to_contain_text("2 articles")
    assert own_page.request.get("/articles/harbour").status == 404


def test_an_article_cannot_inject(own_page: Page) -> None:
    ask(own_page, "Which nasty writers smuggled scripts into articles?")
    turn = own_page.locator(".turn")
    expect(turn).to_contain_text("<svg onload=alert(1)>")
    expect(turn.locator("a:not([href^='/a/'])")).to_have_count(0)
    own_page.locator(".mark button").first.click()
    text = own_page.locator(".reading .text")
    text.wait_for()
    assert text.evaluate("(element) => element.textContent") == HOSTILE.text
    inserted = own_page.locator(
        ":is(#thread, #panel) :is(script, img, svg, iframe, [onerror], [onload])"
    )
    expect(inserted).to_have_count(0)
    expect(own_page).to_have_title(
        "Which nasty writers smuggled scripts into articles? · Pullquote"
    )
    own_page.get_by_role("button", name="Articles", exact=True).click()
    own_page.get_by_role("button", name="Remove <img").click()
    own_page.get_by_role("button", name="Remove <img").click()
    expect(own_page.locator(".shelf li")).to_have_count(2)
