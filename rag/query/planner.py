"""Plan a question of several parts: split it so that each part is answered separately.

Three kinds are split, by their form alone:

- compounds: "Who is A and who heads B?" is two questions, each with its own question word;
- comparisons ask the same of both sides (:mod:`rag.query.comparison`), and of one thing at two
  times how it is now: what differed before follows that answer;
- preambles: of "I read that ... . Who is A?" the last sentence is asked.

Every part must be understood alone: it refers back to nothing but a name that stands at the end of
the part before it, which is put in its place, and names something, unless it is a side of a
comparison that does. Otherwise the question stays whole. English only.
"""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex
from index.text.sentences import sentences
from rag.query.comparison import ask_each_side
from rag.query.contrast import find_change
from rag.query.follow_up import names_something, refers_back
from rag.text.english import is_function_word, words

__all__ = ["plan_question"]

_WH: Final = r"(?:who|whom|whose|what|which|when|where|why|how)"
_COMPOUND: Final = lazy_regex(
    rf"^(?P<one>{_WH}\b.+?),?\s+and\s+(?P<two>(?:in\s+|at\s+|on\s+)?{_WH}\b.+?)\?*$", re.IGNORECASE
)
# A name with the words of its kind, at the end of a part: "the Ostrik tunnel".
_SUBJECT: Final = lazy_regex(
    r"\b(?P<name>(?:the\s+)?(?:[A-Z][\w’'-]*\s+)*[A-Z][\w’'-]*)(?P<kind>(?:\s+[a-z]+){0,2})$"
)
# After these the last word is the verb: "does the Slate Leaf cost".
_AUXILIARY: Final = lazy_regex(r"\b(?:do|does|did|will|would|can|could|should)\b", re.IGNORECASE)
_ENDS_IN_BE: Final = lazy_regex(r"\b(?:is|are|was|were)\s+$", re.IGNORECASE)
# "How many beds does the clinic in Ardal have", "When did the Torp line start running", "What is
# the cub at Orsa zoo called".
_BEFORE_VERB: Final = lazy_regex(
    r"\b(?:(?:do|does|did)\s+(?P<doer>(?:the\s+|[A-Z]).*?)\s+[a-z]+(?:\s+[a-z]+ing)?"
    r"(?:\s+(?:on|for|in|to|with|at|of))?"
    r"|(?:is|was|are|were)\s+(?P<target>(?:the\s+|[A-Z]).*?)\s+(?:[a-z]+(?:ed|en|wn)|built|made|sold"
    r"|held|set))$"
)
_PRONOUN: Final = lazy_regex(
    r"\b(?:(?P<owner>its|his|their|her(?=\s+(?!(?:and|or|in|on|to|for|at|from)\b)[a-z]))"
    r"|it|he|she|him|her|they|them)\b",
    re.IGNORECASE,
)
# "What will the toll", "how high is the turnout".
_HEAD: Final = lazy_regex(
    r"(?:what|how [a-z]+) (?:is|are|was|were|will|would|does|did|do) the [a-z]+\b", re.IGNORECASE
)
_GENITIVE: Final = ("'s", "’s", "s'", "s’")
_THINGS: Final = ("it", "its")
_MANY: Final = ("their", "they", "them")
# "How many crews does A have and what are their names?": of the crews.
_ASKS_FOR_MANY: Final = lazy_regex(
    r"^(?:how many|which|what) (?:[a-z]+ )?(?:[a-z]{2,}s|people|men|women|children|staff|police)\b",
    re.IGNORECASE,
)
# "Apple", "the Bank of Kelm", and not "Apple cut".
_LEADING_NAME: Final = lazy_regex(
    r"(?:[A-Z][\w’'&.-]*)(?:\s+(?:(?:of|the|and|in|at|for|de)\s+)*[A-Z\d][\w’'&.-]*)*"
    r"(?=\s+(?!(?:of|the|and|in|at|for|de)\b)[a-z])"
)
# "The union", "the weather service"; what is longer may have the verb in it.
_PLAIN_SUBJECT: Final = lazy_regex(r"the [a-z-]+(?: [a-z-]+)?")
# What stands behind a full stop that is none ("How did Marc. Weir die?") asks nothing by itself.
_ASKS: Final = lazy_regex(
    rf"^(?:(?:and|but|so|now|then|also),? )?(?:[a-z]+ (?:the )?)?(?:{_WH}|is|are|was|were|do|does"
    r"|did|has|have|had|can|could|will|would|should|may|might|must)\b",
    re.IGNORECASE,
)
# Of "Who won the cup, and who coaches them?" the second part means whom the first asks for.
_ASKS_FOR_SOMEBODY: Final = lazy_regex(r"^(?:who|whom|whose|which)\b", re.IGNORECASE)
# Whoever holds a post is meant by "he" behind it: "Who is the fire chief and what does he earn?"
_IDENTITY: Final = lazy_regex(
    r"^(?i:who (?:is|was)) (?P<who>(?:the|[A-Z])"
    r"(?!.*\b(?:who|that|which|whose|to|first|last|only)\b)[^,]*)$"
)
# "Where were the pictures found": what names nothing may be about a thing of its own.
_OWN_THING: Final = lazy_regex(
    r"^(?:where|when|why|how(?: (?:many|much|long|old|large|high))?|what) (?:[a-z]+ )?"
    r"(?:is|are|was|were|did|does|do|has|have|will) the [a-z]+s?(?: [a-z]+)+$",
    re.IGNORECASE,
)
# "Who was arrested": somebody did or suffered something.
_OF_SOMEBODY: Final = lazy_regex(
    r"^(?:who|how many [a-z]+) (?:was|were|is|are|has been|have been) (?:[a-z]+ly )?"
    r"(?:[a-z]{2,}ed|hurt|shot|found|caught|hit|killed|taken|chosen|held|freed)$",
    re.IGNORECASE,
)
# "How many people died and how many were hurt in the Osk crash?": at one place, of one kind.
_COUNT: Final = lazy_regex(r"^how (?P<how>many|much) (?P<noun>[a-z]+(?: [a-z]+)??) [a-z]+", re.I)
_ELLIPSIS: Final = lazy_regex(
    r"^how (?P<how>many|much) (?=(?:was|were|is|are|has|have|had) )(?:.*?)"
    r"(?P<place> (?:in|at|on|near|during|after|by) (?:the )?[A-Z].*)?$"
)
# "Who said that A and what it owns ...": the second part belongs to the clause of the first.
_CLAUSE: Final = lazy_regex(r"\b(?:that|whether|if)\b", re.IGNORECASE)
_ELSEWHERE: Final = lazy_regex(r"\bthere\b(?!\s+(?:is|are|was|were|be)\b)", re.IGNORECASE)


