"""What speaks for and against a written sentence being backed by sentences of the articles.

Each signal is a share or a count between 0 and about 2; all but ``meaning`` and ``order`` speak
against. Which sentences they are read from is found here too: the one that comes nearest, and up to
two more where they state what it leaves open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

import numpy as np

from index.encode.base import Floats
from rag.facts.dates import Day, same_day
from rag.facts.names import KnownWords
from rag.facts.polarity import opposites
from rag.facts.quantities import Amount, same_amount, same_figure
from rag.grounding.alignment import Facts, Grounds, GroundSentence, Statement
from rag.grounding.ordered import orders_to_say

__all__ = ["SIGNALS", "Alignment", "align", "signals"]

_MOST_SENTENCES: Final = 3
# How much of what is written another sentence has to add.
_GAIN: Final = 0.12
# What a citation mark of the model is worth: it decides between equals, no more.
_MARKED: Final = 0.03
# A cosine between two words in their sentences: below it nothing is alike, above it all is.
_ALIKE: Final = (0.3, 0.75)

# The share of what is written that is found: as a rule more than the first in what is backed, and
# hardly ever less than the second, where ``thin`` is 1.
_ENOUGH: Final = 0.85
_TOO_LITTLE: Final = 0.45
# A word that comes this near to nothing is not found; among so few words it is what is told.
_UNFOUND: Final = 0.3
_FEW: Final = 4
# So much of what is written stands in one sentence that it is the same statement, or its denial.
_AGAIN: Final = 0.9

# The sign that each may have in the probability of being backed.
SIGNALS: Final = {
    "meaning": 1, "order": 1, "cosine": 1, "words_missing": -1, "weakest_missing": -1,
    "names_missing": -1, "names_apart": -1, "names_nowhere": -1, "name_instead": -1,
    "amounts_missing": -1, "amounts_apart": -1, "amounts_nowhere": -1, "amount_instead": -1,
    "unit_clash": -1, "days_missing": -1, "days_apart": -1, "days_nowhere": -1, "day_instead": -1,
    "denial": -1, "denials_differ": -1, "opposite": -1, "replaced": -1, "further": -1, "short": -1,
    "denied": -1, "thin": -1, "unfound": -1, "unfound_of_few": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which sentences come nearest to what is written, the best first.

    ``near``: float32 ``[words]``, how near each content word comes to them, 0 to 1.
    """

    sentences: tuple[GroundSentence, ...]
    near: Floats


def align(written: Statement, grounds: Grounds, marked: Collection[int] = ()) -> Alignment | None:
    """The sentences to check against; ``marked`` are passages that the model says it used,
    counted from 0. None when there is nothing to compare."""
    stated = [each for each in grounds.sentences if not orders_to_say(each.text, written.text)]
    if not written.words or not stated:
        return None
    nears = np.stack([_nearness(written, each) for each in stated])
    facts = np.array([_facts_backed(written, each) for each in stated], np.float32)
    marks = np.array([bool(set(each.passages) & set(marked)) for each in stated], np.float32)
    whole = nears.mean(axis=1) + facts + _MARKED * marks
    chosen = [int(np.argmax(whole))]
    near = nears[chosen[0]]
    while len(chosen) < _MOST_SENTENCES:
        home = {stated[i].article.id for i in chosen}
        gains = np.array(
            [_gain(near, nears[i], written, stated, chosen, i, home) for i in range(len(nears))]
        )
        best = int(np.argmax(gains))
        if gains[best] < _GAIN:
            break
        chosen.append(best)
        near = np.maximum(near, nears[best])
    return Alignment(tuple(stated[i] for i in chosen), near)


def _nearness(written: Statement, sentence: GroundSentence) -> Floats:
    low, high = _ALIKE
    near = np.clip((sentence.nearest(written.words) - low) / (high - low), 0.0, 1.0)
    there = set(sentence.stems)
    same = np.array([word.stem in there for word in written.words], np.float32)
    return np.asarray(np.maximum(near, same), np.float32)


def _facts_backed(written: Facts, sentence: GroundSentence) -> float:
    """A tenth for each amount, day and name that the sentence has, at most half."""
    found: float = sum(_has_amount(each, sentence.every_amount) for each in written.amounts)
    found += sum(_has_day(each, sentence.days) for each in written.days)
    found += sum(1 - sentence.known.missing(each) for each in written.names)
    return min(0.1 * found, 0.5)


