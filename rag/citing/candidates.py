"""The words before a sentence that may be the antecedent of one of its words.

They are the names of the two sentences before, pairs of names, and the words that a sentence begins
with up to its verb ("The council of Marn approved"). Without a model, by capital letters and the
commonest verbs. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from index.article import Span
from index.text.months import MONTHS
from index.text.patterns import lazy_regex
from index.text.weekdays import WEEKDAYS
from rag.facts.names import Name, article_names, names
from rag.facts.places import places_of
from rag.query.word_list import common_words
from rag.text.english import is_function_word

__all__ = ["Candidate", "find_candidates"]

_SENTENCES_BACK: Final = 2
_BREAK: Final = lazy_regex(r"[,;:“”\"„«»()–—]")
_AUXILIARY_LIST: Final = (
    "is was are were will would has have had can could may might must should does do did said says "
    "won took takes came comes ran runs fell rose sold bought lost lose held gave made makes began "
    "broke sank hit cut beat left met went shook closed found got came stole became leave leaves "
    "plans wants plan want gets get closes opens ends sits sells build builds saw sees stood shut "
    "falls fall died paid pays moves use block swam grew told call calls sign signs sue"
)
_VERB: Final = lazy_regex(rf"(?:{_AUXILIARY_LIST.replace(' ', '|')}|[a-z]{{2,}}(?<!e)ed|freed)")
_NO_SUBJECT: Final = lazy_regex(
    r"(?:in|on|at|after|before|when|while|during|if|as|by|for|from|with|to|under|it|its|he|she|they|"
    r"his|her|their|this|that|these|those|such|neither|both|there|but|and|however|although|though|"
    r"because|since|at|nobody|somebody|what|who|of)\b",
    re.IGNORECASE,
)
_INNER: Final = lazy_regex(r"\b(?:who|which|that|whose|whom|when|where|if|because)\b")
_LONGEST_PHRASE: Final = 7
_COORDINATION: Final = lazy_regex(r"\s+and\s+(?:(?:the|his|her|its|minister)\s+)?")
_PREPOSITION: Final = lazy_regex(
    r"\b(?:in|at|on|of|from|for|near|by|to|with|about|over|off|through|around|between|against)\s+"
    r"(?:the\s+|a\s+)?(?:[a-z]+\s+)?$",
    re.IGNORECASE,
)
_TIMES: Final = (*WEEKDAYS["en"], *MONTHS["en"])
_CALENDAR: Final = frozenset((*_TIMES, *(f"{time}s" for time in _TIMES)))
# "Soviet engineers": the name is no thing of its own.
_MODIFIED: Final = lazy_regex(r"\s+(?P<noun>[a-z]{3,}(?:-[a-z]+)?)\b")
_OWNER: Final = lazy_regex(r"['’]s?$")
_ARTICLE: Final = lazy_regex(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_ORGANISATION_LIST: Final = (
    "group bank university hospital council committee party union club fund funds institute agency "
    "airlines airways academy orchestra philharmonic museum gallery school college court ministry "
    "commission association federation society company firm holding holdings partners industries "
    "motors foods metals steel media television radio press news mutual insurance energy oil gas "
    "railways rail electric systems technologies labs pharma trust foundation board inc ltd plc ag "
    "gmbh sa llc corp corporation co retail stores county city town real nord united fc"
)
# Words that end or begin the names of organisations.
_ORGANISATION: Final = frozenset(_ORGANISATION_LIST.split())
# Written as no person is: ByteDance, VDW, 3M, Birk & Sohn.
_NO_PERSON: Final = lazy_regex(r"[a-z][A-Z]|^[A-Z]{2,}$|\d|&")
_TITLES: Final = lazy_regex(
    r"\b(?:mr|mrs|ms|dr|doctor|professor|president|minister|mayor|coach|judge|general|captain|"
    r"director|chief|executive|leader|chairman|chairwoman|head|boss|spokesman|spokeswoman|king|"
    r"queen|princess|prince|senator|governor|councillor|lawyer|architect|biologist|astronomer|"
    r"neurologist|driver|farmer|investor|singer|writer|swimmer|officer|constable|teacher|owner|"
    r"founder|son|daughter|wife|husband|brother|sister|successor|striker|cook|broker|auctioneer|"
    r"innkeeper|professor|laureate|vet|violinist|deputy|chair|editor|scientist|economist|analyst|"
    r"engineer|actor|actress|player|researcher|reporter|journalist|partner|artist|author|manager)"
    r"s?,?\s+$",
    re.IGNORECASE,
)
# Characters before a name that may hold its title.
_TITLE_REACH: Final = 32
_PERSON_AFTER: Final = lazy_regex(
    r",\s+(?:who|his|her|\d{2}\b|an? [a-z]+(?:er|or|ist|ian|ant)\b)|\s+(?:who|tells?|told)\b"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words at ``place`` of an article that may be an antecedent, in ``sentence``.

    ``words``: in lower case, to compare. ``is_phrase``: no name but what a sentence begins with;
    ``is_several``: a pair, or a plural. ``is_subject``: the sentence begins with it, titles aside.
    ``is_opening``: nothing stands before it. ``is_owner``: it has a possessive ending.
    ``is_inside``: a preposition stands before it. ``distance``: how many sentences before the word
    it stands, 1 for the one before. ``has_article``: "the" or "a" stands before it.
    ``is_modifier``: it only tells which ("the Berlin office"). ``is_person``: how probably it is a
    person's name, 0 to 1.
    """

    place: Span
    sentence: Span
    words: tuple[str, ...]
    distance: int
    is_phrase: bool = False
    is_several: bool = False
    is_subject: bool = False
    is_opening: bool = False
    is_owner: bool = False
    is_inside: bool = False
    has_article: bool = False
    is_modifier: bool = False
    is_person: float = 0.5