def plan_question(question: str) -> tuple[str, ...]:
    """Split a question into its parts.

    question: standalone.

    Returns the parts as questions, in order: none where the question stays as it is, one where only
    a preamble was left out.
    """
    # Without small letters no name is told from a verb.
    if question.isupper():
        return ()
    clause = _without_preamble(question)
    if parts := _compound(clause):
        return parts
    if change := find_change(clause.rstrip("?. ")):
        return (change,)
    sides = ask_each_side(clause)
    if sides and all(map(_has_words_of_its_own, sides, sides[::-1])):
        return sides
    return (clause,) if clause != question else ()


def _without_preamble(question: str) -> str:
    spans = sentences(question)
    # A question that is worded as a caption ("Image: ...") has none.
    if len(spans) < 2:
        return question
    clause = spans[-1].of(question)
    is_question = clause.endswith("?") and _ASKS.match(clause) is not None
    return clause if is_question and _is_standalone(clause) else question


def _is_standalone(question: str) -> bool:
    """Whether a question names something and refers back to nothing."""
    return names_something(question) and not _refers(question)


def _has_words_of_its_own(side: str, second_side: str) -> bool:
    """Whether a side of a comparison refers back to nothing and is not the other one."""
    return not _refers(side) and bool(set(words(side)) - set(words(second_side)))


def _refers(question: str) -> bool:
    return bool(refers_back(question) or _ELSEWHERE.search(question))


