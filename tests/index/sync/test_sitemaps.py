from __future__ import annotations

from index.sync.engine import SyncOptions
from index.sync.links import DAY
from tests.index.fetch.stories import feed
from tests.index.sync.wire import MAP, NEWS, Wire, told


def test_what_a_sitemap_lists_no_more_goes(wire: Wire) -> None:
    wire.maps("abcd")
    assert told(wire.sync(MAP)) == (4, 0, 0)
    wire.maps("abd")
    report = wire.sync(MAP)
    assert (told(report), wire.there()) == ((0, 0, 1), ["a", "b", "d"])
    wire.maps("a")
    report = wire.sync(MAP)
    assert (len(report.kept), wire.there()) == (2, ["a", "b", "d"])
    assert told(wire.sync(MAP, SyncOptions(yes=True))) == (0, 0, 2)
    assert wire.there() == ["a"]


def test_an_empty_or_broken_sitemap_removes_nothing(wire: Wire) -> None:
    wire.maps("abcd")
    wire.sync(MAP)
    wire.maps("")
    report = wire.sync(MAP, SyncOptions(yes=True))
    assert (told(report), len(report.articles.failed)) == ((0, 0, 0), 1)
    wire.put("/map", f"<urlset><url><loc>{NEWS}/a</loc></url><url><loc>{NEWS}")
    report = wire.sync(MAP, SyncOptions(yes=True))
    assert (told(report), len(report.articles.failed)) == ((0, 0, 0), 1)
    wire.put("/map", feed(f"{NEWS}/a"))
    assert told(wire.sync(MAP, SyncOptions(yes=True))) == (0, 0, 0)
    assert wire.there() == ["a", "b", "c", "d"]


def test_a_sitemap_of_which_a_part_is_missing_removes_nothing(wire: Wire) -> None:
    parts = "".join(f"<sitemap><loc>{NEWS}/{name}</loc></sitemap>" for name in ("map", "old"))
    wire.put("/index", f"<sitemapindex>{parts}</sitemapindex>")
    wire.maps("abc")
    wire.put("/old", f"<urlset><url><loc>{NEWS}/d</loc></url></urlset>")
    assert told(wire.sync(f"{NEWS}/index")) == (4, 0, 0)
    wire.say("/old", 404)
    report = wire.sync(f"{NEWS}/index", SyncOptions(yes=True))
    assert (told(report), len(report.articles.failed)) == ((0, 0, 0), 1)
    assert wire.there() == ["a", "b", "c", "d"]


def test_a_news_sitemap_is_like_a_feed(wire: Wire) -> None:
    wire.maps("abcd", news=True)
    wire.sync(MAP)
    wire.maps("ae", news=True)
    assert told(wire.sync(MAP, SyncOptions(yes=True))) == (1, 0, 0)
    assert wire.there() == ["a", "b", "c", "d", "e"]


def test_what_a_sitemap_dates_is_not_asked_for_every_day(wire: Wire) -> None:
    wire.maps("ab", "2025-05-26")
    wire.sync(MAP)
    wire.now += 2 * DAY
    wire.sync(MAP)
    assert wire.statuses == [("/map", 304)]
    wire.maps("ab", "2025-05-28")
    wire.sync(MAP)
    assert wire.statuses == [("/map", 200), ("/a", 304), ("/b", 304)]


def test_articles_from_elsewhere_stay(wire: Wire) -> None:
    wire.sync()
    wire.maps("abef")
    assert told(wire.sync(MAP)) == (2, 0, 0)
    wire.maps("abe")
    wire.sync(MAP)
    assert wire.there() == ["a", "b", "c", "e"]
    wire.maps("be")
    # The feed has it too.
    assert told(wire.sync(MAP)) == (0, 0, 0)
    assert wire.there() == ["a", "b", "c", "e"]
