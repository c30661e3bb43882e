from __future__ import annotations

import json
import logging
import socket
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.guard.hosts import Hosts
from api.guard.keys import KeyRing
from api.guard.limits import MAX_BODY_BYTES, RateLimiter
from api.problem import Problem
from index.errors import NotFoundError, SettingsError
from tests.api.http.conftest import Serve

ASKED = {"question": "Who sleeps?"}
PUBLIC = ("/", "/healthz", "/readyz", "/docs", "/openapi.json", "/static/icon.svg")


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    """The keys of the application that ``serve`` makes."""
    return KeyRing(tmp_path / "home" / "keys.json")


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


# Keys


def test_keys_are_hashed_at_rest_and_for_the_owner_alone(ring: KeyRing, tmp_path: Path) -> None:
    key, secret = ring.add("newsroom", ("read",))
    file = tmp_path / "home" / "keys.json"
    assert secret not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ring.find(secret) == key
    assert ring.find(secret[:-1]) is None
    assert ring.find("\ud800") is None


def test_without_keys_everybody_is_let_in(client: TestClient) -> None:
    assert client.post("/ask", json=ASKED, headers=bearer("whatever")).status_code == 200


def test_scopes(serve: Serve, ring: KeyRing) -> None:
    client = serve()
    reader, writer = ring.add("r", ("read",))[1], ring.add("w", ("read", "write"))[1]
    assert client.post("/ask", json=ASKED).status_code == 401
    assert client.post("/ask", json=ASKED, headers=bearer("x")).status_code == 401
    assert client.post("/ask", json=ASKED, headers=bearer(reader)).status_code == 200
    assert client.delete("/articles/emus", headers=bearer(reader)).status_code == 403
    assert client.delete("/articles/emus", headers=bearer(writer)).status_code == 204


def test_every_route_but_the_public_ones_wants_a_key(serve: Serve, ring: KeyRing) -> None:
    client = serve()
    ring.add("r", ("read",))
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            status = client.request(method, path, json={}).status_code
            assert (status in (200, 503)) if path in PUBLIC else status == 401, path
    assert all(client.get(path).status_code == 200 for path in PUBLIC)


def test_large_bodies_wait_for_the_key(serve: Serve, ring: KeyRing) -> None:
    client = serve()
    ring.add("r", ("read",))
    refused = client.post("/articles", content=b"{", headers={"Content-Type": "application/json"})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"


def test_a_revoked_key_is_refused_at_once(serve: Serve, ring: KeyRing) -> None:
    client = serve()
    key, secret = ring.add("r", ("read",))
    assert client.get("/version", headers=bearer(secret)).status_code == 200
    # Another process revokes it.
    KeyRing(ring._path).revoke(key.id)
    assert client.get("/version", headers=bearer(secret)).status_code == 401
    # The last key gone is no open door.
    assert client.get("/version").status_code == 401
    with pytest.raises(NotFoundError):
        ring.revoke(key.id)


def test_a_file_of_keys_that_cannot_be_followed_lets_nobody_in(
    serve: Serve, ring: KeyRing, tmp_path: Path
) -> None:
    client = serve()
    # As where a secret is mounted, and its volume is not there.
    (tmp_path / "home" / "keys.json").symlink_to(tmp_path / "gone.json")
    assert client.get("/version").status_code == 401


def test_keys_that_are_changed_together_are_all_changed(ring: KeyRing, tmp_path: Path) -> None:
    (old, _), threads = ring.add("old", ("read",)), 8
    file = tmp_path / "home" / "keys.json"
    start = threading.Barrier(threads + 1)

    def add(number: int) -> None:
        start.wait()
        KeyRing(file).add(str(number), ("read",))

    def revoke() -> None:
        start.wait()
        KeyRing(file).revoke(old.id)

    with ThreadPoolExecutor(threads + 1) as pool:
        changes = [*(pool.submit(add, number) for number in range(threads)), pool.submit(revoke)]
        for change in changes:
            change.result()
    kept = ring.keys()
    assert sorted(key.name for key in kept) == [str(number) for number in range(threads)]


def test_a_broken_file_of_keys_lets_nobody_in(serve: Serve, ring: KeyRing, tmp_path: Path) -> None:
    client = serve()
    (tmp_path / "home" / "keys.json").write_text("{")
    assert client.get("/version", headers=bearer("x")).status_code == 500
    with pytest.raises(SettingsError):
        ring.keys()