def find_candidates(text: str, sentences: Sequence[Span], at: int) -> list[Candidate]:
    """Find the candidates in the sentences before ``sentences[at]``, the nearest sentence's first.

    text: the article's.
    sentences: those of the article, in order.
    """
    first = max(at - _SENTENCES_BACK, 0)
    candidates: list[Candidate] = []
    for back in range(at - 1, first - 1, -1):
        candidates += _of_sentence(text, sentences[back], at - back)
    return candidates


def _of_sentence(text: str, sentence: Span, distance: int) -> Iterator[Candidate]:
    found_names = _names_of(text, sentence)
    phrase = _opening_phrase(text, sentence)
    named_start = {place.start for _, place in found_names}
    named_end = {
        place.end
        for _, place in found_names
        if not _PREPOSITION.search(text[sentence.start : place.start])
    }
    if phrase and phrase.start not in named_start and phrase.end not in named_end:
        yield _phrase_candidate(text, sentence, phrase, distance)
    for (_, first), (_, second) in pairwise(found_names):
        if _COORDINATION.fullmatch(text[first.end : second.start]):
            yield Candidate(
                Span(first.start, second.end),
                sentence,
                tuple(text[first.start : second.end].lower().split()),
                distance,
                is_several=True,
                is_subject=_is_subject(text, sentence, first),
                is_opening=first.start == sentence.start,
            )
    for name, place in found_names:
        yield _name_candidate(text, sentence, name, place, distance)


def _names_of(text: str, sentence: Span) -> list[tuple[Name, Span]]:
    """Return the names of a sentence, and their places in the article."""
    result: list[tuple[Name, Span]] = []
    for name in names(f"- {sentence.of(text)}"):
        place = Span(sentence.start + name.start - 2, sentence.start + name.end - 2)
        name, place = _without_title(name, place, text)
        is_time = len(name.words) == 1 and name.words[0] in _CALENDAR
        if not is_time and not (name.first and _is_common(text, place)):
            result.append((name, place))
    return result


def _without_title(name: Name, place: Span, text: str) -> tuple[Name, Span]:
    """Cut the title off a name: "Mayor Paul Heim" is Paul Heim."""
    first, _, rest = place.of(text).partition(" ")
    if rest and len(name.words) > 1 and _TITLES.fullmatch(f"{first} "):
        return replace(name, words=name.words[1:]), Span(place.end - len(rest.lstrip()), place.end)
    return name, place


def _is_common(text: str, place: Span) -> bool:
    """Whether a capitalised word that begins a sentence is a common one, and no name."""
    word = place.of(text)
    is_name_elsewhere = re.search(rf"[a-z,] {re.escape(word)}\b", text)
    return word.lower() in common_words() and not is_name_elsewhere


def _opening_phrase(text: str, sentence: Span) -> Span | None:
    """Return the words that a sentence begins with up to its verb."""
    words = list(re.finditer(r"\S+", sentence.of(text)))[: _LONGEST_PHRASE + 1]
    for count, word in enumerate(words):
        token = word.group()
        if count and _VERB.fullmatch(token):
            phrase = sentence.of(text)[: words[count - 1].end()]
            if (
                re.search(r"\b(?:them|us|it)$", phrase)
                or _NO_SUBJECT.match(phrase)
                or _BREAK.search(phrase)
                or _INNER.search(phrase)
            ):
                return None
            return Span(sentence.start, sentence.start + len(phrase))
    return None


