"""What speaks for a sentence as the answer to a question, measured one signal at a time.

A passage arrives cut into sentences and encoded once, title first, so that each token vector
knows its surroundings. Three families of signals are read from it:

* nearness: late interaction (MaxSim: Khattab and Zaharia 2020, arXiv:2004.12832) between the
  question's tokens and a sentence's, its neighbours', its title's or the whole passage's;
* words: stems, names and numbers of the question, present or missing;
* the kind of answer that is asked for, and whether the sentence has one the question had not.

Everything is a pure function of strings and arrays. Offsets are code points, end exclusive.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import snowballstemmer
from numpy.typing import NDArray

from index.encode.base import Floats, TokenVectors

__all__ = [
    "KINDS", "PassageView", "QuestionView", "is_function_word", "kind_of", "plain_idf",
    "read_question", "sentence_signals", "stem", "words",
]  # fmt: skip

Idf = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage as the signals see it.

    `sentences` are spans in `text`; `tokens` encode `f"{title}\\n{text}"`, or `text` alone when
    there is no title.
    """

    title: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    tokens: TokenVectors


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question taken apart: its content stems with their weights, names, numbers and kind."""

    text: str
    tokens: TokenVectors
    kind: str
    stems: tuple[str, ...]
    weights: Floats
    token_weights: Floats
    asking: NDArray[np.bool_]
    names: frozenset[str]
    numbers: frozenset[str]
    negated: bool


KINDS: Final = (
    "money", "number", "date", "duration", "person", "place", "reason", "manner", "definition",
    "other",
)  # fmt: skip

_FUNCTION_LIST: Final = (
    "a an the this that these those some any each every all both either neither no not nor "
    "and or but if then else than so as of in on at by for with about against between into "
    "through during before after above below to from up down out off over under again "
    "further once here there when where why how what which who whom whose is am are was "
    "were be been being have has had having do does did doing done can could will would "
    "shall should may might must i me my we us our you your he him his she her it its they "
    "them their s t d ll m re ve don doesn didn isn wasn weren hasn haven also just "
    "only very too much many more most such own same other another while because until yes "
    "please tell give name called ever get got per "
)
_FUNCTION_WORDS: Final = frozenset(_FUNCTION_LIST.split())
_ASKING: Final = frozenset(("who", "whom", "whose", "when", "where", "why", "how", "what", "which"))
_NEGATION_LIST: Final = (
    "not no never none neither nor without n cannot except fail failed unable lack lacks "
)
_NEGATIONS: Final = frozenset(_NEGATION_LIST.split())
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_KIND_RULES: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("money", r"\bhow much\b.*\b(?:cost|pay|paid|invest|spen[dt]|earn|worth|money|rais|charg|"
                  r"fund|revenue|profit|price|salary|budget|fine|tax|grant|donat|sell|sold|buy)|"
                  r"\bwhat\b.*\b(?:price|cost|salary|revenue|budget|value of)\b"),
        ("duration", r"\bhow (?:long|old)\b|\bhow many (?:years|months|weeks|days|hours|minutes)"),
        ("number", r"\bhow (?:many|much|far|tall|high|big|large|fast|often|deep|wide|heavy|hot)\b|"
                   r"\b(?:what|which)\b.*\b(?:percent|percentage|number|amount|population|"
                   r"proportion|rate|fraction|share|total|temperature|distance|height|size)\b"),
        ("date", r"\bwhen\b|\b(?:what|which)\b (?:\w+ )?(?:years?|date|day|month|century|decade|"
                 r"time|season|era|period)\b"),
        ("person", r"\b(?:who|whom|whose)\b|\b(?:what|which)\b (?:\w+ )?(?:person|man|woman|actor|"
                   r"actress|singer|author|president|king|queen|player|director|scientist|leader)"),
        ("place", r"\bwhere\b|\b(?:what|which)\b (?:\w+ )?(?:country|city|place|state|town|region|"
                  r"location|continent|province|county|river|island|area|nation|street)\b"),
        ("reason", r"\bwhy\b|\bwhat\b.*\b(?:reason|cause[sd]?|purpose|led to|prompt|motivat)|"
                   r"\bhow come\b"),
        ("manner", r"\bhow\b"),
        ("definition", r"^\W*(?:what|who)(?:'s| is| are| was| were)\b|\bwhat\b.*\b(?:mean|"
                       r"definition|meaning|refer)|\bdefine\b"),
    )
)  # fmt: skip
_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Monday|Tuesday|Wednesday|Thursday|Friday|"
    r"Saturday|Sunday)\b"
)
_COUNT_WORDS: Final = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|"
    r"fifty|sixty|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|third|quarter|"
    r"twice|double|several|no|both|single|percent)\b"
)
_THINGS: Final = {
    "number": re.compile(r"\d[\d.,]*|" + _COUNT_WORDS, re.IGNORECASE),
    "money": re.compile(
        r"[$€£¥₹]\s?\d|\b\d[\d.,]*\s?(?:\w+\s)?(?:dollars?|euros?|pounds?|yuan|rmb|yen|rupees?|"
        r"francs?|cents?)|\b(?:million|billion|trillion)\b|\b(?:US\$|RMB|USD|EUR|GBP)",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"\b1\d{3}s?\b|\b20\d{2}s?\b|\b" + _MONTH + r"|\b(?:century|centuries|decade|ago|yesterday|"
        r"today|tomorrow|era|BC|AD|season)\b"
    ),
    "duration": re.compile(
        r"\b(?:\d[\d.,]*|[a-z]+)[\s-]+(?:-\s)?(?:years?|months?|weeks?|days?|hours?|minutes?|"
        r"seconds?|decades?|centuries)\b|\bage[sd]?\b|\bsince\b|\buntil\b",
        re.IGNORECASE,
    ),
    "person": re.compile(r"(?:\b[A-Z][\w'’.]*\s+){1,}[A-Z][\w'’]+|\b(?:[A-Z][a-z]+)\b"),
    "place": re.compile(
        r"\b(?:in|at|from|near|to|of|across|outside|around|into|off)\s+(?:the\s+)?(?:\w+\s)?[A-Z]\w+"
        r"|\b(?:north|south|east|west|northern|southern|eastern|western|located|inside|between)\b"
    ),
    "reason": re.compile(
        r"\b(?:because|due to|since|as a result|results?|resulted|so that|in order|therefore|thus|"
        r"hence|led to|leads to|leading to|caus\w+|reasons?|owing to|thanks to|to \w+|for \w+ing|"
        r"after|prompt\w*|means that|allow\w*|enabl\w*|prevent\w*)\b",
        re.IGNORECASE,
    ),
    "manner": re.compile(
        r"\b(?:by|through|using|via|with|method|process|way|when|if|first|then|until)\b",
        re.IGNORECASE,
    ),
    "definition": re.compile(
        r"\b(?:is|are|was|were)\s+(?:a|an|the|one|any|usually|often|used|also)\b|\brefers? to\b|"
        r"\bknown as\b|\bcalled\b|\bmeans?\b|\bdefined\b|\bterm\b|\bconsists?\b",
        re.IGNORECASE,
    ),
}
_PRONOUN_START: Final = re.compile(
    r"^\W*(?:He|She|It|They|This|These|Those|That|His|Her|Its|Their|Such|But|And|However|Also)\b"
)


@lru_cache(maxsize=1)
def _stemmer() -> Callable[[str], str]:
    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The English Snowball stem of a word, lower-cased; numbers lose their thousands commas."""
    if word[:1].isdigit():
        return word.replace(",", "").lower()
    return _stemmer()(word.lower())


