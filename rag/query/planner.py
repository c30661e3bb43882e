"""Plan a question of several parts: split it so that each part is answered separately.

Three kinds are split, by their form alone:

- compounds: "Who is A and who heads B?" is two questions, each with its own question word;
- comparisons: "Which is longer, A or B?", "Who employs more people, A or B?", "How did the profit
  of A compare to that of B?" ask the same of both sides;
- preambles: of "I read that ... . Who is A?" the last sentence is asked.

Every part must be understood alone: it names something, and refers back to nothing but a name at
the end of the part before it, which is put in its place. Otherwise the question stays whole.
English only.
"""

from __future__ import annotations

import re
from typing import Final

from index.text.sentences import sentences
from rag.query.follow_up import names_something, refers_back

__all__ = ["plan_question"]

_WH: Final = r"(?:who|whom|whose|what|which|when|where|why|how)"
_COMPOUND: Final = re.compile(
    rf"^(?P<one>{_WH}\b.+?),?\s+and\s+(?P<two>(?:in\s+|at\s+|on\s+)?{_WH}\b.+?)\?*$", re.IGNORECASE
)
# A name with the words of its kind, at the end of a part: "the Ostrik tunnel".
_SUBJECT: Final = re.compile(
    r"\b(?P<name>(?:the\s+)?(?:[A-Z][\w’'-]*\s+)*[A-Z][\w’'-]*)(?P<kind>(?:\s+[a-z]+){0,2})$"
)
# After these the last word is the verb: "does the Slate Leaf cost".
_AUXILIARY: Final = re.compile(r"\b(?:do|does|did|will|would|can|could|should)\b", re.IGNORECASE)
_PRONOUN: Final = re.compile(r"\b(?:(?P<its>its)|it)\b", re.IGNORECASE)
# "Who said that A and what it owns ...": the second part belongs to the clause of the first.
_CLAUSE: Final = re.compile(r"\b(?:that|whether|if)\b", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"\bthere\b(?!\s+(?:is|are|was|were|be)\b)", re.IGNORECASE)
_SIDES: Final = r"(?P<one>\S.*?),?\s+or\s+(?P<two>\S.*?)\?*$"
_MEASURES: Final = {
    "longer": "long", "shorter": "long", "taller": "tall", "higher": "high", "lower": "high",
    "larger": "large", "bigger": "large", "smaller": "large", "older": "old", "younger": "old",
    "deeper": "deep", "wider": "wide", "heavier": "heavy", "faster": "fast", "slower": "fast",
}  # fmt: skip
_MEASURE: Final = "|".join(_MEASURES)
_WHICH_IS: Final = re.compile(
    rf"^(?:which|who|what)(?:\s+[a-z]+)?\s+(?P<be>is|was|are|were)\s+(?P<measure>{_MEASURE})"
    rf"\s*[,:–-]?\s+{_SIDES}",
    re.IGNORECASE,
)
_IS_THAN: Final = re.compile(
    rf"^(?P<be>is|was|are|were)\s+(?P<one>.+?)\s+(?P<measure>{_MEASURE})\s+than\s+(?P<two>.+?)\?*$",
    re.IGNORECASE,
)
_WHICH_DOES: Final = re.compile(
    rf"^(?:which|who|what)(?:\s+[a-z]+)?\s+(?P<verb>[a-z]+)\s+(?:more|less|fewer)"
    rf"(?P<what>(?:\s+[a-z]+)*?)\s*[,:–-]\s+{_SIDES}",
    re.IGNORECASE,
)
_DOES: Final = re.compile(
    r"^(?P<do>[Dd]oes|[Dd]id|[Dd]o)\s+(?P<one>.+?)\s+or\s+(?P<two>(?:the\s+)?(?:[A-Z][\w’'-]*\s+)+)"
    r"(?P<verb>[a-z]+)\s+(?:more|less|fewer)(?P<what>\s.*?)?\?*$"
)
_COMPARE: Final = re.compile(
    r"^how\s+(?:do|does|did)\s+(?P<what>the\s+.+?)\s+of\s+(?P<one>.+?)\s+compare\s+(?:to|with)\s+"
    r"(?:that|those|the\s+\w+)\s+of\s+(?P<two>.+?)\?*$",
    re.IGNORECASE,
)
_IRREGULAR: Final = {
    "grew": "grow", "has": "have", "had": "have", "sold": "sell", "made": "make", "paid": "pay",
    "won": "win", "lost": "lose", "spent": "spend", "earned": "earn", "rose": "rise",
    "fell": "fall", "built": "build", "cost": "cost", "got": "get", "took": "take",
}  # fmt: skip


def plan_question(question: str) -> tuple[str, ...]:
    """Split a question into its parts.

    question: standalone.

    Returns the parts as questions, in order: none where the question stays as it is, one where only
    a preamble was left out.
    """
    clause = _without_preamble(question)
    parts = _compound(clause) or _comparison(clause)
    if parts and all(_is_standalone(part) for part in parts):
        return parts
    return (clause,) if clause != question else ()


def _without_preamble(question: str) -> str:
    *before, last = sentences(question)
    clause = last.of(question)
    return clause if before and clause.endswith("?") and _is_standalone(clause) else question


def _is_standalone(question: str) -> bool:
    """Whether a question names something and refers back to nothing."""
    refers = refers_back(question) or _ELSEWHERE.search(question)
    return names_something(question) and not refers


def _compound(question: str) -> tuple[str, ...]:
    match = _COMPOUND.match(question)
    if not match or _CLAUSE.search(match["one"]):
        return ()
    first_side, two = match["one"].strip(), match["two"].strip()
    if subject := _subject(first_side):
        two = _PRONOUN.sub(lambda pronoun: subject + ("'s" if pronoun["its"] else ""), two, count=1)
    return f"{first_side}?", f"{two[0].upper()}{two[1:]}?"


def _subject(part: str) -> str:
    """Return the name at the end of a part of a question; empty where it is uncertain."""
    match = _SUBJECT.search(part)
    if not match:
        return ""
    kind = match["kind"].split()
    if _AUXILIARY.search(part[: match.start()]):
        kind = kind[:-1]
    return " ".join([match["name"], *kind])


def _comparison(question: str) -> tuple[str, ...]:
    if match := _WHICH_IS.match(question) or _IS_THAN.match(question):
        measure = _MEASURES[match["measure"].lower()]
        return _for_each_side(match, f"How {measure} {match['be'].lower()} {{}}?")
    if match := _COMPARE.match(question):
        return _for_each_side(match, f"What is {match['what']} of {{}}?")
    if match := _DOES.match(question):
        return _for_each_side(
            match, _amount(match["do"].lower(), match["verb"], match["what"] or "")
        )
    if match := _WHICH_DOES.match(question):
        verb = match["verb"].lower()
        do = "did" if verb in _IRREGULAR and verb not in ("has", "cost") else "does"
        return _for_each_side(match, _amount(do, _base(verb), match["what"]))
    return ()


def _amount(do: str, verb: str, what: str) -> str:
    """Make the question for an amount: "How many people does {} employ?"."""
    noun, _, rest = what.strip().partition(" ")
    if noun in ("", "for", "in", "of", "on", "to", "than"):
        return f"How much {do} {{}} {verb} {what.strip()}".rstrip() + "?"
    return f"How many {noun} {do} {{}} {verb} {rest}".rstrip() + "?"


def _base(verb: str) -> str:
    """Return the base form of a verb in the third person or an irregular past."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def _for_each_side(match: re.Match[str], template: str) -> tuple[str, ...]:
    return tuple(template.format(match[side].strip(" ,")) for side in ("one", "two"))
