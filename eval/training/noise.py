"""Change questions into what people type: keywords, capitals, a preamble, a typing error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Final

from rag.text.english import is_function_word

__all__ = ["as_typed", "echo_line", "typo"]

# Neighbours on a QWERTY keyboard.
_NEAR: Final = {
    "a": "qsz", "b": "vgn", "c": "xdv", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht",
    "h": "gjy", "i": "uok", "j": "hku", "k": "jli", "l": "kop", "m": "njk", "n": "bmh",
    "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw", "t": "ryg", "u": "yij",
    "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xa",
}  # fmt: skip
_LONG_WORD: Final = re.compile(r"[A-Za-z]{5,}")
_WORD: Final = re.compile(r"[\w'’.-]+")
_LEADS: Final = (
    "Can you tell me: ", "Please tell me ", "I would like to know ", "Do the articles say ",
    "Question: ",
)  # fmt: skip
_LABELS: Final = ("Read more: ", "Photo: ", "Related: ", "", "", "", "Also: ")
# Chances: a sentence before, words before, all capitals, keywords; then, of what is no keywords,
# lower case without its mark, and a slip.
_BEFORE, _ASKING, _CAPITALS, _KEYWORDS = 0.06, 0.09, 0.10, 0.15
_PLAIN, _SLIP = 0.2, 0.06
_LONGEST_BEFORE: Final = 28


def as_typed(question: str, random: Random, before: Sequence[str] = ()) -> str:
    """Change a question as somebody might type it; most stay as they are.

    before: sentences for a preamble, of which one is put before the question with a small chance.
    """
    draw = random.random()
    if draw < _BEFORE:
        short = [sentence for sentence in before if len(sentence.split()) <= _LONGEST_BEFORE]
        question = f"{random.choice(short)} {question}" if short else question
    elif draw < _ASKING:
        question = random.choice(_LEADS) + question
    elif draw < _CAPITALS:
        question = question.upper()
    elif draw < _KEYWORDS:
        keywords = _keywords(question)
        if len(keywords) >= 3:
            return " ".join(keywords).lower().rstrip(".")
    if random.random() < _PLAIN:
        question = question.lower().rstrip(" ?")
    return typo(question, random) if random.random() < _SLIP else question


def echo_line(question: str, titles: Sequence[str], random: Random) -> str:
    """Make a line that repeats a question's words and answers nothing, as pages have them: a
    heading, a caption, the text of a link."""
    draw = random.random()
    if draw < 0.45:
        line = " ".join(_keywords(question))
    elif draw < 0.75:
        line = random.choice(titles) or "More news"
    else:
        line = question.rstrip(" ?")
    if random.random() < 0.5:
        line = line.title()
    return random.choice(_LABELS) + line


def _keywords(question: str) -> list[str]:
    return [word for word in _WORD.findall(question) if not is_function_word(word)]


def typo(question: str, random: Random) -> str:
    """Put one typing error into one word of five letters or more: two letters swapped, one left
    out, doubled, or replaced by a neighbouring key's. The first letter stays, as typists seldom
    miss it."""
    matches = list(_LONG_WORD.finditer(question))
    if not matches:
        return question
    match = random.choice(matches)
    word = match.group()
    i = random.randrange(1, len(word) - 1)
    slip = random.randrange(4)
    if slip == 0:
        result = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    elif slip == 1:
        result = word[:i] + word[i + 1 :]
    elif slip == 2:
        result = word[: i + 1] + word[i:]
    else:
        result = word[:i] + random.choice(_NEAR[word[i].lower()]) + word[i + 1 :]
    return question[: match.start()] + result + question[match.end() :]
