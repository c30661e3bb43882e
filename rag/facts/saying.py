"""Attributions in a sentence: find the words that name who speaks, thinks or judges in it.

Three kinds, without a model: the subject of a verb of saying ("Lindholm said", "said the mayor"), a
phrase of attribution ("according to the union", "Weir: “No.”"), and whatever subject stands beside
a quotation or at the end of a sentence with a verb of its own ("..., the board ruled."). English
only.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from index.text.patterns import lazy_regex
from rag.text.english import is_function_word, stem

__all__ = ["QUOTE_MARKS", "VERB_FORMS", "speakers", "verb_stems"]

# Verbs of saying, thinking and judging, each with its third person and its past.
_SAYING_VERBS: Final[dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("saying_verbs.json").read_text(encoding="utf-8")
)
VERB_FORMS: Final = frozenset(form for forms in _SAYING_VERBS.values() for form in forms)
QUOTE_MARKS: Final = '"“”„«»'

# In the present of several ("police say", "critics argue that"). Of verbs that are nouns too ("the
# jobs report"), a "that" has to follow.
_SEVERAL: Final = (
    r"(?:acknowledge|admit|agree|allege|argue|assert|believe|complain|concede|conclude|contend|"
    r"deny|expect|foresee|insist|maintain|predict|say|suggest|suspect|think|warn|"
    r"(?:claim|doubt|estimate|fear|hope|note|stress)(?= that\b))"
)
# "Officials in Kelm", "critics of the old plan", "police", "they".
_PRESENT: Final = lazy_regex(
    r"\b(?:(?!(?:does|has|is|was|this|its|his|as|always|perhaps)\b)[a-z][\w-]*(?<![su])s|people|police|others|many|some|most|they|we)"
    r"(?: (?:of|at|in|from|for|on|with) (?:the |an? |its |their )?[\w-]+(?: [\w-]+)?)?"
    r"(?: (?:also|still|now|[a-z]+ly))?\s*$",
    re.IGNORECASE,
)
# Any verb does before "that": "ruled that", "pointed out that".
_VERB: Final = lazy_regex(
    rf"\b(?:{'|'.join(sorted(VERB_FORMS, key=len, reverse=True))}|(?P<several>{_SEVERAL})"
    r"|(?:[a-z]+ed|found|wrote|held)(?=(?: out)? that\b))\b"
)
_PHRASES: Final = (
    lazy_regex(r"\baccording to ([^,.;:]+)", re.IGNORECASE),
    lazy_regex(r"\bin the (?:words|view|opinion|eyes) of ([^,.;:]+)", re.IGNORECASE),
    # "Weir: “No comment.”"
    lazy_regex(rf"^((?:[\w'’.-]+ ){{0,5}}[\w'’.-]+):\s*(?=[{QUOTE_MARKS}])"),
    # "For the historian Hugh Weir it changes everything."
    lazy_regex(r"^For ((?:[\w'’.-]+ ){0,5}[A-Z][\w'’.-]+),? (?=(?:it|this|that|there)\b)"),
)
_QUOTATION: Final = lazy_regex(f"([{QUOTE_MARKS}])([^{QUOTE_MARKS}]*)([{QUOTE_MARKS}])")
# Verbs that stand before their subject without a quotation before them.
_INVERTIBLE: Final = frozenset(
    form
    for base in ("say", "warn", "believe", "think", "argue")
    for form in (base, *_SAYING_VERBS[base])
)
# "More than expected" has no subject.
_NO_SUBJECT_ENDS: Final = frozenset(("than", "as", "not", "be", "so"))
# Where the words of a clause begin, looking back from its verb.
_CLAUSE_START: Final = lazy_regex(
    r".*(?:[\"“”„«»;:()–—]|\b(?:that|which|who|whom|because|after|when|while|but|if|where|what|since|"
    r"though|although)\b)\s*",
    re.IGNORECASE | re.DOTALL,
)
_PASSIVE: Final = lazy_regex(r"\b(?:was|were|is|are|been|being|be|get|got|as)\s*$", re.IGNORECASE)
_AUXILIARIES: Final = lazy_regex(
    r"(?:\s*\b(?:has|have|had|also|later|then|again|once|now|still|only|will|would|earlier|"
    # Nouns that end as adverbs do.
    r"(?!(?:family|assembly|ally|supply|monopoly|bully|anomaly|reply)\b)[a-z]+ly)\b)+\s*$"
)
_SECOND_VERB: Final = lazy_regex(r"\s+(?:and|but|then)$")
# Characters on each side of a verb within which its subject is looked for.
_REACH: Final = 600
_PLURAL_REACH: Final = 60
_LONGEST_SUBJECT: Final = 9
_LONGEST_APPOSITION: Final = 18
# "The claims of five others": the word behind is a noun.
_DETERMINERS: Final = frozenset(("the", "a", "an"))
_DETERMINER: Final = lazy_regex(r"(?:the|an?|his|her|its|their|one|another|some)\b", re.IGNORECASE)
# ", said analysts", "” say police on Monday", and not "said talks had failed".
_BARE_PLURAL: Final = lazy_regex(
    r"(?:[a-z-]+ ){0,2}?(?:[a-z-]+(?<![su])s|police|people)"
    r"(?=,|$| (?:on|in|at|from|for|with|of|who)\b)"
)
# What is said, and no subject: "..., the mayor, said the bridge was safe".
_FINITE: Final = lazy_regex(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|should|do|does|did|"
    r"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!ly )[a-z]{2,}ed)\b"
)
_CLAUSE_OF_SUBJECT: Final = lazy_regex(r",|\b(?:who|which|that|whose)\b")
# "Carla Weir, the mayor,", "Lind, 47,": the subject stands before the verb.
_APPOSITION: Final = lazy_regex(
    r"(?P<subject>[^,]+), (?:(?:the|an?|its|his|her|their|who|whose|which)\b[^,]*|\d+),"
)
# What is said has more words than most subjects.
_SHORT_SUBJECT: Final = 3
_PRONOUN_SUBJECTS: Final = frozenset(("he", "she", "they", "it"))
# A role before its name: "cyclist Paul Teague".
_ROLE_AND_NAME: Final = lazy_regex(r"(?:[a-z][\w'’-]+ ){1,4}[A-ZÀ-Þ]")
# What may stand behind the verb of an attribution at the end of a sentence: "ruled on Monday".
_TAIL: Final = (
    r"(?:\s+(?:out|up|on|down))?"
    r"(?:\s+(?:on|in|at|to|from|after|before|during|late|early|yesterday|today)\b[^,]*)?[.!]?$"
)
_LAST_CLAUSE: Final = lazy_regex(
    rf",\s+(?P<subject>(?:[\w'’.&-]+\s+){{1,8}})(?:[a-z]+ed|found|put|wrote|held){_TAIL}"
)
_LEAST_WORDS: Final = 4
# "After three days of talks, the company agreed": an opening and no statement.
_OPENING: Final = lazy_regex(
    r"(?:in|on|at|by|for|with|after|before|when|while|as|since|if|because|although|though|despite|"
    r"during|last|over|under|to|from|until|once|unlike|following|amid|without|thanks)\b",
    re.IGNORECASE,
)
_BESIDE_QUOTATION: Final = lazy_regex(
    rf"[{QUOTE_MARKS}],?\s+(?:(?P<before>(?:[\w'’.&-]+\s+){{1,6}}?)[a-z]+ed\b"
    r"|[a-z]+ed\s+(?P<after>[^,.;:]+))"
)


@cache
def verb_stems() -> frozenset[str]:
    """The stems of ``VERB_FORMS``."""
    return frozenset(map(stem, VERB_FORMS))


def speakers(sentence: str) -> list[str]:
    """Return the words that name who speaks in a sentence, one entry for each attribution, in
    order; pronouns stay as they are."""
    # What is said inside a quotation says nothing of who speaks.
    clauses = _QUOTATION.sub(lambda match: match[1] + "_" * len(match[2]) + match[3], sentence)
    phrases = [match[1].strip() for pattern in _PHRASES for match in pattern.finditer(clauses)]
    for verb in _VERB.finditer(clauses):
        phrase = _after(clauses, verb)
        if not phrase and (not verb["several"] or _is_of_several(clauses, verb)):
            phrase = _before(clauses, verb)
        if phrase and phrase.rpartition(" ")[2] not in _NO_SUBJECT_ENDS:
            phrases.append(phrase)
    return phrases or _with_other_verb(clauses)


def _is_of_several(clauses: str, verb: re.Match[str]) -> bool:
    """Whether a verb in the present stands behind its plural subject."""
    return _PRESENT.search(clauses[max(0, verb.start() - _PLURAL_REACH) : verb.start()]) is not None


def _with_other_verb(clauses: str) -> list[str]:
    """Return the subject beside a quotation, or of the short clause that ends a sentence, whatever
    their verb is."""
    if clauses[:1] in QUOTE_MARKS and (match := _BESIDE_QUOTATION.search(clauses)):
        subject = match["before"] or match["after"]
        return [subject.strip()] if _is_subject(subject) else []
    match = _LAST_CLAUSE.search(clauses)
    if match is None or _OPENING.match(clauses):
        return []
    subject = match["subject"].strip()
    is_statement = len(clauses[: match.start()].split()) >= _LEAST_WORDS
    return [subject] if is_statement and _is_subject(subject) else []


def _is_subject(phrase: str) -> bool:
    """Whether a phrase begins as a subject does: a name, a determiner, or a role with its name."""
    if phrase.strip() in _PRONOUN_SUBJECTS or _DETERMINER.match(phrase):
        return True
    if is_function_word(phrase.partition(" ")[0]):
        return False
    return phrase[:1].isupper() or bool(_ROLE_AND_NAME.match(phrase))


def _after(sentence: str, verb: re.Match[str]) -> str:
    """Return the subject after its verb: '..., said the mayor, Carla Weir'."""
    before = sentence[max(0, verb.start() - _REACH) : verb.start()].rstrip()
    is_quoted = bool(re.search(f"[{QUOTE_MARKS}],?$", before))
    if not is_quoted and not (before.endswith(",") and verb.group() in _INVERTIBLE):
        return ""
    rest = re.split(rf"[.;:{QUOTE_MARKS}]", sentence[verb.end() : verb.end() + _REACH], maxsplit=1)[
        0
    ].strip(" ,")
    subject = " ".join(rest.split()[:_LONGEST_SUBJECT])
    if not is_quoted and _is_statement(_quotation_end(before), subject):
        return ""
    if (bare := _BARE_PLURAL.match(subject)) and not any(map(is_function_word, bare[0].split())):
        return bare[0]
    return subject if _is_subject(subject) else ""


def _is_statement(before: str, phrase: str) -> bool:
    """Whether a phrase behind "said" is what is said: it has a verb, or the subject stands before
    it with an apposition."""
    head = _CLAUSE_OF_SUBJECT.split(phrase, maxsplit=1)[0]
    if _FINITE.search(head):
        return True
    apposition = _APPOSITION.fullmatch(before.strip())
    return (
        apposition is not None
        and not _FINITE.search(apposition["subject"])
        and len(head.split()) > _SHORT_SUBJECT
    )


def _before(sentence: str, verb: re.Match[str]) -> str:
    """Return the subject before its verb, with an apposition to it."""
    prefix = sentence[max(0, verb.start() - _REACH) : verb.start()]
    if _PASSIVE.search(_AUXILIARIES.sub("", prefix)) or _PASSIVE.search(prefix):
        return ""
    whole = _AUXILIARIES.sub("", prefix)
    if whole.rstrip().endswith(","):
        phrase = _quotation_end(whole).strip(" ,")
        return phrase if 0 < len(phrase.split()) <= _LONGEST_APPOSITION else ""
    clause = _SECOND_VERB.sub("", whole)
    # Once from the beginning: a search would begin again at each character.
    if start := _CLAUSE_START.match(clause):
        clause = clause[start.end() :]
    phrase = clause.rpartition(",")[2].strip()
    phrase = re.sub(r"^(?:and|as|so|then|yet)\s+", "", phrase, flags=re.IGNORECASE)
    is_cut = phrase.rpartition(" ")[2].lower() in _DETERMINERS
    return phrase if not is_cut and 0 < len(phrase.split()) <= _LONGEST_SUBJECT else ""


def _quotation_end(prefix: str) -> str:
    """Return the text after the last quotation mark."""
    return re.split(f"[{QUOTE_MARKS}]", prefix)[-1]
