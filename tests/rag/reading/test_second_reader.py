"""The second look: each of the best sentences once, its span in the article's own characters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import ModelError
from index.text.sentences import sentences
from rag.reading.layout import MPNetEncoder, Tokens
from rag.reading.second_reader import SecondReader
from rag.reading.spans import SentenceScan
from tests.rag.reading.passages import (
    WILD,
    Pointing,
    cut,
    overlapping,
    scans_of,
    small_reader,
    whole,
)

END = 2
SIX = "It rained. A bear sat. One zebra ran to Köln. A fox ate. Snow fell. It froze."


def _id(tokens: Tokens, token: str) -> int:
    (id,) = tokens.of(token)[0].tolist()
    # MPNet's number.
    return int(id) + 4


@pytest.fixture
def session(tokens: Tokens) -> Pointing:
    return Pointing(_id(tokens, "zebra"), _id(tokens, "koln"))


@pytest.fixture
def pointing(session: Pointing, tokens: Tokens) -> SecondReader:
    return SecondReader(session, tokens, MPNetEncoder())


def _best(scans: list[SentenceScan]) -> SentenceScan:
    return max(scans, key=lambda scan: scan.margin)


@pytest.mark.parametrize("text", WILD)
def test_a_span_is_the_articles_own_characters(text: str, pointing: SecondReader) -> None:
    passages = [*cut("It rained.", "Rain", "b"), *cut(text, "Zebras")]
    best = _best(pointing.scan("Where did it run?", passages, scans_of(passages)))
    assert best.margin == 10.0
    assert best.span.of(text) == "zebra ran to Köln"
    sentence = passages[best.passage].passage.sentences[best.sentence]
    assert sentence.start <= best.span.start < best.span.end <= sentence.end


@pytest.mark.parametrize("text", [SIX, " ".join(WILD)])
@pytest.mark.parametrize("runs", [[(0, 4), (2, 6)], [(2, 6), (0, 4)], [(0, 6), (1, 3), (2, 4)]])
def test_a_sentence_of_overlapping_passages_is_read_once(
    text: str, runs: list[tuple[int, int]], pointing: SecondReader, session: Pointing
) -> None:
    passages = overlapping(text, runs, "News")
    found = pointing.scan("Where did it run?", passages, scans_of(passages))
    read = [passages[scan.passage].passage.sentences[scan.sentence] for scan in found]
    assert sorted(read) == sorted(sentences(text)[:6])
    assert _best(found).span.of(text) == "zebra ran to Köln"
    # One input, in which they follow each other as in the article: one end behind the text.
    (ids,) = session.inputs
    assert ids.count(END) == 3
    assert ids.count(session.start) == text[: max(each.end for each in read)].count("zebra")


def test_the_surer_scan_of_a_sentence_says_where_it_was_found(pointing: SecondReader) -> None:
    passages = overlapping(SIX, [(0, 4), (2, 6)])
    first = [replace(scan, margin=float(scan.passage)) for scan in scans_of(passages)]
    found = pointing.scan("Where?", passages, first)
    assert _best(found).passage == 1
    assert _best(found).sentence == 0


def test_sentences_that_are_no_neighbours_are_read_apart(
    pointing: SecondReader, session: Pointing, tokens: Tokens
) -> None:
    passages = overlapping(SIX, [(0, 2), (4, 6)], "Zebras")
    pointing.scan("Where?", passages, scans_of(passages))
    (ids,) = session.inputs
    assert ids.count(END) == 2 + 2
    title = (tokens.title("Zebras") + 4).tolist()
    assert sum(ids[i : i + len(title)] == title for i in range(len(ids))) == 1


STORY = "The ferry to Aalborg was late again on Monday. " + SIX


def test_an_articles_opening_is_read_before_its_sentences_and_not_scored(
    pointing: SecondReader, session: Pointing, tokens: Tokens
) -> None:
    passages = [whole(STORY, "Ferries")]
    near = scans_of(passages)[2:5]
    (plain,) = pointing.scan_each("Where?", passages, [near])
    (scans,) = pointing.scan_each("Where?", passages, [near], with_opening=True)
    assert scans == plain
    assert [scan.sentence for scan in scans] == [2, 3, 4]
    before, after = session.inputs
    beginning = (tokens.title("Ferries") + 4).tolist()
    at = next(i for i in range(len(after)) if after[i : i + len(beginning)] == beginning)
    opening = (tokens.of("The ferry to Aalborg was late again on Monday.")[0] + 4).tolist()
    assert after[at + len(beginning) :][: len(opening)] == opening
    assert len(after) == len(before) + len(opening) + 1


def test_an_opening_that_is_read_anyway_is_not_read_twice(
    pointing: SecondReader, session: Pointing
) -> None:
    passages = [whole(STORY, "Ferries"), whole(SIX, "", "b")]
    for group in (scans_of(passages)[:3], scans_of(passages)[7:]):
        pointing.scan_each("Where?", passages, [group])
        pointing.scan_each("Where?", passages, [group], with_opening=True)
    assert session.inputs[0] == session.inputs[1]
    # An exclamation is no opening; the first that states something stands in the window.
    assert session.inputs[2] == session.inputs[3]


def test_sentences_that_the_first_look_left_out_are_not_read(pointing: SecondReader) -> None:
    passages = [whole(SIX)]
    found = pointing.scan("Where?", passages, scans_of(passages)[3:])
    assert [scan.sentence for scan in found] == [3, 4, 5]


def test_the_best_are_read_within_the_budget(session: Pointing, tokens: Tokens) -> None:
    reader = SecondReader(session, tokens, MPNetEncoder(), budget=13)
    passages = [whole(SIX)]
    first = [replace(scan, margin=-abs(scan.sentence - 4.0)) for scan in scans_of(passages)]
    found = reader.scan("Where?", passages, first)
    assert [scan.sentence for scan in found] == [3, 4, 5]
    (ids,) = session.inputs
    assert len(ids) <= 13 + MPNetEncoder().overhead(tokens.question("Where?"))


def test_a_sentence_as_long_as_a_page_is_cut(session: Pointing, tokens: Tokens) -> None:
    reader = SecondReader(session, tokens, MPNetEncoder(), budget=20)
    text = "the zebra ran to Köln " + "and on " * 200
    passages = [whole(text, "Zebras")]
    assert _best(reader.scan("Where?", passages, scans_of(passages))).span.of(text).startswith("z")
    (ids,) = session.inputs
    assert len(ids) < 40


def test_nothing_to_read_is_no_scan(pointing: SecondReader, session: Pointing) -> None:
    assert pointing.scan("Who?", [], []) == []
    assert session.inputs == []


def test_a_reader_of_one_network_has_none(small: Path, tmp_path: Path) -> None:
    assert SecondReader.load(tmp_path / "models", small) is None


def test_a_reader_in_a_folder_is_opened(tmp_path: Path) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    reader = SecondReader.load(tmp_path / "models", folder, threads=1)
    assert reader is not None
    passages = [whole(SIX)]
    found = reader.scan("Where?", passages, scans_of(passages))
    assert len({scan.margin for scan in found}) == 6


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    with (folder / "second.npz").open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=r"second\.npz"):
        SecondReader.load(tmp_path / "models", folder)