# Rates


def test_a_bucket_fills_evenly() -> None:
    now = 0.0
    limiter = RateLimiter(30, clock=lambda: now)
    for _ in range(30):
        limiter.take("a")
    with pytest.raises(Problem) as refused:
        limiter.take("a")
    assert refused.value.headers["Retry-After"] == "2"
    limiter.take("b")
    now = 2.0
    limiter.take("a")
    with pytest.raises(Problem):
        limiter.take("a")


def test_callers_are_forgotten() -> None:
    limiter = RateLimiter(1, clock=lambda: 0.0)
    for caller in range(25_000):
        limiter.take(str(caller))
    assert len(limiter._buckets) <= 10_000


def test_each_question_of_a_batch_counts(serve: Serve) -> None:
    client = serve(rate_limit=4)
    batch = {"questions": ["Who sleeps?"] * 4}
    assert client.post("/ask/batch", json=batch).status_code == 200
    assert client.get("/version").status_code == 429
    texts = {"input": ["Who sleeps?"] * 8}
    assert client.post("/v1/embeddings", json=texts).status_code == 429


def test_what_is_owed_is_waited_for() -> None:
    now = 0.0
    limiter = RateLimiter(60, clock=lambda: now)
    limiter.take("a")
    limiter.charge("a", 69)
    with pytest.raises(Problem) as refused:
        limiter.take("a")
    assert refused.value.headers["Retry-After"] == "11"
    now = 11.0
    limiter.take("a")


def test_rates_are_by_key(serve: Serve, ring: KeyRing) -> None:
    client = serve(rate_limit=2)
    one, other = ring.add("1", ("read",))[1], ring.add("2", ("read",))[1]
    statuses = [client.get("/version", headers=bearer(one)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert client.get("/version", headers=bearer(other)).status_code == 200
    assert client.get("/healthz").status_code == 200


# Sizes


def test_large_bodies(serve: Serve) -> None:
    client = serve(max_upload_bytes=2048)
    for path, size in (("/ask", MAX_BODY_BYTES), ("/articles", 2048), ("/nowhere", 10**7)):
        response = client.post(path, content=b" " * (size + 1))
        assert response.status_code == 413
        assert response.json()["request_id"] == response.headers["x-request-id"]


def test_large_bodies_of_no_stated_length(serve: Serve) -> None:
    client = serve(max_upload_bytes=2048)
    headers = {"Content-Type": "application/json"}
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    start = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    for path, head, kind in (
        ("/ask", b'{"question": "', headers),
        ("/articles", b'{"text": "', headers),
        ("/articles", start, form),
    ):
        parts = iter([head, *[b"x" * 1024] * 2000])
        response = client.post(path, content=parts, headers=kind)
        assert response.status_code == 413, response.text
        assert response.headers["content-type"] == "application/problem+json"


# Other sites


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[", "a:b:c", "[::1].evil", "[::1]evil"]
)
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_our_names(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("site", "dest", "status"),
    [
        ("cross-site", "image", 403),
        ("cross-site", "iframe", 403),
        ("same-site", "empty", 403),
        # A link that somebody follows, a bookmark, the page itself, a program.
        ("cross-site", "document", 200),
        ("none", "document", 200),
        ("same-origin", "empty", 200),
        (None, None, 200),
    ],
)
def test_pages_of_other_sites_ask_nothing_unseen(
    client: TestClient, site: str | None, dest: str | None, status: int
) -> None:
    sent = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest}
    headers = {name: value for name, value in sent.items() if value}
    asked = client.get("/ask", params={"q": "Who buys chips?"}, headers=headers)
    assert asked.status_code == status


WIDE = ("0.0.0.0", "::", "192.0.2.7", "papers.example")


@pytest.mark.parametrize("bound", WIDE)
def test_beyond_loopback_names_of_others_are_refused(bound: str) -> None:
    hosts = Hosts((), bound)
    for ours in ("localhost:8000", "192.0.2.7:8000", "[2001:db8::1]", socket.gethostname()):
        assert hosts.admit(ours), ours
    assert hosts.admit("papers.example") is (bound == "papers.example")
    within = (
        "localhost:.evil",
        "localhost/.evil",
        "localhost?.evil",
        "localhost\\.evil",
        "a@localhost",
    )
    for evil in (
        "evil.example",
        "192.0.2.7.evil.example",
        "",
        "[",
        "a:b:c",
        "localhost.evil",
        *within,
    ):
        assert not hosts.admit(evil), evil


def test_nothing_is_no_name_of_ours() -> None:
    for hosts in (Hosts((), ""), Hosts(("", "papers.example"), "127.0.0.1"), Hosts((".",), "::")):
        assert not any(map(hosts.admit, ("", ".", "evil.example@localhost", "localhost#.evil")))


def test_a_page_that_points_its_own_name_here_gets_nothing(serve: Serve) -> None:
    client = serve(host="0.0.0.0")
    # Its requests are of its own origin: only the name tells them.
    evil = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}
    assert client.get("/articles/emus", headers=evil).status_code == 400
    assert client.delete("/articles/emus", headers=evil).status_code == 400
    assert client.get("/articles/emus", headers={"Host": "192.0.2.7"}).status_code == 200