def words(text: str) -> list[str]:
    """The words and numbers of a text, in order, as written."""
    return _WORD.findall(text)


def is_function_word(word: str) -> bool:
    """Whether a word carries grammar rather than content ("the", "did", "which")."""
    return word.lower() in _FUNCTION_WORDS


def plain_idf(word: str) -> float:
    """A weight without a table: function words near nothing, every other word the same."""
    return 0.02 if word in _FUNCTION_WORDS else 1.0


def kind_of(question: str) -> str:
    """Which of KINDS the question asks for, by its question words."""
    return next((kind for kind, rule in _KIND_RULES if rule.search(question)), "other")


def read_question(question: str, tokens: TokenVectors, idf: Idf = plain_idf) -> QuestionView:
    """Take a question apart; `tokens` encode exactly `question`."""
    found = list(_WORD.finditer(question))
    content = [w.group() for w in found if not is_function_word(w.group())]
    weights = np.array([max(idf(stem(w)), 0.05) for w in content], np.float32)
    token_weights = np.zeros(len(tokens.vectors), np.float32)
    asking = np.zeros(len(tokens.vectors), np.bool_)
    for match in found:
        starts = tokens.offsets[:, 0]
        inside = (starts >= match.start()) & (starts < match.end())
        inside &= tokens.offsets[:, 1] > starts
        word = match.group()
        asking |= inside & (word.lower() in _ASKING)
        if inside.any() and not is_function_word(word):
            # A word cut into pieces counts once, however rare its spelling is.
            token_weights[inside] = max(idf(stem(word)), 0.05) / inside.sum()
    numbers = frozenset(stem(w) for w in content if w[0].isdigit())
    return QuestionView(
        text=question,
        tokens=tokens,
        kind=kind_of(question),
        stems=tuple(stem(w) for w in content),
        weights=_normalised(weights),
        token_weights=_normalised(token_weights),
        asking=asking,
        names=frozenset(w.lower() for w in content if w[0].isupper()),
        numbers=numbers,
        negated=any(w.group().lower() in _NEGATIONS for w in found),
    )


