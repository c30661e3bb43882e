"""Files made to fill memory: refused in a process that has little of it, and the batch goes on."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from tests.index.load.web_archives import ENTITIES, docx, epub, paragraph

MEGABYTE = 1 << 20
MEMORY = 600 * MEGABYTE

CODE = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from index.load import load_paths
for item in load_paths([Path(sys.argv[1])], 5_000_000):
    print(json.dumps([item.source, getattr(item, "reason", None)]))
"""


def zeros(name: str, megabytes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open(name, "w") as member:
        for _ in range(megabytes):
            member.write(bytes(MEGABYTE))
    return out.getvalue()


def deflated(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    once = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packer.flush()
    return zlib.compress(once, 1)


def pdf(content: bytes, filters: str) -> bytes:
    """A page of this content, without a table of its objects: readers make it themselves."""
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>\nendobj\n"
        + f"4 0 obj\n<</Length {len(content)}/Filter{filters}>>\nstream\n".encode()
        + content
        + b"\nendstream\nendobj\ntrailer\n<</Size 5/Root 1 0 R>>\n"
    )


def hollow(path: Path, start: bytes, megabytes: int) -> None:
    """A file with nothing behind its start, which takes no room on disk."""
    with path.open("wb") as file:
        file.write(start)
        file.truncate(megabytes * MEGABYTE)


def test_each_is_refused_in_little_memory_and_the_last_file_is_read(tmp_path: Path) -> None:
    hollow(tmp_path / "a.html", b"<html><body>", 300)
    hollow(tmp_path / "b.csv", b"title,text\na,", 300)
    hollow(tmp_path / "c.txt", b"Title\n\n", 300)
    (tmp_path / "d.docx").write_bytes(zeros("word/document.xml", 400))
    (tmp_path / "e.docx").write_bytes(docx(paragraph("&b9;"), ENTITIES))
    (tmp_path / "f.epub").write_bytes(epub({"1.xhtml": f"{ENTITIES}<body>&b9;</body>"}, {}))
    (tmp_path / "g.pdf").write_bytes(pdf(deflated(800), "[/FlateDecode/FlateDecode]"))
    body = gzip.compress(bytes(100 * MEGABYTE), 1)
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"  # noqa: E501
    (tmp_path / "h.warc").write_bytes(head.encode() + http + b"\r\n\r\n")
    (tmp_path / "i.txt").write_text("Harbour\n\nThe harbour is closed.")

    done = subprocess.run(
        [sys.executable, "-c", CODE.format(memory=MEMORY), str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    said = dict(json.loads(line) for line in done.stdout.splitlines())
    reasons = {Path(source.partition("#")[0]).name: reason for source, reason in said.items()}
    assert reasons.pop("i.txt") is None
    expected = {
        "a.html": "over the limit", "b.csv": "a line of over", "c.txt": "over the limit",
        "d.docx": "a zip bomb", "e.docx": "XML entities", "f.epub": "XML entities",
        "h.warc": "over the limit",
    }  # fmt: skip
    assert reasons.keys() == {*expected, "g.pdf"}
    wrong = {name: reasons[name] for name in expected if expected[name] not in reasons[name]}
    assert not wrong
    # PDFium may stop inflating, or be stopped: it is refused either way.
    assert reasons["g.pdf"]
