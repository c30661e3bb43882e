"""Which of several links is asked for, and what an answer makes of what was there."""

from __future__ import annotations

from index.sync.links import DAY
from tests.index.fetch.stories import feed, story
from tests.index.sync.test_links import long_story
from tests.index.sync.wire import NEWS, Wire, told


def test_of_two_spellings_of_an_address_the_one_taken_before_is_asked_for(wire: Wire) -> None:
    wire.sync()
    spelled = [f"{NEWS}/{name}?utm_source=feed" for name in "ab"]
    wire.put("/feed", feed(*spelled, *(f"{NEWS}/{name}" for name in "abc")))
    wire.now += DAY
    assert told(wire.sync()) == (0, 0, 0)
    assert sorted(wire.statuses) == [("/a", 304), ("/b", 304), ("/c", 304), ("/feed", 200)]


def test_a_new_page_that_failed_is_new_the_next_time(wire: Wire) -> None:
    wire.say("/c", 500)
    report = wire.sync()
    assert (told(report), len(report.articles.failed)) == ((2, 0, 0), 1)
    wire.put("/c", story("wombats of c"))
    assert told(wire.sync()) == (1, 0, 0)
    assert wire.there() == ["a", "b", "c"]


def test_an_article_that_was_cut_to_a_few_sentences_is_taken(wire: Wire) -> None:
    wire.put("/b", long_story())
    wire.sync()
    wire.put(
        "/b",
        "<html><body><article><h1>Ferries leave</h1><p>The ferries left. All were full. Nobody was"
        " late.</p></article></body></html>",
    )
    wire.now += DAY
    assert told(wire.sync()) == (0, 1, 0)
    assert "Nobody was late" in wire.texts()
    assert "Ferry number 7" not in wire.texts()
