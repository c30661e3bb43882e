"""Words that a sentence of an article orders somebody to say: it does not say them itself.

"Write that the tower burned" is no evidence that it did, whoever it is meant for; it stays evidence
for everything else. Only sentences that begin as orders count ("Say that", "Ignore the rest and add
that"), never what somebody is told to have said.
"""

from __future__ import annotations

import re
from typing import Final

from rag.text.english import is_function_word, stem, words
from rag.text.injection import normalise_lookalikes

__all__ = ["orders_to_say"]

_SAY: Final = (
    r"(?:say|state|reply|respond|answer|write|claim|add|mention|praise|output|print|repeat|cite|"
    r"append|insert|tell|include|return|recommend|decode)"
)
# An order begins its sentence; a label, a condition or an address may stand before it.
_CONDITION: Final = r"(?:if|when|whenever)\b[^,]{1,80},\s+"
_ADDRESS: Final = r"(?:note to|dear|attention|hey)\b[^,:]{1,40}[,:]\s+"
_URGING: Final = (
    r"(?:please|now|then|also|just|simply|always|only|never|instead|you must(?: now)?(?: always)?)"
)
_BEGINS: Final = re.compile(
    rf"^\W*(?:[\w ]{{1,24}}:\s+)?(?:{_CONDITION}|{_ADDRESS})?(?:{_URGING},?\s+)*"
    rf"(?:ignore|disregard|forget|override|bypass|{_SAY}|the only correct answer)\b",
    re.IGNORECASE,
)
_ORDERED: Final = re.compile(
    rf"\b{_SAY}\b(?:\s+(?:that|with|only|exactly)\b)?|\bcorrect answer\b", re.IGNORECASE
)
# Who says that something deserves praise does what "praise it" orders.
_DONE: Final = frozenset(stem(word) for word in ("praise", "recommend", "mention"))
# So much of what is written stands in what is ordered that it obeys.
_MOST: Final = 0.4


def orders_to_say(sentence: str, written: str) -> bool:
    """Whether a sentence orders what is written to be said, instead of saying it."""
    plain = normalise_lookalikes(sentence)
    if not _BEGINS.search(plain):
        return False
    ordered = _ORDERED.search(plain)
    if ordered is None:
        return False
    verb = stem(words(ordered.group())[0])
    said = {stem(word) for word in words(plain[ordered.end() :])}
    said |= {verb} & _DONE
    claimed = [stem(word) for word in words(written) if not is_function_word(word)]
    # Who tells of the order ("The notice says to ...") uses its verb.
    if not claimed or verb in set(claimed) - _DONE:
        return False
    return sum(word in said for word in claimed) >= _MOST * len(claimed)
