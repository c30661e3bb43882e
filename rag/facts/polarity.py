"""What a sentence denies, and words that say the opposite of one another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rag.text.english import is_function_word, stem

__all__ = ["Polarity", "find_polarity", "opposites"]

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[.;:!?]")
_DENIALS_LIST: Final = (
    "not no never none neither nor without cannot nobody nothing nowhere hardly barely scarcely "
    "isn't aren't wasn't weren't don't doesn't didn't won't wouldn't can't couldn't shouldn't "
    "haven't hasn't hadn't mustn't needn't ain't n't"
)
_DENIALS: Final = frozenset(_DENIALS_LIST.split())
_VERB_LIST: Final = "fail refuse deny decline reject lack cease unable false untrue"
_VERBS: Final = frozenset(stem(word) for word in _VERB_LIST.split())
# "not only", "no longer than", "no doubt" deny nothing.
_EMPTY: Final = frozenset(
    ["only", "just", "merely", "doubt", "less", "fewer", "more", "sooner", "matter"]
)
_REACH: Final = 5
# "Dis-" and "in-" begin too many other words ("discover", "instance").
_PREFIXES: Final = ("un", "non")
_BASE: Final = 5
_PAIRS: Final = (
    "rise fall", "rose fell", "risen fallen", "increase decrease", "increase decline",
    "grow shrink", "grew shrank", "gain lose", "gained lost", "win lose", "won lost", "more less",
    "more fewer", "above below", "over under", "before after", "high low", "higher lower",
    "highest lowest", "large small", "larger smaller", "largest smallest", "big small",
    "best worst", "better worse", "first last", "early late", "earlier later", "allow forbid",
    "allow ban", "allow prohibit", "allow prevent", "permit prohibit", "approve reject",
    "accept reject", "accept refuse", "open close", "opened closed", "start end", "begin end",
    "began ended", "buy sell", "bought sold", "support oppose", "success failure",
    "succeed fail", "include exclude", "with without", "possible impossible", "legal illegal",
    "always never", "all none", "strong weak", "stronger weaker", "positive negative",
    "profit loss", "public private", "male female", "north south", "northern southern",
    "east west", "eastern western", "left right", "old new", "older newer", "older younger",
    "oldest youngest", "oldest newest", "major minor", "majority minority", "maximum minimum",
    "most least", "many few", "export import", "enter leave", "join leave", "raise lower",
    "raise cut", "raised lowered", "remember forget", "true false", "agree disagree",
    "confirm deny", "confirmed denied", "hot cold", "long short", "longer shorter", "fast slow",
    "faster slower", "rich poor", "peace war", "create destroy", "expand contract", "up down",
    "encourage discourage", "required optional", "safe dangerous", "same different",
    "similar different", "active inactive", "able unable", "likely unlikely", "ancient modern",
    "attack defend", "benefit harm", "harmful beneficial", "top bottom", "common rare",
    "simple complex", "deep shallow", "divide unite", "domestic foreign", "dry wet",
    "easy difficult", "empty full", "enemy ally", "internal external", "interior exterior",
    "formal informal", "guilty innocent", "heavy light", "inner outer", "direct indirect",
    "inside outside", "junior senior", "loud quiet", "love hate", "lower upper",
    "married divorced", "natural artificial", "near far", "nearest farthest", "offense defense",
    "optimistic pessimistic", "permanent temporary", "predecessor successor", "presence absence",
    "prove disprove", "push pull", "send receive", "sent received", "regular irregular",
    "rural urban", "buyer seller", "smooth rough", "solid liquid", "sunrise sunset",
    "summer winter", "superior inferior", "surplus deficit", "surplus shortage",
    "teacher student", "thick thin", "trust distrust", "useful useless", "vertical horizontal",
    "victory defeat", "visible invisible", "voluntary mandatory", "wide narrow",
    "widest narrowest", "young old", "younger elder", "fastest slowest", "longest shortest",
    "tallest shortest", "earliest latest", "cheap expensive", "most fewest", "least greatest",
    "smallest biggest", "smallest greatest", "weakest strongest", "richest poorest",
    "hottest coldest", "brother sister", "mother father", "husband wife", "son daughter",
    "man woman", "men women", "king queen", "morning evening", "day night",
    "advantage disadvantage", "dependent independent", "religious secular",
    "civilian military", "living dead", "birth death", "born died", "hired fired",
    "arrive depart", "founded dissolved", "built demolished",
    "maximize minimize", "former latter", "past future", "hire dismiss", "lend borrow",
    "lender borrower", "plaintiff defendant", "employer employee", "winner loser",
    "inflow outflow", "inhale exhale", "absorb emit",
    "ascend descend", "appear disappear", "connect disconnect", "comply violate",
)  # fmt: skip


def _opposites() -> dict[str, frozenset[str]]:
    opposites_of: dict[str, set[str]] = {}
    for pair in _PAIRS:
        word, opposite = (stem(word) for word in pair.split())
        opposites_of.setdefault(word, set()).add(opposite)
        opposites_of.setdefault(opposite, set()).add(word)
    return {word: frozenset(opposites) for word, opposites in opposites_of.items()}


_OPPOSITES: Final = _opposites()


@dataclass(frozen=True, slots=True)
class Polarity:
    """The stems of a sentence's words, those within reach of a denial and the rest, and how often
    it denies."""

    denied_stems: frozenset[str]
    stated_stems: frozenset[str]
    denials: int


def find_polarity(text: str) -> Polarity:
    """Which content words a sentence denies: up to five after "not", "never" and their like,
    within the clause."""
    inside: set[str] = set()
    outside: set[str] = set()
    reach = count = 0
    words = [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]
    for i, word in enumerate(words):
        if word in ".;:!?":
            reach = 0
        elif _denies(words, i):
            reach = _REACH
            count += 1
        elif not is_function_word(word):
            (inside if reach > 0 else outside).add(stem(word))
            reach -= 1
    return Polarity(frozenset(inside), frozenset(outside), count)


def _denies(words: list[str], i: int) -> bool:
    word = words[i]
    if word in _DENIALS or word.endswith("n't"):
        following = words[i + 1] if i + 1 < len(words) else ""
        return following not in _EMPTY
    return stem(word) in _VERBS


def opposites(stems: frozenset[str], candidates: frozenset[str]) -> int:
    """How many of the words have their opposite, and not themselves, among the candidates."""
    return sum(bool(_against(word) & candidates) for word in stems if word not in candidates)


def _against(word: str) -> frozenset[str]:
    """A stem's opposites: those of the list, and it with a prefix that denies it or without its
    own."""
    variants = {f"{prefix}{word}" for prefix in _PREFIXES if len(word) >= _BASE}
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) >= len(prefix) + _BASE:
            variants.add(word.removeprefix(prefix))
    return _OPPOSITES.get(word, frozenset()) | variants
