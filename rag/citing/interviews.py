"""Interviews, and articles that ask and answer: a line that is a question is no answer, and what
stands below it may be understood only with it.

"What did it cost?" / "21 million, less than planned.": the second is quoted, with the first before
it. A line is told from a rhetorical question by standing alone above a paragraph, by its length,
and by other such lines in the article or the word that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from index.article import Span
from index.snapshot import View
from index.text.patterns import lazy_regex
from rag.evidence import Evidence
from rag.reading.statements import is_statement
from rag.text.article_sentences import article_sentences

__all__ = ["is_question_line", "needs_question", "with_answers"]

# Not "1942–1957: ???".
_QUESTION_END: Final = lazy_regex(r"[\w%'\"”’»)\]]\s?\?['\"”’»)\]*_]*$")
# What ends in somebody's question tells of it, unless all of it is theirs.
_QUOTATION_END: Final = lazy_regex(r"\?['\"”’»]+$")
_QUOTATION_START: Final = lazy_regex(r"['\"“‘«„]")
_LONGEST_LINE: Final = 250
# An article with one question alone may as well wonder: "Too young to die?"
_LEAST_LINES: Final = 2
_ASKS: Final = lazy_regex(
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can"
    r"|could|will|would|should|may|must)\b[^.!?]*\?$",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 16
# "No.", "Because it burns", "They wanted a tower": what is said of what was asked.
_REPLY: Final = lazy_regex(
    r"^['\"“‘»«(]*(?:yes|no|not|never|because|and|but|that|this|these|those|it|he|she|they|both|neither"
    r"|none|perhaps|maybe|of course|definitely|absolutely|exactly|certainly|rarely|often|always)\b",
    re.IGNORECASE,
)
# A sentence without any is hardly one: "21 million euros, two less than the budget."
_VERB: Final = lazy_regex(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|will|would|can|could|shall|should|may"
    r"|might|must|[a-z]{2,}ed|says?|said)\b|['’](?:s|re|m|ve|ll|d)\b",
    re.IGNORECASE,
)


def is_question_line(text: str, sentence: Span) -> bool:
    """Whether a sentence of an article's ``text`` stands in a line that asks, above a paragraph
    that does not."""
    start = text.rfind("\n", 0, sentence.start) + 1
    lines, count = _question_lines(text)
    line = lines.get(start)
    if line is None or sentence.end > start + len(line):
        return False
    is_plain = _ASKS.match(line) is not None and len(line.split()) <= _MOST_WORDS
    return is_plain or count >= _LEAST_LINES


# Of the articles of one answer; texts may be long.
@lru_cache(maxsize=8)
def _question_lines(text: str) -> tuple[Mapping[int, str], int]:
    """The lines of an article that ask, above a paragraph that does not, by where they begin, and
    how many different ones they are."""
    lines: dict[int, str] = {}
    start, previous = 0, (0, "")
    for whole in text.split("\n"):
        if line := whole.rstrip():
            if _is_question(previous[1]) and not _is_question(line):
                lines[previous[0]] = previous[1]
            previous = start, line
        start += len(whole) + 1
    return lines, len(set(lines.values()))


def _is_question(line: str) -> bool:
    is_told = _QUOTATION_END.search(line) and not _QUOTATION_START.match(line)
    return len(line) <= _LONGEST_LINE and not is_told and _QUESTION_END.search(line) is not None


def needs_question(text: str, question: Span, answer: Span) -> bool:
    """Whether a sentence answers the question in the line above and cannot be read without it."""
    if not is_question_line(text, question) or "\n" not in text[question.end : answer.start]:
        return False
    sentence = answer.of(text)
    return bool(_REPLY.match(sentence)) or not _VERB.search(sentence)


def with_answers(view: View, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Put in place of a question that an article asks the sentence with which it begins to answer,
    and let that stand once.

    view: the state of the library.
    evidence: best first, as is the result.
    """
    result: dict[tuple[str, Span], Evidence] = {}
    for item in evidence:
        text, answer = item.article.text, item
        if is_question_line(text, item.sentence):
            after = (
                span
                for span in article_sentences(view, item.article.id)
                if span.start >= item.sentence.end
                and is_statement(text, span)
                and not is_question_line(text, span)
            )
            first = next(after, None)
            if first is None:
                continue
            answer = replace(item, sentence=first, highlight=first, also_in=())
        result.setdefault((item.article.id, answer.sentence), answer)
    return tuple(result.values())
