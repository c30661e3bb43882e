from __future__ import annotations

from collections.abc import Callable

import pytest

from index.errors import SourceError
from index.fetch import open_link_reader
from index.ingest.batch import AddReport
from index.sync.engine import SyncOptions, SyncReport
from index.sync.links import DAY, sync_link
from index.sync.watch import poll
from tests.fakes import FakeModels
from tests.index.fetch.site import FAST
from tests.index.fetch.stories import story
from tests.index.sync.wire import FEED, NEWS, Wire, told


def test_new_entries_are_added(wire: Wire) -> None:
    report = wire.sync()
    assert (told(report), report.files, wire.there()) == ((3, 0, 0), 3, ["a", "b", "c"])
    wire.lists("dabc")
    assert told(wire.sync()) == (1, 0, 0)
    assert wire.statuses[:2] == [("/feed", 200), ("/d", 200)]
    assert wire.there() == ["a", "b", "c", "d"]


def test_what_is_unchanged_costs_one_request(wire: Wire, models: FakeModels) -> None:
    wire.sync()
    before, encoded = wire.library.status()["generation"], models.encoder.encoded
    report = wire.sync()
    assert wire.statuses == [("/feed", 304)]
    assert (report.files, report.unchanged, report.did_something) == (3, 3, False)
    assert (wire.library.status()["generation"], models.encoder.encoded) == (before, encoded)


def test_a_changed_entry_is_updated(wire: Wire) -> None:
    wire.sync()
    wire.put("/b", story("quolls"))
    wire.lists("abc", day=27)
    report = wire.sync()
    assert wire.statuses == [("/feed", 200), ("/a", 304), ("/b", 200), ("/c", 304)]
    assert (told(report), report.unchanged) == ((0, 1, 0), 2)
    assert "quolls" in wire.texts()


def test_a_page_that_changes_silently_is_seen_the_next_day(wire: Wire) -> None:
    wire.sync()
    wire.put("/b", story("quolls"))
    assert told(wire.sync()) == (0, 0, 0)
    wire.now += DAY
    assert told(wire.sync()) == (0, 1, 0)
    assert wire.statuses[0] == ("/feed", 304)
    assert wire.sync().unchanged == 3
    assert wire.statuses == [("/feed", 304)]


