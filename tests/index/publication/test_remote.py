"""Places in object stores: the client's own store in memory, and what cannot be reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from index.errors import PublicationError, SettingsError
from index.library import Library
from index.publication.place import open_publication
from index.publication.remote import RemotePlace
from tests.fakes import article
from tests.index.store.derived_files import CHIPS
from tests.stores import follower_store, publish_library

pytestmark = pytest.mark.cluster

pytest.importorskip("obstore", reason="the extra cluster is not installed")


@pytest.fixture
def bucket() -> RemotePlace:
    from obstore.store import MemoryStore

    return RemotePlace(MemoryStore(), "s3://bucket/news")


def test_files_are_written_read_listed_and_deleted(bucket: RemotePlace) -> None:
    assert bucket.read("current.json", 10) is None
    assert bucket.sizes("blocks") == {}
    bucket.write("blocks/ab/abcd", b"12345")
    bucket.write("blocks/ab/abcd", b"1234567")
    assert bucket.read("blocks/ab/abcd", 100) == b"1234567"
    assert bucket.read("blocks/ab/abcd", 3) == b"123"
    assert bucket.sizes("blocks") == {"blocks/ab/abcd": 7}
    bucket.delete(["blocks/ab/abcd", "blocks/ab/none"])
    assert bucket.sizes("blocks") == {}


def test_a_library_is_published_there_and_followed(library: Library, bucket: RemotePlace) -> None:
    library.add([CHIPS])
    publish_library(library.folder, bucket)
    store = follower_store(bucket, library.folder.parent / "follower")
    library.add([article("more", "There is more.")])
    assert publish_library(library.folder, bucket, keep=1).is_new
    assert store.check()
    with store.reading() as records:
        assert records.counts() == (2, 2)
    store.close()


def test_a_server_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "nowhere")
    place = RemotePlace.open("s3://bucket/news", patience=timedelta(milliseconds=1))
    with pytest.raises(PublicationError, match="s3://bucket/news cannot be reached") as caught:
        place.read("current.json", 100)
    assert "secret" not in str(caught.value)


def test_what_is_no_address_is_said() -> None:
    with pytest.raises(SettingsError, match="no address to publish to or follow"):
        open_publication("gopher://somewhere/news")