def _normalised(weights: Floats) -> Floats:
    total = float(weights.sum())
    return weights / np.float32(total) if total > 0 else weights


@dataclass(frozen=True, slots=True)
class _SentenceWords:
    """What the words of one sentence say before any question is known."""

    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    forms: frozenset[str]
    things: dict[str, tuple[frozenset[str], ...]]
    length: int
    shape: dict[str, float]


@lru_cache(maxsize=8192)
def _read_sentence(sentence: str) -> _SentenceWords:
    found = words(sentence)
    content = [stem(w) for w in found if not is_function_word(w)]
    first = found[0] if found else ""
    things = {
        name: tuple(
            frozenset(stem(w) for w in words(m.group()) if not is_function_word(w))
            for m in rule.finditer(sentence)
            if name != "person" or m.group().strip() != first
        )
        for name, rule in _THINGS.items()
    }
    ended = sentence.rstrip("\"'”’)] \n")[-1:] in {".", "!", "?", ";", ":"}
    shape = {
        "short": float(len(found) < 5),
        "heading": float(not ended and len(found) < 12),
        "asks": float(sentence.rstrip().endswith("?")),
        "pronoun_start": float(bool(_PRONOUN_START.search(sentence))),
        "negated": float(any(w.lower() in _NEGATIONS for w in found)),
    }
    return _SentenceWords(
        stems=frozenset(content),
        pairs=frozenset(itertools.pairwise(content)),
        forms=frozenset(w.lower() for w in found),
        things=things,
        length=len(found),
        shape=shape,
    )


def _nearest_tokens(question: QuestionView, passage: PassageView) -> tuple[Floats, Floats, Floats]:
    """MaxSim parts: float32 [question tokens, sentences], [question tokens] for the title, and
    the sentences' own mean vectors, float32 [sentences, dim].

    A sentence that the encoder cut off has similarity 0 and a zero vector.
    """
    tokens = passage.tokens
    # Not `@`: on a busy machine waking BLAS threads for so small a product takes 30 times as long.
    alike = np.einsum("qd,td->qt", question.tokens.vectors, tokens.vectors)
    shift = len(passage.title) + 1 if passage.title else 0
    starts, real = tokens.offsets[:, 0], tokens.offsets[:, 1] > tokens.offsets[:, 0]
    near = np.zeros((len(alike), len(passage.sentences)), np.float32)
    means = np.zeros((len(passage.sentences), tokens.vectors.shape[1]), np.float32)
    for k, (start, end) in enumerate(passage.sentences):
        inside = real & (starts >= start + shift) & (starts < end + shift)
        if inside.any():
            near[:, k] = alike[:, inside].max(axis=1)
            mean = tokens.vectors[inside].mean(axis=0)
            means[k] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    titled = real & (starts < shift)
    title = alike[:, titled].max(axis=1) if titled.any() else np.zeros(len(alike), np.float32)
    return near, title, means


def _with_neighbours(values: Floats) -> Floats:
    """The largest of each column and the columns beside it."""
    best = values.copy()
    best[:, 1:] = np.maximum(best[:, 1:], values[:, :-1])
    best[:, :-1] = np.maximum(best[:, :-1], values[:, 1:])
    return best


