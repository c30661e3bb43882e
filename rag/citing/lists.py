"""Quote all items of an enumeration, and count the evidence that is not quoted.

Put together are the further sentences that the reader takes for evidence, the items of a list and
the rows of a table that a sentence stands in or before, the sentences that one announces ("Four
firms want to buy it."), and of who spoke in a debate all whose words stand in the paragraph. What
does not fit is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from index.article import Span
from index.snapshot import View
from index.text.patterns import lazy_regex
from index.text.shingles import same_words
from rag.citing.extremes import extreme_rows
from rag.evidence import Evidence, Reading
from rag.facts.attribution import is_voiced
from rag.facts.names import names
from rag.facts.quantities import amounts
from rag.query.list_question import asks_who_spoke, is_extreme_question
from rag.reading.statements import is_statement
from rag.text.article_sentences import article_sentences
from rag.text.english import is_function_word, stem, words

__all__ = [
    "MORE", "ListReading", "has_amount", "is_item", "is_row", "is_table_row", "lead_with_count",
    "read_list",
]  # fmt: skip

# What an answer says where the articles give more than it quotes.
MORE: Final = "The articles give more than is quoted here."
_MOST_QUOTED: Final = 12
_MOST_ANNOUNCED: Final = 8
_NAME_BEFORE: Final = lazy_regex(r"[A-ZÀ-Þ][\w’'-]*\s+$")
# Sentences from one that is quoted to one that is near to an answer.
_MOST_APART: Final = 3
# "A, B and C".
_LEAST_SEPARATORS: Final = 2
_SEPARATOR: Final = lazy_regex(r",|;|\band\b")
_WORD: Final = lazy_regex(r"[\w’'-]+")
_ROW: Final = lazy_regex(r"\s\|\s|\t")
_ITEM: Final = lazy_regex(r"^\s*(?:[-–—•*·▪]|\(?\d{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class ListReading:
    """A reading with all that is quoted of a list, and the number of further sentences that are
    evidence."""

    reading: Reading
    more: int = 0


def read_list(view: View, reading: Reading, question: str = "") -> ListReading:
    """Extend a reading that answers by the other evidence and by the items of its lists.

    view: the state of the library, which the neighbours of a sentence are read from.
    reading: the evidence that answers, and further sentences that the reader takes for evidence.
    question: the one that is answered; a sentence may announce how many it asks for.

    Returns the reading with all that is quoted as its evidence, and how many sentences there are
    besides.
    """
    evidence: dict[tuple[str, ...], Evidence] = {}
    for item in (*reading.evidence, *reading.further):
        for member in (item, *_items(view, item), *_announced(view, item, question)):
            evidence.setdefault(_identity(member), member)
    speeches = list(_speeches(view, list(evidence.values()))) if asks_who_spoke(question) else []
    for member in speeches:
        if _is_beside(member, reading.evidence):
            evidence.setdefault(_identity(member), member)
    for member in _between(view, list(evidence.values()), reading.nearest):
        evidence.setdefault(_identity(member), member)
    members = [item for item in evidence.values() if not _is_heading(item, evidence.values())]
    if len(members) > _MOST_QUOTED and (best := _extremes(members, question)):
        return ListReading(replace(reading, evidence=best, further=()), len(members) - len(best))
    extension = replace(reading, evidence=tuple(members[:_MOST_QUOTED]), further=())
    rest = sum(_identity(item) not in evidence for item in speeches)
    wanting = 0 if len(members) > _MOST_QUOTED else _count_wanting(members, question) or rest
    return ListReading(extension, len(members[_MOST_QUOTED:]) or wanting)


def _speeches(view: View, evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield the sentences of the quoted articles in which somebody speaks who is named there."""
    for item in {item.article.id: item for item in evidence}.values():
        text, sentences = item.article.text, article_sentences(view, item.article.id)
        for at, span in enumerate(sentences):
            is_speech = is_voiced(text, sentences, at) and not _is_in_list(text, sentences, at)
            if is_speech and names(span.of(text)):
                yield replace(item, sentence=span, highlight=span, also_in=())


