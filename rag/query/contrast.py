"""Contrasts: find the two sides of "How does A differ from B?", "Compare the price of A and B", "A
vs B on taxes"; and what is compared with how it was: "How much more does A cost now than in
March?", "How has A changed since March?".

Nothing in them is measured by a comparative (:mod:`rag.query.comparison`), so what is asked of each
side is what it is, or what its share of the thing compared is. English only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from index.text.patterns import lazy_regex

__all__ = ["Contrast", "find_change", "find_contrast"]

_WITH: Final = r"(?:and|with|to|against|versus|vs\.?)"
_ON: Final = r"(?:on|over|about|regarding)"
_IN: Final = rf"(?:(?P<on>{_ON})|in|by|as to|when it comes to|in terms of)"
_PATTERNS: Final = tuple(
    lazy_regex(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:how|in what way|where) (?:do|does|did|will|would) (?P<first>.+?) (?:differ|vary) "
        rf"from (?P<second>.+?)(?: {_IN} (?P<what>[^,]+))?$",
        rf"^(?:how|in what way|where) (?:do|did|will|would) (?P<first>.+?) and (?P<second>.+?) "
        rf"(?:differ|diverge|disagree|compare)(?: {_IN} (?P<what>.+))?$",
        r"^(?:what(?:['’]s| is| are| was| were) )?the (?:main |key )?(?:difference|contrast|gap)s?"
        rf"(?: in (?P<before>[^,]+?))? between (?P<first>.+?) and (?P<second>.+?)"
        rf"(?: {_IN} (?P<what>[^,]+))?$",
        r"^(?:please )?(?:compare|contrast) (?P<before>(?:the )?[a-z][^,]*?) "
        rf"(?:of|in|at|for|between) (?P<first>[^,]+?) {_WITH} (?P<second>[^,]+)$",
        rf"^(?:please )?(?:compare|contrast) (?P<first>[^,]+?) {_WITH} (?P<second>[^,]+?)"
        rf"(?:,? {_IN} (?P<what>[^,]+))?$",
        # "A v. B" is a case at law.
        rf"^(?P<first>[^,]+?) (?:versus|vs\.?) (?P<second>[^,]+?)"
        rf"(?:[:,]? {_IN} (?P<what>[^,]+)|[:,] (?P<after>[^,]+))?$",
    )
)
# "what the villagers want": a question but for its order.
_CLAUSE: Final = lazy_regex(
    r"^(?P<wh>what|who|how|where|when|why)\s+(?P<subject>(?:(?:the|an?)\s+\S+|(?:(?-i:[A-Z])\S*\s+)*"
    r"(?-i:[A-Z])\S*))\s+\S",
    re.IGNORECASE,
)
_PRONOUN: Final = lazy_regex(r"\b(?:he|she|it|they)\b", re.IGNORECASE)
# A phrase that is no bare name: "Weir's plan", "the old fare".
_DESCRIPTION: Final = lazy_regex(
    r"['’]s?\s+[a-z]|^(?:the|an?)\s+(?-i:(?:[A-Z]\S*\s+)*[a-z])", re.IGNORECASE
)
# "The Kelm and Varnes mergers": two mergers.
_NAME_ALONE: Final = lazy_regex(r"(?P<the>[Tt]he )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*")
_NAME_AND_KIND: Final = lazy_regex(
    r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*(?P<kind>(?: [a-z-]+)?? [a-z-]+s)"
)
# "The verdicts for Weir and Lind": for either.
_OF_NAME: Final = lazy_regex(
    r"(?P<head>(?:the|an?) (?:[a-z-]+ ){1,3}(?:of|for|in|at|against|by|from) (?:the )?)[A-Z][^,]*"
)
_GENITIVE: Final = ("'s", "’s", "s'", "s’")
_OWNED: Final = lazy_regex(
    r"[A-Z]\S*(?: [A-Z]\S*)*(?:['’]s|s['’]) (?P<kind>[a-z-]+)(?P<rest>(?: .+)?)"
)
_PLURAL: Final = lazy_regex(r"(?<![su])s$")
# "Is treatment X versus Y safe?": a sentence of its own, and no side or aspect.
_SENTENCE: Final = lazy_regex(
    r"\b(?:what|which|who|whom|whose|how|where|when|why|is|are|was|were|do|does|did|has|have|had)\b",
    re.IGNORECASE,
)
_ARTICLE: Final = lazy_regex(r"^(?:the|their|its) ", re.IGNORECASE)

_NOW: Final = r"(?:now|today|currently|at present|this year)"
_MORE_NOW: Final = lazy_regex(
    rf"^how much (?:more|less|higher|lower|larger|smaller|longer|shorter|dearer|cheaper)"
    rf"(?: (?P<what>[a-z]+))?? (?P<aux>do|does|is|are|will) (?P<rest>.+?),? {_NOW},? than .+$",
    re.IGNORECASE,
)
_CHANGE: Final = lazy_regex(
    r"^(?:how|in what way) (?:has|have) (?P<side>(?:the|its|their) .+?|.+ of .+|.*['’]s? .+|"
    r"[a-z]+ [a-z]+) (?:changed|developed)(?: since .+| over time)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contrast:
    """The sides of a contrast, and the question for each with ``{}`` in place of the side."""

    first: str
    second: str
    template: str


def find_contrast(text: str) -> Contrast | None:
    """Find the sides of a contrast.

    text: a question without its question mark.
    """
    for pattern in _PATTERNS:
        if match := pattern.match(text):
            groups = match.groupdict()
            aspect = next((w for key in ("before", "what", "after") if (w := groups.get(key))), "")
            sides = match["first"].strip(), match["second"].strip()
            return _contrast(*sides, aspect.strip(), is_view=bool(groups.get("on")))
    return None


def _contrast(first: str, second: str, aspect: str, *, is_view: bool) -> Contrast | None:
    owned = _OWNED.fullmatch(second)
    if first.endswith(_GENITIVE) and owned and not aspect:
        # "A's and B's views on wolves"
        plural = _PLURAL.search(owned["kind"])
        template = f"What {'are' if plural else 'is'} {{}}?"
        return Contrast(f"{first} {owned['kind']}{owned['rest']}", second, template)
    alone, kind = _NAME_ALONE.fullmatch(first), _NAME_AND_KIND.fullmatch(second)
    if alone and kind and not is_view:
        first, second = f"{first}{kind['kind']}", f"{alone['the'] or ''}{second}"
        if not aspect:
            return Contrast(first, second, "What is {}?")
    if (description := _OF_NAME.fullmatch(first)) and _NAME_ALONE.fullmatch(second):
        second = f"{description['head']}{second}"
    clause = _CLAUSE.match(first)
    if clause and second.lower().startswith(clause["wh"].lower()) and not aspect:
        # "what the nurses wanted and what they got"
        return Contrast(first, _PRONOUN.sub(clause["subject"], second, count=1), "{}?")
    if any(map(_SENTENCE.search, (first, second, aspect))):
        return None
    if aspect and is_view:
        return Contrast(first, second, f"How does {{}} stand on {aspect}?")
    if aspect:
        be = "are" if _PLURAL.search(aspect) else "is"
        return Contrast(first, second, f"What {be} the {_ARTICLE.sub('', aspect)} of {{}}?")
    if _DESCRIPTION.search(first):
        return Contrast(first, second, "What is {}?")
    return None


def find_change(text: str) -> str | None:
    """Ask how a thing is now, where a question compares that with how it was: what differed before
    follows any answer. ``None`` where it does not.

    text: a question without its question mark.
    """
    if match := _MORE_NOW.match(text):
        measure = f"How much {match['what']}" if match["what"] else "How much"
        return f"{measure} {match['aux']} {match['rest']} now?"
    if match := _CHANGE.match(text):
        return f"What {'are' if _PLURAL.search(match['side']) else 'is'} {match['side']} now?"
    return None
