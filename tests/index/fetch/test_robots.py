from __future__ import annotations

import pytest

from index.errors import FetchError
from index.fetch import Client
from index.fetch.guard import RequestRefusal
from index.fetch.robots import Robots
from tests.index.fetch.site import Asked, Site

NEWS = "http://news.example"
RULES = """
User-agent: *
Disallow: /private
Crawl-delay: 4

User-agent: Other
Disallow: /
"""


def refusal(client: Client, link: str) -> str:
    with pytest.raises(FetchError) as raised:
        client.get(link)
    return raised.value.reason


def test_rules_are_read_once_and_kept_to(site: Site, client: Client) -> None:
    site.page("news.example/robots.txt", RULES, content_type="text/plain")
    site.page("news.example/a", "A.")
    assert client.get(f"{NEWS}/a").data == b"A."
    assert "robots.txt does not allow" in refusal(client, f"{NEWS}/private/b")
    assert site.asked == ["news.example/robots.txt", "news.example/a"]


def test_rules_hold_behind_redirects(site: Site, client: Client) -> None:
    site.page("news.example/robots.txt", RULES)
    site.redirect("other.example/a", f"{NEWS}/private/b")
    assert "robots.txt does not allow" in refusal(client, "http://other.example/a")
    assert "news.example/private/b" not in site.asked


def test_rules_for_us_come_before_rules_for_all(site: Site, client: Client) -> None:
    site.page("news.example/robots.txt", f"User-agent: pullquote\nDisallow: /a\n{RULES}")
    site.page("news.example/private", "Hello.")
    assert client.get(f"{NEWS}/private").data == b"Hello."
    assert "robots.txt" in refusal(client, f"{NEWS}/a")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_rules_allows_everything(site: Site, client: Client, status: int) -> None:
    site.routes["news.example/robots.txt"] = lambda asked: asked.send(b"Disallow: /", status)
    site.page("news.example/a", "A.")
    assert client.get(f"{NEWS}/a").data == b"A."


@pytest.mark.parametrize("status", [429, 500, 503])
def test_rules_that_cannot_be_told_are_taken_for_a_no(
    site: Site, client: Client, status: int
) -> None:
    site.routes["news.example/robots.txt"] = lambda asked: asked.send(b"", status)
    assert f"robots.txt cannot be read (HTTP {status}" in refusal(client, f"{NEWS}/a")
    assert site.pages_asked == []


def test_of_endless_rules_the_first_are_read(site: Site, client: Client) -> None:
    def pour(asked: Asked) -> None:
        asked.send(b"User-agent: *\nDisallow: /private\n", content_length="")
        asked.trickle(b"# and so on\n" * 5000, 0)

    site.routes["news.example/robots.txt"] = pour
    site.page("news.example/a", "A.")
    assert client.get(f"{NEWS}/a").data == b"A."
    assert "robots.txt" in refusal(client, f"{NEWS}/private")


def test_rules_made_to_take_long(site: Site, client: Client) -> None:
    site.page("news.example/robots.txt", "User-agent: *\n" + f"Disallow: /{'*a' * 500}b$\n" * 100)
    site.page(f"news.example/{'a' * 1500}", "A.")
    assert client.get(f"{NEWS}/{'a' * 1500}").data == b"A."


def test_a_host_is_not_asked_too_fast(site: Site, client: Client) -> None:
    for link in ("news.example/a", "news.example/b", "other.example/c"):
        site.page(link, "Hello.")
    for link in (f"{NEWS}/a", "http://other.example/c", f"{NEWS}/b"):
        client.get(link)
    assert site.clock.slept == [1.0]


def test_a_host_may_want_it_slower(site: Site, client: Client) -> None:
    site.page("news.example/robots.txt", RULES)
    for name in "ab":
        site.page(f"news.example/{name}", "Hello.")
        client.get(f"{NEWS}/{name}")
    assert site.clock.slept == [4.0]


def test_a_host_may_want_it_too_slow(site: Site, client: Client) -> None:
    site.page("news.example/robots.txt", "User-agent: *\nCrawl-delay: 86400\n")
    site.page("news.example/a", "Hello.")
    assert client.get(f"{NEWS}/a").data == b"Hello."
    assert "86,400 seconds" in refusal(client, f"{NEWS}/a")
    assert site.clock.slept == []


def test_what_is_no_link_is_allowed_nowhere() -> None:
    robots = Robots(lambda url: b"User-agent: *\nDisallow: /private")
    robots.check("https://a.example", "https://a.example/open")
    with pytest.raises(RequestRefusal):
        robots.check("https://a.example", "https://a.example/\ud800")
