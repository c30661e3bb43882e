"""Measure how sentences are attributed that answer questions for somebody's words, and sentences
that do not: ``python -m eval.studies.speakers [--into docs/evaluation.md]``.

Over the written news that the reader is trained on, whose questions were written for the reader and
not for the attribution. What answers is the first gold sentence of a question; what does not are
the two sentences of the same article that share most words with the question. By how much the
odds of an answer change with an attribution is the ratio of its two shares
(:mod:`rag.grounding.voices`).
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from eval.dataset.lines import jsonl_rows
from eval.dataset.ours import DOCUMENTS, QUESTIONS
from eval.report.markdown import show_table, table
from index.article import Span
from index.text.sentences import sentences
from rag.facts.attribution import Attribution, attribute
from rag.query.speaker_question import find_speaker_question
from rag.text.english import is_function_word, stem, words

__all__ = ["attribution_counts", "main", "speakers_table"]

_NEWS: Final = Path(__file__).parents[1] / "training" / "written" / "news"
_ATTRIBUTIONS: Final[tuple[Attribution, ...]] = ("asked", "unknown", "other", "nobody")
_NEAREST: Final = 2
# Longer sentences share more words by chance.
_LENGTH, _POWER = 60, 0.35

# How many sentences are attributed so: by whether the speaker is named and whether they answer.
Counts = dict[tuple[bool, bool], Counter[Attribution]]


def attribution_counts(folder: Path = _NEWS) -> Counts:
    """Count attributions over a set's questions that name whose words are asked for.

    folder: has ``documents.jsonl`` and ``questions.jsonl``.
    """
    documents = {row["doc_id"]: row for row in _fields(folder / DOCUMENTS)}
    cut = cache(lambda name: sentences(documents[name]["text"]))
    counts: Counts = defaultdict(Counter)
    for row in _fields(folder / QUESTIONS):
        question = find_speaker_question(row["question"])
        if not question or not question.speaker or not question.is_certain:
            continue
        is_named = any(word[0].isupper() for word in question.speaker.split())
        for document in row["gold_doc_ids"][:1] or row["candidate_doc_ids"][:1]:
            text, spans = documents[document]["text"], cut(document)
            gold = [(a, b) for name, a, b in row["gold_spans"] if name == document]
            sought = _stems(row["question"]) - _stems(question.speaker)
            for at, is_right in _places(text, spans, gold, sought):
                attribution = attribute(question.speaker, text, spans, at)
                counts[is_named, is_right][attribution] += 1
    return dict(counts)


def _places(
    text: str, spans: Sequence[Span], gold: Sequence[tuple[int, int]], sought: set[str]
) -> Iterator[tuple[int, bool]]:
    """Yield the places of the sentences to count, each with whether it answers."""
    wrong: list[tuple[float, int]] = []
    for at, span in enumerate(spans):
        if gold and span.start <= gold[0][0] < span.end:
            yield at, True
        if not any(a < span.end and span.start < b for a, b in gold):
            overlap = len(sought & _stems(span.of(text)))
            wrong.append((overlap / (len(span) + _LENGTH) ** _POWER, at))
    yield from ((at, False) for _, at in sorted(wrong, reverse=True)[:_NEAREST])


def speakers_table(counts: Counts) -> str:
    """Format the shares of each attribution and the ratio of those that answer to those that do
    not."""
    rows: list[list[str]] = []
    for is_named in (True, False):
        shares: list[list[float]] = []
        for is_right in (True, False):
            tally = counts[is_named, is_right]
            shares.append([tally[name] / tally.total() for name in _ATTRIBUTIONS])
            label = (
                f"{'named' if is_named else 'described'}, {'answers' if is_right else 'does not'}"
            )
            rows.append([label, str(tally.total()), *(f"{share:.2f}" for share in shares[-1])])
        ratios = (right / wrong if wrong else 0.0 for right, wrong in zip(*shares, strict=True))
        rows.append(["ratio", "", *(f"{ratio:.2f}" for ratio in ratios)])
    return table(["speaker, sentence", "sentences", *_ATTRIBUTIONS], rows)


def _fields(path: Path) -> Iterator[dict[str, Any]]:
    return (row.fields for row in jsonl_rows(path))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text) if not is_function_word(word)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and write it to its place in a document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, help="the document")
    options = parser.parse_args(arguments)
    show_table("speakers", speakers_table(attribution_counts()), options.into)


if __name__ == "__main__":
    main()
