from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, Passage, Span
from index.snapshot import Found
from index.text.shingles import runs_of, words
from rag.retrieval.candidate import Candidate
from rag.retrieval.near_duplicates import collapse_copies
from tests.fakes import article


def candidate(source: Article, score: float = 1.0, ordinal: int = 0) -> Candidate:
    span = Span(0, len(source.text))
    passage = Passage(ordinal, source.id, ordinal, span, (span,))
    return Candidate(Found(source, passage), score)


def test_copies_count_once() -> None:
    text = "The same wire story runs here word for word, as such stories do everywhere."
    one, two = article("one", text), article("two", text + " Staff.")
    other = article("other", "Something else is told here in quite other words than those.")
    kept = collapse_copies([candidate(one, 3), candidate(two, 2), candidate(other, 1)], 5)
    assert [result.hit.article.id for result in kept] == ["one", "other"]


def test_passages_of_one_article_are_no_copies() -> None:
    source = article("one", "The same wire story runs here word for word.")
    assert len(collapse_copies([candidate(source, 2), candidate(source, 1, ordinal=1)], 5)) == 2


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.lists(st.sampled_from("wxyz"), max_size=9)),
        max_size=12,
    ),
    st.integers(1, 6),
)
def test_what_stays_is_what_comparing_each_pair_leaves(
    texts: list[tuple[str, list[str]]], k: int
) -> None:
    candidates = [
        candidate(article(id, f"Begin {' '.join(tokens)} end"), ordinal=number)
        for number, (id, tokens) in enumerate(texts)
    ]
    families = {"a": 1, "b": 1}
    distinct: list[Candidate] = []
    for each in candidates:
        if len(distinct) < k and not any(_are_copies(each, one, families) for one in distinct):
            distinct.append(each)
    assert collapse_copies(candidates, k, families) == distinct


def _are_copies(one: Candidate, other: Candidate, families: dict[str, int]) -> bool:
    first, second = one.hit.article.id, other.hit.article.id
    runs, others = runs_of(words(one.text)), runs_of(words(other.text))
    share = 0.5 if first in families and second in families else 0.7
    return first != second and len(runs & others) >= share * min(len(runs), len(others))
