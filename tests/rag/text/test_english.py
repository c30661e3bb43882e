from __future__ import annotations

from rag.text.english import is_function_word, stem, words


def test_words_keep_numbers_whole() -> None:
    assert words("Up 10.4% to $1,385 bn") == ["Up", "10.4", "to", "1,385", "bn"]


def test_stems_fold_endings_case_and_thousands_commas() -> None:
    assert stem("Invested") == stem("investing")
    assert stem("10,000") == stem("10000")


def test_grammar_is_told_from_content() -> None:
    assert is_function_word("Which")
    assert not is_function_word("won")
