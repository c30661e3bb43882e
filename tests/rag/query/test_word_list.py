from __future__ import annotations

import gzip
from pathlib import Path

from eval.training.word_list import dictionary, vocabulary
from rag.query.word_list import (
    DICTIONARY,
    WORD_LIST,
    common_words,
    is_english_word,
    pack_words,
)


def test_the_list_is_what_its_command_writes() -> None:
    # Another zlib may pack the same words into other bytes.
    written = gzip.decompress(pack_words(vocabulary()))
    assert written == gzip.decompress(WORD_LIST.read_bytes())


def test_common_words_are_in_it_and_misspellings_are_not() -> None:
    assert {"which", "government", "equipment"} <= common_words()
    assert not {"wich", "goverment", "equipmment"} & common_words()


def test_rarer_words_are_in_the_dictionary(tmp_path: Path) -> None:
    assert all(map(is_english_word, ["government", "Doze", "toasters", "colourful"]))
    assert not any(map(is_english_word, ["wich", "goverment", "equipmment", "Orrery's"]))
    (tmp_path / "words").write_text("Dozer\ndoze\ndoze's\ngovernment\nélan\n", encoding="utf-8")
    assert list(dictionary([tmp_path / "words"])) == ["doze", "government"]
    notice = DICTIONARY.with_name("scowl_notice.txt").read_text(encoding="utf-8")
    assert "permission notice appear in" in notice


def test_only_whole_words_are_packed() -> None:
    assert pack_words(["tower", "##ing", "[CLS]", "the", "2024s", "tower"]) == pack_words(["tower"])
