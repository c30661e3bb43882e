from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetch.guard import Guard, RequestRefusal

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
NEAR = [
    *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1"),
    *("100.64.0.1", "::1", "fd12::1", "fe80::1", "fe80::1%eth0", "::ffff:10.0.0.1"),
    *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2606::5efe:10.0.0.1", "198.18.0.1"),
]
NEVER = [
    *(
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "203.0.113.9",
    ),
    *("::", "::127.0.0.1", "ff02::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1"),
    *("64:ff9b:1::7f00:1", "100::1", "::ffff:0.0.0.0", "64:ff9b::e000:1", "5f00::1"),
]
METADATA = [
    *("169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "169.254.170.2"),
    *("100.100.100.200", "168.63.129.16", "fd00:ec2::254"),
]


def refuses(guard: Guard, address: str) -> bool:
    try:
        guard.address(address)
    except RequestRefusal:
        return True
    return False


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_connected_to(address: str) -> None:
    assert not refuses(Guard(), address)


@pytest.mark.parametrize("address", NEAR)
def test_near_addresses_need_a_setting(address: str) -> None:
    assert refuses(Guard(), address)
    assert not refuses(Guard(allow_private=True), address)


@pytest.mark.parametrize("address", [*NEVER, *METADATA])
def test_no_setting_opens_the_rest(address: str) -> None:
    assert refuses(Guard(), address)
    assert refuses(Guard(allow_private=True), address)


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_refused(address: ipaddress.IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert refuses(Guard(), str(address))
        assert refuses(Guard(), f"::ffff:{address}")


@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_refused_in_ipv6(address: ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        assert refuses(Guard(), str(address))


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("ftp://a.example/x", "only http"),
        ("file:///etc/passwd", "only http"),
        ("gopher://a.example/", "only http"),
        ("//a.example/x", "only http"),
        ("a.example", "only http"),
        ("http:///x", "no host"),
        ("http:x", "no host"),
        ("https://user@a.example/", "user name"),
        ("https://user:word@a.example/", "user name"),
        ("http://a.example:22/", "port 22"),
        ("http://a.example:0/", "port 0"),
        ("http://a.example:6000/", "port 6000"),
        ("http://a.example:99999/", "99999"),
        ("http://a.example\\@b.example/", "backslashes"),
        ("http://a.example/\r\nX: y", "control"),
        ("http://a b.example/", "not a web address"),
        ("https://a.example/" + "x" * 3000, "longer"),
    ],
)
def test_links_that_are_not_followed(link: str, reason: str) -> None:
    with pytest.raises(RequestRefusal, match=reason):
        Guard(allow_private=True).url(link)


def test_links_are_taken_as_people_write_them() -> None:
    url = Guard().url("HTTPS://BÜCHER.example:443/Ä b?q=ü#top")
    assert url.raw_host == b"xn--bcher-kva.example"
    assert url.raw_path == b"/%C3%84%20b?q=%C3%BC"
    assert Guard().url("http://a.example:8080/").port == 8080
