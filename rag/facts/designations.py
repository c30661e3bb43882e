"""Find things that differ by a number or letter alone: "Unit 4", "Bill 48", "Flight 217".

Whoever asks about Bill 48 is not answered by what is said of Bill 47. A designation is a word and
the number that follows it; years, times, amounts and counts ("4 units") are none. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from index.text.patterns import lazy_regex
from rag.facts.letters import fold_letters
from rag.text.english import is_function_word, stem

__all__ = ["Designation", "designations", "is_about_others"]

_NUMBER_WORDS_LIST: Final = "one two three four five six seven eight nine ten eleven twelve"
_WORDS_OF_NUMBERS: Final = {
    word: str(number) for number, word in enumerate(_NUMBER_WORDS_LIST.split(), start=1)
}
# "Unit 4", "flight BA 217", "line M2", "Route 66b": a word, and a number that ends there.
_FORM: Final = lazy_regex(
    r"(?<![\w’'-])(?P<kind>[^\W\d_]{3,}?)s?\s+(?P<by_number>[Nn]o\.?\s*|[Nn]umber\s+|#\s?)?"
    r"(?P<label>(?:[A-Z]{1,3}[ -]?)?\d{1,4}[A-Za-z]?"
    rf"|(?i:{'|'.join(_WORDS_OF_NUMBERS)}))"
    r"(?![\w%‰]|[.,:/-]\d|\s*(?:%|per\s?cent))"
)
# Behind these words stands no label: amounts, days, and what is counted.
_COUNTING_LIST: Final = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter "
    "fall  about around over under nearly almost least most than only just some every all "
    "last next  first past another between within until since after before during from into "
    "year  aged age won lost scored killed injured cost costs paid sold bought fell rose grew "
    "added  has have had was were are includes including employs hired dropped gained made "
    "took "
)
_YEAR: Final = lazy_regex(r"(?:1[5-9]|20)\d\d")
# What goes on with a noun after the number counts it: "killed 12 people".
_COUNT_BEHIND: Final = lazy_regex(
    r"\s+(?!(?:of|in|at|on|to|is|was|has|had|and|or|by|for|from|with|will|be"
    r"|the|a|an|as|that|which|who|when|where|while|shut|costs?)\b)[a-z]+s\b"
)


@dataclass(frozen=True, slots=True)
class Designation:
    """A thing named by its kind and label: ``kind`` as a stem, ``label`` in lower case without
    spaces; ``text`` as it is written. ``is_name``: it is written as a name, with a capital or
    with "number", and no amount."""

    kind: str
    label: str
    text: str
    is_name: bool


def designations(text: str) -> list[Designation]:
    """Find the designations of a text, in order."""
    result: list[Designation] = []
    for match in _FORM.finditer(text):
        kind, label = match["kind"], match["label"]
        whole_kind = match[0].split()[0]
        is_no_kind = is_function_word(kind) or is_function_word(whole_kind)
        if is_no_kind or stem(kind.lower()) in _counting_stems() or _YEAR.fullmatch(label):
            continue
        # "The old one", "Is Kelm one of ...?"
        if label.lower() == "one" and (label == "one" or kind.islower()):
            continue
        if kind.islower() and _COUNT_BEHIND.match(text, match.end()):
            continue
        key = re.sub(r"[ -]", "", fold_letters(label)).lstrip("0") or "0"
        key = _WORDS_OF_NUMBERS.get(key, key)
        is_name = bool(match["by_number"]) or kind[0].isupper()
        result.append(Designation(stem(kind.lower()), key, match[0], is_name))
    return result


def is_about_others(question: str, texts: Iterable[str]) -> str | None:
    """Return the designation of a question that no text has, where a text names another thing of
    the same kind; ``None`` where there is none such.

    texts: what answers it, with what it refers to.
    """
    targets = designations(question)
    if not targets:
        return None
    mentions = [mention for text in texts for mention in designations(text)]
    labels = {(mention.kind, mention.label) for mention in mentions}
    names = {mention.kind for mention in mentions if mention.is_name}
    kinds = {mention.kind for mention in mentions}
    for target in targets:
        is_missing = (target.kind, target.label) not in labels
        if is_missing and (target.kind in names or (target.is_name and target.kind in kinds)):
            return target.text
    return None


@cache
def _counting_stems() -> frozenset[str]:
    return frozenset(map(stem, _COUNTING_LIST.split()))
