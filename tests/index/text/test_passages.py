from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Span
from index.settings import PassageSettings
from index.snapshot import Found
from index.text.passages import cut_passages, passages_of
from index.text.sentences import sentences

SETTINGS = PassageSettings()


def passages(text: str) -> list[tuple[Span, ...]]:
    return cut_passages(text, sentences(text), SETTINGS)


def words(text: str, passage: tuple[Span, ...]) -> int:
    return sum(len(span.of(text).split()) for span in passage)


@given(st.lists(st.integers(1, 90), max_size=60), st.integers(1, 6))
def test_every_sentence_is_in_a_passage_of_bounded_size(lengths: list[int], per: int) -> None:
    told = ["A" + " word" * (length - 1) + "." for length in lengths]
    text = "\n\n".join(" ".join(told[i : i + per]) for i in range(0, len(told), per))
    found = passages(text)
    assert {span for passage in found for span in passage} == set(sentences(text))
    assert all(words(text, passage) <= 180 + 110 // 3 for passage in found)


def test_neighbours_share_a_sentence() -> None:
    text = " ".join(f"Sentence number {i} has quite a few words in it." for i in range(60))
    found = passages(text)
    assert len(found) > 2
    assert all(a[-1] == b[0] for a, b in itertools.pairwise(found))


def test_a_short_article_is_one_passage() -> None:
    assert len(passages("One. Two.\n\nThree.")) == 1


def test_a_passage_ends_with_its_paragraph() -> None:
    paragraph = " ".join(["Nine words are what this one sentence is made of."] * 13)
    found = passages(f"{paragraph}\n\n{paragraph}")
    assert found[0][-1].end == len(paragraph)


def test_a_long_sentence_is_not_repeated_as_overlap() -> None:
    text = "\n\n".join(["word " * 70 + "end."] * 5)
    found = passages(text)
    assert all(a[-1] != b[0] for a, b in itertools.pairwise(found))


def test_no_text_no_passage() -> None:
    assert passages("") == []


def test_text_without_spaces_is_cut_too() -> None:
    found = passages("港口今天开放了第二个码头，费用为三亿八千万元。" * 60)
    assert len(found) > 3
    assert all(sum(len(span) for span in passage) < 450 for passage in found)


def test_an_article_has_the_passages_that_its_text_is_cut_into() -> None:
    text = " ".join(f"Sentence number {i} has quite a few words in it." for i in range(60))
    article = Article("a", "Numbers", text)
    cut = passages_of(article)
    assert [passage.sentences for passage in cut] == passages(text)
    assert [passage.id for passage in cut] == [f"a#{i}" for i in range(len(cut))]
    assert Found(article, cut[1]).text == text[cut[1].span.start : cut[1].span.end]
    assert len(passages_of(article, PassageSettings(min_words=20, max_words=40))) > len(cut)
