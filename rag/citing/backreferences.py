"""Find the word for which a sentence cannot be read alone: "It", "But she", "The company", or "he"
in "“We lost it all,” he said" and "It was lost, he added".

Whether such a word refers back at all is scored by a small fitted model, since "It is raining" and
"It took hours to clear the road" stand alone. English only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from index.text.patterns import lazy_regex
from rag.facts.names import names
from rag.facts.saying import VERB_FORMS
from rag.text.english import is_function_word
from rag.text.references import is_generic

__all__ = [
    "ALONE_FEATURES", "Backreference", "Kind", "alone_features", "find_backreference",
    "points_to_another", "points_to_place", "points_to_statement",
]  # fmt: skip

# "Open" words refer to what no name can replace: "Neither", "Both", "That".
Kind = Literal["person", "thing", "organisation", "several", "open"]

_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("he", "she", "his", "her"), "person"),
    **dict.fromkeys(("it", "its"), "thing"),
    **dict.fromkeys(("they", "their"), "several"),
}
_POSSESSIVES: Final = frozenset(("his", "her", "its", "their"))
_PRONOUN: Final = r"(?:he|she|it|they|his|her|its|their)"
_CONNECTIVE: Final = (
    r"(?:(?:but|and|so|yet|still|however|meanwhile|instead|moreover|later|then|now|also|today|"
    r"afterwards|in addition|(?:last|this) (?:week|month|year|summer|spring|autumn|winter)|"
    r"(?:in|on|by|since|until) [A-Z0-9][\w ]{1,18}?),?\s+)"
)
_OPENING: Final = lazy_regex(
    rf"(?i:{_CONNECTIVE})?(?P<word>(?i:{_PRONOUN}|neither|both|these|those|such|this|that|"
    r"(?:some|most|all|many|none|each|one) of (?:them|these|those)|"
    r"the (?:two|latter|former|pair|duo)|the [a-z]+(?:-[a-z]+)?))\b(?![’'])"
)
_QUOTED: Final = lazy_regex(
    r"[”\"»],?\s+(?:(?P<subject>he|she|they)\s+(?:\w+ly\s+)?\w+|(?P<verb>\w+)\s+(?P<inverse>he|she|they)\b)"
)
# "A bridge, he added, was the only answer."
_ADDED: Final = lazy_regex(
    rf",\s+(?P<subject>he|she|they)\s+(?:also\s+)?(?:{'|'.join(sorted(VERB_FORMS))})(?=[,.]|\s+on\b)"
)
# "This week", "this year": a time, and no reference to anything.
_TIME_NOUN: Final = lazy_regex(
    r"\s+(?:same\s+)?(?:day|morning|afternoon|evening|night|week|weekend|month|quarter|year|season|spring|summer|"
    r"autumn|fall|winter|time|decade|century)s?\b",
    re.IGNORECASE,
)
_BE: Final = lazy_regex(
    r"\s+(?:is|was|will be|would be|has been|had been|may be|might be|remains|remained|becomes|"
    r"became|seems|seemed|appears|appeared|means|meant|turns out|turned out)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = lazy_regex(
    r"\s(?:that|to|how|whether|when|if|why|who|what|for \w+ to)\b", re.IGNORECASE
)
_WEATHER: Final = lazy_regex(
    r"(?:rain|snow|freez|thunder|hail|minus \w+ degrees|\w+ degrees\b|dark\b|late\b|dawn\b|cold\b)",
    re.IGNORECASE,
)
_TAKES_TIME: Final = lazy_regex(
    r"\s+(?:takes|took|has taken|had taken|lasted|costs?|will take|would take)\b", re.IGNORECASE
)
_ORDINAL: Final = lazy_regex(
    r"\s(?:the|his|her|their|its|an?) (?:first|second|third|fourth|fifth|last|only|custom|"
    r"\w+est)\b",
    re.IGNORECASE,
)
_RUMOUR: Final = lazy_regex(
    r"\s+(?:is|was|has been)\s+(?:not\s+|widely\s+)?(?:said|hoped|feared|expected|believed|known|"
    r"thought|understood|clear|unclear|likely|unlikely|possible|rare|hard|easy|early|too early)\b",
    re.IGNORECASE,
)
_RELATIVE: Final = lazy_regex(r"\s+(?:who|of|in|whose|with|that|which|affected|living)\b")
# "The maker of Bjorn biscuits": its own words say which.
_OWN_DESCRIPTION: Final = lazy_regex(r"\s+(?:of|behind|that|which|who|whose)\b")
# "Both the captain and the mate", "Both boys and girls", "Neither mites nor frost", and not "Both
# laughed at it and left".
_ENUMERATION: Final = lazy_regex(
    r"\s+(?:[A-Z]|[^.;]*\bnor\s|(?:the|an?|his|her|its|their|in|at|by|on|for|of|from)\s[^.;]*\band\s"
    r"|(?:[\w’'-]+\s+){1,2}and\s)"
)
# A plural after "both" is no verb, nor is after "neither" what ends as no verb does.
_PAIR_NOUN: Final = {
    "both": lazy_regex(r"\s+(?:[a-z-]+\s+)?[a-z-]+(?<![su])s\s+[a-z]"),
    "neither": lazy_regex(
        r"\s+(?!(?:is|was|of|has|had|would|will|can|could|may|must|did|does)\b)[a-z-]+(?<!s|d)\s+[a-z]"
    ),
}
# "That the line was built", "That parents were not asked", "That said,": no word for anything.
_THAT_CLAUSE: Final = lazy_regex(
    r"\s+(?:(?:the|an?|his|her|its|their|these|those)\s|[a-z-]+(?<![suic])s\s+(?:are|were|have|had|will|"
    r"would|did|do|can|could|may|must)\b|said,|is to say)"
)
_SUCH_AS: Final = lazy_regex(
    r"\s+(?:[a-z-]+\s+){1,3}as\b|\s+(?:is|are|was|were)\b.*\bthat\b", re.DOTALL
)
_FIRST_WORDS: Final = 5
# Not "There is", "there may be", "there remained": those are of no place.
_THERE: Final = lazy_regex(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bwill )(?<!\bout )(?<!\bover )\bthere\b"
    r"(?![’']|\s+(?:(?:\w+ly|also|still|now|then|just|never|ever|often|soon|once)\s+)?"
    r"(?:is|are|was|were|be|being|been|has|have|had|to|can|could|may|might|must|should|will|would|"
    r"needs?|used|seem|appear|remain|exist|com|came|go|went|lies|lay|stood|stand|follow|won|isn|aren|"
    r"wasn|weren|aris|arose|occur)(?:s|ed|es|t)?\b)",
    re.IGNORECASE,
)
# "Weir would not comment on that.", "The union disputes this.": what was said before; not "after
# that", "more than that", "it goes like this".
_ENDS_IN_THAT: Final = lazy_regex(
    r"(?<!\bafter )(?<!\bbefore )(?<!\blike )(?<!\bthan )(?<!\bhalf of )(?<!\ball )(?<!\ball of )"
    r"(?<!\bwas )(?<!\bis )\b(?:that|this)[.!]?[\"”’]?$"
)
_MOST_WORDS: Final = 12
# "The first was paid for by ...", "The others have gone", "A new one, a metre higher, is built".
_ANOTHER: Final = lazy_regex(
    r"(?:(?:The (?:first|second|third|fourth|fifth|last|others?|rest)"
    r"|The remaining (?:two|three|four|five)|An?(?:other| second| third| fourth| fifth)"
    r"|(?:The )?(?:two|three|four|five|six) others|Others"
    r"|(?:The|An?) (?!no\b)[a-z]+(?:-[a-z]+)? ones?)"
    r"(?: (?:also|now|then|only|still|just|[a-z]+ly))?"
    r" (?:is|was|are|were|has|have|had|will|would|can|could|may|might|must|should|did|does|do)\b"
    r"|(?:The|An?) [a-z]+ ones?, )"
)
_NAMED_PLACE: Final = lazy_regex(
    r"\b(?:in|at|to|from|near|of|into|on|outside|around)\s+(?:the\s+)?[A-Z]"
)


@dataclass(frozen=True, slots=True)
class Backreference:
    """A word of a sentence, at ``[start, end)`` of it, that may refer back."""

    start: int
    end: int
    word: str
    kind: Kind

    @property
    def is_possessive(self) -> bool:
        """Whether it is "its" or the like."""
        return self.word.lower() in _POSSESSIVES

    @property
    def is_opening(self) -> bool:
        """Whether nothing stands before it."""
        return self.start == 0


def find_backreference(sentence: str) -> Backreference | None:
    """Find the first word of a sentence that may refer back; ``None`` where the sentence begins
    with none and tells no words of a "he" or "she"."""
    if match := _OPENING.match(sentence):
        word = match["word"]
        kind = _kind(word)
        is_description = word.lower().startswith("the ") and not is_generic(word)
        is_named = is_generic(word) and _OWN_DESCRIPTION.match(sentence[match.end("word") :])
        is_group = re.fullmatch(r"(?i:the (?:two|latter|former|pair|duo))", word)
        if not is_named and (not is_description or is_group):
            return Backreference(match.start("word"), match.end("word"), word, kind)
    match = _QUOTED.search(sentence)
    # "..., but they left": no attribution.
    if match and not is_function_word(match["verb"] or ""):
        group = "subject" if match["subject"] else "inverse"
        word = match[group]
        return Backreference(match.start(group), match.end(group), word, _kind(word))
    match = _ADDED.search(sentence)
    # A name before it may be whose it is: "Weir would stay, he said".
    if match and not names(sentence[: match.start()]):
        return Backreference(*match.span("subject"), match["subject"], _kind(match["subject"]))
    return None


def points_to_statement(sentence: str) -> bool:
    """Whether a short sentence ends in a "that" or "this" for what was said before it."""
    return len(sentence.split()) <= _MOST_WORDS and bool(_ENDS_IN_THAT.search(sentence))


def points_to_another(sentence: str) -> bool:
    """Whether a sentence is about another of what was spoken of: "The first was paid for by ...".
    Of 60 such sentences, drawn from 177 of 53,871 texts, 58 have that before them."""
    return _ANOTHER.match(sentence) is not None


def points_to_place(sentence: str) -> bool:
    """Whether a sentence says "there" of a place that it does not name: "About 90 jobs will go
    there". Of 40 such sentences, drawn from 246 among 57,777, 33 have the place before them."""
    match = _THERE.search(sentence)
    return match is not None and not _NAMED_PLACE.search(sentence[: match.start()])