def test_what_drops_off_a_feed_stays(wire: Wire) -> None:
    wire.sync()
    wire.lists("d")
    wire.now += 7 * DAY
    report = wire.sync(options=SyncOptions(yes=True))
    assert (told(report), wire.there()) == ((1, 0, 0), ["a", "b", "c", "d"])
    wire.lists("")
    assert told(wire.sync(options=SyncOptions(yes=True))) == (0, 0, 0)
    assert wire.there() == ["a", "b", "c", "d"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_was_taken_away_goes(wire: Wire, status: int) -> None:
    wire.sync()
    wire.say("/b", status)
    assert told(wire.sync()) == (0, 0, 0)
    wire.now += DAY
    report = wire.sync()
    assert (told(report), report.articles.failed) == ((0, 0, 1), [])
    assert wire.there() == ["a", "c"]
    # It is still listed: nobody is told of it again, and it may come back.
    wire.now += DAY
    report = wire.sync()
    assert (told(report), report.articles.failed, report.unchanged) == ((0, 0, 0), [], 3)
    wire.put("/b", story("wombats of b"))
    wire.now += DAY
    assert told(wire.sync()) == (1, 0, 0)


def test_all_asks_for_what_dropped_off_too(wire: Wire) -> None:
    wire.sync()
    wire.lists("c")
    wire.say("/a", 410)
    assert told(wire.sync()) == (0, 0, 0)
    assert told(wire.sync(options=SyncOptions(reread=True))) == (0, 0, 1)
    assert wire.there() == ["b", "c"]
    with wire.library.view() as view:
        # What only the feed said of it is not lost with its place in the feed.
        assert all(each.author == "Ann Poe" for each in view.articles())


@pytest.mark.parametrize("status", [403, 500, 503])
def test_errors_remove_nothing(wire: Wire, status: int) -> None:
    wire.sync()
    for name in "abc":
        wire.say(f"/{name}", status)
    wire.now += DAY
    report = wire.sync(options=SyncOptions(yes=True))
    assert (told(report), len(report.articles.failed)) == ((0, 0, 0), 3)
    assert wire.there() == ["a", "b", "c"]
    wire.put("/a", story("quolls"))
    assert told(wire.sync()) == (0, 1, 0)


def test_a_site_of_which_most_is_gone_asks_first(wire: Wire) -> None:
    wire.sync()
    wire.lists("")
    wire.say("/a", 404)
    wire.say("/b", 404)
    report = wire.sync(options=SyncOptions(reread=True))
    assert (len(report.kept), told(report)) == (2, (0, 0, 0))
    assert len(wire.sync().kept) == 2
    assert told(wire.sync(options=SyncOptions(yes=True))) == (0, 0, 2)
    assert wire.there() == ["c"]


@pytest.mark.parametrize("status", [404, 410, 503])
def test_a_listing_that_cannot_be_had_changes_nothing(wire: Wire, status: int) -> None:
    wire.sync()
    wire.say("/feed", status)
    with pytest.raises(SourceError, match="nothing was changed"):
        wire.sync(options=SyncOptions(yes=True, reread=True))
    assert wire.there() == ["a", "b", "c"]


def test_a_listing_that_is_a_page_now_changes_nothing(wire: Wire) -> None:
    wire.sync()
    wire.put("/feed", story("We are redesigning"))
    with pytest.raises(SourceError, match="page now"):
        wire.sync(options=SyncOptions(yes=True))
    assert wire.there() == ["a", "b", "c"]


def test_a_host_that_does_not_answer_changes_nothing(wire: Wire) -> None:
    wire.sync()
    wire.site.dead.add("93.184.216.34")
    with pytest.raises(SourceError, match="nothing was changed"):
        wire.sync(options=SyncOptions(yes=True))
    assert wire.there() == ["a", "b", "c"]


def test_only_so_many_of_a_list_are_taken(wire: Wire) -> None:
    report = wire.sync(limit=2)
    assert (told(report), report.more, wire.there()) == ((2, 0, 0), 1, ["a", "b"])
    wire.lists("dabc")
    report = wire.sync(limit=2)
    assert (told(report), report.more, wire.there()) == ((1, 0, 0), 1, ["a", "b", "d"])


def test_a_dry_run_says_the_same_and_does_nothing(wire: Wire) -> None:
    wire.sync()
    wire.lists("dabc", day=27)
    wire.put("/b", story("quolls"))
    wire.say("/c", 410)
    items = wire.library.sync_state(FEED).items()
    before = wire.library.status(), items, wire.texts()
    said = wire.sync(options=SyncOptions(dry_run=True))
    items = wire.library.sync_state(FEED).items()
    assert (wire.library.status(), items, wire.texts()) == before
    done = wire.sync()
    assert told(said) == told(done) == (1, 1, 1)
    assert (said.articles.added, said.removed) == (done.articles.added, done.removed)
    assert (said.files, said.unchanged) == (done.files, done.unchanged)
    assert "quolls" in wire.texts()


def test_what_is_interrupted_goes_on_where_it_was(wire: Wire) -> None:
    def stop(report: AddReport) -> None:
        if len(report.added) == 2:
            raise KeyboardInterrupt

    wire.statuses.clear()
    folder, has = wire.library.folder, wire.library.has
    with (
        open_link_reader(FAST, folder, has, wire.site.client) as reader,
        pytest.raises(KeyboardInterrupt),
    ):
        sync_link(wire.library, FEED, reader, on_progress=stop, now=lambda: wire.now)
    assert wire.there() == ["a", "b"]
    assert told(wire.sync()) == (1, 0, 0)
    # The second was written but not noted: it is asked for again, and not sent.
    assert wire.statuses == [("/feed", 304), ("/b", 304), ("/c", 200)]
    assert wire.library.verify() == []


def test_what_was_removed_by_hand_comes_back(wire: Wire) -> None:
    (first, *_) = wire.sync().articles.added
    wire.library.remove([first])
    assert wire.sync().articles.added == [first]
    assert wire.statuses == [("/feed", 304), ("/a", 200)]


def test_two_links_to_one_article_do_not_take_turns(wire: Wire) -> None:
    head = f"<link rel='canonical' href='{NEWS}/a'>"
    wire.site.page("news.example/a", story("wombats", head, "Counted"))
    wire.site.page("news.example/b", story("quolls", head, "Counted again"))
    assert told(wire.sync()) == (2, 0, 0)
    for order in ("bac", "acb", "cba"):
        wire.lists(order)
        assert told(wire.sync(options=SyncOptions(reread=True))) == (0, 0, 0)
    wire.say("/a", 404)
    assert told(wire.sync(options=SyncOptions(reread=True))) == (0, 0, 0)
    assert wire.there() == ["a", "c"]
    assert told(wire.sync(options=SyncOptions(reread=True))) == (0, 1, 0)
    assert "quolls" in wire.texts()


def test_a_page_without_an_article_keeps_the_one_it_had(wire: Wire) -> None:
    wire.sync()
    wire.put("/b", "<html><body><nav>Home</nav></body></html>")
    wire.now += DAY
    for _ in range(2):
        report = wire.sync(options=SyncOptions(yes=True))
        assert (told(report), len(report.articles.failed)) == ((0, 0, 0), 1)
    assert wire.there() == ["a", "b", "c"]
    wire.put("/b", story("quolls"))
    assert told(wire.sync()) == (0, 1, 0)


def test_a_page_that_leads_elsewhere_keeps_its_article(wire: Wire) -> None:
    wire.sync()
    wire.site.redirect("news.example/b", f"{NEWS}/f")
    wire.now += DAY
    assert told(wire.sync()) == (1, 0, 0)
    assert wire.there() == ["a", "b", "c", "f"]
    wire.say("/b", 410)
    wire.now += DAY
    assert told(wire.sync()) == (0, 0, 2)


def test_a_page_alone(wire: Wire) -> None:
    page = f"{NEWS}/a"
    assert told(wire.sync(page)) == (1, 0, 0)
    report = wire.sync(page)
    assert (wire.statuses, report.unchanged, report.files) == ([("/a", 304)], 1, 1)
    wire.put("/a", story("quolls"))
    assert told(wire.sync(page)) == (0, 1, 0)
    wire.say("/a", 410)
    assert len(wire.sync(page).kept) == 1
    assert told(wire.sync(page, SyncOptions(yes=True))) == (0, 0, 1)
    assert wire.there() == []


def test_polling_goes_on_after_trouble(wire: Wire) -> None:
    waited: list[float] = []
    happens: list[Callable[[], None]] = [
        lambda: wire.say("/feed", 503),
        lambda: wire.lists("abcd"),
        lambda: None,
    ]
    troubles: list[str] = []
    firsts: list[bool] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        if not happens:
            return True
        happens.pop(0)()
        return False

    def sync(first: bool) -> SyncReport:
        firsts.append(first)
        return wire.sync()

    reports = list(poll(sync, 1800.0, lambda error: troubles.append(str(error)), wait))
    assert [told(each) for each in reports] == [(3, 0, 0), (1, 0, 0)]
    assert (firsts, waited) == ([True, False, False, False], [1800.0] * 4)
    assert "503" in troubles[0]


WALL = (
    "<html><head><title>Just a moment...</title></head><body><article><h1>Just a moment...</h1>"
    "<p>Please enable JavaScript and cookies to continue. Checking if the connection is secure."
    "</p></article></body></html>"
)
NOTICE = (
    "<html><head><title>Back soon</title></head><body><article><h1>Back soon</h1>"
    "<p>Our pages are being looked after until Monday, and we thank all readers for waiting.</p>"
    "</article></body></html>"
)


@pytest.mark.parametrize(
    ("body", "reason"), [(WALL, "a check for bots"), (NOTICE, "1 sentence")], ids=["wall", "notice"]
)
def test_a_wall_does_not_replace_an_article(wire: Wire, body: str, reason: str) -> None:
    wire.put("/b", long_story())
    wire.sync()
    before = wire.texts()
    wire.put("/b", body)
    report = wire.sync(options=SyncOptions(reread=True))
    assert wire.texts() == before
    (failed,) = report.articles.failed
    assert reason in failed.reason


def long_story() -> str:
    sentences = (f"Ferry number {i} left the pier on Monday with {i} people." for i in range(12))
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"<html><body><article><h1>Ferries leave</h1>{text}</article></body></html>"