def _compound(question: str) -> tuple[str, ...]:
    match = _COMPOUND.match(question)
    if not match or _CLAUSE.search(match["one"]) or " " not in match["two"].strip():
        return ()
    first_part, two = _complete_parts(match["one"].strip(" ,"), match["two"].strip())
    subject, pronoun = _subject(first_part), _PRONOUN.search(two)
    if pronoun and pronoun.group().lower() in _MANY and _ASKS_FOR_MANY.match(first_part):
        return ()
    is_thing = pronoun is not None and pronoun.group().lower() in _THINGS
    post = None if is_thing else _IDENTITY.match(first_part)
    subject = post["who"] if post else subject
    if pronoun and subject and (post or is_thing or not _ASKS_FOR_SOMEBODY.match(first_part)):
        owner = "'s" if pronoun["owner"] else ""
        # What else it refers to ("what did Weir spend it on") the first part has said.
        two = f"{two[: pronoun.start()]}{subject}{owner}{two[pronoun.end() :]}"
        is_understood = _is_said_of(subject, two) and not _ELSEWHERE.search(two)
    else:
        doer = _doer(first_part)
        two = _of(doer, two) if doer and not names_something(two) else two
        is_understood = _is_standalone(two) or (not pronoun and _has_own_thing(two))
    parts = f"{first_part}?", f"{two[0].upper()}{two[1:]}?"
    is_said = _is_said_of(subject, first_part) or _is_of_somebody(first_part)
    is_alone = is_said and not _refers(first_part)
    return parts if is_understood and is_alone else ()


def _complete_parts(first_part: str, two: str) -> tuple[str, str]:
    """Both parts of "how many people died and how many were hurt in the Osk crash", each with what
    stands in the other alone."""
    count, ellipsis = _COUNT.match(first_part), _ELLIPSIS.match(two)
    if not count or not ellipsis or count["how"] != ellipsis["how"]:
        return first_part, two
    place = "" if names_something(first_part) else ellipsis["place"] or ""
    how, _, rest = two.partition(" ")
    amount, _, rest = rest.partition(" ")
    return f"{first_part}{place}", f"{how} {amount} {count['noun']} {rest}"


def _has_own_thing(part: str) -> bool:
    """Whether a part that names nothing is about a thing of its own: "where were the pictures
    found"."""
    return not _refers(part) and _OWN_THING.match(part) is not None


def _is_of_somebody(part: str) -> bool:
    """Whether a part asks who did or suffered something: "who was arrested"."""
    return not _refers(part) and _OF_SOMEBODY.match(part) is not None


def _is_said_of(subject: str, part: str) -> bool:
    """Whether a part names something, or is about what the question means by "the union"."""
    if names_something(part):
        return True
    match = re.search(rf"\b{re.escape(subject)}\b\s*(?P<next>\w*)", part)
    is_plain = _PLAIN_SUBJECT.fullmatch(subject) is not None
    return is_plain and match is not None and not _is_no_verb(match["next"])


def _is_no_verb(word: str) -> bool:
    """Whether the word behind a subject shows that the subject has swallowed the verb ("the
    cleaners earn before"). Some verbs are function words, too."""
    return is_function_word(word) and word not in ("get", "do", "have")


def _of(owner: str, part: str) -> str:
    """The part of a question, with whom or what it is about: "what will the toll of A be"."""
    head = _HEAD.match(part)
    return f"{head.group()} of {owner}{part[head.end() :]}" if head else f"for {owner}, {part}"


def _doer(part: str) -> str:
    """Return whom or what a part of a question is about, where that stands before its verb."""
    match = _BEFORE_VERB.search(part)
    doer = str(match["doer"] or match["target"]) if match else ""
    # "Apple cut" orders: behind a name a verb follows, but behind "Apple's" what it owns.
    name = _LEADING_NAME.match(doer)
    return name.group() if name and not name.group().endswith(_GENITIVE) else doer


def _subject(part: str) -> str:
    """Return whom or what a part of a question is about: what stands before its verb, or the name
    at its end; empty where it is uncertain."""
    if doer := _doer(part):
        return doer
    match = _SUBJECT.search(part)
    if not match:
        return ""
    kind = match["kind"].split()
    before = part[: match.start()]
    # "When was Torp born", "where is Voss now": behind the name stands no noun.
    is_bare = _ENDS_IN_BE.search(before) and not match["name"].lower().startswith("the ")
    if _AUXILIARY.search(before) or (is_bare and len(kind) == 1):
        kind = kind[:-1]
    return " ".join([match["name"], *kind])