def _is_beside(item: Evidence, evidence: Sequence[Evidence]) -> bool:
    """Whether a sentence stands in a paragraph with one of the evidence."""
    return any(
        item.article.id == neighbour.article.id
        and "\n"
        not in item.article.text[
            min(item.sentence.end, neighbour.sentence.end) : max(
                item.sentence.start, neighbour.sentence.start
            )
        ]
        for neighbour in evidence
    )


def _extremes(members: Sequence[Evidence], question: str) -> tuple[Evidence, ...]:
    """The rows that are first by what is asked, where that can be told: of a long table not all can
    be quoted."""
    if not is_extreme_question(question):
        return ()
    rows = [item.sentence.of(item.article.text) for item in members]
    return tuple(members[i] for i in extreme_rows(rows, question))


def lead_with_count(reading: Reading) -> Reading:
    """Sort the evidence of a reading: sentences with an amount first."""
    evidence = sorted(reading.evidence, key=lambda item: not has_amount(item))
    return replace(reading, evidence=tuple(evidence))


def has_amount(evidence: Evidence) -> bool:
    """Whether a sentence has an amount in it."""
    return bool(amounts(evidence.sentence.of(evidence.article.text)))


def is_item(sentence: str) -> bool:
    """Whether a sentence is an item of a list, by the mark with which it begins."""
    return bool(_ITEM.match(sentence))


def is_table_row(evidence: Evidence) -> bool:
    """Whether a sentence is the row of a table."""
    return is_row(evidence.sentence.of(evidence.article.text))


def is_row(sentence: str) -> bool:
    """Whether a sentence is the row of a table, by what stands between its cells."""
    return bool(_ROW.search(sentence))


def _identity(evidence: Evidence) -> tuple[str, ...]:
    """Return a key that is equal for the same words, so that of copies one is quoted."""
    return tuple(same_words(evidence.sentence.of(evidence.article.text)))


def _items(view: View, evidence: Evidence) -> Iterator[Evidence]:
    """Yield the other items of the list that a sentence belongs to or introduces."""
    text = evidence.article.text
    sentences = article_sentences(view, evidence.article.id)
    if evidence.sentence not in sentences:
        return
    at = sentences.index(evidence.sentence)
    last = at
    while last + 1 < len(sentences) and _is_in_list(text, sentences, last + 1):
        last += 1
    if not _is_in_list(text, sentences, at) and last == at:
        return
    first = at
    while first > 0 and _is_in_list(text, sentences, first) and _goes_on(text, sentences, first):
        first -= 1
    for span in sentences[first : last + 1]:
        yield replace(evidence, sentence=span, highlight=span, also_in=())


def _is_heading(item: Evidence, members: Collection[Evidence]) -> bool:
    """Whether a member of a list is the heading of the rows that are quoted with it: a row of
    nothing but the words with which the cells of the others are headed."""
    heading = item.sentence.of(item.article.text)
    if ": " in heading or not is_row(heading):
        return False
    cells = [cell.strip() for cell in _ROW.split(heading)]
    other_rows = [
        row.sentence.of(row.article.text)
        for row in members
        if row.article.id == item.article.id and row.sentence != item.sentence
    ]
    return all(any(f"{cell}: " in row for row in other_rows) for cell in cells[1:])