def _gain(
    near: Floats,
    other: Floats,
    written: Statement,
    sentences: Sequence[GroundSentence],
    chosen: Sequence[int],
    i: int,
    home: Collection[str],
) -> float:
    """What sentence ``i`` adds to those chosen: nearness of words, and facts they leave open."""
    if i in chosen:
        return 0.0
    gain = float(np.maximum(other - near, 0.0).mean())
    have = [sentences[j] for j in chosen]
    for amount in written.amounts:
        if not any(_has_amount(amount, each.every_amount) for each in have):
            gain += 0.15 * _has_amount(amount, sentences[i].every_amount)
    for day in written.days:
        if not any(_has_day(day, each.days) for each in have):
            gain += 0.15 * _has_day(day, sentences[i].days)
    return gain if sentences[i].article.id in home else 0.8 * gain


def _has_amount(claimed: Amount, stated: Sequence[Amount]) -> bool:
    return any(same_amount(claimed, each) for each in stated)


def _has_day(claimed: Day, stated: Sequence[Day]) -> bool:
    return any(same_day(claimed, each) for each in stated)


def signals(written: Statement, found: Alignment, grounds: Grounds) -> dict[str, float]:
    """Every signal of ``SIGNALS`` by name."""
    main = found.sentences[0]
    stems = {stem for each in found.sentences for stem in each.stems}
    near = found.near
    weakest = np.sort(near)[:2].mean()
    unfound = int((near < _UNFOUND).sum())
    return {
        "meaning": float(near.mean()),
        "order": _order(written, found.sentences),
        "cosine": _cosine(written, found.sentences),
        "words_missing": _share(word.stem not in stems for word in written.words),
        "weakest_missing": 1.0 - float(weakest),
        **_names(written, found, grounds),
        **_amounts(written, found, grounds),
        **_days(written, found, grounds),
        "denial": float(_denial(written, found.sentences)),
        "denials_differ": float(written.polarity.denials % 2 != main.polarity.denials % 2),
        "denied": float(_denied(written, found)),
        "opposite": float(_opposite(written, found.sentences)),
        "replaced": float(_replaced(written, main)),
        "further": float(len(found.sentences) - 1),
        "short": float(len(written.words) < 3),
        "unfound": min(unfound, 2) / 2,
        "unfound_of_few": float(unfound > 0 and len(near) <= _FEW),
        "thin": max(0.0, _ENOUGH - float(near.mean())) / (_ENOUGH - _TOO_LITTLE),
    }


def _share(values: Iterable[bool]) -> float:
    listed = [float(value) for value in values]
    return sum(listed) / len(listed) if listed else 0.0


def _order(written: Facts, sentences: Sequence[GroundSentence]) -> float:
    """The share of adjacent word pairs that are adjacent in a sentence too."""
    pairs = list(pairwise(written.stems))
    there = {pair for each in sentences for pair in pairwise(each.stems)}
    return sum(pair in there for pair in pairs) / len(pairs) if pairs else 0.0


def _cosine(written: Statement, sentences: Sequence[GroundSentence]) -> float:
    means = [each.mean for each in sentences if len(each.mean) == len(written.mean)]
    return max((float(np.einsum("d,d->", written.mean, mean)) for mean in means), default=0.0)


def _names(written: Statement, found: Alignment, grounds: Grounds) -> dict[str, float]:
    claimed = written.hard_names(grounds.known)
    main = found.sentences[0]
    known = KnownWords(
        [
            *(each.text for each in found.sentences),
            *(each.article.title for each in found.sentences),
        ]
    )
    missing = _most(known.missing(name) for name in claimed)
    apart = [name for name in claimed if main.known.missing(name) > 0]
    far = [name for name in apart if main.known_around.missing(name) > 0]
    nowhere = [name for name in claimed if grounds.known.missing(name) > 0]
    return {
        "names_missing": missing,
        "names_apart": 0.5 * bool(apart) + 0.5 * bool(far),
        "names_nowhere": _most(grounds.known.missing(name) for name in nowhere),
        "name_instead": float(bool(apart) and _other_name(main, written)),
    }


def _most(values: Iterable[float]) -> float:
    return max(values, default=0.0)


