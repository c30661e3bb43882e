"""Comparisons whose sides are told by the shape of what is compared.

A phrase with a preposition stands against one with the same ("in April than in February"), a time
against a time, a thing against the subject ("those in Zurich"), a clause against the whole question
("than the prosecutors wanted"). English only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from rag.query.comparatives import (
    AUXILIARIES,
    BE,
    COMPARATIVES,
    NOUN,
    PREPOSITIONS,
    Measure,
    ask_measure,
    find_measure,
    read_measure,
)
from rag.query.comparison_sides import NAMED_SIDE, complete_sides, fill, is_side, noun_of, points
from rag.query.comparison_times import counterpart, is_time, time_phrase

__all__ = ["ask_about_phrases"]

_PHRASE: Final = rf"(?:{PREPOSITIONS}|as)"
_AUXILIARY_FIRST: Final = re.compile(rf"^(?P<aux>{AUXILIARIES})\s+(?P<body>.+)$", re.IGNORECASE)
_WHERE_FIRST: Final = re.compile(
    rf"^(?:where|when|on\s+which\s+[a-z]+|in\s+which\s+[a-z]+)\s+(?P<aux>{AUXILIARIES})\s+"
    r"(?P<body>[^,]+),\s+(?P<sides>.+)$",
    re.IGNORECASE,
)
# "How much longer do the doors stay open than ...", "How many fewer children died than ...".
_DEGREE: Final = re.compile(
    rf"^(?:by\s+)?how\s+(?:much|many|far)\s+(?P<measure>(?:(?:more|fewer|less)(?!\s+than\b)"
    rf"(?:\s+(?!(?:{AUXILIARIES})\b){NOUN}?)??|{COMPARATIVES}))\s+(?P<aux>{AUXILIARIES})\s+(?P<body>.+)$",
    re.IGNORECASE,
)
_DEGREE_OF_SUBJECT: Final = re.compile(
    r"^(?:by\s+)?how\s+(?:much|many)\s+(?P<body>(?:more|fewer|less)\s+.+)$", re.IGNORECASE
)
_THAN: Final = re.compile(r"^(?P<clause>.+?),?\s+than\s+(?P<side>.+)$", re.IGNORECASE)
_AS: Final = re.compile(
    r"^(?P<clause>.*?\bas\s+(?!well\b|soon\b|far\b)[a-z-]+\b.*?)\s+as\s+(?P<side>.+)$",
    re.IGNORECASE,
)
_OR: Final = re.compile(
    rf"^(?P<clause>.+?)\s+(?P<one>(?P<preposition>{_PHRASE})\s+(?:(?!\b(?:or|and)\b)[^,])+?),?\s+or\s+"
    r"(?P<two>(?P=preposition)\s+.+)$",
    re.IGNORECASE,
)
_ALTERNATIVES: Final = re.compile(
    rf"^(?P<one>{_PHRASE}\s+.+?),?\s+or\s+(?P<two>{_PHRASE}\s+.+)$", re.I
)
_THERE: Final = re.compile(
    rf"^there\s+(?:be\s+)?(?:more|fewer)\s+(?P<one>{NOUN})\s+or\s+(?P<two>{NOUN})(?P<rest>(?:\s+.+)?)$",
    re.IGNORECASE,
)
_PREPOSITION: Final = re.compile(rf"^(?P<preposition>{_PHRASE})\s+\S", re.IGNORECASE)
# "than it did in 2024": the same thing at another time or place.
_SAME_SUBJECT: Final = re.compile(
    rf"^(?:it|they|he|she|there)\s+(?:{AUXILIARIES})(?:\s+(?:have|been|be))*\s+(?P<phrase>{_PHRASE}\s+.+)$",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    r"^(?:(?P<subject>(?!(?:the|an?|its|their|no)\s+[a-z]+(?:ed|en)\b).+?)\s+)??(?:(?:had|have|has|were|was)\s+(?:[a-z]+ly\s+|first\s+|once\s+)?"
    r"[a-z]+(?:ed|en|wn|t|d)\b|(?:[a-z]+ly\s+|first\s+)?(?P<past>(?!used\b)[a-z]+ed)\b)(?P<rest>.*)$",
    re.IGNORECASE,
)
_PRONOUN_SUBJECT: Final = re.compile(r"^(?:it|they|he|she)$", re.IGNORECASE)
# "Than people do": the auxiliary stands for the verb.
_OWN_AUXILIARY: Final = re.compile(rf"\s+(?:{AUXILIARIES}|used\s+to(?:\s+be)?)$", re.IGNORECASE)
_PARTICLE: Final = re.compile(
    rf"^(?:{PREPOSITIONS}|up|down|away|out|back|together|apart|at|by)$", re.IGNORECASE
)
_PARTICIPLE_AT_END: Final = re.compile(
    r"\s(?:[a-z]+(?:ed|ing)|given|paid|taken|sold|made|built)(?:\s[a-z]{1,4})?$"
)
_PAST_BE: Final = {
    "is": "was",
    "are": "were",
    "do": "did",
    "does": "did",
    "has": "had",
    "have": "had",
}
_ADJUNCT: Final = re.compile(
    rf"^(?P<head>(?:[A-Z][\w’'.-]*|&|of)(?:\s+(?:[A-Z][\w’'.-]*|&))*|(?!that\b|those\b)[a-z-]+(?<!ing))"
    rf"\s+(?P<adjunct>(?:(?!of\b)(?:{PREPOSITIONS})|earlier|later)\s+.+)$"
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A question without its second side: its auxiliary, and its comparative with what stands
    around it."""

    auxiliary: str
    measure: Measure

    def ask(self, auxiliary: str = "") -> str:
        return ask_measure(auxiliary or self.auxiliary, self.measure)

    @property
    def is_existential(self) -> bool:
        """Whether it asks how many there are."""
        return self.measure.before in ("there", "there be")

    @property
    def is_of_subject(self) -> bool:
        """Whether more of the subject itself is asked about: "did more people vote"."""
        return not self.measure.before or self.is_existential