def _phrase_candidate(text: str, sentence: Span, place: Span, distance: int) -> Candidate:
    words = place.of(text).lower().split()
    head = words[_head_index(words)]
    number = any(word[0].isdigit() or word in _NUMBERS for word in words[: _head_index(words) + 1])
    several = (head.endswith("s") and not head.endswith("ss")) or head in _PLURALS or number
    return Candidate(
        place,
        sentence,
        tuple(words),
        distance,
        is_phrase=True,
        is_several=several or " and " in place.of(text),
        is_subject=True,
        is_opening=True,
        has_article=words[0] in ("the", "a", "an"),
        is_person=0.5,
    )


_AFTER_NAMES: Final = frozenset(
    (
        "after",
        "until",
        "since",
        "near",
        "because",
        "without",
        "within",
        "whom",
        "which",
        "next",
        "last",
        "early",
        "today",
        "yesterday",
        "against",
        "although",
        "two",
        "three",
        "five",
        "flies",
        "leads",
        "treats",
        "gives",
        "grants",
        "employs",
        "fears",
        "earns",
        "keeps",
        "stays",
        "speaks",
        "faces",
        "sees",
    )
)
_NUMBERS: Final = frozenset(
    ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "some", "several"]
)
_PLURALS: Final = frozenset(("people", "men", "women", "children", "police"))


def _head_index(words: Sequence[str]) -> int:
    """Return the index of a phrase's head: the word before its first preposition."""
    for index, word in enumerate(words):
        if index and word in ("of", "in", "at", "for", "from", "with", "on", "off", "over", "near"):
            return index - 1
    return len(words) - 1


def _name_candidate(text: str, sentence: Span, name: Name, place: Span, distance: int) -> Candidate:
    before, after = text[sentence.start : place.start], text[place.end : sentence.end]
    mention = place.of(text)
    return Candidate(
        place,
        sentence,
        name.words,
        distance,
        is_several=bool(re.search(r"\bthe\s+$", before, re.IGNORECASE))
        and mention.endswith("s")
        and len(name.words) == 1,
        is_subject=_is_subject(text, sentence, place),
        is_opening=place.start == sentence.start,
        is_owner=bool(_OWNER.search(mention)) or after.startswith(("’s", "'s")),
        is_inside=bool(_PREPOSITION.search(before)),
        has_article=bool(_ARTICLE.search(before)),
        is_modifier=_is_modifier(after),
        is_person=_person_score(text, name, mention, before, after),
    )


def _is_modifier(after: str) -> bool:
    match = _MODIFIED.match(after)
    return match is not None and not (
        is_function_word(match["noun"])
        or _VERB.fullmatch(match["noun"])
        or match["noun"] in _AFTER_NAMES
        or match["noun"].endswith("ly")
    )


def _is_subject(text: str, sentence: Span, place: Span) -> bool:
    """Whether nothing but an article, a title or a few words that describe it stand before."""
    before = text[sentence.start : place.start]
    tokens = before.split()
    if _BREAK.search(before.rstrip(", ")) or len(tokens) > _LONGEST_PHRASE:
        return False
    return not any(
        _VERB.fullmatch(token) or _NO_SUBJECT.fullmatch(token.strip(",")) for token in tokens
    ) or bool(re.fullmatch(r"(?:(?i:its|his|her|their|the)\s+[\w ]{3,30}),?\s+", before))


def _person_score(text: str, name: Name, mention: str, before: str, after: str) -> float:
    """Estimate whether a name is a person's: 1 with a title, 0 for a place or an organisation."""
    if places_of(" ".join(name.words)) or _NO_PERSON.search(mention) or _ARTICLE.search(before):
        return 0.0
    # "Priya Nair of Castellan": whoever is of something is no organisation for that.
    head = mention.partition(" of ")[0].split()
    if 1 < len(head) < len(name.words):
        name = replace(name, words=name.words[: len(head)])
    if any(word in _ORGANISATION for word in name.words):
        return 0.0
    if _TITLES.search(before) or _PERSON_AFTER.match(after) or _TITLES.search(f"{mention} "):
        return 1.0
    wholes = [
        whole
        for whole in article_names(text)
        if len(whole.words) in (2, 3) and whole.words[-1] == name.words[-1]
    ]
    if len(name.words) in (2, 3) or wholes:
        prefixes = (text[max(whole.start - _TITLE_REACH, 0) : whole.start] for whole in wholes)
        is_titled = any(map(_TITLES.search, prefixes))
        return 1.0 if is_titled else 0.8
    return 0.2