def test_allowed_hosts_are_those_alone(serve: Serve) -> None:
    client = serve(host="0.0.0.0", allowed_hosts="papers.example")
    assert client.get("/healthz", headers={"Host": "Papers.Example:80"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "192.0.2.7"}).status_code == 400
    assert Hosts(("*",), "127.0.0.1").admit("whatever.example")


@pytest.mark.parametrize("origin", ["http://[x", "null", "//", "https://"])
def test_origins_that_cannot_be_read_are_others(client: TestClient, origin: str) -> None:
    assert client.post("/ask", json=ASKED, headers={"Origin": origin}).status_code == 403


def test_pages_of_other_sites_change_nothing(client: TestClient) -> None:
    evil, ours = {"Origin": "https://evil.example"}, {"Origin": "http://localhost"}
    files = {"files": ("a.txt", b"Some text.")}
    assert client.post("/articles", files=files, headers=evil).status_code == 403
    assert client.post("/articles", files=files, headers={"Origin": "null"}).status_code == 403
    assert client.post("/articles?wait=600", files=files, headers=ours).status_code == 201


def test_cors_is_off_unless_set(serve: Serve) -> None:
    origin = {"Origin": "https://news.example"}
    asked: dict[str, Any] = {"json": ASKED, "headers": origin}
    closed = serve()
    assert closed.post("/ask", **asked).status_code == 403
    preflight = {**origin, "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in closed.options("/ask", headers=preflight).headers
    opened = serve(cors_origins="https://news.example, https://other.example")
    answer = opened.post("/ask", **asked)
    assert answer.headers["access-control-allow-origin"] == origin["Origin"]
    assert opened.options("/ask", headers=preflight).status_code == 200
    assert opened.post("/ask", json=ASKED, headers={"Origin": "https://x"}).status_code == 403


# Headers and logs


def test_every_response_has_an_id_and_safe_headers(client: TestClient) -> None:
    for path in ("/healthz", "/nowhere", "/", "/static/icon.svg", "/articles"):
        headers = client.get(path).headers
        assert len(headers["x-request-id"]) == 32
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
    given = {"X-Request-ID": "trace-7"}
    assert client.get("/healthz", headers=given).headers["x-request-id"] == "trace-7"
    hostile = {"X-Request-ID": 'x" onerror='}
    assert len(client.get("/healthz", headers=hostile).headers["x-request-id"]) == 32


def test_every_log_line_names_its_request(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    from api.logs import JsonLines, request_id

    with caplog.at_level("INFO", "pullquote"):
        client.get("/articles/emus", headers={"X-Request-ID": "trace-8"})
    (record,) = [each for each in caplog.records if each.name == "pullquote.request"]
    token = request_id.set("trace-8")
    line = json.loads(JsonLines().format(record))
    request_id.reset(token)
    assert line["request_id"] == "trace-8"
    assert line["route"] == "/articles/{article_id:path}"
    assert (line["status"], line["message"]) == (200, "GET /articles/emus 200")


def test_a_terminal_is_shown_lines_to_read() -> None:
    from api.logs import TerminalLines

    def shown(level: int, text: str, **more: object) -> str:
        record = logging.LogRecord("", level, "", 0, text, (), None)
        vars(record).update(more)
        return TerminalLines().format(record)[len("00:00:00 ") :]

    assert (
        shown(logging.INFO, "GET /a\x1b[2J 200", milliseconds=61.4) == "GET /a\\x1b[2J 200, 61 ms"
    )
    assert shown(logging.WARNING, "slow") == "warning: slow"
