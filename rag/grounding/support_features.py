"""The features of a written sentence for and against being backed by sentences of the articles.

Each is a share or a count between 0 and about 2; all but ``cosine`` count against. The sentences to
compare with are chosen here too: the nearest one, and up to two more where they state what it
leaves open. A feature to which the fit gave no weight is not computed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import numpy as np

from index.encode.base import Floats
from rag.facts.dates import Day, same_day
from rag.facts.names import KnownWords
from rag.facts.quantities import Amount, same_amount, same_figure
from rag.grounding.alignment import Facts, Grounds, GroundSentence, Statement
from rag.grounding.exchanges import exchange_signals
from rag.grounding.ordered import orders_to_say

__all__ = ["SIGNALS", "Alignment", "align", "signals"]

_MOST_SENTENCES: Final = 3
# How much of what is written another sentence has to add.
_GAIN: Final = 0.12
# What a citation mark of the model is worth: it decides between equals, no more.
_CITATION_BONUS: Final = 0.03
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
    "cosine": 1, "weakest_missing": -1, "names_missing": -1,
    "name_instead": -1, "amounts_apart": -1, "amount_instead": -1, "unit_clash": -1,
    "days_missing": -1, "days_apart": -1, "days_nowhere": -1, "day_instead": -1, "denial": -1,
    "denials_differ": -1, "replaced": -1, "denied": -1, "unfound": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alignment:
    """The sentences that are nearest to a written one, the best first.

    ``near``: float32 ``[words]``, the similarity of each content word to them, 0 to 1.
    """

    sentences: tuple[GroundSentence, ...]
    near: Floats


def align(
    claim: Statement,
    grounds: Grounds,
    cited_passages: Collection[int] = (),
    *,
    discounts_orders: bool = True,
) -> Alignment | None:
    """Choose the sentences to check against; ``None`` when there is nothing to compare.

    cited_passages: the passages that the model cites, counted from 0.
    discounts_orders: whether a sentence that orders the claim to be said does not count for it.
    """
    candidates = [
        sentence
        for sentence in grounds.sentences
        if not (discounts_orders and orders_to_say(sentence.text, claim.text))
    ]
    if not claim.words or not candidates:
        return None
    nears = np.stack([_nearness(claim, candidate) for candidate in candidates])
    facts = np.array([_facts_backed(claim, candidate) for candidate in candidates], np.float32)
    marks = np.array(
        [bool(set(candidate.passages) & set(cited_passages)) for candidate in candidates],
        np.float32,
    )
    whole = nears.mean(axis=1) + facts + _CITATION_BONUS * marks
    selection = [int(np.argmax(whole))]
    near = nears[selection[0]]
    while len(selection) < _MOST_SENTENCES:
        home = {candidates[i].article.id for i in selection}
        gains = np.array(
            [
                _gain(near, nears[i], claim, candidates, selection, i, home)
                for i in range(len(nears))
            ]
        )
        best = int(np.argmax(gains))
        if gains[best] < _GAIN:
            break
        selection.append(best)
        near = np.maximum(near, nears[best])
    return Alignment(tuple(candidates[i] for i in selection), near)


def _nearness(claim: Statement, sentence: GroundSentence) -> Floats:
    low, high = _ALIKE
    near = np.clip((sentence.nearest(claim.words) - low) / (high - low), 0.0, 1.0)
    there = set(sentence.stems)
    facts = _shared_figures(claim, sentence)
    exact = np.array(
        [
            word.stem in there or any(fact.start <= word.start < fact.end for fact in facts)
            for word in claim.words
        ],
        np.float32,
    )
    return np.asarray(np.maximum(near, exact), np.float32)


def _shared_figures(claim: Facts, sentence: GroundSentence) -> list[Amount | Day]:
    """Return the amounts and days of a written sentence that another one has, in whatever form."""
    return [
        *(amount for amount in claim.amounts if _has_amount(amount, sentence.every_amount)),
        # A year within "1758-1775" is not that time in another form.
        *(
            day
            for day in claim.days
            if _has_day(day, [twin for twin in sentence.days if day.years in (None, twin.years)])
        ),
    ]


def _facts_backed(claim: Facts, sentence: GroundSentence) -> float:
    """Return a tenth for each amount, day and name that the sentence has, at most half."""
    share: float = sum(_has_amount(amount, sentence.every_amount) for amount in claim.amounts)
    share += sum(_has_day(day, sentence.days) for day in claim.days)
    share += sum(1 - sentence.vocabulary.missing(name) for name in claim.names)
    return min(0.1 * share, 0.5)


def _gain(
    near: Floats,
    further: Floats,
    claim: Statement,
    sentences: Sequence[GroundSentence],
    selection: Sequence[int],
    i: int,
    home: Collection[str],
) -> float:
    """Compute what sentence ``i`` adds to those chosen: similarity of words, and facts they leave
    open."""
    if i in selection:
        return 0.0
    gain = float(np.maximum(further - near, 0.0).mean())
    have = [sentences[j] for j in selection]
    for amount in claim.amounts:
        if not any(_has_amount(amount, sentence.every_amount) for sentence in have):
            gain += 0.15 * _has_amount(amount, sentences[i].every_amount)
    for day in claim.days:
        if not any(_has_day(day, sentence.days) for sentence in have):
            gain += 0.15 * _has_day(day, sentences[i].days)
    return gain if sentences[i].article.id in home else 0.8 * gain


def _has_amount(amount: Amount, candidates: Sequence[Amount]) -> bool:
    return any(same_amount(amount, candidate) for candidate in candidates)


def _has_day(day: Day, candidates: Sequence[Day]) -> bool:
    return any(same_day(day, candidate) for candidate in candidates)


def signals(claim: Statement, alignment: Alignment, grounds: Grounds) -> dict[str, float]:
    """Compare a statement with the sentences it is aligned with.

    Returns every feature of ``SIGNALS`` by name, and the fatal features ``amounts_nowhere``,
    ``names_nowhere``, ``thin``, ``unfound_of_few``, ``swapped`` and ``opposite``.
    """
    main = alignment.sentences[0]
    near = alignment.near
    weakest = np.sort(near)[:2].mean()
    unfound = int((near < _UNFOUND).sum())
    return {
        "cosine": _cosine(claim, alignment.sentences),
        "weakest_missing": 1.0 - float(weakest),
        **_names(claim, alignment, grounds),
        **_amounts(claim, alignment, grounds),
        **_days(claim, alignment, grounds),
        "denial": float(_denial(claim, alignment.sentences)),
        "denials_differ": float(claim.polarity.denials % 2 != main.polarity.denials % 2),
        "denied": float(_is_denied_copy(claim, alignment)),
        "replaced": float(_replacements(claim, main)),
        **exchange_signals(claim, main, alignment.sentences[1:]),
        "unfound": min(unfound, 2) / 2,
        "unfound_of_few": float(unfound > 0 and len(near) <= _FEW),
        "thin": max(0.0, _ENOUGH - float(near.mean())) / (_ENOUGH - _TOO_LITTLE),
    }


def _cosine(claim: Statement, sentences: Sequence[GroundSentence]) -> float:
    means = [sentence.mean for sentence in sentences if len(sentence.mean) == len(claim.mean)]
    return max((float(np.einsum("d,d->", claim.mean, mean)) for mean in means), default=0.0)


def _names(claim: Statement, alignment: Alignment, grounds: Grounds) -> dict[str, float]:
    claim_names = claim.hard_names(grounds.vocabulary)
    main = alignment.sentences[0]
    words = KnownWords(
        [
            *(sentence.text for sentence in alignment.sentences),
            *(sentence.article.title for sentence in alignment.sentences),
        ]
    )
    missing = _most(words.missing(name) for name in claim_names)
    apart = [name for name in claim_names if main.vocabulary.missing(name) > 0]
    nowhere = [name for name in claim_names if grounds.vocabulary.missing(name) > 0]
    return {
        "names_missing": missing,
        "names_nowhere": _most(grounds.vocabulary.missing(name) for name in nowhere),
        "name_instead": float(bool(apart) and _other_name(main, claim)),
    }


def _most(values: Iterable[float]) -> float:
    return max(values, default=0.0)


def _other_name(sentence: GroundSentence, claim: Facts) -> bool:
    """Whether a sentence has a name that the written sentence lacks."""
    words = KnownWords([claim.text])
    return any(words.missing(name) == 1 for name in sentence.names if not name.first)


def _amounts(claim: Facts, alignment: Alignment, grounds: Grounds) -> dict[str, float]:
    main = alignment.sentences[0]
    there = [amount for sentence in alignment.sentences for amount in sentence.every_amount]
    missing = [amount for amount in claim.amounts if not _has_amount(amount, there)]
    apart = [amount for amount in claim.amounts if not _has_amount(amount, main.every_amount)]
    nowhere = [
        amount
        for amount in claim.amounts
        if not _has_amount(amount, grounds.amounts)
        and not grounds.has_figure(claim.text[amount.start : amount.end])
    ]
    extra = [amount for amount in main.amounts if not _has_amount(amount, claim.every_amount)]
    clash = any(same_figure(figure, amount) for figure in missing for amount in there)
    return {
        "amounts_apart": float(bool(apart)),
        "amounts_nowhere": float(bool(nowhere)),
        "amount_instead": float(bool(apart and extra)),
        "unit_clash": float(clash),
    }


def _days(claim: Facts, alignment: Alignment, grounds: Grounds) -> dict[str, float]:
    main = alignment.sentences[0]
    there = [day for sentence in alignment.sentences for day in sentence.days]
    publication_days = [sentence.article.published_at for sentence in alignment.sentences]
    there += [Day.of(day) for day in publication_days if day]
    missing = [day for day in claim.days if not _has_day(day, there)]
    apart = [day for day in claim.days if not _has_day(day, main.days)]
    nowhere = [day for day in claim.days if not _has_day(day, grounds.days)]
    extra = [
        day for day in main.days if not any(same_day(claim_day, day) for claim_day in claim.days)
    ]
    return {
        "days_missing": float(bool(missing)),
        "days_apart": float(bool(apart)),
        "days_nowhere": float(bool(nowhere)),
        "day_instead": float(bool(apart and extra)),
    }


def _denial(claim: Facts, sentences: Sequence[GroundSentence]) -> bool:
    """Whether a word is negated on one side and affirmed on the other."""
    polarity = claim.polarity
    stated_stems = frozenset[str]().union(
        *(sentence.polarity.stated_stems for sentence in sentences)
    )
    denied_stems = frozenset[str]().union(
        *(sentence.polarity.denied_stems for sentence in sentences)
    )
    return bool(
        (
            (polarity.denied_stems & (stated_stems - denied_stems))
            and not polarity.denied_stems & denied_stems
        )
        or ((polarity.stated_stems & (denied_stems - stated_stems)) and not polarity.denied_stems)
    )


def _is_denied_copy(claim: Facts, alignment: Alignment) -> bool:
    """Whether both are the same sentence, except for a negation that only one has."""
    (main, *further) = alignment.sentences
    again = not further and float(alignment.near.mean()) >= _AGAIN
    return again and claim.polarity.denials % 2 != main.polarity.denials % 2


def _replacements(claim: Facts, sentence: GroundSentence) -> int:
    """Count the names, amounts or days in whose place, between the same words, the sentence has
    others: the mark of an exchanged fact."""
    claim_words, sentence_words = _marked_words(claim, sentence), _marked_words(sentence)
    blocks = SequenceMatcher(
        None, [w for w, _ in claim_words], [w for w, _ in sentence_words], autojunk=False
    )
    there = {word for word, _ in sentence_words}
    count = 0
    for step, a, b, c, d in blocks.get_opcodes():
        if step == "replace":
            new = {kind for word, kind in claim_words[a:b] if kind and word not in there}
            count += bool(new & {kind for _, kind in sentence_words[c:d]})
    return min(count, 2)


def _marked_words(facts: Facts, source: GroundSentence | None = None) -> list[tuple[str, str]]:
    """Return the words in lower case, each with the kind of fact it is part of; facts that another
    text has too, in whatever form, are left unmarked."""
    common_figures = _shared_figures(facts, source) if source else []
    every: tuple[Amount | Day, ...] = (*facts.amounts, *facts.days)
    figures = [figure for figure in every if figure not in common_figures]
    kinds: list[tuple[int, int, str]] = [
        *((name.start, name.end, "name") for name in facts.names if not name.first),
        *((figure.start, figure.end, "figure") for figure in figures),
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
