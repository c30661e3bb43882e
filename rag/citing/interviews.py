"""Interviews, and articles that ask and answer: a line that is a question is no answer, and what
stands below it may be understood only with it.

"What did it cost?" / "21 million, less than planned.": the second is quoted, with the first before
it. A line is told from a rhetorical question by standing alone above a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from index.article import Span
from index.snapshot import View
from rag.evidence import Evidence
from rag.text.article_sentences import article_sentences

__all__ = ["is_question_line", "needs_question", "with_answers"]

_QUESTION_END: Final = re.compile(r"\?['\"”’»)\]*_]*$")
# "No.", "Because it burns", "They wanted a tower": what is said of what was asked.
_REPLY: Final = re.compile(
    r"^['\"“‘»«(]*(?:yes|no|not|never|because|and|but|that|this|these|those|it|he|she|they|both|neither"
    r"|none|perhaps|maybe|of course|definitely|absolutely|exactly|certainly|rarely|often|always)\b",
    re.IGNORECASE,
)
# A sentence without any is hardly one: "21 million euros, two less than the budget."
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|am|be|been|has|have|had|do|does|did|will|would|can|could|shall|should|may"
    r"|might|must|[a-z]{2,}ed|says?|said)\b|['’](?:s|re|m|ve|ll|d)\b",
    re.IGNORECASE,
)


def is_question_line(text: str, sentence: Span) -> bool:
    """Whether a sentence of an article's ``text`` ends a line that asks, above a paragraph that
    does not."""
    start = text.rfind("\n", 0, sentence.start) + 1
    end = text.find("\n", sentence.end)
    if end < 0 or not _QUESTION_END.search(text[start:end].rstrip()):
        return False
    following = text[end:].lstrip().partition("\n")[0]
    return bool(following) and not _QUESTION_END.search(following.rstrip())


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
            after = [
                span
                for span in article_sentences(view, item.article.id)
                if span.start >= item.sentence.end and not is_question_line(text, span)
            ]
            if not after:
                continue
            answer = replace(item, sentence=after[0], highlight=after[0], also_in=())
        result.setdefault((item.article.id, answer.sentence), answer)
    return tuple(result.values())