def _goes_on(text: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether the sentence before belongs to the list too: an item, or the words before one."""
    before = sentences[at - 1]
    return _is_in_list(text, sentences, at - 1) or before.of(text).rstrip().endswith(":")


def _between(
    view: View, members: Sequence[Evidence], nearest: Sequence[Evidence]
) -> Iterator[Evidence]:
    """Yield the sentences from those that are quoted to the nearest others of their paragraph: a
    list in running text has its items side by side, and a reader is not sure of each. Beside a
    sentence that enumerates them itself ("Torvik, Ardby and Moss End") stands something else."""
    for near in nearest:
        quotations = [item for item in members if item.article.id == near.article.id]
        if any(map(_enumerates, quotations)):
            continue
        sentences = article_sentences(view, near.article.id)
        if near.sentence not in sentences:
            continue
        at, text = sentences.index(near.sentence), near.article.text
        places = [
            sentences.index(item.sentence) for item in quotations if item.sentence in sentences
        ]
        place = min(places, key=lambda place: abs(place - at), default=at)
        first, last = sorted((place, at))
        is_one_paragraph = "\n" not in text[sentences[first].start : sentences[last].end]
        if place != at and last - first <= _MOST_APART and is_one_paragraph:
            for span in sentences[first : last + 1]:
                yield replace(near, sentence=span, highlight=span, also_in=())


def _count_wanting(members: Sequence[Evidence], question: str) -> int:
    """Count what a quoted sentence announces by number ("Eleven ministers were sworn in.") and the
    quotation lacks; 0 where it announces nothing."""
    nouns = _nouns_asked_for(question)
    for item in members:
        sentence = item.sentence.of(item.article.text)
        if count := _announced_count(sentence, nouns):
            return max(count - max(_item_count(sentence), len(members) - 1), 0)
    return 0


def _nouns_asked_for(question: str) -> set[str]:
    """The stem of the first plural of a question: of "Which parties won seats?" no seats."""
    plurals = [w for w in words(question) if w.endswith("s") and not is_function_word(w)]
    return {stem(word) for word in plurals[:1]}


def _enumerates(evidence: Evidence) -> bool:
    """Whether the words of a sentence that answer are an enumeration."""
    fact = evidence.highlight.of(evidence.article.text)
    return len(_SEPARATOR.findall(fact)) >= _LEAST_SEPARATORS


def _item_count(sentence: str) -> int:
    """Count the items that a sentence enumerates behind a colon; 1 without any."""
    return len(_SEPARATOR.findall(sentence.partition(":")[2])) + 1


def _announced_count(sentence: str, nouns: Collection[str]) -> int:
    """Return the number with which a sentence counts one of the nouns (stems); 0 without one."""
    for amount in amounts(sentence):
        # The number of a name counts nothing: "Slate 5".
        if _NAME_BEFORE.search(sentence[: amount.start]):
            continue
        after = _WORD.findall(sentence[amount.end :])[:2]
        is_whole = amount.plain.is_integer() and amount.plain > 1
        if is_whole and any(word.endswith("s") and stem(word) in nouns for word in after):
            return int(amount.plain)
    return 0


def _announced(view: View, evidence: Evidence, question: str) -> Iterator[Evidence]:
    """The sentences that a sentence announces with the number of what is asked for: as many, as far
    as its paragraph goes on; none where it enumerates them itself ("three faults: a, b and c")."""
    text = evidence.article.text
    sentences = article_sentences(view, evidence.article.id)
    if evidence.sentence not in sentences:
        return
    at = sentences.index(evidence.sentence)
    sentence = evidence.sentence.of(text)
    nouns = _nouns_asked_for(question)
    count = _announced_count(sentence, nouns)
    if count > _MOST_ANNOUNCED or _item_count(sentence) >= count:
        return
    after = sentences[at + 1 : at + 1 + count]
    paragraph = [span for span in after if "\n" not in text[evidence.sentence.end : span.start]]
    for span in paragraph or after:
        if is_statement(text, span):
            yield replace(evidence, sentence=span, highlight=span, also_in=())


def _is_in_list(text: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether a sentence stands in a line that begins as an item of a list, or in a row."""
    start = text.rfind("\n", 0, sentences[at].start) + 1
    line = text[start : sentences[at].end]
    return is_item(line) or bool(_ROW.search(line))
