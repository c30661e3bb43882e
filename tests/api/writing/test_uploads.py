"""Files on their way: whose folder is removed, and whose is not."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from starlette.datastructures import UploadFile

from api.problem import Problem
from api.writing.uploads import Uploads

LEAVES = """
import sys
from pathlib import Path
from api.writing.uploads import Uploads

uploads = Uploads(Path(sys.argv[1]))
uploads.open()
(uploads._process_folder.path / "left.txt").write_text("left")
print("open", flush=True)
sys.stdin.read()
"""


def sent(name: str) -> list[UploadFile]:
    return [UploadFile(BytesIO(b"Some text."), filename=name)]


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LEAVES, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"open\n"
        living = Uploads(tmp_path)
        living.open()
        assert list(tmp_path.glob("*/left.txt"))
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    uploads = Uploads(tmp_path)
    uploads.open()
    assert not list(tmp_path.glob("*/left.txt"))
    # Whoever lives keeps what it has.
    assert living.save(sent("a.txt")).size == 10
    living.close()
    uploads.close()
    assert [each.name for each in tmp_path.iterdir()] == ["opening"]


def test_uploads_are_for_the_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        uploads = Uploads(tmp_path / "uploads")
        uploads.open()
        upload = uploads.save(sent("a.txt"))
        assert stat.S_IMODE(upload.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "uploads").stat().st_mode) == 0o700
        upload.discard()
        assert not upload.folder.exists()
        uploads.close()
    finally:
        os.umask(old)


def test_files_of_one_name_are_kept_apart_where_case_and_accents_do_not_count(
    tmp_path: Path,
) -> None:
    uploads = Uploads(tmp_path)
    uploads.open()
    try:
        names = ("Pier.txt", "pier.txt", "é.txt", "e\u0301.txt")
        upload = uploads.save([each for name in names for each in sent(name)])
        assert [file.name for file in upload.files] == [
            "Pier.txt", "pier (2).txt", "é.txt", "e\u0301 (2).txt"
        ]  # fmt: skip
    finally:
        uploads.close()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a.txt", "a.txt"),
        ("a\x1b\n.txt", "a.txt"),
        ("é" * 200 + ".txt", "é" * 98 + ".txt"),
    ],
)
def test_a_file_is_stored_by_its_name_alone(tmp_path: Path, name: str, stored: str) -> None:
    uploads = Uploads(tmp_path)
    uploads.open()
    assert [file.name for file in uploads.save(sent(name)).folder.iterdir()] == [stored]
    uploads.close()


@pytest.mark.parametrize("name", ["..", ".", "a/..", "\n"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    uploads = Uploads(tmp_path)
    uploads.open()
    with pytest.raises(Problem, match="no name for a file"):
        uploads.save(sent(name))
    uploads.close()
