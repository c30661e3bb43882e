"""Tell what a sentence turns round that it otherwise repeats: who did it to whom, which amount goes
with what, and a word put in place of its opposite.

Both are looked for between equal neighbours: the nearest names, figures and content words before
and after. So a sentence in other words shows neither, right or wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from index.text.patterns import lazy_regex
from rag.facts.quantities import Amount, same_amount
from rag.grounding.alignment import Facts
from rag.query.word_list import dictionary_words
from rag.text.english import is_function_word, stem

__all__ = ["exchange_signals"]

_DATA: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("opposites.json").read_text(encoding="utf-8")
)
_WORD: Final = lazy_regex(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_ARTICLES: Final = frozenset(["a", "an", "the"])
# "600 fewer than the 900"
_BETWEEN: Final = _ARTICLES | {"than"}
# Facts of a sentence that are compared with each other.
_MOST_FACTS: Final = 20
# Contrasts, and the side of each.
_Sides = frozenset[tuple[int, int]]
# Between two names these say which is which: "from A to B", "A is older than B".
_DIRECTIONS: Final = frozenset(
    ["from", "to", "by", "over", "against", "than", "of", "for", "behind"]
)
_BOUND: Final = lazy_regex(
    r"\b(?P<no>no |not )?(?:(?P<above>more than|over|above|upwards of)|"
    r"(?P<below>less than|fewer than|under|below)|(?P<least>at least)|(?P<most>at most|up to))\s+"
    r"(?:the\s+|a\s+)?$"
)
# The characters before a figure in which its bound may stand.
_LONGEST_BOUND: Final = 30


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, name or figure of a sentence. ``key`` is what makes it equal to another; ``kind`` is
    ``name``, ``figure``, ``word``, or empty for a function word."""

    key: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Context:
    """The nearest content before and after a token, and the function word before it, or before the
    one word that describes it."""

    before: str | None
    after: str | None
    preposition: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A token with what stands around it. ``sides``: the contrasts that it is a side of, as long as
    it stands right before what it governs."""

    token: _Token
    context: _Context
    sides: _Sides


def exchange_signals(
    claim: Facts, sentence: Facts, further: Sequence[Facts] = ()
) -> dict[str, float]:
    """Compute two features, each 0 or 1, against the sentence that is nearest to a claim; what
    ``further`` ones state as the claim does is none.

    ``swapped``: two names, or two figures, stand in each other's place. ``opposite``: a word stands
    in the place of its opposite, or a figure is bounded otherwise ("less than 74", of 74 or of more
    than 74). "A is older than B" is neither of "B is younger than A".
    """
    claim_places, source_places = _places(claim), _places(sentence)
    beside = [place for text in further for place in _places(text) if place.sides]
    is_swap = _has_swapped(claim_places, source_places)
    if is_swap and _are_converse(claim_places, source_places):
        return {"swapped": 0.0, "opposite": 0.0}
    opposite = claim.polarity.denials % 2 == sentence.polarity.denials % 2 and (
        _has_opposite(claim_places, source_places, beside) or _is_bounded_otherwise(claim, sentence)
    )
    return {"swapped": float(is_swap), "opposite": float(opposite)}


def _has_swapped(claim_places: Sequence[_Place], source_places: Sequence[_Place]) -> bool:
    facts = [i for i, place in enumerate(claim_places) if place.token.kind in ("name", "figure")]
    return any(
        claim_places[i].token.kind == claim_places[k].token.kind
        and claim_places[i].token.key != claim_places[k].token.key
        and _takes_place(claim_places[i], source_places, claim_places[k].token.key)
        and _takes_place(claim_places[k], source_places, claim_places[i].token.key)
        and _is_directed(claim_places[i + 1 : k])
        for i, k in combinations(facts[:_MOST_FACTS], 2)
    )


def _are_converse(claim_places: Sequence[_Place], source_places: Sequence[_Place]) -> bool:
    """Whether a word of one has its opposite in the other, wherever they stand."""
    here = frozenset[tuple[int, int]]().union(*(_sides(place.token) for place in claim_places))
    there = frozenset[tuple[int, int]]().union(*(_sides(place.token) for place in source_places))
    groups = {group for group, _ in there - here}
    return any(group in groups for group, _ in here - there)


def _is_directed(between: Sequence[_Place]) -> bool:
    """Whether the words between two names say which of them is which."""
    words = {place.token.key for place in between if place.token.kind == "word"}
    if words & _symmetric():
        return False
    return bool(words) or any(place.token.text in _DIRECTIONS for place in between)


def _takes_place(place: _Place, source_places: Sequence[_Place], rival: str) -> bool:
    """Whether a fact has, in the other sentence, the place of ``rival``, and not its own."""
    key, context = place.token.key, place.context
    exchange = {key: rival, rival: key}
    mirror = _Context(
        exchange.get(context.before or "", context.before),
        exchange.get(context.after or "", context.after),
        context.preposition,
    )
    if any(place.token.key == key and _fits(context, place.context) for place in source_places):
        return False
    return any(
        place.token.key == rival
        and _fits(mirror, place.context)
        and mirror.preposition == place.context.preposition
        for place in source_places
    )


def _fits(context: _Context, place: _Context) -> bool:
    """Whether what stands around a token of a claim stands around another one; the claim may begin
    or end there."""
    return (
        context.before in (None, place.before)
        and context.after in (None, place.after)
        and (context.before, context.after) != (None, None)
    )


def _is_beside(context: _Context, place: _Context) -> bool:
    """Whether either neighbour is the same."""
    return (context.before is not None and context.before == place.before) or (
        context.after is not None and context.after == place.after
    )


def _has_opposite(
    claim_places: Sequence[_Place], source_places: Sequence[_Place], further: Sequence[_Place]
) -> bool:
    candidates = [place for place in source_places if place.sides]
    # What the claim says too stands for itself: "the right valve and the left valve".
    rivals = [
        twin
        for twin in candidates
        if not any(
            place.sides & twin.sides and _fits(place.context, twin.context)
            for place in claim_places
        )
    ]
    for place in claim_places:
        if not place.sides or any(
            place.sides & twin.sides and _is_beside(place.context, twin.context)
            for twin in (*candidates, *further)
        ):
            continue
        groups = {group for group, _ in place.sides}
        if any(
            _fits(place.context, twin.context) and any(group in groups for group, _ in twin.sides)
            for twin in rivals
        ):
            return True
    return False


def _sides(token: _Token) -> _Sides:
    if token.kind in ("name", "figure"):
        return frozenset()
    return _contrasts().get(stem(token.text), frozenset())


@lru_cache(maxsize=1)
def _contrasts() -> dict[str, _Sides]:
    """Return for each stem its contrasts and the side of them that it is on."""
    sides: dict[str, _Sides] = {}
    for group, contrast in enumerate(_DATA["contrasts"]):
        for side, words in enumerate(contrast):
            for word in words.split():
                key = stem(word)
                sides[key] = sides.get(key, frozenset()) | {(group, side)}
    return sides


@lru_cache(maxsize=1)
def _symmetric() -> frozenset[str]:
    return frozenset(stem(word) for word in _DATA["symmetric"].split())


def _is_bounded_otherwise(claim: Facts, sentence: Facts) -> bool:
    """Whether a figure has another bound in the claim than all like it in the sentence."""
    for amount in claim.amounts:
        bound, is_strict = _bound(claim.text, amount)
        # "Over 4.5 million" is true of 4.7.
        twins = [
            twin
            for twin in sentence.amounts
            if same_amount(replace(amount, loose=False, step=0.0), twin)
        ]
        if not bound or not twins:
            continue
        their_bounds = {_bound(sentence.text, twin)[0] for twin in twins}
        if bound not in their_bounds and (their_bounds != {0} or is_strict):
            return True
    return False


def _bound(text: str, amount: Amount) -> tuple[int, bool]:
    """Return 1 for a figure that is a lower bound, -1 for an upper one and 0 for another, and
    whether the figure itself is left out."""
    match = _BOUND.search(text[max(amount.start - _LONGEST_BOUND, 0) : amount.start].lower())
    is_time = any(dimension == "time" for _, dimension in amount.readings)
    if match is None or (is_time and match.group().strip() in ("over", "under", "up to")):
        return 0, False
    way = 1 if match["above"] or match["least"] else -1
    return (-way, False) if match["no"] else (way, not (match["least"] or match["most"]))


def _places(facts: Facts) -> list[_Place]:
    """Split a sentence into words, with each name and figure in one piece."""
    tokens = list(_split(facts))
    keys = [token.key if token.kind else None for token in tokens]
    before, after = _nearest(keys), _nearest(keys[::-1])[::-1]
    return [
        _Place(
            token,
            _Context(before[i], after[i], _preposition(tokens, i)),
            _sides(token) if _governs(tokens, i) else frozenset(),
        )
        for i, token in enumerate(tokens)
    ]


def _nearest(keys: Sequence[str | None]) -> list[str | None]:
    """Return for each place the last key before it."""
    result: list[str | None] = []
    last: str | None = None
    for key in keys:
        result.append(last)
        last = key if key is not None else last
    return result


def _preposition(tokens: Sequence[_Token], i: int) -> str:
    words = [token for token in tokens[max(i - 4, 0) : i] if token.text not in _ARTICLES]
    # "by coach Vera Dahl"
    return next((token.text for token in reversed(words[-2:]) if not token.kind), "")


def _governs(tokens: Sequence[_Token], i: int) -> bool:
    """Whether a function word stands right before what follows it: "after 1977", not "after its
    1977 merger". Other words do."""
    following = [token for token in tokens[i + 1 : i + 4] if token.text not in _BETWEEN]
    return bool(tokens[i].kind or (following and following[0].kind))


def _split(facts: Facts) -> Iterator[_Token]:
    pieces = sorted(
        [
            *((day.start, day.end, f"day {day.years} {day.month} {day.day}") for day in facts.days),
            *((a.start, a.end, f"{a.readings[0][0]:g}") for a in facts.amounts),
        ]
    )
    name_pieces = [
        (name.start, name.end, name.words[-1])
        for name in facts.names
        if not (name.first and name.words[0] in dictionary_words())
        and not any(start < name.end and name.start < end for start, end, _ in pieces)
    ]
    facts_of = sorted(
        [*((*piece, "figure") for piece in pieces), *((*name, "name") for name in name_pieces)]
    )
    at = 0
    for start, end, key, kind in facts_of:
        if start < at:
            continue
        yield from _words(facts.text[at:start])
        yield _Token(key, kind, facts.text[start:end])
        at = end
    yield from _words(facts.text[at:])


def _words(text: str) -> Iterator[_Token]:
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if is_function_word(word):
            yield _Token("", "", word)
        else:
            yield _Token(stem(word), "word", word)
