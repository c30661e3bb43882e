"""Find names (runs of capitalised words), and check whether another text has them in any of their
forms.

Without a model: by capital letters within a sentence, acronyms by their initials, and countries
with their peoples (:mod:`rag.facts.places`). Words of names are compared as a whole: Nigeria does
not match Niger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from index.text.patterns import lazy_regex
from rag.facts.letters import fold_letters
from rag.facts.places import places_of, same_people
from rag.text.english import is_function_word, stem

__all__ = ["KnownWords", "Name", "article_names", "names", "without_owner"]

_RUN: Final = lazy_regex(
    r"(?<!\w)(?:[^\W\d_a-z][\w'’&.-]*\w|[^\W\d_a-z])(?:\s+(?:(?:of|the|and|de|van|von|for|&)\s*)?"
    r"(?:[^\W\d_a-z][\w'’&.-]*\w|[^\W\d_a-z]))*"
)
_WORD: Final = lazy_regex(r"[^\W_]+(?:[.'’&-][^\W_]+)*")
_PARTS: Final = lazy_regex(r"[-.'&]")
_LONGEST: Final = 4
# What may stand between the beginning of a text, or the end of a sentence, and its first word.
_LEAD: Final = lazy_regex(r"[\s\"“'‘(*•-]*")
_OPENING_MARKS: Final = "\"“'‘("
_SENTENCE_ENDS: Final = (".", "!", "?", ":")
# Characters before a name in which a sentence's end is looked for.
_LONGEST_GAP: Final = 200


@dataclass(frozen=True, slots=True)
class Name:
    """A name at ``[start, end)``: its words in lower case, without possessive endings and function
    words."""

    start: int
    end: int
    words: tuple[str, ...]
    first: bool = False


def names(text: str) -> list[Name]:
    """Find the names of a sentence, in order.

    A capitalised word that begins the sentence is marked ``first``, since it may be any word.
    """
    result: list[Name] = []
    lead = _LEAD.match(text)
    text_start = lead.end() if lead else 0
    for run in _RUN.finditer(text):
        pieces = [
            (match.start(), match.end(), _plain(match.group()))
            for match in _WORD.finditer(text, run.start(), run.end())
        ]
        heads = run.start() <= text_start or _begins_sentence(text, run.start())
        if heads and pieces and is_function_word(pieces[0][2]):
            pieces, heads = pieces[1:], False
        # The pattern cannot tell "é" from a capital.
        pieces = [
            piece
            for piece in pieces
            if text[piece[0]].isupper() and piece[2] and not is_function_word(piece[2])
        ]
        if pieces and not all(piece[2].isdigit() for piece in pieces):
            words = tuple(word for _, _, word in pieces)
            result.append(
                Name(pieces[0][0], pieces[-1][1], words, first=heads and len(pieces) == 1)
            )
    return result


@lru_cache(maxsize=64)
def article_names(text: str) -> tuple[Name, ...]:
    """The names of a whole article, as :func:`names` finds them; those of the last articles are
    remembered, since each of an article's sentences is compared with all of them."""
    return tuple(names(text))


def _begins_sentence(text: str, at: int) -> bool:
    """Whether the end of a line or sentence stands before the word at ``at``."""
    before = text[max(at - _LONGEST_GAP, 0) : at].rstrip(_OPENING_MARKS)
    end = before.rstrip()
    return end.endswith(_SENTENCE_ENDS) or "\n" in before[len(end) :]


def without_owner(name: str) -> str:
    """Return a name as it is written, without a possessive ending."""
    return name.removesuffix("'s").removesuffix("’s")


def _with_parts(word: str) -> tuple[str, ...]:
    plain = _plain(word)
    return (plain, *_PARTS.split(plain))


def _beginnings(initials: str) -> Iterator[str]:
    return (initials[:length] for length in range(2, len(initials)))


def _plain(word: str) -> str:
    return re.sub(r"'s?$", "", fold_letters(word)).strip(".'-")


class KnownWords:
    """The words of some texts, to look up names in. What is compared is made when it is first
    needed: most names are there as they are written."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words and their parts, in lower case."""
        return frozenset(part for word in self._tokens for part in _with_parts(word))

    @cached_property
    def capitals(self) -> frozenset[str]:
        """The words of the texts' names."""
        return frozenset(word for name in self._names for word in name.words)

    @cached_property
    def _tokens(self) -> tuple[str, ...]:
        return tuple(token for text in self._texts for token in _WORD.findall(text))

    @cached_property
    def _names(self) -> tuple[Name, ...]:
        return tuple(name for text in self._texts for name in names(text))

    @cached_property
    def _common(self) -> frozenset[str]:
        """The stems of the words that are not capitalised."""
        common = (word for word in self._tokens if not word[0].isupper())
        return frozenset(stem(part) for word in common for part in _with_parts(word))

    @cached_property
    def _initials(self) -> frozenset[str]:
        """The initials of the names, and of their first two words and more."""
        initials = ("".join(word[0] for word in name.words) for name in self._names)
        return frozenset(part for all_of in initials for part in (all_of, *_beginnings(all_of)))

    @cached_property
    def _acronyms(self) -> frozenset[str]:
        return frozenset(
            word.replace(".", "").lower()
            for word in self._tokens
            if word.isupper() and len(word) > 1
        )

    @cached_property
    def _places(self) -> set[str]:
        """The places that the texts name. Looked for where a name is not there as it is: to read
        the names of all places takes 50 ms."""
        places: set[str] = set()
        for text in self._texts:
            tokens = _WORD.findall(text)
            plain_words = [_plain(word) for word in tokens]
            # Names of places have up to four words; "us" is none.
            for at, word in enumerate(tokens):
                if word[0].isupper():
                    for end in range(at + 1, min(at + _LONGEST, len(plain_words)) + 1):
                        places |= places_of(" ".join(plain_words[at:end]))
        return places

    def has(self, word: str) -> bool:
        """Whether the texts have a word of a name: itself, its stem where that is a common word,
        the other of a people and its place, its parts, or the words of which it is the initials."""
        if word in self.words or stem(word) in self._common:
            return True
        letters = word.replace(".", "")
        if 2 <= len(letters) <= 5 and letters in self._initials:
            return True
        parts = [part for part in _PARTS.split(word) if part]
        if len(parts) > 1 and all(part in self.words for part in parts):
            return True
        if places_of(word) & self._places:
            return True
        return any(same_people(word, capital) for capital in self.capitals)

    def missing(self, name: Name) -> float:
        """Return the share of a name's words that the texts lack; initials or another name for the
        same place may stand for the whole name."""
        share = sum(not self.has(word) for word in name.words) / len(name.words)
        if share and len(name.words) > 1:
            initials = "".join(word[0] for word in name.words)
            whole = " ".join(name.words)
            if initials in self._acronyms or places_of(whole) & self._places:
                return 0.0
        return share