def _other_name(sentence: GroundSentence, written: Facts) -> bool:
    """Whether a sentence has a name that what is written has not."""
    said = KnownWords([written.text])
    return any(said.missing(name) == 1 for name in sentence.names if not name.first)


def _amounts(written: Facts, found: Alignment, grounds: Grounds) -> dict[str, float]:
    main = found.sentences[0]
    there = [amount for each in found.sentences for amount in each.every_amount]
    missing = [each for each in written.amounts if not _has_amount(each, there)]
    apart = [each for each in written.amounts if not _has_amount(each, main.every_amount)]
    nowhere = [
        each
        for each in written.amounts
        if not _has_amount(each, grounds.amounts)
        and not grounds.has_figure(written.text[each.start : each.end])
    ]
    other = [each for each in main.amounts if not _has_amount(each, written.every_amount)]
    clash = any(same_figure(each, stated) for each in missing for stated in there)
    return {
        "amounts_missing": float(bool(missing)),
        "amounts_apart": float(bool(apart)),
        "amounts_nowhere": float(bool(nowhere)),
        "amount_instead": float(bool(apart and other)),
        "unit_clash": float(clash),
    }


def _days(written: Facts, found: Alignment, grounds: Grounds) -> dict[str, float]:
    main = found.sentences[0]
    there = [day for each in found.sentences for day in each.days]
    published = [each.article.published_at for each in found.sentences]
    there += [Day.of(day) for day in published if day]
    missing = [each for each in written.days if not _has_day(each, there)]
    apart = [each for each in written.days if not _has_day(each, main.days)]
    nowhere = [each for each in written.days if not _has_day(each, grounds.days)]
    other = [each for each in main.days if not any(same_day(day, each) for day in written.days)]
    return {
        "days_missing": float(bool(missing)),
        "days_apart": float(bool(apart)),
        "days_nowhere": float(bool(nowhere)),
        "day_instead": float(bool(apart and other)),
    }


def _denial(written: Facts, sentences: Sequence[GroundSentence]) -> bool:
    """Whether a word is denied on one side and stated on the other."""
    said = written.polarity
    stated = frozenset[str]().union(*(each.polarity.stated for each in sentences))
    denied = frozenset[str]().union(*(each.polarity.denied for each in sentences))
    return bool(
        ((said.denied & (stated - denied)) and not said.denied & denied)
        or ((said.stated & (denied - stated)) and not said.denied)
    )


def _denied(written: Facts, found: Alignment) -> bool:
    """Whether it is one sentence over again, but for a denial that only one of them has."""
    (main, *further) = found.sentences
    again = not further and float(found.near.mean()) >= _AGAIN
    return again and written.polarity.denials % 2 != main.polarity.denials % 2


def _opposite(written: Facts, sentences: Sequence[GroundSentence]) -> bool:
    there = frozenset(stem for each in sentences for stem in each.stems)
    return opposites(frozenset(written.stems), there) > 0


def _replaced(written: Facts, sentence: GroundSentence) -> int:
    """How many names, amounts or days stand where the sentence has other ones, between the same
    words: the mark of a fact exchanged."""
    one, other = _marked_words(written), _marked_words(sentence)
    blocks = SequenceMatcher(None, [w for w, _ in one], [w for w, _ in other], autojunk=False)
    there = {word for word, _ in other}
    count = 0
    for step, a, b, c, d in blocks.get_opcodes():
        if step == "replace":
            new = {kind for word, kind in one[a:b] if kind and word not in there}
            count += bool(new & {kind for _, kind in other[c:d]})
    return min(count, 2)


def _marked_words(facts: Facts) -> list[tuple[str, str]]:
    """Lower-case words, each with the kind of fact it is part of."""
    kinds: list[tuple[int, int, str]] = [
        *((each.start, each.end, "name") for each in facts.names if not each.first),
        *((each.start, each.end, "figure") for each in facts.amounts),
        *((each.start, each.end, "figure") for each in facts.days),
    ]
    out: list[tuple[str, str]] = []
    at = 0
    for piece in facts.text.split():
        start = facts.text.index(piece, at)
        at = start + len(piece)
        word = piece.strip(".,;:!?\"'“”‘’()[]`").lower()
        if word:
            out.append((word, next((k for a, b, k in kinds if a < at and start < b), "")))
    return out
