"""The first look: every sentence is read, its span in the article's own characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelError
from rag.reading.expansion import expand_networks
from rag.reading.first_reader import FirstReader
from rag.reading.layout import BertEncoder, Tokens
from rag.reading.manifest import Manifest
from tests.rag.reading.passages import WILD, Pointing, cut, whole


def _id(tokens: Tokens, token: str) -> int:
    (id,) = tokens.of(token)[0].tolist()
    return int(id)


@pytest.fixture
def session(tokens: Tokens) -> Pointing:
    return Pointing(_id(tokens, "zebra"), _id(tokens, "koln"))


@pytest.fixture
def pointing(session: Pointing, tokens: Tokens) -> FirstReader:
    return FirstReader(session, tokens, BertEncoder(tokens.marks), 64, workers=2)


@pytest.mark.parametrize("text", WILD)
def test_a_span_is_the_articles_own_characters(text: str, pointing: FirstReader) -> None:
    scans = pointing.scan("Where did it run?", cut(text, "Zebras"))
    best = max(scans, key=lambda scan: scan.margin)
    assert best.margin == 10.0
    assert best.span.of(text) == "zebra ran to Köln"


def test_a_passage_beyond_the_limit_is_read_in_windows(
    pointing: FirstReader, session: Pointing
) -> None:
    text = "The rain fell on the town again. " * 40 + "A zebra ran to Köln. " + "It was so. " * 40
    found = whole(text)
    scans = pointing.scan("Where?", [found])
    assert [scan.sentence for scan in scans] == list(range(len(found.passage.sentences)))
    assert max(scans, key=lambda scan: scan.margin).span.of(text) == "zebra ran to Köln"
    assert max(map(len, session.inputs)) <= 64


def test_a_sentence_beyond_the_limit_is_cut(pointing: FirstReader, session: Pointing) -> None:
    assert len(pointing.scan("Where?", cut("so it went " * 60))) == 1
    assert list(map(len, session.inputs)) == [64]


def test_scans_come_in_the_order_of_what_is_given(pointing: FirstReader) -> None:
    passages = [whole("It rained. " * n, id=str(n)) for n in (1, 9, 3)]
    scans = pointing.scan("Did it?", passages)
    places = [(scan.passage, scan.sentence) for scan in scans]
    assert places == [(p, s) for p, n in enumerate((1, 9, 3)) for s in range(n)]


def test_nothing_to_read_is_no_scan(pointing: FirstReader) -> None:
    assert pointing.scan("Who?", []) == []


def test_a_reader_in_a_folder_is_opened(small: Path, tmp_path: Path, tokens: Tokens) -> None:
    """Its first network gives a token's id for the start and its type for the end."""
    reader = FirstReader.load(tmp_path / "models", small, threads=1)
    (scan,) = reader.scan("Who?", cut("Zebra. "))
    cls, _ = tokens.marks
    assert scan.margin == _id(tokens, "zebra") + 1 - cls
    assert scan.evidence == 1.0


@pytest.mark.parametrize("name", ["first.onnx.gz", "tokenizer.json"])
def test_a_changed_or_missing_file_is_refused(small: Path, tmp_path: Path, name: str) -> None:
    with (small / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=name):
        FirstReader.load(tmp_path / "models", small)
    (small / name).unlink()
    with pytest.raises(ModelError, match=name):
        FirstReader.load(tmp_path / "models", small)


def test_a_network_that_cannot_be_opened_is_named(small: Path, tmp_path: Path) -> None:
    made = expand_networks(Manifest.read(small), tmp_path) / "first.onnx"
    made.write_bytes(b"x" * made.stat().st_size)
    with pytest.raises(ModelError, match=r"first\.onnx: the network cannot be opened"):
        FirstReader.load(tmp_path, small)
