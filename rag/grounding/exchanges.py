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
# Between two names these say which is which: "from A to B", "A is older than B".
_DIRECTED: Final = frozenset(["from", "to", "by", "over", "against", "than", "of", "for", "behind"])


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, name or figure of a sentence. ``key`` is what makes it equal to another; ``kind`` is
    ``name``, ``figure``, ``word``, or empty for a function word."""

    key: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Context:
    """The nearest content before and after a token, and the function word before it, or
    before the one word that describes it."""

    before: str | None
    after: str | None
    preposition: str


def exchange_signals(claim: Facts, sentence: Facts) -> dict[str, float]:
    """Compute two features, each 0 or 1.

    ``swapped``: two names, or two figures, stand in each other's place. ``opposite``: a word stands
    in the place of its opposite, or a figure is bounded otherwise ("less than 74", of 74 or of more
    than 74). "A is older than B" is neither of "B is younger than A".
    """
    ours, theirs = _tokens(claim), _tokens(sentence)
    swapped = _has_swapped(ours, theirs)
    if swapped and _are_converse(ours, theirs):
        return {"swapped": 0.0, "opposite": 0.0}
    opposite = claim.polarity.denials % 2 == sentence.polarity.denials % 2 and (
        _has_opposite(ours, theirs) or _is_bounded_otherwise(claim, sentence)
    )
    return {"swapped": float(swapped), "opposite": float(opposite)}


def _has_swapped(ours: Sequence[_Token], theirs: Sequence[_Token]) -> bool:
    places = [i for i, token in enumerate(ours) if token.kind in ("name", "figure")]
    return any(
        ours[i].kind == ours[k].kind
        and ours[i].key != ours[k].key
        and _is_directed(ours[i + 1 : k])
        and _takes_place(ours, i, theirs, ours[k].key)
        and _takes_place(ours, k, theirs, ours[i].key)
        for i, k in combinations(places, 2)
    )


def _are_converse(ours: Sequence[_Token], theirs: Sequence[_Token]) -> bool:
    """Whether a word of one has its opposite in the other, wherever they stand."""
    here = frozenset[tuple[int, int]]().union(*(_sides(token) for token in ours))
    there = frozenset[tuple[int, int]]().union(*(_sides(token) for token in theirs))
    groups = {group for group, _ in there - here}
    return any(group in groups for group, _ in here - there)


def _is_directed(between: Sequence[_Token]) -> bool:
    """Whether the words between two names say which of them is which."""
    words = {token.key for token in between if token.kind == "word"}
    if words & _symmetric():
        return False
    return bool(words) or any(token.text in _DIRECTED for token in between)


def _takes_place(ours: Sequence[_Token], i: int, theirs: Sequence[_Token], other: str) -> bool:
    """Whether what stands at ``i`` has, in the other sentence, the place of ``other``."""
    own = ours[i].key
    context = _context(ours, i)
    exchange = {own: other, other: own}
    turned = _Context(
        exchange.get(context.before or "", context.before),
        exchange.get(context.after or "", context.after),
        context.preposition,
    )
    straight = (_context(theirs, j) for j, token in enumerate(theirs) if token.key == own)
    if any(_fits(context, place) for place in straight):
        return False
    places = (_context(theirs, j) for j, token in enumerate(theirs) if token.key == other)
    return any(_fits(turned, place) and turned.preposition == place.preposition for place in places)


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


def _has_opposite(ours: Sequence[_Token], theirs: Sequence[_Token]) -> bool:
    for i, token in enumerate(ours):
        sides = _sides(token)
        if not sides or not _governs(ours, i):
            continue
        context = _context(ours, i)
        places = [
            (other, _context(theirs, j))
            for j, other in enumerate(theirs)
            if _sides(other) and _governs(theirs, j)
        ]
        if any(_sides(other) & sides and _is_beside(context, place) for other, place in places):
            continue
        same = [other for other, place in places if _fits(context, place)]
        groups = {group for group, _ in sides}
        if any(group in groups for other in same for group, _ in _sides(other)):
            return True
    return False


def _governs(tokens: Sequence[_Token], i: int) -> bool:
    """Whether a function word stands right before what follows it: "after 1977", not "after its
    1977 merger". Other words do."""
    if tokens[i].kind:
        return True
    following = (token for token in tokens[i + 1 :] if token.text not in {*_ARTICLES, "than"})
    return bool(next(following, tokens[i]).kind)


