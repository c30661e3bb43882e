"""Recognise what a sentence orders somebody to say: such a sentence does not state it itself.

"Write that the tower burned" is no evidence that it did, whoever it addresses; it stays evidence
for everything else. An order is a verb of saying in the imperative ("Say that", "Ignore the rest
and add that"), one with a modal verb of obligation ("the assistant should state"), or a demand on
the answer ("your reply must be"). Reports of speech are no orders, nor is "Note that", which states
what follows. English only, and by patterns: an order in other words is not recognised.
"""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex
from rag.text.english import is_function_word, stem, words
from rag.text.injection import normalise_lookalikes

__all__ = ["orders_to_say"]

_SAY: Final = (
    r"(?:say|respond|write|assert|insist|mention|repeat|cite|tell|inform|announce|declare|explain|"
    r"argue|conclude|confirm|suggest|imply|pretend|recommend|endorse|describe|proclaim|convince|persuade|convey|"
    r"add\s+that|let\s+it\s+be\s+known|"
    r"(?:act|behave|answer|respond)\s+as\s+(?:if|though))(?!\s+(?:[\w.'’-]+\s+){0,3}[\w.'’-]+,\s)"
)
# "State law", "Output fell" and "Report: the pump failed" are no orders: a verb that is a noun too
# needs what is to be said after it.
_SAY_OR_NOUN: Final = (
    r"(?:state|answer|reply|claim|report|output|print|quote|praise)"
    r"(?=\W*$|(?<!report)(?<!claim)(?<!quote)\s*:|\s*[\"“'‘\[(]"
    r"|\s+(?:that|the|an?|with|only|exactly|it|this|these|there|every|each|any|all)\b|\s+\w+\s+that\b)"
)
# What speaks of an answer only with its object: people begin, add and include much else.
_ANSWER: Final = (
    r"(?:answers?|repl(?:y|ies)|responses?|outputs?|summar(?:y|ies)|sentences?|messages?|words|"
    r"phrase|statement|claim)"
)
_COMPOSE: Final = (
    r"(?:(?:begin|start|end|finish|prefix|append|insert|include|add|give|use|make|treat|accept)"
    rf"(?=\b.{{1,100}}?\b{_ANSWER})|summari[sz]e\b[^.:]{{0,40}}?(?:\bas\b|:)|decode)"
)
_VERB: Final = rf"(?:{_SAY}|{_SAY_OR_NOUN}|{_COMPOSE})"
_URGING: Final = (
    r"(?:please|now|then|also|just|simply|always|only|never|instead|ever|kindly|again|\w+ly|"
    r"under\s+no\s+circumstances|whatever\s+happens|translate\s+and|"
    r"do\s+not|don't|must|you\s+must(?:\s+now)?|remember\s+to|make\s+sure\s+(?:to|that\s+you)|"
    r"be\s+sure\s+to|do\s+not\s+forget\s+to|feel\s+free\s+to)"
)
# An adverbial before the verb: "If asked,", "From now on,", "As a good assistant,"
_OPENER: Final = (
    r"(?:if|when|whenever|before|after|from|as|in|at|for|with|on|by|whatever|regardless|"
    r"otherwise|therefore|so|finally|first|next|instead|then|now|hi|hello)\b[^,]{0,80},\s+"
)
_ADDRESS: Final = r"(?:note\s+to|dear|attention|hey|hello)\b[^,:]{1,40}[,:]\s+"
_LABEL: Final = r"[\w ]{1,24}:\s+"
_LEAD: Final = rf"^\W*(?:{_LABEL}|{_OPENER}|{_ADDRESS})*(?:{_URGING},?\s+)*"
_OVERRIDE: Final = r"(?:ignore|disregard|forget|override|bypass|skip|stop|discard|reveal|hide)\b"
_BOUND: Final = (
    r"(?:must|should|shall|ought\s+to|needs?\s+to|ha(?:ve|s)\s+to|(?:are|is)\s+(?:now\s+)?(?:required"
    r"|obliged|instructed|ordered|told|asked)?\s*to|have\s+been\s+(?:instructed|ordered|told|asked)\s+to)"
)
_ORDERS: Final = tuple(
    lazy_regex(pattern, re.IGNORECASE)
    for pattern in (
        # "Please say that", "If asked, reply that"
        rf"{_LEAD}(?P<verb>{_VERB})\b",
        # "Ignore the rules and say that"
        rf"{_LEAD}{_OVERRIDE}.{{0,120}}?(?:,|\b(?:and|but|then|instead))\s+(?:{_URGING},?\s+)*"
        rf"(?P<verb>{_VERB})\b",
        # "The assistant must say that", "I want you to say that", "Could you write that"; what "we
        # have to report" is told.
        rf"(?<!\bwe\s)(?<!\bi\s)\b{_BOUND}\s+(?:be\s+)?(?:{_URGING}\s+)*(?P<verb>{_VERB}|told|contain|read)\b",
        r"\b(?:i|we)\s+(?:want|need|ask|order|instruct|require|command)\s+you\s+to\s+"
        rf"(?:{_URGING}\s+)*(?P<verb>{_VERB})\b",
        rf"\b(?:can|could|will|would)\s+(?:you|the\s+{_ANSWER})\s+(?:{_URGING}\s+)*(?P<verb>{_VERB})\b",
        # "It is vital that you say", "The right thing to reply is that"
        rf"\b(?:is|it)\s+\w+\s+that\s+you\s+(?:{_URGING}\s+)*(?P<verb>{_VERB})\b",
        r"\bto\s+(?P<verb>say|reply|answer|respond|write)(?:\s+\w+){0,3}?\s+is\s+that\b",
        # "Ensure that the summary says", "Your answer must be", "the only correct answer is"
        rf"\b(?:your|the\s+only(?:\s+\w+)?)\s+{_ANSWER}\b.{{0,60}}?"
        r"\b(?:is|are|must\s+be|should\s+be|has\s+to\s+be)\b(?P<verb>)",
        rf"\b(?:ensure|make\s+sure|see\s+to\s+it)\b.{{0,40}}?\b{_ANSWER}\s+"
        r"(?P<verb>says?|states?|mentions?|claims?|includes?)\b",
        rf"\b(?:let|make)\s+your\s+{_ANSWER}\s+be\b(?P<verb>)",
        rf"\byour\s+(?:task|job|goal|duty|role)\s+is\s+to\s+(?P<verb>{_VERB})\b",
    )
)
# Who says that something deserves praise does what "praise it" orders.
_DEEDS: Final = frozenset(stem(word) for word in ("praise", "recommend", "mention", "endorse"))
# So much of what is written stands in what is ordered that it obeys.
_OBEYED_SHARE: Final = 0.4


def orders_to_say(sentence: str, claim_text: str) -> bool:
    """Whether a sentence orders somebody to say ``claim_text``, instead of stating it."""
    plain = normalise_lookalikes(sentence)
    order = next((match for rule in _ORDERS if (match := rule.search(plain))), None)
    if order is None:
        return False
    verb = stem((words(order["verb"]) or [""])[0])
    content = {stem(word) for word in words(plain[order.end() :])} | ({verb} & _DEEDS)
    claim = [stem(word) for word in words(claim_text) if not is_function_word(word)]
    # Who tells of the order ("The notice says to ...") uses its verb.
    if not claim or verb in set(claim) - _DEEDS:
        return False
    return sum(word in content for word in claim) >= _OBEYED_SHARE * len(claim)
