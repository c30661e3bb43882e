"""What stands in the way of a connection or a listing is said, and the rest goes on."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.fetch import Client, LinkReader, sitemaps
from index.fetch import listing as listing_module
from index.fetch.body import BadBody
from index.fetch.feeds import read_feed
from index.fetch.sitemaps import read_sitemap
from tests.index.fetch.site import PUBLIC, Site
from tests.index.fetch.test_client import once, refusal
from tests.index.fetch.test_listing import index_of, links, reader, urls_of

__all__ = ["reader"]

NEWS = "http://news.example"


def test_a_name_server_in_trouble_is_asked_again(site: Site) -> None:
    site.page("news.example/a", "Hello.")
    troubles = [socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")] * 2

    def resolve(host: str, port: int) -> list[str]:
        if troubles:
            raise troubles.pop()
        return [PUBLIC]

    with Client(once(), resolve=resolve, dial=site.dial) as client:
        assert "cannot be looked up now" in refusal(client, f"{NEWS}/a").reason
    with Client(
        once(download_attempts=2), clock=site.clock, resolve=resolve, dial=site.dial
    ) as client:
        assert client.get(f"{NEWS}/a").data == b"Hello."


def test_a_certificate_that_nobody_vouches_for_is_named(site: Site, tmp_path: Path) -> None:
    with _behind_tls(tmp_path) as port, site.client(once()) as client:
        site.dial_port = port
        reason = refusal(client, "https://news.example/a").reason
    assert "the certificate of news.example is no good: self-signed certificate" in reason


@contextmanager
def _behind_tls(folder: Path) -> Iterator[int]:
    """The port of a server for one connection, whose certificate it has signed itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    def listen(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, pytest.raises(ssl.SSLError):
            context.wrap_socket(connection, server_side=True)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_rules_may_lie_elsewhere(site: Site, client: Client) -> None:
    site.redirect("news.example/robots.txt", "/rules.txt")
    site.page("news.example/rules.txt", "User-agent: *\nDisallow: /a\nDisallow: /rules")
    assert "robots.txt does not allow" in refusal(client, f"{NEWS}/a").reason
    assert site.pages_asked == ["news.example/rules.txt"]


def test_a_list_of_articles_without_end(
    site: Site, reader: LinkReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_module, "MAX_LISTED", 3)
    site.page("news.example/m.xml", index_of(f"{NEWS}/a.xml", f"{NEWS}/b.xml", f"{NEWS}/c.xml"))
    site.page("news.example/a.xml", urls_of(f"{NEWS}/1", f"{NEWS}/2"))
    site.page("news.example/b.xml", urls_of(f"{NEWS}/2", f"{NEWS}/3", f"{NEWS}/4"))
    found = links(reader, f"{NEWS}/m.xml")
    assert found == [*(f"{NEWS}/{n}" for n in (1, 2, 3)), "only its first 3 articles are read"]
    assert "news.example/c.xml" not in site.asked


def test_a_page_among_sitemaps_is_named(site: Site, reader: LinkReader) -> None:
    site.page("news.example/m.xml", index_of(f"{NEWS}/about", f"{NEWS}/a.xml"))
    site.page("news.example/about", "<html><body>About us</body></html>")
    site.page("news.example/a.xml", urls_of(f"{NEWS}/1"))
    assert links(reader, f"{NEWS}/m.xml") == ["it is no sitemap", f"{NEWS}/1"]


def test_a_sitemap_of_too_many_entries_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "_MAX_ENTRIES", 2)
    found = read_sitemap(urls_of(f"{NEWS}/1", f"{NEWS}/2", f"{NEWS}/3"))
    assert [link.url for link in found.links] == [f"{NEWS}/1", f"{NEWS}/2"]
    assert found.problem == "only the first 2 entries of the sitemap were read"


def test_what_is_no_feed_is_refused() -> None:
    with pytest.raises(BadBody, match="no feed that can be read"):
        read_feed("<news><story>Ships wait.</story></news>", NEWS)