def _sides(token: _Token) -> frozenset[tuple[int, int]]:
    if token.kind in ("name", "figure"):
        return frozenset()
    return _contrasts().get(stem(token.text), frozenset())


@lru_cache(maxsize=1)
def _contrasts() -> dict[str, frozenset[tuple[int, int]]]:
    """Return for each stem its contrasts and the side of them that it is on."""
    sides: dict[str, frozenset[tuple[int, int]]] = {}
    for group, contrast in enumerate(_DATA["contrasts"]):
        for side, words in enumerate(contrast):
            for word in words.split():
                key = stem(word)
                sides[key] = sides.get(key, frozenset()) | {(group, side)}
    return sides


@lru_cache(maxsize=1)
def _symmetric() -> frozenset[str]:
    return frozenset(stem(word) for word in _DATA["symmetric"].split())


_BOUND: Final = lazy_regex(
    r"\b(?P<no>no |not )?(?:(?P<above>more than|over|above|upwards of)|"
    r"(?P<below>less than|fewer than|under|below)|(?P<least>at least)|(?P<most>at most|up to))\s+"
    r"(?:the\s+|a\s+)?$"
)


def _is_bounded_otherwise(claim: Facts, sentence: Facts) -> bool:
    """Whether a figure has another bound in the claim than all like it in the sentence."""
    for amount in claim.amounts:
        bound, is_strict = _bound(claim.text, amount)
        # "Over 4.5 million" is true of 4.7.
        twins = [
            other
            for other in sentence.amounts
            if same_amount(replace(amount, loose=False, step=0.0), other)
        ]
        if not bound or not twins:
            continue
        theirs = {_bound(sentence.text, other)[0] for other in twins}
        if bound not in theirs and (theirs != {0} or is_strict):
            return True
    return False


def _bound(text: str, amount: Amount) -> tuple[int, bool]:
    """Return 1 for a figure that is a lower bound, -1 for an upper one and 0 for another, and
    whether the figure itself is left out."""
    match = _BOUND.search(text[: amount.start].lower())
    is_time = any(dimension == "time" for _, dimension in amount.readings)
    if match is None or (is_time and match.group().strip() in ("over", "under", "up to")):
        return 0, False
    way = 1 if match["above"] or match["least"] else -1
    return (-way, False) if match["no"] else (way, not (match["least"] or match["most"]))


def _context(tokens: Sequence[_Token], i: int) -> _Context:
    before = next((token.key for token in reversed(tokens[:i]) if token.kind), None)
    after = next((token.key for token in tokens[i + 1 :] if token.kind), None)
    words = [token for token in tokens[max(i - 4, 0) : i] if token.text not in _ARTICLES]
    # "by coach Vera Dahl"
    preposition = next((token.text for token in reversed(words[-2:]) if not token.kind), "")
    return _Context(before, after, preposition)


def _tokens(facts: Facts) -> tuple[_Token, ...]:
    """Split a sentence into words, with each name and figure in one piece."""
    return tuple(_split(facts))


def _split(facts: Facts) -> Iterator[_Token]:
    pieces = sorted(
        [
            *((day.start, day.end, f"day {day.years} {day.month} {day.day}") for day in facts.days),
            *((a.start, a.end, f"{a.readings[0][0]:g}") for a in facts.amounts),
        ]
    )
    named = [
        (name.start, name.end, name.words[-1])
        for name in facts.names
        if not (name.first and name.words[0] in dictionary_words())
        and not any(start < name.end and name.start < end for start, end, _ in pieces)
    ]
    facts_of = sorted(
        [*((*piece, "figure") for piece in pieces), *((*name, "name") for name in named)]
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
