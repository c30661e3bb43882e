from __future__ import annotations

import gzip

from eval.training.word_list import vocabulary
from rag.query.word_list import WORD_LIST, common_words, pack_words


def test_the_list_is_what_its_command_writes() -> None:
    # Another zlib may pack the same words into other bytes.
    written = gzip.decompress(pack_words(vocabulary()))
    assert written == gzip.decompress(WORD_LIST.read_bytes())


def test_common_words_are_in_it_and_misspellings_are_not() -> None:
    assert {"which", "government", "equipment"} <= common_words()
    assert not {"wich", "goverment", "equipmment"} & common_words()


def test_only_whole_words_are_packed() -> None:
    assert pack_words(["tower", "##ing", "[CLS]", "the", "2024s", "tower"]) == pack_words(["tower"])
