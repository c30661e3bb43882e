"""Comparisons: each side is asked for by itself what is compared.

"Which has the larger workforce, A or B?" asks "What workforce does A have?" and the same of B. Two
things are told by form alone: the comparative (:mod:`rag.query.comparatives`), in whose place a
question word is put, and the sides (:mod:`rag.query.comparison_sides`), which a word joins: "or",
"than", "and ... differ", "compare with". English only.
"""

from __future__ import annotations

import re
from typing import Final

from rag.query.comparatives import (
    AUXILIARIES,
    BE,
    COMPARATIVES,
    DO,
    HAVE,
    MODALS,
    PAST,
    PREPOSITIONS,
    Measure,
    base_form,
    find_measure,
    front,
)
from rag.query.comparison_pairs import ask_about_pairs
from rag.query.comparison_phrases import ask_about_phrases
from rag.query.comparison_sides import (
    NAMED_SIDE,
    capitalise,
    complete_sides,
    fill,
    is_side,
    noun_of,
)
from rag.query.comparison_times import counterpart

__all__ = ["ask_each_side"]

# "Higher or lower": one word for the measure.
_EITHER_WAY: Final = re.compile(
    rf"\b(?P<way>{COMPARATIVES}|more|less|fewer)\s+(?:than\s+)?or\s+(?:{COMPARATIVES}|more|less|fewer)\b",
    re.IGNORECASE,
)
# "The quickest, A or B": of two, it is the quicker.
_SUPERLATIVE: Final = re.compile(r"\b(?:the\s+)?(?P<stem>[a-z]{3,})est\b", re.IGNORECASE)
_AT_END: Final = re.compile(
    r"^(?P<clause>(?:which|who|what|whose)\b.+?)\s*[,:–—]\s+(?P<first>[^,:]+?),?\s+or\s+"
    r"(?P<second>[^,:]+?)$",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    r"^(?P<clause>which\s+of\s+[^,]+),\s+(?P<first>[^,]+?)\s+or\s+(?P<second>[^,]+?),\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_OF_BOTH: Final = re.compile(
    rf"^[Ww]hich\s+of\s+(?P<first>{NAMED_SIDE})\s+(?:and|or)\s+(?P<second>{NAMED_SIDE})\s+(?P<rest>[a-z].+)$"
)
_AUXILIARY_OR: Final = re.compile(
    rf"^(?P<aux>(?i:{AUXILIARIES}))\s+(?P<first>(?:(?!\b(?:or|than)\b).)+?)\s+or\s+"
    rf"(?P<second>(?:the\s+)?[A-Z][a-z]+(?:ish|an|ese)\s+[a-z]+|{NAMED_SIDE}"
    r"|[a-z-]+\s+(?:[a-z-]{2,}(?<!s)s|people|men|women|children)|[a-z-]+)\s+"
    r"(?P<rest>[a-z].+)$"
)
# "Dies" is of "die".
_SHORTEST_IN_Y: Final = 4


def ask_each_side(question: str) -> tuple[str, ...]:
    """Ask for each side of a comparison what is compared; nothing where a question is none."""
    text = question.strip().rstrip("?").strip()
    text = _EITHER_WAY.sub(r"\g<way>", text)
    questions = _ask_alternatives(text) or ask_about_pairs(text) or ask_about_phrases(text)
    return tuple(map(capitalise, questions)) if len(set(questions)) == 2 else ()


def _ask_alternatives(text: str) -> tuple[str, ...]:
    """Ask for A and for B, where a question says which of both it is about."""
    if (match := _AUXILIARY_OR.match(text)) and (
        measure := find_measure(match["rest"], match["aux"].lower() in BE)
    ):
        return _for_sides(match, front(match["aux"].lower(), measure))
    for pattern in (_OF_BOTH, _INSIDE):
        if (match := pattern.match(text)) and (template := _ask_predicate(match["rest"])):
            return _for_sides(match, template)
    if match := _AT_END.match(text):
        return _for_sides(match, *_ask_clause(_SUPERLATIVE.sub(_comparative, match["clause"])))
    return ()


def _comparative(match: re.Match[str]) -> str:
    """The comparative of a superlative; the words as they are where it is none."""
    word = f"{match['stem']}er"
    return word if re.fullmatch(COMPARATIVES, word, re.IGNORECASE) else match.group()


def _for_sides(match: re.Match[str], template: str | None, noun: str = "") -> tuple[str, ...]:
    """The question for either side; none where the comparative or a side was not understood.

    noun: of what kind both sides are, where the question says so ("which strike").
    """
    first, second = match["first"], match["second"]
    if re.match(rf"(?:{PREPOSITIONS})\s", second) and (place := counterpart(first, second)):
        is_long = len(re.findall(rf"\b(?:{PREPOSITIONS})\s", second)) > 1
        second = f"{first[: place[0]]}{second}{'' if is_long else first[place[1] :]}"
    lead, opposite = complete_sides(first, second, noun)
    if not template or not is_side(lead) or not is_side(opposite):
        return ()
    return fill(template, lead), fill(template, opposite)


def _ask_clause(clause: str) -> tuple[str | None, str]:
    """The question of "which maker had the better margin", and of what kind both sides are."""
    measure = find_measure(clause)
    tokens = measure.before.split() if measure else []
    at = _verb(tokens)
    if measure is None or not at:
        return None, ""
    kind = re.sub(r"^of the (?:two |both )?", "", " ".join(tokens[1:at]))
    return _ask_verb(tokens[at:], measure), noun_of(kind) if kind else ""


def _ask_predicate(predicate: str) -> str | None:
    """The question of "converts handwriting in more languages"."""
    measure = find_measure(predicate)
    tokens = measure.before.split() if measure else []
    return _ask_verb(tokens, measure) if measure and tokens else None


def _verb(tokens: list[str]) -> int:
    """Where the verb of a clause stands that begins with "which", "who" or "what"; 0 if unsure."""
    verbs = (*BE, *MODALS, *HAVE, *DO, *PAST, "cost", "costs")
    first = 2 if tokens and tokens[0].lower() == "whose" else 1
    for at, token in enumerate(tokens[first:], start=first):
        if token.lower() in verbs:
            return at
    is_named = bool(tokens) and tokens[0].lower() in ("which", "whose")
    for at in range(len(tokens) - 1, first - 1, -1) if is_named else range(1, len(tokens)):
        if re.fullmatch(r"[a-z]+(?:(?<!s)s|ed)", tokens[at]):
            return at
    return len(tokens) - 1


def _base(verb: str) -> str:
    """The base of a verb in the third person: "carries", "reaches", "sells"."""
    if verb.endswith("ies") and len(verb) > _SHORTEST_IN_Y:
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:ss|x|zz|ch|sh|o)es$", verb) else verb[:-1]


def _ask_verb(tokens: list[str], measure: Measure) -> str:
    verb, rest = tokens[0].lower(), " ".join(tokens[1:])
    remainder = Measure(rest, measure.question, measure.after, measure.is_price)
    is_perfect = verb in HAVE and bool(rest) and not rest.startswith("to ")
    if verb in BE or verb in MODALS or is_perfect:
        return front(verb, remainder)
    if verb in PAST:
        base, do = PAST[verb], "did"
    elif verb in ("has", "have"):
        base, do = "have", "does"
    elif verb.endswith("s") and not verb.endswith("ss"):
        base, do = _base(verb), "does"
    elif verb.endswith("ed"):
        base, do = base_form(verb), "did"
    else:
        base, do = verb, "does"
    return f"{measure.question} {do} {{}} {base} {rest} {measure.after}".rstrip() + "?"
