"""Whether a question asks for several things, for their number, or for the first of them by some
measure. English only."""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex

__all__ = [
    "asks_who_spoke", "is_count_question", "is_extreme_question", "is_list_question",
]  # fmt: skip

_PLURAL: Final = (
    r"(?:(?!(?:does|was|has|is|this|its)\b)(?-i:[A-Z]{2,}s|[a-z-]{2,}(?<![sui])s)|people|men|women"
    r"|children)\b"
)
_NUMBER: Final = r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)"
_DETERMINER: Final = (
    rf"(?:the|its|his|her|their|our|your|my|some|all|these|those|{_NUMBER}|[\w-]+['’]s?)"
)
_AUXILIARY: Final = (
    r"(?:are|were|do|does|did|have|had|has|can|could|will|would|may|might|must|is|was)"
)
_PREPOSITION: Final = (
    r"(?:of|in|on|at|for|to|from|by|about|with|besides|behind|between|against|under|over|near)"
)
# Words before a plural: "which Spanish mills"; not of another phrase, as in "a group of films", nor
# behind a verb, as in "which actor adopted axes".
_BEFORE: Final = (
    rf"(?:(?:(?!(?:{_PREPOSITION}|{_AUXILIARY}) )[\w-]+ )"
    rf"(?:(?!(?:{_PREPOSITION}|{_AUXILIARY}|\w+ed) )[\w-]+ )?)"
)
# What tells a plural behind other words from a verb: "which company makes MVR-1".
_SUBJECT: Final = rf"(?=[\s?]*$| (?:{_AUXILIARY}|\w{{2,}}ed|of|in|on|at|with|near|under|who)\b)"
# Behind a verb: "Which takes longer?"
_NOT_OBJECT: Final = (
    r"(?! (?:the|an?|his|her|its|their|our|my|your|this|that|it|them|him|us|to|no|not|as|up|out|off"
    r"|down|over|back|longer|more|most|less|better|faster)\b)"
)
# What follows a plural that is all of what is asked for: "What are the demands of the union?", and
# not "What are the demands good for?"
_ALL_OF_IT: Final = (
    r"(?:[\s?]*$| (?:of|in|on|at|for|from|behind|between|against|with|that|who|which|the|its|their"
    r"|his|her|(?-i:[A-Z][\w'’-]*))\b"
    r"(?!.* (?:of|in|on|at|for|from|with|to|about|by)[\s?]*$))"
)
_LIST: Final = lazy_regex(
    r"^(?:please |tell me |say )*(?:"
    r"(?:list|enumerate) |name (?:all|some|three|four|five|every)\b|"
    rf"name the (?:[\w-]+ ){{0,2}}?{_PLURAL}|what other {_PLURAL}|"
    r"who (?:all )?(?:are|were) |"
    rf"what (?:are|were) {_DETERMINER} (?:[\w-]+ ){{0,3}}?{_PLURAL}{_ALL_OF_IT}|"
    rf"(?<=\w )which (?:other )?{_BEFORE}?{_PLURAL}|"
    rf"which of {_DETERMINER} {_BEFORE}?{_PLURAL} (?:are|were|do|have) |"
    rf"which (?!of )(?:other )?(?:{_NUMBER} )?"
    rf"(?:{_PLURAL}{_NOT_OBJECT}|{_BEFORE}{_PLURAL}{_SUBJECT})|"
    rf"what (?:other |kinds of |types of )?{_BEFORE}?{_PLURAL} {_AUXILIARY}\b|"
    r"(?:what|who|which) (?:else|all)\b)",
    re.IGNORECASE,
)
# Whoever had a word in it; not "who spoke first?", "who spoke Latin?", "who spoke of fish?".
_SPOKE: Final = lazy_regex(
    r"^(?:and )?who (?:all |else )?(?:has |had )?(?:spoke|spoken|speaks|commented|comments"
    r"|testified|gave (?:evidence|a statement|statements)|took the floor|made (?:a speech|speeches)"
    r"|weighed in)"
    r"(?= (?:at|in|on|about|during|before|after|publicly|there|outside|inside|up|against|for)\b"
    r"|[\s?]*$)(?!.* (?:first|last|longest)[\s?]*$)",
    re.IGNORECASE,
)
# "On Monday" is no subject.
_ON_SUBJECT: Final = lazy_regex(
    r"\b(?:against|for|on|about|in (?:favou?r|support|defen[cs]e))\b"
    r"(?! (?:the )?(?:[a-z]+day|stage)\b)",
    re.IGNORECASE,
)
# "Which does", "what is": a verb that ends as a plural does.
_NO_PLURAL: Final = lazy_regex(r"^(?:which|what) (?:is|was|does|has|[a-z]+s of)\b", re.IGNORECASE)
# Superlatives, and not "forest".
_EXTREME: Final = lazy_regex(
    r"\b(?:most|least|best|worst|fewest|(?!(?:inter|requ|for|prot|arr|harv|cont|hon|mod|inv|sugg)est"
    r"|latest)[a-z]{3,}est)\b",
    re.IGNORECASE,
)
_COUNT: Final = lazy_regex(r"\bhow many\b", re.IGNORECASE)


def is_list_question(question: str) -> bool:
    """Whether a question asks for several things: "which companies", "list the", "who are"."""
    is_list = bool(_LIST.match(question)) and not _NO_PLURAL.match(question)
    return is_list or asks_who_spoke(question)


def asks_who_spoke(question: str) -> bool:
    """Whether a question asks who had a word in something, whatever they said: "Who spoke in the
    debate?"."""
    match = _SPOKE.match(question)
    return match is not None and not _ON_SUBJECT.match(question, match.end() + 1)


def is_count_question(question: str) -> bool:
    """Whether a question asks how many there are."""
    return bool(_COUNT.search(question))


def is_extreme_question(question: str) -> bool:
    """Whether a question asks for the first or last of several by some measure: "the cheapest"."""
    return bool(_EXTREME.search(question))
