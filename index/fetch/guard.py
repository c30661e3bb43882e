"""Decide which links, ports and addresses may be connected to.

A link is checked before anything is sent, and again after every redirect. An address is checked
where the connection is made (:mod:`index.fetch.connect`), because a name may resolve to one address
now and to another a moment later.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx2

__all__ = ["Guard", "RequestRefusal"]

MAX_URL = 2048
_HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+")

# Never an article, and by the settings neither: the services by which a rented machine learns
# its own passwords. Some of their addresses look public.
_METADATA = {
    ip_address(address)
    for address in (
        "100.100.100.200",
        "168.63.129.16",
        "169.254.169.123",
        "169.254.169.253",
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "192.0.0.192",
        "fd00:ec2::23",
        "fd00:ec2::254",
        "fd20:ce::254",
    )
}
# Private, loopback, link-local, shared (carrier-grade NAT) and those that proxies make up: a
# setting opens them.
_PRIVATE = [
    IPv4Network(address)
    for address in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "198.18.0.0/15",
    )
]
_PRIVATE6 = [IPv6Network(network) for network in ("::1/128", "fc00::/7", "fe80::/10", "fec0::/10")]
# The rest of IANA's special-purpose addresses, which no setting opens.
_SPECIAL = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]
# Of IPv6 only 2000::/3 is given out; within it these are special (Teredo, documentation, 6to4).
_GLOBAL6 = IPv6Network("2000::/3")
_SPECIAL6 = [
    IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]
# An IPv4 address in the last 32 bits: mapped, and translated by the network's own gateway.
_CARRIES_IPV4 = [
    IPv6Network(network) for network in ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")
]
_ISATAP = (0x00005EFE, 0x02005EFE)

# Ports that browsers refuse (https://fetch.spec.whatwg.org/#port-blocking), above 1023.
_BAD_PORTS = {
    *(1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6679, 6697, 10080),
    *range(6665, 6670),
}


class RequestRefusal(Exception):
    """An address must not be requested; the message says why."""


class Guard:
    """Decides which addresses may be connected to; with ``allow_private`` private ones too."""

    def __init__(self, allow_private: bool = False) -> None:
        self._allow_private = allow_private

    def url(self, link: str) -> httpx2.URL:
        """Parse and check a link. ``RequestRefusal`` when it is no web address, or one that must
        not be requested."""
        if len(link) > MAX_URL:
            raise RequestRefusal(f"longer than {MAX_URL:,} characters")
        if any(char < " " or char in "\\\x7f" for char in link):
            raise RequestRefusal("it holds backslashes or control characters")
        try:
            url = httpx2.URL(link)
        except (httpx2.InvalidURL, ValueError) as exc:
            raise RequestRefusal(f"not a web address: {exc}") from exc
        if url.scheme not in ("http", "https"):
            raise RequestRefusal("only http and https links are followed")
        if not url.host:
            raise RequestRefusal("it names no host")
        if not _HOST.fullmatch(url.raw_host):
            raise RequestRefusal("not a web address: the host has a character that no host has")
        if url.userinfo:
            raise RequestRefusal("it holds a user name or a password; take them out")
        _check_port(443 if url.port is None else url.port)
        return url

    def address(self, address: str) -> None:
        """Check an IP address. ``RequestRefusal`` unless it may be connected to."""
        try:
            ip = ip_address(address)
        except ValueError as exc:
            raise RequestRefusal(f"{address!r} is not an IP address") from exc
        for candidate in (ip, *_embedded_ipv4(ip)):
            if candidate in _METADATA:
                raise RequestRefusal(f"{address} is a metadata service; it is never connected to")
            kind = _kind(candidate)
            if kind == "special":
                raise RequestRefusal(f"{address} is not a public address")
            if kind == "private" and not self._allow_private:
                raise RequestRefusal(
                    f"{address} is not a public address; "
                    "PULLQUOTE_ALLOW_PRIVATE_ADDRESSES=true allows those of your own network"
                )


def _check_port(port: int) -> None:
    if port in (80, 443) or (1024 <= port <= 65_535 and port not in _BAD_PORTS):
        return
    raise RequestRefusal(f"port {port} is not one that web pages are served on")


def _embedded_ipv4(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Find the IPv4 address that is reached through an IPv6 one; empty where there is none."""
    if isinstance(address, IPv4Address):
        return []
    low, middle = int(address) & 0xFFFFFFFF, (int(address) >> 32) & 0xFFFFFFFF
    if middle in _ISATAP or any(address in network for network in _CARRIES_IPV4):
        return [IPv4Address(low)]
    return []


def _kind(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        if any(address in network for network in _PRIVATE):
            return "private"
        return "special" if any(address in network for network in _SPECIAL) else "public"
    if any(address in network for network in _PRIVATE6):
        return "private"
    if any(address in network for network in _CARRIES_IPV4):
        return "public"  # as public as what it carries, which is judged by itself
    if address.scope_id or address not in _GLOBAL6:
        return "special"
    return "special" if any(address in network for network in _SPECIAL6) else "public"