def ask_about_phrases(text: str) -> tuple[str, ...]:
    """Ask for each side of a comparison by "than", "as ... as" or "or"; none where it is none.

    text: the question, without its mark.
    """
    if match := _WHERE_FIRST.match(text):
        sides = _ALTERNATIVES.match(match["sides"])
        clause = _read_clause(match["aux"], match["body"])
        return _ask_with(clause, sides["one"], sides["two"]) if clause and sides else ()
    if (match := _THAN.match(text)) and (clause := _open_clause(match["clause"])):
        return _ask_against(clause, match["side"].partition(",")[0])
    if (match := _AUXILIARY_FIRST.match(text)) and (there := _THERE.match(match["body"])):
        plural = f"how many {{}} {match['aux'].lower()} there{there['rest']}?"
        return plural.format(there["one"]), plural.format(there["two"])
    if (match := _OR.match(text)) and (clause := _open_clause(match["clause"])):
        return _ask_with(clause, match["one"], match["two"])
    if (match := _AS.match(text)) and (clause := _open_clause(match["clause"])):
        return _ask_against(clause, match["side"].partition(",")[0])
    return ()


def _open_clause(text: str) -> _Clause | None:
    """Read a question up to its second side."""
    if match := _DEGREE.match(text):
        measure = read_measure(match["measure"])
        return (
            _Clause(match["aux"].lower(), replace(measure, before=match["body"]))
            if measure
            else None
        )
    if (match := _DEGREE_OF_SUBJECT.match(text)) and (measure := find_measure(match["body"])):
        return _Clause("", measure)
    match = _AUXILIARY_FIRST.match(text)
    return _read_clause(match["aux"], match["body"]) if match else None


def _read_clause(auxiliary: str, body: str) -> _Clause | None:
    auxiliary = auxiliary.lower()
    measure = find_measure(body, is_predicate=auxiliary in BE)
    # "Was the larger part meant for A": not more or less of a thing, but the thing itself.
    if measure and not measure.before and body.lower().startswith("the "):
        return None
    return _Clause(auxiliary, measure) if measure else None


def _ask_with(clause: _Clause, lead: str, two: str) -> tuple[str, ...]:
    """Ask with either phrase at the end: "on trucks or on offices in 2025"."""
    if re.search(r"\bwhat\b", lead, re.IGNORECASE):
        return ()
    measure, time = clause.measure, time_phrase(two)
    is_shared = " " in time and two.endswith(f" {time}") and not time_phrase(lead)
    afters = (f"{measure.after} {lead} {time if is_shared else ''}", f"{measure.after} {two}")
    return tuple(
        ask_measure(clause.auxiliary, replace(measure, after=after.strip())) for after in afters
    )


def _ask_against(clause: _Clause, side: str) -> tuple[str, ...]:
    """Ask for what stands before "than" and for what stands behind it."""
    if restatement := _SAME_SUBJECT.match(side):
        side = restatement["phrase"]
    if is_time(side) or _PREPOSITION.match(side):
        return _ask_phrase(clause, side)
    if points(side):
        return _ask_thing(clause, side)
    return _ask_wish(clause, side) or _ask_thing(clause, side)


