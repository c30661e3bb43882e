"""True sentences made false by one exchange: a name, number, date, unit or word, or a denial.

Half of the names and numbers put in come from the same passages, so that every word of the false
sentence stands in the evidence; these are the hard ones.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Final

from index.text.months import MONTHS
from rag.facts.names import KnownWords, Name, names
from rag.facts.quantities import Amount, same_amount
from rag.grounding.alignment import Facts
from rag.text.english import is_function_word, stem, words

__all__ = ["KINDS", "corrupt"]

_PLAIN_WORD: Final = re.compile(r"(?<=[a-z,] )[a-z]{4,}\b")
_STRANGE_LIST: Final = (
    "radioactive haunted golden cursed wooden invisible poisoned borrowed frozen royal flooded "
    "stolen hollow magnetic bankrupt edible forged sacred temporary pregnant armed musical blind "
    "rented painted married burned exported doubled cancelled elected arrested injured taxed"
)
_STRANGE: Final = _STRANGE_LIST.split()
_AUXILIARY: Final = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|must|may|might|does|did|do)\b"
    r"(?! ?(?:not|n't|n’t|never))"
)
_DENIED: Final = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|must|does|did|do)(?: not|n't) "
)
_MONTHS: Final = [month.capitalize() for month in MONTHS["en"]]
_DAYS_OF_WEEK: Final = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
_NO_NAME: Final = frozenset([*(month.lower() for month in _MONTHS), *_DAYS_OF_WEEK])
_UNITS: Final = (
    (re.compile(r"\$"), "€"), (re.compile(r"\bRMB\b|\byuan\b"), "dollars"),
    (re.compile(r"\bdollars?\b"), "euros"), (re.compile(r"€|£"), "$"),
    (re.compile(r"\bpounds\b"), "euros"), (re.compile(r"\bmillion\b"), "billion"),
    (re.compile(r"\bbillion\b"), "million"), (re.compile(r"\bthousand\b"), "million"),
    (re.compile(r"(?<=\d)\s?%|\bper ?cent\b"), " percentage points"),
    (re.compile(r"\b(?:km|kilomet(?:re|er)s)\b"), "miles"),
    (re.compile(r"\bmiles\b"), "kilometres"), (re.compile(r"(?<=\d )years\b"), "months"),
    (re.compile(r"(?<=\d )days\b"), "weeks"), (re.compile(r"(?<=\d )minutes\b"), "hours"),
    (re.compile(r"(?<=\d )hours\b"), "days"), (re.compile(r"(?<=\d )feet\b"), "metres"),
)  # fmt: skip


def corrupt(
    kind: str, sentence: str, passages: Sequence[str], others: Sequence[str], dice: random.Random
) -> str | None:
    """The sentence with one fact of that kind exchanged, or None where it has none.

    ``passages`` are what it was written from, ``others`` names from elsewhere.
    """
    made = KINDS[kind](sentence, passages, others, dice)
    return made if made and made != sentence else None


def _entity(
    sentence: str, passages: Sequence[str], others: Sequence[str], dice: random.Random
) -> str | None:
    mine = [name for name in names(sentence) if _usable(name)]
    if not mine:
        return None
    old = dice.choice(mine)
    sentence_words = KnownWords([sentence])
    pool = [
        (text[name.start : name.end], name)
        for text in passages
        for name in names(text)
        if _usable(name) and sentence_words.missing(name) == 1
    ]
    near = [text for text, name in pool if len(name.words) == len(old.words)]
    from_here = near or [text for text, _ in pool]
    chosen = from_here if from_here and dice.random() < 0.5 else list(others)
    fresh = [text for text in chosen if text.lower() not in sentence.lower()]
    return _put(sentence, old.start, old.end, dice.choice(fresh)) if fresh else None


def _usable(name: Name) -> bool:
    return not name.first and not _NO_NAME & set(name.words) and len("".join(name.words)) > 2


def _put(sentence: str, start: int, end: int, text: str) -> str:
    return sentence[:start] + text + sentence[end:]


def _number(
    sentence: str, passages: Sequence[str], others: Sequence[str], dice: random.Random
) -> str | None:
    mine = Facts(sentence).amounts
    if not mine:
        return None
    old = dice.choice(mine)
    digits = re.search(r"\d[\d,.]*\d|\d", sentence[old.start : old.end])
    if not digits:
        return _word_number(sentence, old, dice)
    start, end = old.start + digits.start(), old.start + digits.end()
    if dice.random() < 0.5:
        pool = [each for text in passages for each in _digits(text) if _other(each, mine, sentence)]
        if pool:
            return _put(sentence, start, end, dice.choice(pool))
    return _put(sentence, start, end, _changed(digits.group(), dice))


def _digits(text: str) -> list[str]:
    amounts = (text[each.start : each.end] for each in Facts(text).amounts)
    return [m.group() for each in amounts if (m := re.search(r"\d[\d,.]*\d|\d", each))]


def _other(digits: str, mine: Sequence[Amount], sentence: str) -> bool:
    plain = float(digits.replace(",", "")) if digits.count(".") < 2 else -1.0
    same = (Facts(digits).amounts or [None])[0]
    return (
        plain >= 0
        and digits not in sentence
        and same is not None
        and not any(same_amount(same, each) for each in mine)
    )


def _changed(digits: str, dice: random.Random) -> str:
    """Another number of the same look: one digit, not the last zero, becomes another."""
    places = [i for i, letter in enumerate(digits) if letter.isdigit() and letter != "0"]
    i = dice.choice(places or [0])
    fresh = dice.choice([d for d in "123456789" if d != digits[i]])
    return digits[:i] + fresh + digits[i + 1 :]


_SPELT_LIST: Final = "two three four five six seven eight nine ten twelve twenty thirty"
_SPELT: Final = _SPELT_LIST.split()


def _word_number(sentence: str, old: Amount, dice: random.Random) -> str | None:
    for word in _SPELT:
        match = re.search(rf"\b{word}\b", sentence[old.start : old.end], re.IGNORECASE)
        if match:
            start = old.start + match.start()
            fresh = dice.choice([each for each in _SPELT if each != word])
            return _put(sentence, start, start + len(word), fresh)
    return None


def _date(
    sentence: str, passages: Sequence[str], others: Sequence[str], dice: random.Random
) -> str | None:
    mine = Facts(sentence).days
    if not mine:
        return None
    old = dice.choice(mine)
    text = sentence[old.start : old.end]
    months = [month for month in _MONTHS if re.search(rf"\b{month}\b", text)]
    year = re.search(r"\b(1\d{3}|20\d{2})", text)
    if months and (not year or dice.random() < 0.4):
        fresh = dice.choice([month for month in _MONTHS if month != months[0]])
        return _put(sentence, old.start, old.end, text.replace(months[0], fresh))
    if not year:
        return None
    pool = [
        str(day.years[0])
        for passage in passages
        for day in Facts(passage).days
        if day.years and day.years[0] == day.years[1] and str(day.years[0]) not in sentence
    ]
    moved = str(int(year.group()) + dice.choice([-10, -5, -3, -2, -1, 1, 2, 3, 5, 10]))
    fresh = dice.choice(pool) if pool and dice.random() < 0.5 else moved
    return _put(sentence, old.start, old.end, text.replace(year.group(), fresh))


def _negation(
    sentence: str, passages: Sequence[str], others: Sequence[str], dice: random.Random
) -> str | None:
    denied = _DENIED.search(sentence)
    if denied:
        return _put(sentence, denied.start(), denied.end(), denied.group(1) + " ")
    stated = _AUXILIARY.search(sentence)
    return _put(sentence, stated.end(), stated.end(), " not") if stated else None


def _word(
    sentence: str, passages: Sequence[str], others: Sequence[str], dice: random.Random
) -> str | None:
    """A plain word of the sentence becomes one that no passage has."""
    mine = [m for m in _PLAIN_WORD.finditer(sentence) if not is_function_word(m.group())]
    stems = {stem(word) for text in passages for word in words(text)}
    fresh = [word for word in _STRANGE if stem(word) not in stems]
    if not mine or not fresh:
        return None
    old = dice.choice(mine)
    return _put(sentence, old.start(), old.end(), dice.choice(fresh))


def _unit(
    sentence: str, passages: Sequence[str], others: Sequence[str], dice: random.Random
) -> str | None:
    for amount in Facts(sentence).amounts:
        text = sentence[amount.start : amount.end]
        for rule, fresh in _UNITS:
            if rule.search(text):
                return _put(sentence, amount.start, amount.end, rule.sub(fresh, text, count=1))
    return None


KINDS: Final[dict[str, Callable[..., str | None]]] = {
    "entity": _entity,
    "number": _number,
    "date": _date,
    "negation": _negation,
    "unit": _unit,
    "word": _word,
}
