"""Classify lines as boilerplate or text where no rule decides.

A logistic regression over a dozen plain features of the line, its place and its neighbours.
``python -m eval.training.boilerplate`` fits the coefficients in ``classifier.json`` on the labelled
pages in ``eval/pages``, and records there what they were fitted on.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from index.boilerplate.rules import Place
from index.errors import ModelError
from index.logistic import LogisticModel
from index.text.normalise import word_set
from index.text.scripts import ENDINGS, reads_as_sentence, unspaced_letters

__all__ = ["FEATURES", "LineScorer", "Surroundings", "features", "is_sentence", "prose",
           "solicits", "spared", "terminal"]  # fmt: skip

_COEFFICIENTS = Path(__file__).with_name("classifier.json")

_TERMINAL = re.compile(rf"[{ENDINGS}:;][”\"’')\]»“]*\Z")
_WORDS = re.compile(r"[^\W\d_](?:[\w’'-]*[^\W_])?")
# Words of adverts, menus and credits. Sets rather than patterns: a page has a hundred lines.
_CUES = word_set(
    "newsletter newsletters inbox app apps download click tap login register cookie cookies "
    "privacy terms sponsored promoted share comment comments related trending recommended watch "
    "listen podcast podcasts video videos gallery photo photos photograph image pictured caption "
    "credit courtesy getty copyright editor editing correspondent reporter contact email e-mail "
    "whatsapp telegram facebook twitter instagram youtube offer offers free trial discount promo "
    "code unlimited access member members membership donate donation support qr scan menu home "
    "topic topics tag tags section sections edition live latest here page website site disclaimer "
    "disclosure republished shop deal deals buy ticket tickets webinar webinars event events"
)
_CUE_STEMS = ("subscrib", "advert")
_CUE_PHRASES = (
    "sign up", "follow us", "join us", "log in", "read more", "more from", "more on", "most read",
    "editor’s", "staff writer", "file photo", "rights reserved", "originally appeared",
)  # fmt: skip
_INVITES = re.compile(
    r"\W*(?:please )?(?:sign|subscribe|get|join|download|install|register|follow|try|start|enter"
    r"|scan|receive|support|become|click|tap|don’t miss|stay|never|want|looking|enjoy|keep up"
    r"|listen|watch|send|have|got|upgrade|unlock|discover|explore|find|see|read|view|browse|check"
    r"|learn|buy|shop)\b",
    re.IGNORECASE,
)
_TO_THE_READER = word_set("you your yours you’re you'll you’ll us our we")
_REPORTING_WORDS = word_set(
    "said says told tells argued argues added wrote announced according reported was were had has "
    "would could"
)
_QUOTES = frozenset('“”"„«')
# The commonest words of seven languages: sentences hold many, menus hardly any.
_FUNCTION = word_set(
    "the of and to in a is that for it as was with be by on not he his but at are this have from "
    "or had an they which one you were her all their there been who will more no if out so said "
    "what up its about into than them can only der die das und in den von zu mit sich des auf für "
    "ist im dem nicht ein eine als auch es an le la les et des en un une du que est pour qui dans "
    "par plus sur ne se pas el los las y del una con por su para al lo il e di che non per della è "
    "sono o da do em uma os as het een van op te dat zijn niet"
)


def terminal(line: str) -> bool:
    """Whether the line ends as a sentence does, or announces what follows."""
    return bool(_TERMINAL.search(line))


def prose(line: str) -> bool:
    """Whether the line is a paragraph: a dozen words that end as a sentence, or many more."""
    words = len(line.split())
    if words < 12 and len(line) >= 40 and unspaced_letters(line):
        return reads_as_sentence(line)
    return (words >= 12 and terminal(line)) or words >= 40


def is_sentence(line: str) -> bool:
    """Whether the line has five words or more and begins and ends as a sentence."""
    begins = line.lstrip("“\"'(‘«„- ")[:1].isupper()
    return begins and terminal(line) and len(_WORDS.findall(line)) >= 5


def _cues(line: str, words: Sequence[str]) -> int:
    """Count the words of adverts in a line; ``words``: its words in lower case."""
    lowercase = line.lower()
    single = sum(word in _CUES or word.startswith(_CUE_STEMS) for word in words)
    return single + sum(phrase in lowercase for phrase in _CUE_PHRASES)


def _lowercase_words(line: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(line)]


def solicits(line: str) -> bool:
    """Whether the line addresses the reader with the words of adverts and menus."""
    if not _to_reader(line):
        return False
    return bool(_INVITES.match(line)) or _cues(line, _lowercase_words(line)) > 0


def _to_reader(line: str) -> bool:
    outside = re.sub(r"[“\"«„].*?[”\"»“]", "", line)
    return not _TO_THE_READER.isdisjoint(_lowercase_words(outside))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The place of a line. ``cut_off``: boilerplate lies between it and the article;
    ``sure_before`` and ``sure_after``: that neighbour is certainly boilerplate; ``before_credit``:
    the next line credits a picture; ``repeated``: how many other articles of the publisher have
    this line."""

    place: Place = "body"
    cut_off: bool = False
    sure_before: bool = False
    sure_after: bool = False
    before_credit: bool = False
    repeated: int = 0