def _ask_phrase(clause: _Clause, side: str) -> tuple[str, ...]:
    """Ask with a phrase, and with the one that it stands against; where none does, at present."""
    measure = clause.measure
    if place := counterpart(measure.after, side):
        after = _put(measure.after, place, side)
        return clause.ask(), ask_measure(clause.auxiliary, replace(measure, after=after))
    if place := counterpart(measure.before, side):
        phrase = _put(measure.before[slice(*place)], (0, place[1] - place[0]), side)
        before = f"{measure.before[: place[0]].rstrip()}{measure.before[place[1] :]}"
        opposite = replace(measure, before=before, after=f"{measure.after} {phrase}".strip())
        return clause.ask(), ask_measure(clause.auxiliary, opposite)
    is_ambiguous = _PREPOSITION.match(side) and re.search(
        rf"\b{side.split()[0]}\b", f"{measure.before} {measure.after}"
    )
    is_event = re.match(r"(?:before|after|during)\s+(?:the|its|their)\s", side)
    if not (is_time(side) or is_event) or is_ambiguous:
        return ()  # "In Storm Odile than in 1987": a place, or what stands against the year?
    past = _PAST_BE.get(clause.auxiliary, clause.auxiliary)
    opposite = replace(measure, after=f"{measure.after} {side}".strip())
    return clause.ask(), ask_measure(past, opposite)


def _put(text: str, place: tuple[int, int], side: str) -> str:
    """Put a phrase in the place of another, whose noun it may point to: "from the old one"."""
    noun = noun_of(text[slice(*place)].partition(" ")[2])
    phrase = re.sub(r"\bones?\b", noun, side)
    return f"{text[: place[0]]}{phrase}{text[place[1] :]}"


def _ask_thing(clause: _Clause, side: str) -> tuple[str, ...]:
    """Ask of the subject, and of the thing that it is compared with."""
    measure, adjunct = clause.measure, ""
    if ending := _OWN_AUXILIARY.search(side):
        side = side[: ending.start()]
    if not (points(side) or is_side(side)):
        return ()
    if clause.is_of_subject:
        return _ask_object(clause, side)
    subject, verb = measure.before, ""
    if clause.auxiliary not in BE or _PARTICIPLE_AT_END.search(measure.before):
        subject, verb = _subject_and_verb(measure.before)
    if not is_side(subject):
        return ()
    match = _ADJUNCT.match(side)
    if match and not measure.after and is_side(match["head"]):
        side, adjunct = match["head"], match["adjunct"]
    lead, opposite = complete_sides(subject, side)
    shape = replace(
        measure, before=f"{{}} {verb}".strip(), after=f"{measure.after} {adjunct}".strip()
    )
    template = ask_measure(clause.auxiliary, shape)
    return fill(template, lead), fill(template, opposite)


def _subject_and_verb(words: str) -> tuple[str, str]:
    """Divide "the levy on sales go up by" before its verb, the last word that is no particle."""
    tokens = words.split()
    at = len(tokens) - 1
    while at > 0 and _PARTICLE.match(tokens[at]):
        at -= 1
    while at > 1 and tokens[at - 1] in ("have", "be", "been"):
        at -= 1
    return " ".join(tokens[:at]), " ".join(tokens[at:])


def _ask_object(clause: _Clause, side: str) -> tuple[str, ...]:
    """Ask with either thing in the place behind the verb: "did more people watch A than B", "are
    there more A at B than C at D"."""
    measure = clause.measure
    head, _, phrase = re.sub(rf"\s+(?=(?:{PREPOSITIONS})\b)", "\0", side).partition("\0")
    if clause.is_existential:
        opposite = replace(measure, question=f"how many {head}", after=phrase or measure.after)
        return clause.ask(), ask_measure(clause.auxiliary, opposite)
    verb, _, thing = measure.after.partition(" ")
    if not thing or not re.match(NAMED_SIDE, side) or not re.match(NAMED_SIDE, thing):
        return ()
    return clause.ask(), ask_measure(clause.auxiliary, replace(measure, after=f"{verb} {side}"))


def _ask_wish(clause: _Clause, side: str) -> tuple[str, ...]:
    """Ask for what there is, and for what somebody wanted, expected or had: "than had been
    announced", "as Ada Lovell had claimed"."""
    match = _CLAUSE.match(side)
    measure = clause.measure
    if match and match["past"] and match["rest"] and not match["subject"]:
        return ()
    if not match or (len(measure.question.split()) < 3 and measure.question != "how much"):
        return ()
    wish = side
    if match["subject"] and _PRONOUN_SUBJECT.match(match["subject"]):
        subject = _subject_and_verb(measure.before)[0]
        if not subject or clause.is_of_subject:
            return ()
        wish = f"{subject}{side[match.end('subject') :]}"
    if match["subject"]:
        be = "was it that"
    elif match["past"]:
        be = "were" if measure.question.startswith("how many") else "was"
    else:
        be = ""
    return clause.ask(), f"{measure.question} {be} {wish}?"