def _kind(word: str) -> Kind:
    return "organisation" if is_generic(word) else _KINDS.get(word.lower(), "open")


ALONE_FEATURES: Final = (
    "it",
    "demonstrative",
    "pairing",
    "it_be_clause",
    "it_be_ordinal",
    "it_rumour",
    "it_weather",
    "it_takes_clause",
    "it_takes",
    "time_noun",
    "relative",
    "enumeration",
    "demonstrative_noun",
    "pairing_noun",
    "that_clause",
    "such_as",
)


def alone_features(sentence: str, reference: Backreference) -> dict[str, float]:
    """Compute the values of ``ALONE_FEATURES``: signs that a sentence stands alone although it
    begins with a word that often refers back."""
    rest = sentence[reference.end :]
    word = reference.word.lower()
    clause = " ".join(rest.split(".")[0].split()[:16])
    clause = f" {clause} "
    is_it = word == "it"
    is_demonstrative = word in ("this", "that", "these", "those", "such")
    is_pairing = word in ("both", "neither")
    be, takes = bool(_BE.match(rest)), bool(_TAKES_TIME.match(rest))
    has_clause = bool(_CLAUSE.search(clause))
    first_words = " ".join(rest.split()[:_FIRST_WORDS])
    values = {
        "it": is_it,
        "demonstrative": is_demonstrative,
        "pairing": is_pairing,
        "it_be_clause": is_it and be and has_clause,
        "it_be_ordinal": is_it and be and bool(_ORDINAL.search(clause)),
        "it_rumour": is_it and bool(_RUMOUR.match(rest)),
        "it_weather": is_it and bool(_WEATHER.search(first_words)),
        "it_takes_clause": is_it and takes and has_clause,
        "it_takes": is_it and takes,
        "time_noun": is_demonstrative and bool(_TIME_NOUN.match(rest)),
        "relative": is_demonstrative and bool(_RELATIVE.match(rest)),
        "enumeration": is_pairing and bool(_ENUMERATION.match(rest)),
        "pairing_noun": is_pairing and bool(_PAIR_NOUN[word].match(rest)),
        "that_clause": word == "that" and bool(_THAT_CLAUSE.match(rest)),
        "such_as": word == "such" and bool(_SUCH_AS.match(rest)),
        "demonstrative_noun": is_demonstrative
        and bool(re.match(r"\s+[a-z]+", rest))
        and not _BE.match(rest),
    }
    return {name: float(value) for name, value in values.items()}
