"""Comparatives ("longer", "the better margin", "more people"), and the question for what each
measures ("how long", "what margin", "how many people"). English only."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from rag.query.word_list import common_words

__all__ = [
    "AUXILIARIES",
    "BE",
    "COMPARATIVES",
    "DO",
    "HAVE",
    "MODALS",
    "NOUN",
    "PAST",
    "PREPOSITIONS",
    "Measure",
    "ask_measure",
    "base_form",
    "find_measure",
    "front",
    "read_measure",
]

# Closed: the comparatives of measures, with the question for each.
_MEASURES: Final = {
    "longer": "how long", "shorter": "how long", "taller": "how tall", "higher": "how high",
    "lower": "how high", "larger": "how large", "bigger": "how large", "smaller": "how large",
    "greater": "how large", "older": "how old", "younger": "how old", "deeper": "how deep",
    "wider": "how wide", "heavier": "how heavy", "lighter": "how heavy", "faster": "how fast",
    "slower": "how fast", "quicker": "how fast", "stronger": "how strong", "weaker": "how strong",
    "warmer": "how warm", "hotter": "how warm", "colder": "how cold", "richer": "how rich",
    "poorer": "how rich", "better": "how well", "worse": "how well", "earlier": "when",
    "sooner": "when", "later": "when", "further": "how far", "farther": "how far",
    "thicker": "how thick", "thinner": "how thick",
    "cheaper": "how much", "dearer": "how much", "costlier": "how much",
    "more expensive": "how much", "less expensive": "how much",
}  # fmt: skip
# The same of adjectives that have no other word for their measure.
_PLAIN: Final = (
    "bright", "busy", "calm", "clean", "close", "dark", "dense", "dry", "easy", "fair", "full",
    "happy", "hard", "harsh", "healthy", "keen", "kind", "loud", "mild", "near", "noisy", "quiet",
    "rare", "ready", "safe", "sharp", "soft", "steep", "tough", "wet",
)  # fmt: skip
_HOW: Final = _MEASURES | {
    f"{re.sub('y$', 'i', word).removesuffix('e')}er": f"how {word}" for word in _PLAIN
}
_PRICES: Final = frozenset(word for word, how in _HOW.items() if how == "how much")
COMPARATIVES: Final = "|".join(_HOW)
PREPOSITIONS: Final = (
    "about|across|after|against|among|at|before|between|by|during|for|from|in|into|of|off|on|over|"
    "per|since|than|through|to|under|until|when|while|with|within|without"
)
# A noun with what stands before it, up to where a phrase of its own begins.
NOUN: Final = (
    rf"(?:(?!(?:{PREPOSITIONS}|as|or)\b)[\w’'%-]+)"
    rf"(?:\s+(?!(?:{PREPOSITIONS}|as|or|last|this|next|\w+ing)\b)[\w’'%-]+)*"
)
# As large: the measure of "as many people (as)", "as long a sentence (as)".
_EQUAL: Final = (
    rf"as\s+(?P<equal>many|much)(?:\s+(?P<counted>{NOUN}))?"
    rf"|as\s+(?P<degree>[a-z-]+(?:\s+an?\s+{NOUN})?)"
)
_MEASURE: Final = re.compile(
    rf"\b(?:(?P<attribute>the|an?)\s+(?:{COMPARATIVES}|more|less)\s+(?P<what>{NOUN})"
    rf"|(?:the\s+)?(?P<predicate>{COMPARATIVES}|first$)"
    rf"|(?:more|less)\s+(?P<manner>often|[a-z]+ly)|(?:more|less|fewer)\b(?:\s+(?P<noun>{NOUN}))?"
    rf"|{_EQUAL})",
    re.IGNORECASE,
)
_PLURAL: Final = re.compile(r"\b(?:[a-z-]{2,}(?<!s)s|people|men|women|children|staff)$", re.I)
_OF_NAME: Final = re.compile(r"^of\s+(?:the\s+)?[A-Z]\S*(?:\s+[A-Z]\S*)*")
# Closed: irregular past forms, with the verb that follows "did".
PAST: Final = {
    "grew": "grow", "had": "have", "sold": "sell", "made": "make", "paid": "pay", "won": "win",
    "lost": "lose", "spent": "spend", "earned": "earn", "rose": "rise", "fell": "fall",
    "built": "build", "got": "get", "took": "take", "found": "find", "saw": "see", "drew": "draw",
    "gave": "give", "did": "do", "left": "leave", "held": "hold", "kept": "keep",
    "brought": "bring",
    "came": "come", "went": "go", "ran": "run", "led": "lead", "put": "put", "set": "set",
    "raised": "raise", "killed": "kill", "used": "use", "employed": "employ",
    "produced": "produce",
    "carried": "carry", "scored": "score", "received": "receive", "offered": "offer",
    "shot": "shoot", "beat": "beat", "ate": "eat", "began": "begin", "broke": "break",
    "chose": "choose", "drove": "drive", "felt": "feel", "flew": "fly", "hit": "hit", "cut": "cut",
    "opened": "open", "lasted": "last", "needed": "need", "closed": "close", "caused": "cause",
}  # fmt: skip
BE: Final = ("is", "are", "was", "were")
MODALS: Final = ("will", "would", "can", "could", "should", "may", "might", "must")
DO: Final = ("do", "does", "did")
HAVE: Final = ("has", "have", "had")
AUXILIARIES: Final = "|".join((*BE, *MODALS, *DO, *HAVE))


@dataclass(frozen=True, slots=True)
class Measure:
    """A clause with a comparative: what stands before and behind it, and the question for it.

    is_price: whether it is of a price, which a thing does not have but costs.
    """

    before: str
    question: str
    after: str
    is_price: bool = False


def find_measure(clause: str, is_predicate: bool = False) -> Measure | None:
    """Find the comparative of a clause; ``None`` where there is none.

    is_predicate: whether a form of "to be" stands before the clause, so that an adjective may
        follow "more" ("is A more popular").
    """
    match = _MEASURE.search(clause)
    if match is None:
        return None
    measure = Measure(clause[: match.start()].strip(), "", clause[match.end() :].strip())
    if match["attribute"]:
        return replace(measure, question=f"what {match['what']}")
    if match["predicate"]:
        word = " ".join(match["predicate"].lower().split())
        return replace(measure, question=_HOW.get(word, "when"), is_price=word in _PRICES)
    if degree := match["manner"] or match["degree"]:
        return replace(measure, question=f"how {degree}")
    noun = match["noun"] or match["counted"] or ""
    if not measure.before:
        # The noun is the subject here, and its verb follows.
        noun, verb = _divide(noun)
        measure = replace(measure, after=f"{verb} {measure.after}".strip())
        if place := _OF_NAME.match(measure.after):
            noun, measure = (
                f"{noun} {place.group()}",
                replace(measure, after=measure.after[place.end() :]),
            )
    is_of_be = is_predicate or bool(re.search(rf"\b(?:{'|'.join(BE)}|be)$", measure.before))
    if (
        is_of_be
        and re.fullmatch(r"[a-z]+(?:(?<!s)|ous|less)", noun)
        and "there" not in measure.before
    ):
        return replace(measure, question=f"how {noun}")
    return replace(measure, question=_count(noun))


def base_form(past: str) -> str:
    """The verb of a regular past form: "solve" of "solved", by which of its forms is a word."""
    stem = past.removesuffix("ed")
    forms = (stem, f"{stem}e", stem[:-1], f"{stem.removesuffix('i')}y")
    return next((form for form in forms if form in common_words()), stem)


def _divide(words: str) -> tuple[str, str]:
    """Divide "people take part" behind its first plural."""
    tokens = words.split()
    for at, token in enumerate(tokens, start=1):
        if _PLURAL.search(token):
            return " ".join(tokens[:at]), " ".join(tokens[at:])
    return words, ""


def read_measure(words: str) -> Measure | None:
    """Read words that are nothing but a comparative ("more turbines"); ``None`` where they are
    not."""
    measure = find_measure(words)
    return measure if measure and not measure.before and not measure.after else None


def _count(noun: str) -> str:
    noun_alone = noun.partition(" of ")[0]
    is_many = bool(_PLURAL.search(noun_alone)) or bool(re.match(r"\S+s\b(?<!ss)", noun))
    return f"how {'many' if is_many else 'much'} {noun}".strip()


def front(auxiliary: str, measure: Measure) -> str:
    """The question with its auxiliary, and a place for the subject: "how long is {}?"."""
    return ask_measure(auxiliary, replace(measure, before=f"{{}} {measure.before}".strip()))


def ask_measure(auxiliary: str, measure: Measure) -> str:
    """The question with its auxiliary, the subject being in what stands before the comparative."""
    if measure.is_price and auxiliary in BE:
        do = "did" if auxiliary in ("was", "were") else "does"
        subject, *rest = measure.before.partition("{}")[1:] if "{}" in measure.before else ("", "")
        if subject:
            return _join(measure.question, do, subject, "cost", *rest, measure.after)
        return _join(measure.question, do, measure.before, "cost", measure.after)
    return _join(measure.question, auxiliary, measure.before, measure.after)


def _join(*words: str) -> str:
    return " ".join(" ".join(words).split()) + "?"
