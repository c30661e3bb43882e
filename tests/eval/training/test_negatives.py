from __future__ import annotations

from eval.training.negatives import Bm25, lacks, negatives_of, words
from eval.training.sets import Document, Question

DOCUMENTS = [
    Document("a", "", "The zebra ran to Köln."),
    Document("b", "", "The zebra ran away."),
    Document("c", "", "The zebra saw Köln."),
    Document("d", "", "Rain fell."),
]
QUESTION = Question("q", "Where did the zebra run?", "a", ("Köln",), ((17, 21),))


def test_a_negative_lacks_the_answer() -> None:
    ranking = Bm25([document.text for document in DOCUMENTS])
    assert negatives_of(QUESTION, DOCUMENTS, ranking, depth=3) == [1]
    assert ranking.best_sentence("zebra", Document("x", "", "It rained. A zebra!")) == 1


def test_answers_are_found_whole_in_any_case_and_in_the_own_document_always() -> None:
    assert [lacks(document, QUESTION) for document in DOCUMENTS] == [False, True, False, True]
    assert lacks(Document("x", "", "Kölns zoo has no zebra."), QUESTION)
    assert not lacks(Document("x", "", "A zebra, in KÖLN!"), QUESTION)


def test_rare_words_count_for_more() -> None:
    ranking = Bm25([document.text for document in DOCUMENTS])
    assert ranking.scores("the rain").argmax() == 3
    assert ranking.idf["rain"] > ranking.idf["zebra"]


def test_plurals_are_the_same_word() -> None:
    assert words("Zebras run; his gas") == ["zebra", "run", "his", "gas"]