def _nearness(question: QuestionView, passage: PassageView) -> dict[str, Floats]:
    near, title, means = _nearest_tokens(question, passage)
    titled = np.maximum(near, title[:, None])
    around = np.maximum(_with_neighbours(near), title[:, None])
    weights, content = question.token_weights, question.token_weights > 0
    flat = _normalised(content.astype(np.float32))
    whole = titled.max(axis=1)
    asking = near[question.asking].mean(axis=0) if question.asking.any() else near.mean(axis=0)
    late = weights @ near
    count = near.shape[1]
    weakest = titled[content].min(axis=0) if content.any() else titled.min(axis=0)
    floor = float(whole[content].min()) if content.any() else 0.0
    return {
        "sentence_cosine": means @ question.tokens.mean,
        "late": late,
        "late_flat": flat @ near,
        "late_titled": weights @ titled,
        "late_around": weights @ around,
        "late_everything": near.mean(axis=0),
        "late_asking": asking,
        "late_weakest": weakest,
        "late_before": np.concatenate([[0.0], late[:-1]]).astype(np.float32),
        "late_after": np.concatenate([late[1:], [0.0]]).astype(np.float32),
        "passage_cosine": np.full(count, passage.tokens.mean @ question.tokens.mean, np.float32),
        "passage_late": np.full(count, weights @ whole, np.float32),
        "passage_weakest": np.full(count, floor, np.float32),
    }


def _share(wanted: frozenset[str], present: frozenset[str]) -> float:
    """The share of `wanted` that is missing from `present`; 0 when nothing is wanted."""
    return len(wanted - present) / len(wanted) if wanted else 0.0


def _overlap(question: QuestionView, present: frozenset[str]) -> float:
    hits = np.array([s in present for s in question.stems], np.float32)
    return float(hits @ question.weights) if len(hits) else 0.0


def _has_new(things: tuple[frozenset[str], ...], known: frozenset[str]) -> float:
    return float(any(not thing or not thing <= known for thing in things))


def _wordings(question: QuestionView, passage: PassageView) -> dict[str, Floats]:
    read = [_read_sentence(passage.text[a:b]) for a, b in passage.sentences]
    title = _read_sentence(passage.title)
    all_stems = title.stems.union(*(r.stems for r in read))
    all_forms = title.forms.union(*(r.forms for r in read))
    known = frozenset(question.stems)
    asked_pairs = frozenset(pairwise(question.stems))
    rows: list[dict[str, float]] = []
    for k, r in enumerate(read):
        beside = frozenset[str]().union(*(n.stems for n in read[max(k - 1, 0) : k + 2]))
        new = {name: _has_new(r.things[name], known) for name in _THINGS}
        wanted = new.get(question.kind, 1.0)
        rows.append(
            {
                "overlap": _overlap(question, r.stems),
                "overlap_titled": _overlap(question, r.stems | title.stems),
                "overlap_around": _overlap(question, beside | title.stems),
                "pairs": len(asked_pairs & r.pairs) / max(len(asked_pairs), 1),
                "names_missing": _share(question.names, r.forms | title.forms),
                "numbers_missing": _share(question.numbers, r.stems | title.stems),
                "kind_missing": 1.0 - wanted,
                **{f"new_{name}": value for name, value in new.items()},
                "new_words": float(len(r.stems - known)) ** 0.5,
                "negation_differs": float(question.negated != bool(r.shape["negated"])),
                "length": float(np.log1p(r.length)),
                **r.shape,
            }
        )
    passage_row = {
        "passage_overlap": _overlap(question, all_stems),
        "passage_names_missing": _share(question.names, all_forms),
        "passage_numbers_missing": _share(question.numbers, all_stems),
        "passage_sentences": float(np.log1p(len(read))),
    }
    table = {name: np.array([row[name] for row in rows], np.float32) for name in rows[0]}
    return table | {n: np.full(len(read), v, np.float32) for n, v in passage_row.items()}


def sentence_signals(question: QuestionView, passage: PassageView) -> dict[str, Floats]:
    """Every signal by name, each float32 [sentences], in a fixed order of names; none at all for
    a passage without sentences. Those named `passage_` are the same for all its sentences."""
    if not passage.sentences:
        return {}
    return _nearness(question, passage) | _wordings(question, passage)
