"""Make true sentences false by one exchange: a name, number, date, unit or word, or a denial.

What to exchange is found by patterns over characters, not by :mod:`rag.facts`, which the check
under test reads with: so facts that :mod:`rag.facts` misses are exchanged as well.

Half of the names and numbers put in come from the same passages, so that every word of the false
sentence stands in the evidence. These are the hard cases.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Final

from index.text.months import MONTHS
from rag.text.english import is_function_word, stem, words

__all__ = ["KINDS", "corrupt", "deny", "names_of"]

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
_DENIAL: Final = re.compile(
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
_NUMBER: Final = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_YEAR: Final = re.compile(r"\b(?:1[1-9]\d\d|20\d\d)\b")
_MONTH: Final = re.compile(
    rf"\b(?:{'|'.join(_MONTHS)})\b(?<!\bMay)(?<!\bMarch)|\b(?:May|March)\b(?= \d)"
)
_NAME: Final = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,}){0,2}")
# Words that begin alike may be one name: "Germany", "German".
_BEGINNING: Final = 4
_NUMBER_WORDS_LIST: Final = "two three four five six seven eight nine ten twelve twenty thirty"
_NUMBER_WORDS: Final = _NUMBER_WORDS_LIST.split()
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
    kind: str, sentence: str, passages: Sequence[str], strangers: Sequence[str], dice: random.Random
) -> str | None:
    """Exchange one fact of ``kind`` in a sentence; ``None`` where it has none of that kind.

    passages: the texts that the sentence was written from.
    strangers: names from other documents.
    """
    text = KINDS[kind](sentence, passages, strangers, dice)
    return text if text and text != sentence else None


def names_of(text: str) -> list[str]:
    """Find runs of up to three capitalised words within the sentences of a text."""
    matches = (match.group() for match in _NAME.finditer(text))
    return [name for name in matches if not _NO_NAME & set(name.lower().split())]


def _entity(
    sentence: str, passages: Sequence[str], strangers: Sequence[str], dice: random.Random
) -> str | None:
    names = names_of(sentence)
    if not names:
        return None
    old = dice.choice(names)
    pool = [
        name for text in passages for name in names_of(text) if not _shares_word(name, sentence)
    ]
    near = [name for name in pool if len(name.split()) == len(old.split())]
    candidates = (near or pool) if pool and dice.random() < 0.5 else strangers
    fresh = [name for name in candidates if not _shares_word(name, sentence)]
    if not fresh:
        return None
    start = sentence.index(old)
    return _put(sentence, start, start + len(old), dice.choice(fresh))


def _shares_word(name: str, sentence: str) -> bool:
    """Whether a name shares a word, or the beginning of one, with the sentence."""
    words = {word[:_BEGINNING] for word in re.findall(r"\w+", sentence.lower())}
    return any(word[:_BEGINNING] in words for word in re.findall(r"\w+", name.lower()))


def _put(sentence: str, start: int, end: int, text: str) -> str:
    return sentence[:start] + text + sentence[end:]


def _number(
    sentence: str, passages: Sequence[str], strangers: Sequence[str], dice: random.Random
) -> str | None:
    matches = [match for match in _NUMBER.finditer(sentence) if not _YEAR.fullmatch(match.group())]
    if not matches:
        return _word_number(sentence, dice)
    old = dice.choice(matches)
    if dice.random() < 0.5:
        numbers = (digits for text in passages for digits in _NUMBER.findall(text))
        pool = [n for n in numbers if not _YEAR.fullmatch(n) and n not in sentence]
        if pool:
            return _put(sentence, old.start(), old.end(), dice.choice(pool))
    return _put(sentence, old.start(), old.end(), _changed_number(old.group(), dice))


def _changed_number(digits: str, dice: random.Random) -> str:
    """Change one digit of a number, not one of its last zeros, so that it looks alike."""
    places = [i for i, letter in enumerate(digits) if letter.isdigit() and letter != "0"]
    i = dice.choice(places or [0])
    fresh = dice.choice([d for d in "123456789" if d != digits[i]])
    return digits[:i] + fresh + digits[i + 1 :]


def _word_number(sentence: str, dice: random.Random) -> str | None:
    matches = [
        m for m in re.finditer(r"\b[a-z]+\b", sentence.lower()) if m.group() in _NUMBER_WORDS
    ]
    if not matches:
        return None
    old = dice.choice(matches)
    fresh = dice.choice([word for word in _NUMBER_WORDS if word != old.group()])
    return _put(sentence, old.start(), old.end(), fresh)


def _date(
    sentence: str, passages: Sequence[str], strangers: Sequence[str], dice: random.Random
) -> str | None:
    months = list(_MONTH.finditer(sentence))
    years = list(_YEAR.finditer(sentence))
    if months and (not years or dice.random() < 0.4):
        old = dice.choice(months)
        fresh = dice.choice([month for month in _MONTHS if month != old.group()])
        return _put(sentence, old.start(), old.end(), fresh)
    if not years:
        return None
    old = dice.choice(years)
    passage_years = [
        year for text in passages for year in _YEAR.findall(text) if year not in sentence
    ]
    moved_year = str(int(old.group()) + dice.choice([-10, -5, -3, -2, -1, 1, 2, 3, 5, 10]))
    fresh = dice.choice(passage_years) if passage_years and dice.random() < 0.5 else moved_year
    return _put(sentence, old.start(), old.end(), fresh)


def deny(sentence: str, denial: str) -> str | None:
    """Put ``denial`` (" not") after the first auxiliary of a sentence; ``None`` where it has
    none."""
    auxiliary = _AUXILIARY.search(sentence)
    return _put(sentence, auxiliary.end(), auxiliary.end(), denial) if auxiliary else None


def _negation(
    sentence: str, passages: Sequence[str], strangers: Sequence[str], dice: random.Random
) -> str | None:
    denial = _DENIAL.search(sentence)
    if denial:
        return _put(sentence, denial.start(), denial.end(), denial.group(1) + " ")
    return deny(sentence, " not")


def _word(
    sentence: str, passages: Sequence[str], strangers: Sequence[str], dice: random.Random
) -> str | None:
    """Replace a plain word of the sentence by one that stands in no passage."""
    matches = [m for m in _PLAIN_WORD.finditer(sentence) if not is_function_word(m.group())]
    stems = {stem(word) for text in passages for word in words(text)}
    fresh = [word for word in _STRANGE if stem(word) not in stems]
    if not matches or not fresh:
        return None
    old = dice.choice(matches)
    return _put(sentence, old.start(), old.end(), dice.choice(fresh))


def _unit(
    sentence: str, passages: Sequence[str], strangers: Sequence[str], dice: random.Random
) -> str | None:
    if not _NUMBER.search(sentence) and not any(word in _NUMBER_WORDS for word in sentence.split()):
        return None
    for rule, fresh in _UNITS:
        if rule.search(sentence):
            return rule.sub(fresh, sentence, count=1)
    return None


KINDS: Final[dict[str, Callable[..., str | None]]] = {
    "entity": _entity,
    "number": _number,
    "date": _date,
    "negation": _negation,
    "unit": _unit,
    "word": _word,
}
