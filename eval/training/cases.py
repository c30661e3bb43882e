"""The held-out questions that a reader is calibrated and measured with, in all conditions."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

from eval.training.held_out import Case, given_cases, near_misses, retrieved_cases
from eval.training.sets import HELD_OUT, INFORMAL, QuestionSet, read_set
from rag import Pullquote

__all__ = ["RETRIEVAL_SETS", "add_documents", "cases_of"]

_NEWWIKI: Final = "squadshifts_newwiki"
# The sets whose documents are many enough to be searched.
RETRIEVAL_SETS: Final = (_NEWWIKI, "news")


def add_documents(data: Path, library: Pullquote) -> dict[str, QuestionSet]:
    """The ``RETRIEVAL_SETS`` by name. The documents of all of them, held out or not, are put into
    ``library`` where it has not got them."""
    sets = {name: read_set(data, name) for name in RETRIEVAL_SETS}
    documents = [article for questions in sets.values() for article in questions.documents.values()]
    there = {article.id for article in library.articles()}
    articles = [article for article in documents if article.id not in there]
    library.add_articles(articles, keep_copies=True)
    return sets


def cases_of(data: Path, library: Pullquote, most: int) -> list[Case]:
    """At most ``most`` questions of each set that has held-out articles, with their own document;
    those of newwiki and news with retrieved passages too, from ``library``, which is given these
    sets' documents where it has not got them; and near misses of newwiki and squad2."""
    random = Random(1)
    cases: list[Case] = []
    for name in HELD_OUT:
        cases += given_cases(read_set(data, name), most // 4 if name in INFORMAL else most, random)
    sets = add_documents(data, library)
    for questions in sets.values():
        cases += retrieved_cases(questions, library, most, random)
    cases += near_misses(sets[_NEWWIKI], library, most // 2, random)
    return cases + near_misses(read_set(data, "squad2"), None, most // 4, random)
