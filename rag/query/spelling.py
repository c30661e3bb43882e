"""Spelling correction: replace misspellings in a question by words of the passages it finds.

A word counts as misspelt when neither the library nor a dictionary of English
(:mod:`rag.query.word_list`) has it. It is replaced by a word of the nearest passages at an edit
distance of one (optimal string alignment: one letter more, less, changed, or two exchanged), two
for long words. Only words of those passages are candidates, so a word that resembles none of them
stays as it was typed; so do numbers, and short words. The corrected question is shown with its
answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from rag.query.word_list import MIN_LETTERS, WORD, is_english_word

__all__ = ["correct_spelling", "find_misspellings"]

# Two edits from here on, for a word that does not look like a name.
_LONG_WORD: Final = 8

_QUESTION_WORDS: Final = ("which", "what", "when", "where", "whose")

# Whether the library has a word, in any of its forms.
HasWord = Callable[[str], bool]


def find_misspellings(question: str, is_known: HasWord) -> list[str]:
    """Find the words of a question that neither the library nor a dictionary has, as typed."""
    return [
        match.group()
        for match in _words(question)
        if not is_known(match.group()) and not is_english_word(match.group())
    ]


def correct_spelling(question: str, is_known: HasWord, texts: Sequence[str]) -> str | None:
    """Replace the misspellings of a question by words of the passages that it retrieved.

    question: as typed.
    is_known: whether the library has a word.
    texts: of the passages, and their titles.

    Returns ``None`` where nothing is replaced.
    """
    misspellings = set(find_misspellings(question, is_known))
    if not misspellings:
        return None
    counts = Counter(match.group() for text in texts for match in WORD.finditer(text))
    # More frequent than any: "wich" is "which", whatever was found.
    counts.update(dict.fromkeys(_QUESTION_WORDS, counts.total()))
    parts, at = [], 0
    for match in _words(question):
        correction = _nearest_word(match, counts) if match.group() in misspellings else None
        if correction:
            parts += [question[at : match.start()], correction]
            at = match.end()
    return "".join([*parts, question[at:]]) if parts else None


def _words(question: str) -> Iterator[re.Match[str]]:
    # "H20" and "5nm" are cut into letters and figures here; a letter or two is no word.
    return (m for m in WORD.finditer(question) if len(m.group()) >= MIN_LETTERS)


def _nearest_word(match: re.Match[str], counts: Counter[str]) -> str | None:
    """Return the nearest word, of equally near ones the more frequent; ``None`` where none is
    near."""
    from rapidfuzz.distance import OSA

    word = match.group().casefold()
    is_name = match.start() > 0 and match.group()[0].isupper()
    reach = 1 if is_name or len(word) < _LONG_WORD else 2
    best: tuple[int, int, str] | None = None
    for candidate, count in _words_within_reach(counts.items(), word, reach):
        forms = (candidate, f"{candidate}s") if word.endswith("s") else (candidate,)
        distance = min(OSA.distance(word, form.casefold(), score_cutoff=reach) for form in forms)
        if distance <= reach and (best is None or (distance, -count) < best[:2]):
            best = (distance, -count, candidate)
    return best[2] if best else None


def _words_within_reach(
    counts: Iterable[tuple[str, int]], word: str, reach: int
) -> Iterator[tuple[str, int]]:
    """Yield the words that may be within reach: misspellings seldom change the first letter."""
    for candidate, count in counts:
        if len(candidate) >= MIN_LETTERS - 1 and abs(len(candidate) - len(word)) <= reach:
            start = candidate[:2].casefold()
            if start[0] == word[0] or start == word[1::-1]:
                yield candidate, count
