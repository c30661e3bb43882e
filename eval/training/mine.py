"""Hard negatives by Pullquote's own retriever: ``python -m eval.training.mine``.

For every answerable question of a set's training part, the documents that retrieval ranks best
among all of that part's but that hold none of its answers: what the reader meets when the right
article is not there, or not first. ``eval.training.train --mined`` reads them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from index.article import Article
from rag import Pullquote, Settings
from eval.training.negatives import lacks
from eval.training.sets import INFORMAL, SETS, Question, QuestionSet, is_held_out, read_set

__all__ = ["MINED", "Mined", "main", "mine", "read_mined"]

MINED: Final = tuple(name for name in SETS if name not in INFORMAL)
_DEPTH: Final = 8
_KEPT: Final = 4

# By a question's id: ids of documents that do not answer it, best ranked first.
Mined = dict[str, list[str]]


def mine(questions: QuestionSet, pullquote: Pullquote) -> Iterator[tuple[str, list[str]]]:
    """One answerable question's entry after the other. ``pullquote`` is given the training
    part's documents where it has not got them."""
    documents = [d for d in questions.documents.values() if not is_held_out(d.group)]
    there = {article.id for article in pullquote.articles()}
    missing = [Article(d.id, d.title, d.text) for d in documents if d.id not in there]
    pullquote.add_articles(missing, keep_copies=True)
    for question in questions.part(held_out=False):
        if question.spans:
            yield question.id, _lacking(questions, question, pullquote)[:_KEPT]


def _lacking(questions: QuestionSet, question: Question, pullquote: Pullquote) -> list[str]:
    found = pullquote.search(question.text, top_k=_DEPTH)
    ids = dict.fromkeys(each.article.id for each in found)
    return [id for id in ids if lacks(questions.documents[id], question)]


def read_mined(path: Path) -> dict[str, Mined]:
    """What ``main`` wrote, by set."""
    by_set: dict[str, Mined] = defaultdict(dict)
    with path.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            by_set[row["set"]][row["question"]] = row["documents"]
    return by_set


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--home", type=Path, required=True, help="PULLQUOTE_HOME, for libraries")
    parser.add_argument("--out", type=Path, required=True, help="the file to write, JSON lines")
    chosen = parser.parse_args(arguments)
    settings = Settings(home=chosen.home)
    with chosen.out.open("w", encoding="utf-8") as out:
        for name in MINED:
            folder = chosen.home / "mined" / name
            with Pullquote.open(folder, settings, create=True) as pullquote:
                for question, documents in mine(read_set(chosen.data, name), pullquote):
                    row = {"set": name, "question": question, "documents": documents}
                    out.write(json.dumps(row) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