def features(line: str, around: Surroundings) -> dict[str, float]:
    """Compute the features by name, each between 0 and 1."""
    words = _WORDS.findall(line)
    count = max(len(words), 1)
    lowercase = [word.lower() for word in words]
    long = [word for word in words if len(word) >= 4]
    ends = terminal(line)
    return {
        "very_short": float(len(words) <= 3),
        "length": min(math.log1p(len(words)) / 4.0, 1.0),
        "ends": float(ends),
        "sentence": float(is_sentence(line)),
        "lower": sum(word.islower() for word in long) / max(len(long), 1),
        "function": sum(word in _FUNCTION for word in lowercase) / count,
        "cues": min(_cues(line, lowercase), 3) / 3.0,
        "invites": float(bool(_INVITES.match(line))),
        "to_the_reader": float(_to_reader(line)),
        "told": float(not _REPORTING_WORDS.isdisjoint(lowercase) or not _QUOTES.isdisjoint(line)),
        "digits": sum(char.isdigit() for char in line) / max(len(line), 1),
        "capitals": float(line.isupper() and len(line) > 3),
        "commas": min(line.count(","), 3) / 3.0,
        "asks": float(line.rstrip('”"’ ').endswith("?")),
        "head": float(around.place == "head"),
        "tail": float(around.place == "tail"),
        "cut_off": float(around.cut_off),
        "sure_near": (around.sure_before + around.sure_after) / 2.0,
        "before_credit": float(around.before_credit),
        "repeated": min(math.log2(1 + around.repeated) / 2.0, 1.0),
    }


def spared(line: str, around: Surroundings) -> bool:
    """Whether the classifier must not judge the line. Sentences and lines of six words or more
    may be dropped only if their own words or repetition speak for it, not because of their place
    alone."""
    words = _lowercase_words(line)
    says_something = is_sentence(line) or len(words) >= 6
    return says_something and not around.repeated and not _cues(line, words)


FEATURES = tuple(features("", Surroundings()))


@dataclass(frozen=True, slots=True)
class LineScorer:
    """The fitted regression; ``threshold`` is the probability from which a line counts as
    boilerplate."""

    logistic: LogisticModel
    threshold: float

    @classmethod
    @cache
    def load(cls) -> Self:
        """Load the coefficients that ship. ``ModelError`` when their file does not fit this
        code."""
        try:
            coefficients = json.loads(_COEFFICIENTS.read_text(encoding="utf-8"))
            numbers = {**coefficients["weights"], "intercept": coefficients["intercept"]}
            logistic = LogisticModel.from_json(numbers, FEATURES)
            return cls(logistic, float(coefficients["threshold"]))
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise ModelError(f"{_COEFFICIENTS}: {exc}; install Pullquote again") from exc

    def __call__(self, line: str, around: Surroundings) -> float:
        """Compute the probability that the line is boilerplate."""
        return self.logistic.probability(features(line, around))
