"""Slips of the finger in a question, mended by the words of the passages that it finds.

A word is taken for a slip when the library has it nowhere and the reader's vocabulary (30,522
common pieces of English, whole words most of them) does not have it whole. It is replaced by a word
of the nearest passages that is one edit away (optimal string alignment: a letter more, less, other,
or two exchanged), two for long words. Only what was found is a candidate, so a word that nothing
found resembles stays as it was typed; so do numbers, and short words. What was made of a
question is shown with its answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from rag.reading.manifest import WEIGHTS_FOLDER

__all__ = ["respelt", "slips"]

_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORTEST: Final = 4
# Two edits from here on, for a word that does not look like a name.
_LONG: Final = 8

_ASKING: Final = ("which", "what", "when", "where", "whose")

# Whether the library has a word, in any of its forms.
Known = Callable[[str], bool]


def slips(question: str, known: Known) -> list[str]:
    """The words of a question that neither the library nor the vocabulary has, as typed."""
    return [
        match.group()
        for match in _words(question)
        if not known(match.group()) and match.group().casefold() not in _vocabulary()
    ]


def respelt(question: str, known: Known, texts: Sequence[str]) -> str | None:
    """The question with its slips replaced by words of the texts; None where nothing is."""
    wrong = set(slips(question, known))
    if not wrong:
        return None
    there = Counter(match.group() for text in texts for match in _WORD.finditer(text))
    # More frequent than any: "wich" is "which", whatever was found.
    there.update(dict.fromkeys(_ASKING, there.total()))
    parts, at = [], 0
    for match in _words(question):
        meant = _meant(match, there) if match.group() in wrong else None
        if meant:
            parts += [question[at : match.start()], meant]
            at = match.end()
    return "".join([*parts, question[at:]]) if parts else None


def _words(question: str) -> Iterator[re.Match[str]]:
    # "H20" and "5nm" are cut into letters and figures here; a letter or two is no word.
    return (m for m in _WORD.finditer(question) if len(m.group()) >= _SHORTEST)


def _meant(match: re.Match[str], there: Counter[str]) -> str | None:
    """The nearest word, of two the more frequent; None where none is near."""
    from rapidfuzz.distance import OSA

    word = match.group().casefold()
    named = match.start() > 0 and match.group()[0].isupper()
    reach = 1 if named or len(word) < _LONG else 2
    best: tuple[int, int, str] | None = None
    for each, often in _near(there.items(), word, reach):
        forms = (each, f"{each}s") if word.endswith("s") else (each,)
        apart = min(OSA.distance(word, form.casefold(), score_cutoff=reach) for form in forms)
        if apart <= reach and (best is None or (apart, -often) < best[:2]):
            best = (apart, -often, each)
    return best[2] if best else None


def _near(there: Iterable[tuple[str, int]], word: str, reach: int) -> Iterator[tuple[str, int]]:
    """Words that may be within reach: those typing slips spare the first letter of."""
    for each, often in there:
        if len(each) >= _SHORTEST - 1 and abs(len(each) - len(word)) <= reach:
            start = each[:2].casefold()
            if start[0] == word[0] or start == word[1::-1]:
                yield each, often


@cache
def _vocabulary() -> frozenset[str]:
    from tokenizers import Tokenizer

    vocabulary = Tokenizer.from_file(str(WEIGHTS_FOLDER / "tokenizer.json")).get_vocab()
    return frozenset(each for each in vocabulary if not each.startswith("##"))
