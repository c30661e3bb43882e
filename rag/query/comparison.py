"""Comparisons: each side is asked for by itself what is compared.

"Which has the larger workforce, A or B?" asks "What workforce does A have?" and the same of B. Two
things are told by form alone: the sides, and the comparative ("longer", "the better margin", "more
people"), in whose place a question word is put. A side that only points to the other ("that of B",
"the one in May") gets the noun of the other. English only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from index.text.patterns import lazy_regex
from rag.query.alternatives import (
    Alternatives,
    complete_phrase,
    find_alternatives,
    find_choice,
)
from rag.query.comparison_sides import (
    OWNER_ALONE,
    PREPOSITION,
    PREPOSITIONS,
    complete_sides,
    noun_of,
)
from rag.query.contrast import find_contrast
from rag.query.verb_forms import BE, DO, HAVE, IRREGULAR, MODAL, base_of_past, base_of_present

__all__ = ["ask_each_side"]

# Closed: the comparatives of measures, with the question for each.
_HOW: Final = {
    "longer": "how long", "shorter": "how long", "taller": "how tall", "higher": "how high",
    "lower": "how high", "larger": "how large", "bigger": "how large", "smaller": "how large",
    "greater": "how large", "older": "how old", "younger": "how old", "deeper": "how deep",
    "wider": "how wide", "heavier": "how heavy", "lighter": "how heavy", "faster": "how fast",
    "slower": "how fast", "quicker": "how fast", "stronger": "how strong", "weaker": "how strong",
    "warmer": "how warm", "hotter": "how warm", "colder": "how cold", "richer": "how rich",
    "poorer": "how rich", "better": "how well", "worse": "how well", "earlier": "when",
    "sooner": "when", "later": "when", "cheaper": "how much", "dearer": "how much",
    "quieter": "how quiet", "louder": "how loud", "brighter": "how bright", "safer": "how safe",
    "thicker": "how thick", "thinner": "how thick", "busier": "how busy", "costlier": "how much",
    "more expensive": "how much", "less expensive": "how much",
}  # fmt: skip
_PRICES: Final = frozenset(word for word, how in _HOW.items() if how == "how much")
# A noun with what stands before it, up to where a phrase of its own begins.
_NOUN: Final = (
    rf"(?:(?!(?:{PREPOSITIONS})\b)[\w’'%-]+)"
    rf"(?:\s+(?!(?:{PREPOSITIONS}|last|this|next|\w+ing)\b)[\w’'%-]+)*"
)
# "Charges higher fees", and not "is cheaper overall".
_ADVERBS: Final = (
    "now|today|here|there|again|together|overall|apart|ago|yet|too|this|that|last|next|each|every|"
    "everywhere|yesterday|tomorrow|only|or|and|than|as|the|an?|of"
)
_MEASURE: Final = lazy_regex(
    rf"\b(?:(?P<attribute>the|an?)\s+(?:{'|'.join(_HOW)}|more|less)\s+(?P<what>{_NOUN})"
    rf"|(?<!is\s)(?<!are\s)(?<!was\s)(?<!were\s)(?:{'|'.join(_HOW)})\s+"
    rf"(?!(?:{_ADVERBS})\b)(?P<bare>{_NOUN})"
    rf"|(?:the\s+)?(?P<predicate>{'|'.join(_HOW)}|first$)"
    rf"|(?:more|less)\s+(?P<manner>often|[a-z]+ly)|(?:more|less|fewer)\b(?!\s+than\b)(?:\s+(?P<noun>{_NOUN}))?)",
    re.IGNORECASE,
)
_PLURAL: Final = lazy_regex(r"\b(?:[a-z-]{2,}(?<!s)s|people|men|women|children|staff)$", re.I)
_SENTENCE_AUXILIARY: Final = "|".join((*BE, *MODAL, *DO, *HAVE))
_DETERMINER: Final = r"(?:the|an?|that\s+of|those\s+of)"
_SIDE: Final = (
    rf"(?:{_DETERMINER}\s+)*[A-Z][\w’'&.-]*(?:\s+(?:[A-Z&][\w’'&.-]*|\d+\b|of(?=\s+(?:the\s+)?[A-Z])"
    rf"|the(?=\s+[A-Z])))*|{_DETERMINER}\s+[a-z-]+"
)
_AT_END: Final = lazy_regex(
    r"^(?P<clause>(?:which|who|what|whose)\b.+?)\s*[,:–—]\s+(?P<first>[^,:]+?),?\s+or\s+"
    r"(?P<second>[^,:]+?)$",
    re.IGNORECASE,
)
_INSIDE: Final = lazy_regex(
    r"^(?P<clause>which\s+of\s+[^,]+),\s+(?P<first>[^,]+?)\s+or\s+(?P<second>[^,]+?),\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_OF_BOTH: Final = lazy_regex(
    rf"^[Ww]hich\s+of\s+(?P<first>{_SIDE})\s+(?:and|or)\s+(?P<second>{_SIDE})\s+(?P<rest>[a-z].+)$"
)
_AUXILIARY_OR: Final = lazy_regex(
    rf"^(?P<aux>(?i:{_SENTENCE_AUXILIARY}))\s+(?P<first>.+?)\s+or\s+(?P<second>{_SIDE})\s+"
    r"(?P<rest>[a-z].+)$"
)
_BE_THAN: Final = lazy_regex(
    rf"^(?P<aux>{'|'.join(BE)})\s+(?P<first>.+?)\s+(?P<rest>(?:{'|'.join(_HOW)}))\s+than\s+"
    r"(?P<second>.+)$",
    re.IGNORECASE,
)
_DO_THAN: Final = lazy_regex(
    rf"^(?P<aux>(?i:{'|'.join((*DO, *HAVE, *MODAL))}))\s+(?P<first>{_SIDE})\s+"
    rf"(?P<rest>[a-z].+?)\s+than\s+(?P<second>{_SIDE})$"
)
_COMPARE: Final = lazy_regex(
    r"^how\s+(?P<aux>do|does|did)\s+(?P<first>.+?)\s+compare\s+(?:to|with)\s+(?P<second>.+)$",
    re.IGNORECASE,
)
_COMPARE_BOTH: Final = lazy_regex(
    r"^how\s+(?P<aux>do|did)\s+(?P<first>.+?)\s+and\s+(?P<second>.+?)\s+(?:compare|differ)\s+in\s+"
    r"(?P<what>.+)$",
    re.IGNORECASE,
)
_BOTH_SIDES: Final = lazy_regex(
    rf"^(?P<wh>(?:what|how|when|where|why|who)\b(?:\s+[a-z]+)*?)\s+(?P<aux>{_SENTENCE_AUXILIARY})\s+"
    r"(?P<first>[^,]+?)\s+and\s+(?P<second>[^,]+?)\s+(?:each|both)\s+"
    r"(?!(?:other|years?|quarters?|months?|weeks?|days?|nights?|seasons?|times?|countries|sides)\b)"
    r"(?P<rest>.+)$",
    re.IGNORECASE,
)
# No thing of its own: a time, a norm, a clause.
_NO_SIDE: Final = lazy_regex(
    rf"^(?:['‘\"“]|(?:{PREPOSITIONS})\b|(?:what|who|how|whether|if|it|he|she|they|one|normal|usual|"
    r"expected|average|others?)\b|(?:an?|the)\s+(?:year|quarter|month|week|day)\b"
    # "A day ticket" is no time.
    rf"(?!\s+(?!earlier\b|ago\b|later\b|(?:{PREPOSITIONS})\b)[a-z])"
    r"|(?:an?|the)\s+(?:first|second|others?)\b)"
    r"|\b(?:had|has|have|was|were|is|are|would|will)\b",
    re.IGNORECASE,
)
_WITH_DETERMINER: Final = lazy_regex(_DETERMINER + r"\b", re.IGNORECASE)
_ARTICLE_AND_WORD: Final = lazy_regex(r"(?:the|an?)\s+[a-z-]+$", re.IGNORECASE)
_OTHER_WAY: Final = lazy_regex(rf"\s+(?:{'|'.join(_HOW)}|more|less)\s+or$", re.IGNORECASE)


_ASKS_FOR_OWNER: Final = lazy_regex(r"whose\b", re.IGNORECASE)
_BARE_NAME: Final = lazy_regex(r"(?:[Tt]he )?[A-Z][\w&.-]*(?: [A-Z\d][\w&.-]*)*")
_RELATIVE: Final = lazy_regex(r".\b(?:who|whose|whom|that|which)\b", re.IGNORECASE)
# "Is turnout higher or lower?", "which of the two".
_EITHER_WAY: Final = lazy_regex(
    rf"\b(?P<one>{'|'.join(_HOW)}|more)\s+or\s+(?:{'|'.join(_HOW)}|less|fewer)\b", re.IGNORECASE
)
_OF_THE_TWO: Final = lazy_regex(r"\s+of (?:the two|both)\b", re.IGNORECASE)
# "What happened first, A or B?": of clauses it is asked whole.
_EVENT_VERB: Final = lazy_regex(r"\bhappened\b", re.IGNORECASE)
_CLAUSE: Final = lazy_regex(
    rf"\b(?:{'|'.join((*IRREGULAR, *DO))}|(?<!\bthe )(?<!\ba )(?<!\ban )[a-z]{{2,}}ed)\b"
)
# What a comparative stands behind without a noun: "is more crowded".
_COPULA: Final = lazy_regex(
    r"\b(?:is|are|was|were|be|been|seems?|seemed|appears?|appeared|looks?|looked|became|becomes?)\s*$",
    re.IGNORECASE,
)
_OWNED_OR_OF: Final = lazy_regex(rf"(?:['’]s|s['’])(?=\s|$)|\b(?:{PREPOSITIONS})\b", re.IGNORECASE)
_NEGATION: Final = lazy_regex(r"\b(?:not|never|no)\b|n['’]t\b", re.IGNORECASE)
_NAME_BEHIND: Final = lazy_regex(r"[a-z] [A-Z]")
# What a subject begins with that is no name.
_SUBJECTS: Final = frozenset({
    "the", "a", "an", "his", "her", "its", "their", "he", "she", "it", "they", "you", "we",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Measure:
    """A clause with a comparative: what stands before and behind it, and the question for it."""

    before: str
    question: str
    after: str
    is_price: bool


def ask_each_side(question: str) -> tuple[str, ...]:
    """Ask for each side of a comparison what is compared; nothing where a question is none."""
    text = _EITHER_WAY.sub(r"\g<one>", question.strip().rstrip("?.").strip())
    if match := _COMPARE_BOTH.match(text):
        do = "does" if match["aux"].lower() == "do" else "did"
        return _for_sides(_sides(match), f"What {match['what']} {do} {{}} have?")
    if match := _COMPARE.match(text):
        be = "was" if match["aux"].lower() == "did" else "is"
        return _for_sides(_sides(match), f"What {be} {{}}?")
    if match := _BOTH_SIDES.match(text):
        aux = "does" if match["aux"].lower() == "do" else match["aux"]
        rest = re.sub(r"\btheir\b", "the", match["rest"])
        return _for_sides(_sides(match), f"{match['wh']} {aux} {{}} {rest}?")
    for pattern in (_BE_THAN, _DO_THAN):
        match = pattern.match(text)
        # "Does A's trust have more than B?"
        if match and pattern is _DO_THAN and OWNER_ALONE.search(match["first"]):
            continue
        if match and (measure := _find_measure(match["rest"])):
            return _for_sides(_sides(match), _front(match["aux"].lower(), measure))
    if match := _AUXILIARY_OR.match(text):
        first, second, rest = _same_form(match)
        if measure := _find_measure(rest):
            return _for_sides((first, second), _front(match["aux"].lower(), measure))
    if choice := find_choice(text):
        return _ask_sides(choice.first, choice.second, f"{choice.clause} {{}} {choice.rest}?")
    if (alternatives := find_alternatives(text)) and (sides := _ask_phrases(alternatives)):
        return sides
    for pattern in (_OF_BOTH, _INSIDE):
        if (match := pattern.match(text)) and (template := _ask_predicate(match["rest"])):
            return _for_sides(_sides(match), template)
    if match := _AT_END.match(text):
        clause = _OF_THE_TWO.sub("", match["clause"])
        if _EVENT_VERB.search(clause) and any(map(_CLAUSE.search, _sides(match))):
            return ()
        sides = _owners(match) if _ASKS_FOR_OWNER.match(clause) else _sides(match)
        return _for_sides(sides, *_ask_clause(clause))
    if contrast := find_contrast(text):
        return _ask_sides(contrast.first, contrast.second, contrast.template)
    return ()


def _owners(match: re.Match[str]) -> tuple[str, str]:
    """The sides as owners: "Whose fine was higher, Weir or Lind?"."""
    first, second = (
        f"{side}'{'' if side.endswith('s') else 's'}" if _BARE_NAME.fullmatch(side) else side
        for side in _sides(match)
    )
    return first, second


def _sides(match: re.Match[str]) -> tuple[str, str]:
    return match["first"], match["second"]


def _same_form(match: re.Match[str]) -> tuple[str, str, str]:
    """The sides and what follows them, where a second side with an article has as many words as the
    first: "the old bridge or the new tunnel"; without sides where a bare name stands beside a
    clause: "slaves arrive in El Salvador or Florida"."""
    first, second = _sides(match)
    if not _WITH_DETERMINER.match(second):
        return ("" if PREPOSITION.search(first) else first), second, match["rest"]
    words = match["rest"].split()
    missing = max(len(first.split()) - len(second.split()), 0)
    missing *= bool(_WITH_DETERMINER.match(first) and _ARTICLE_AND_WORD.match(second))
    return first, " ".join([second, *words[:missing]]), " ".join(words[missing:])


def _for_sides(sides: tuple[str, str], template: str | None, noun: str = "") -> tuple[str, ...]:
    """The question for either side; none where the comparative or a side was not understood.

    noun: of what kind both sides are, where the question says so ("which strike").
    """
    first = _OTHER_WAY.sub("", sides[0].strip(" ,"))
    second = complete_phrase(first, sides[1].strip(" ,"))
    if not (template and first and second) or _NO_SIDE.search(first) or _NO_SIDE.search(second):
        return ()
    # "The fare" and "the ticket" are two things, "the fare" and "last year" are not.
    are_named = any(character.isupper() for side in (first, second) for character in side)
    if not are_named and not all(_WITH_DETERMINER.match(side) for side in (first, second)):
        return ()
    return _ask_sides(first, second, template, noun)


def _ask_sides(first: str, second: str, template: str, noun: str = "") -> tuple[str, ...]:
    questions = (_fill(template, side) for side in complete_sides(first, second, noun))
    return tuple(q[0].upper() + " ".join(q[1:].split()) for q in questions)


def _fill(template: str, side: str) -> str:
    noun = noun_of(side)
    # "The Greens", and not "the Paris".
    is_plural = noun.islower() or side.startswith(f"the {noun}")
    if is_plural and re.fullmatch(r"[A-Za-z][a-z]+(?<![su])s", noun):
        for verb, plural in (("does", "do"), ("is", "are"), ("was", "were"), ("has", "have")):
            template = template.replace(f" {verb} {{}}", f" {plural} {{}}")
    return template.replace("{}", side)


def _find_measure(clause: str) -> _Measure | None:
    match = _MEASURE.search(clause)
    # "Which film has a director who is older?" compares what no side names.
    if match is None or _RELATIVE.search(clause[: match.start()]):
        return None
    # Nor is a negation, or a noun with a name behind it ("more members Judaism"), understood.
    noun = match["what"] or match["bare"] or match["noun"] or ""
    if _NEGATION.search(clause) or _NAME_BEHIND.search(noun):
        return None
    is_price = False
    if noun := match["what"] or match["bare"]:
        question = f"what {noun}"
    elif match["predicate"]:
        word = " ".join(match["predicate"].lower().split())
        question, is_price = _HOW.get(word, "when"), word in _PRICES
    elif manner := match["manner"]:
        # "How likely would A cause it?" nobody asks.
        if manner.lower() == "likely":
            return None
        question = "when" if manner.lower() == "recently" else f"how {manner}"
    elif _COPULA.search(clause[: match.start()]) and match["noun"]:
        # "Which town is more crowded?", not "how much crowded"; "more at risk" has no adjective.
        question = f"how {match['noun']}"
    else:
        noun = match["noun"] or ""
        is_many = bool(_PLURAL.search(noun)) or bool(re.match(r"\S+s\b(?<!ss)", noun))
        question = f"how {'many' if is_many else 'much'} {noun}".strip()
    after = clause[match.end() :].strip()
    if after.startswith("of ") and question.startswith("what "):
        # "What level of lead", and not "what level has A of lead".
        question, after = f"{question} {after}", ""
    return _Measure(clause[: match.start()].strip(), question, after, is_price)


def _front(auxiliary: str, measure: _Measure) -> str:
    """The question with its auxiliary: "How long is {}?"."""
    if measure.is_price and auxiliary in BE:
        do = "did" if auxiliary in ("was", "were") else "does"
        return f"{measure.question} {do} {{}} cost {measure.before} {measure.after}".rstrip() + "?"
    return f"{measure.question} {auxiliary} {{}} {measure.before} {measure.after}".rstrip() + "?"


def _ask_phrases(alternatives: Alternatives) -> tuple[str, ...]:
    """The question of "Is milk dearer", for "in Kelm" and for "in Varnes"."""
    auxiliary, _, clause = alternatives.clause.partition(" ")
    measure = _find_measure(clause)
    # In "Did more people vote" the subject itself is counted, "more than a week" has its measure.
    if measure is None or not measure.before or measure.after.startswith("than "):
        return ()
    template = _front(auxiliary.lower(), replace(measure, before=""))
    question = " ".join(_fill(template, measure.before).rstrip("?").split())
    phrases = alternatives.first, alternatives.second
    return tuple(f"{question[0].upper()}{question[1:]} {phrase}?" for phrase in phrases)


def _ask_clause(clause: str) -> tuple[str | None, str]:
    """The question of "which maker had the better margin", and of what kind both sides are."""
    measure = _find_measure(clause)
    tokens = measure.before.split() if measure else []
    at = _verb(tokens)
    # "Which did more people attend?", "Which day was the crash rate lower?"
    behind = tokens[at + 1] if at + 1 < len(tokens) else ""
    is_turned = tokens[at : at + 1] and (
        tokens[at] in DO
        or (tokens[at] in BE and behind == "the")
        or (tokens[at] in MODAL and (behind[:1].isupper() or behind in _SUBJECTS))
        # "Which film has the director born later?"
        or (tokens[at] in HAVE and behind in _SUBJECTS)
    )
    if measure is None or not at or is_turned:
        return None, ""
    kind = re.sub(r"^of the (?:two |both )?", "", " ".join(tokens[1:at]))
    # Of "which group of the census" and "which firm's margin" the sides alone are no name.
    if _OWNED_OR_OF.search(kind):
        return None, ""
    return _ask_verb(tokens[at:], measure), noun_of(kind) if kind else ""


def _ask_predicate(predicate: str) -> str | None:
    """The question of "converts handwriting in more languages"."""
    measure = _find_measure(predicate)
    tokens = measure.before.split() if measure else []
    return _ask_verb(tokens, measure) if measure and tokens else None


def _verb(tokens: list[str]) -> int:
    """Where the verb of a clause stands that begins with "which", "who" or "what"; 0 if unsure."""
    verbs = (*BE, *MODAL, *HAVE, *IRREGULAR, "cost", "costs")
    for at, token in enumerate(tokens[1:], start=1):
        if token.lower() in verbs:
            return at
    is_named = bool(tokens) and tokens[0].lower() in ("which", "whose")
    for at in range(len(tokens) - 1, 0, -1) if is_named else range(1, len(tokens)):
        if re.fullmatch(r"[a-z]+(?:(?<!s)s|ed)", tokens[at]):
            return at
    is_unsure = not tokens or bool(re.fullmatch(PREPOSITIONS, tokens[-1]))
    return 0 if is_unsure else len(tokens) - 1


def _ask_verb(tokens: list[str], measure: _Measure) -> str:
    verb, rest = tokens[0].lower(), " ".join(tokens[1:])
    remainder = _Measure(rest, measure.question, measure.after, measure.is_price)
    is_perfect = verb in HAVE and bool(rest) and not rest.startswith("to ")
    if verb in BE or verb in MODAL or is_perfect:
        return _front(verb, remainder)
    if verb in IRREGULAR or verb.endswith("ed"):
        base, do = base_of_past(verb), "did"
    elif verb in ("has", "have"):
        base, do = "have", "does"
    elif verb.endswith("s") and not verb.endswith("ss"):
        base, do = base_of_present(verb), "does"
    else:
        base, do = verb, "does"
    return f"{measure.question} {do} {{}} {base} {rest} {measure.after}".rstrip() + "?"
