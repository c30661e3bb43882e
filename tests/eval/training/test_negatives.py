from __future__ import annotations

from dataclasses import replace

from eval.training.negatives import Bm25, lacks, words
from eval.training.sets import Question
from index.article import Article

DOCUMENTS = [
    Article("a", "", "The zebra ran to Köln."),
    Article("b", "", "The zebra ran away."),
    Article("c", "", "The zebra saw Köln."),
    Article("d", "", "Rain fell."),
]
QUESTION = Question("q", "Where did the zebra run?", "a", ("Köln",), ((17, 21),))


def test_what_shares_most_with_the_question_ranks_first() -> None:
    scores = Bm25([document.text for document in DOCUMENTS]).scores(QUESTION.text)
    ranked = [i for i in (-scores).argsort(kind="stable").tolist() if lacks(DOCUMENTS[i], QUESTION)]
    assert ranked == [1, 3]


def test_answers_are_found_whole_in_any_case_and_in_the_own_document_always() -> None:
    assert [lacks(document, QUESTION) for document in DOCUMENTS] == [False, True, False, True]
    assert lacks(Article("x", "", "Kölns zoo has no zebra."), QUESTION)
    assert not lacks(Article("x", "", "A zebra, in KÖLN!"), QUESTION)


def test_a_second_document_that_answers_does_not_lack_the_answer() -> None:
    both = replace(QUESTION, elsewhere=(("b", (0, 22)),))
    assert [lacks(document, both) for document in DOCUMENTS] == [False, False, False, True]


def test_rare_words_count_for_more() -> None:
    ranking = Bm25([document.text for document in DOCUMENTS])
    assert ranking.scores("the rain").argmax() == 3
    assert ranking.idf["rain"] > ranking.idf["zebra"]


def test_inflected_words_are_one_and_stop_words_none() -> None:
    assert words("Zebras are running; the zebra runs") == ["zebra", "run", "zebra", "run"]
