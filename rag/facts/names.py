"""Names: runs of capitalised words, and whether another text has them under any of their forms.

No model: capital letters within a sentence, acronyms by their initials, and a short list of places
whose people and short forms are spelt otherwise ("the U.S.", "American").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from rag.text.english import is_function_word, stem

__all__ = ["KnownWords", "Name", "names"]

_RUN: Final = re.compile(
    r"(?<!\w)(?:[^\W\d_a-z][\w'’&.-]*\w|[^\W\d_a-z])(?:\s+(?:of|the|and|de|van|von|for|&)?\s*"
    r"(?:[^\W\d_a-z][\w'’&.-]*\w|[^\W\d_a-z]))*"
)
_WORD: Final = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*")
_ALIASES: Final = tuple(
    frozenset(group.split("|"))
    for group in (
        "us|u.s|usa|u.s.a|america|american|americans|united states",
        "uk|u.k|britain|british|united kingdom|britons",
        "eu|e.u|european union", "un|u.n|united nations", "uae|emirati|united arab emirates",
        "france|french", "netherlands|dutch|holland", "germany|german|germans",
        "spain|spanish", "greece|greek|greeks", "switzerland|swiss", "denmark|danish|danes",
        "poland|polish|poles", "sweden|swedish|swedes", "wales|welsh", "ireland|irish",
        "turkey|turkish|turks", "china|chinese|prc", "japan|japanese", "norman|normans|normandy",
        "thailand|thai", "peru|peruvian", "philippines|filipino|filipinos", "finland|finnish",
        "england|english", "scotland|scottish|scots", "portugal|portuguese", "iraq|iraqi",
        "nfl|national football league", "nba|national basketball association",
    )
)  # fmt: skip
_HEADS: Final = re.compile(r"(?:^|[.!?:\n]\s*[\"“'‘(]*|^[\s\"“'‘(*•-]+)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name at ``[start, end)``: its words in lower case, possessives and function words gone."""

    start: int
    end: int
    words: tuple[str, ...]
    first: bool = False


def names(text: str) -> list[Name]:
    """The names of a sentence, in order. A capitalised word that begins it is marked ``first``:
    it may be any word."""
    found: list[Name] = []
    for run in _RUN.finditer(text):
        pieces = [
            (match.start(), match.end(), _plain(match.group()))
            for match in _WORD.finditer(text, run.start(), run.end())
        ]
        heads = bool(_HEADS.search(text[: run.start()]))
        if heads and pieces and is_function_word(pieces[0][2]):
            pieces, heads = pieces[1:], False
        # The pattern cannot tell "é" from a capital.
        kept = [
            piece
            for piece in pieces
            if text[piece[0]].isupper() and piece[2] and not is_function_word(piece[2])
        ]
        if kept and not all(piece[2].isdigit() for piece in kept):
            words = tuple(word for _, _, word in kept)
            found.append(Name(kept[0][0], kept[-1][1], words, first=heads and len(kept) == 1))
    return found


def _plain(word: str) -> str:
    return re.sub(r"['’]s?$", "", word).lower().strip(".'’-")


class KnownWords:
    """The words of some texts, to look names up in."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words: set[str] = set()
        self.capitals: set[str] = set()
        self._stems: set[str] = set()
        self._initials: set[str] = set()
        self._acronyms: set[str] = set()
        self._phrases: list[str] = []
        for text in texts:
            self._add(text)

    def _add(self, text: str) -> None:
        written = [match.group() for match in _WORD.finditer(text)]
        found = [_plain(word) for word in written]
        self._acronyms.update(
            word.replace(".", "").lower() for word in written if word.isupper() and len(word) > 1
        )
        self.words.update(found)
        for word in found:
            self.words.update(re.split(r"[-.'’&]", word))
        self._stems.update(stem(word) for word in self.words)
        self._phrases.append(" " + " ".join(found) + " ")
        for name in names(text):
            self.capitals.update(name.words)
            initials = "".join(word[0] for word in name.words)
            self._initials.update({initials, *(initials[:n] for n in range(2, len(initials)))})

    def has(self, word: str) -> bool:
        """Whether a word of a name is there: itself, its stem, a derived form, its parts."""
        if word in self.words or stem(word) in self._stems:
            return True
        if any(self._alias(word, group) for group in _ALIASES):
            return True
        letters = word.replace(".", "")
        if 2 <= len(letters) <= 5 and letters in self._initials:
            return True
        parts = [part for part in re.split(r"[-.'’&]", word) if part]
        if len(parts) > 1 and all(part in self.words for part in parts):
            return True
        return len(word) >= 4 and any(_derived(word, other) for other in self.capitals)

    def missing(self, name: Name) -> float:
        """The share of a name's words that is missing; initials may stand for the whole of it."""
        if len(name.words) > 1:
            initials = "".join(word[0] for word in name.words)
            if initials in self._acronyms or any(
                self._alias(" ".join(name.words), group) for group in _ALIASES
            ):
                return 0.0
        return sum(not self.has(word) for word in name.words) / len(name.words)

    def _alias(self, word: str, group: Collection[str]) -> bool:
        return word in group and any(
            f" {other} " in phrase for other in group for phrase in self._phrases
        )


def _derived(word: str, other: str) -> bool:
    """ "Chinese" and "China", "Europe" and "European": a common beginning of most of both."""
    if abs(len(word) - len(other)) > 4 or word[:4] != other[:4]:
        return False
    shorter, longer = sorted((word, other), key=len)
    return longer.startswith(shorter[:-1]) and longer[len(shorter) - 1 :].isalpha()
