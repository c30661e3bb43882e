"""What is not read, copied or opened: files, feeds and settings that are not as they have to be."""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from index.encode import files
from index.errors import FetchError, InputError, LibraryCorrupt, ModelError, SettingsError
from index.fetch import sitemaps
from index.fetch.body import BadBody, read_body
from index.fetch.feeds import read_feed
from index.fetch.media import charset
from index.fetch.sitemaps import read_sitemap
from index.fetch.xml_text import xml_text
from index.library import Library
from index.publication.place import FolderPlace, open_publication
from index.search.lexical_files import _file_damage
from index.settings import IndexSettings
from index.store.copying import _new_article, _verify
from index.store.opening import open_store
from index.store.private import link_or_copy
from index.store.sqlite.backup import Contents, back_up, restore, verify_copy
from index.store.sqlite.passages import _within
from index.text.hyphenation import Vocabulary
from index.text.sentences import sentences
from tests.fakes import article

URL = "https://a.example/feed"


def test_a_link_to_another_place_is_no_file(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    assert "a link to another place" in (_file_damage(link, contents=False) or "")
    with pytest.raises(OSError, match="a link to another place"):
        link_or_copy(link, tmp_path / "new")


@pytest.mark.parametrize(
    ("blob", "holds"), [(b"", False), (b"\0" * 7, False), (b"\0" * 8, True), (b"\t" * 8, False)]
)
def test_places_of_sentences(blob: bytes, holds: bool) -> None:
    assert _within(blob, 9) is holds


def test_a_backup_is_a_file_that_holds_what_was_copied(library: Library, tmp_path: Path) -> None:
    library.add([article("a", "It rained.")])
    library.close()
    with pytest.raises(InputError, match="there is no file"):
        restore(tmp_path / "other", tmp_path / "nowhere", False, 1.0)
    with pytest.raises(LibraryCorrupt, match="run it again"):
        verify_copy(library.folder, tmp_path, Contents(2, 1, 1))
    assert back_up(library.folder, tmp_path / "backup").articles == 1


def _state(**known: Any) -> Any:
    return SimpleNamespace(article=lambda _: known.get("article"), counts=lambda: known["counts"])


@pytest.mark.parametrize(
    ("copy", "reason"),
    [
        (lambda: _new_article(_state(), "a"), "cannot be read"),
        (lambda: _verify(_state(counts=(1, 1)), _state(counts=(1, 2)), {}), "not \\(1, 1\\)"),
        (
            lambda: _verify(_state(counts=(1, 1)), _state(counts=(1, 1)), {"a": "x"}),
            "not in the copy",
        ),
    ],
    ids=["unreadable", "counts", "contents"],
)
def test_a_copy_that_is_not_the_same(copy: Callable[[], object], reason: str) -> None:
    with pytest.raises(LibraryCorrupt, match=reason):
        copy()


def test_one_place_at_a_time(tmp_path: Path) -> None:
    settings = SimpleNamespace(follow="/there", store="milvus+https://there")
    with pytest.raises(SettingsError, match="exclude each other"):
        open_store(tmp_path, cast(IndexSettings, settings), create=True)
    place = open_publication(f"file://{tmp_path}")
    assert isinstance(place, FolderPlace)


def test_weights_that_are_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no weights"):
        files.weights_hash(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match="not installed"):
        files.find_model(files.BUILT_IN)


_ITEM = '{"id": "https://a.example/1", "url": "https://a.example/1"}'
_JSON = '{"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [%s]}'


@pytest.mark.parametrize(
    ("items", "links"),
    [(f"{_ITEM}, {_ITEM}", 1), ('{"title": "a"}', 0), ('{"id": "mailto:a"}', 0), ("[]", 0)],
)
def test_items_of_a_json_feed(items: str, links: int) -> None:
    entries = read_feed(f"\ufeff {_JSON % items}", URL)
    assert sum(not isinstance(entry, FetchError) for entry in entries) == links
    assert len(entries) == 1


def test_what_is_no_feed() -> None:
    with pytest.raises(BadBody, match="no feed"):
        read_feed("<html><p>Words", URL)
    with pytest.raises(BadBody, match="entities"):
        xml_text(b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "utf-8")


def test_sitemaps_have_a_limit_and_other_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "_MAX_ENTRIES", 2)
    entry = "<url><loc>https://a.example/{}</loc></url>"
    text = f"<urlset><x/>{''.join(map(entry.format, range(4)))}</urlset>"
    read = read_sitemap(text)
    assert (len(read.links), "only the first 2" in (read.problem or "")) == (2, True)


def test_padding_and_parameters() -> None:
    assert read_body([gzip.compress(b"a") + b"\0" * 9], "gzip", 100) == b"a"
    assert charset('text/html; boundary=x; charset="utf-8"') == "utf-8"


@pytest.mark.parametrize("cut", [["It "], ["It rained. It snowed.", "more"]])
def test_sentences_that_do_not_add_up(monkeypatch: pytest.MonkeyPatch, cut: list[str]) -> None:
    monkeypatch.setattr("sentencex.segment", lambda *_: cut)
    assert len(sentences("It rained. It snowed.")) == 1


def test_an_error_of_the_cutter_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[str]:
        raise ValueError("no language")

    monkeypatch.setattr("sentencex.segment", fail)
    with pytest.raises(ValueError, match="no language"):
        sentences("It rained. It snowed.")


def test_a_hyphen_of_no_word() -> None:
    words = Vocabulary(["well-known"])
    assert not words.keeps_hyphen("12-", "a")
    assert words.keeps_hyphen("well-", "known")
