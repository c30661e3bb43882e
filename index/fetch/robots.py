"""Which links sites allow to be fetched, and how often (RFC 9309, read by protego)."""

from __future__ import annotations

from collections.abc import Callable

from protego import Protego

from index.errors import FetchError
from index.fetch.clock import Clock
from index.fetch.guard import RequestRefusal

__all__ = ["AGENT", "ROBOTS_BYTES", "Pace", "Robots"]

# The name that rules may be addressed to.
AGENT = "Pullquote"

# What is read of a robots.txt; the standard asks for at least 500 kibibytes.
ROBOTS_BYTES = 512 * 1024
_MAX_DELAY = 60.0


class Robots:
    """The robots.txt of each site, fetched once by ``fetch``, which raises ``FetchError``."""

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._rules: dict[str, Protego | FetchError] = {}

    def check(self, site: str, link: str) -> None:
        """Check that the site (``https://example.org``) allows the link.

        Raises ``RequestRefusal`` when it does not, when its robots.txt cannot be read, or when the
        link is none that rules could speak of.
        """
        rules = self._of(site)
        if isinstance(rules, FetchError):
            raise RequestRefusal(
                f"the site's robots.txt cannot be read ({rules.reason})"
            ) from rules
        try:
            allows = rules.can_fetch(link, AGENT)
        except ValueError as exc:
            raise RequestRefusal(f"{site}/robots.txt cannot be held against this link") from exc
        if not allows:
            raise RequestRefusal(f"{site}/robots.txt does not allow it")

    def delay(self, site: str) -> float:
        """Return the seconds that the site asks for between two requests."""
        rules = self._of(site)
        if isinstance(rules, FetchError):
            return 0.0
        rate = rules.request_rate(AGENT)
        seconds = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(rules.crawl_delay(AGENT) or 0.0, seconds)

    def _of(self, site: str) -> Protego | FetchError:
        if site not in self._rules:
            self._rules[site] = self._read(site)
        return self._rules[site]

    def _read(self, site: str) -> Protego | FetchError:
        try:
            text = self._fetch(f"{site}/robots.txt").decode("utf-8-sig", errors="replace")
        except FetchError as exc:
            # A site that has no such file has no such wishes; one that is in trouble may have.
            if exc.status is None or not 400 <= exc.status < 500 or exc.status == 429:
                return exc
            text = ""
        return Protego.parse(text)


class Pace:
    """Waits between the requests to one host: the delay of the settings, or a longer one if the
    host asks for it."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._next: dict[str, float] = {}

    def wait(self, host: str, crawl_delay: float) -> None:
        """Wait for the host's turn.

        Raises ``RequestRefusal`` when the host's ``crawl_delay`` (seconds) is above the limit.
        """
        now = self._clock.monotonic()
        first = host not in self._next
        if not first and crawl_delay > _MAX_DELAY:
            raise RequestRefusal(
                f"{host} asks for {crawl_delay:,.0f} seconds between two requests; add its "
                "articles one at a time"
            )
        turn = max(now, self._next.get(host, now))
        if turn > now:
            self._clock.sleep(turn - now)
        self._next[host] = turn + max(self._seconds, crawl_delay)
