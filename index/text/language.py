"""Determine the language of an article: what its metadata states, else what its words show.

`py3langid <https://github.com/adbar/py3langid>`_ (BSD, 4.6 MB with its model of 140 languages)
detects it. lingua is somewhat better on single words and twenty times as large; fastText's
compressed model may not be shipped under our licence. It is loaded when the first article without a
stated language comes in, never to ask a question.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from index.text.language_codes import TWO_LETTERS
from index.text.patterns import lazy_regex

__all__ = [
    "DEFAULT",
    "encoder_reads",
    "language_of",
    "likeliest",
    "unread",
    "unread_language",
]

# What is taken where nothing is stated and the words do not tell.
DEFAULT = "en"

_TAG = lazy_regex(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_NO_LANGUAGE = {"und", "mul", "zxx", "mis", "unk", "xx"}
_SAMPLE_CHARS = 4_000
# A few words tell a script, and little more.
_FEW_LETTERS = 50
_SURE, _SURE_OF_FEW = 0.5, 0.9
# What it takes to contradict what is stated, and languages that a detector takes for each other.
_MANY_LETTERS, _SURE_AGAINST = 80, 0.99
_RELATIVES = tuple(
    set(group.split())
    for group in (
        "no nb nn da sv", "hr sr bs sh sl mk bg", "id ms jv", "cs sk", "gl pt", "ca es oc an",
        "nl af fy lb", "ru uk be", "hi mr ne sa", "ur fa ps", "zh ja yue wuu", "fr wa oc", "et fi",
        "en sco", "de als gsw lb nds", "zu xh", "tr az",
    )
)  # fmt: skip
# These encoders know English alone. Whoever sets another one has chosen it for their articles.
_ENGLISH = lazy_regex(
    r"(^|/)(all-MiniLM|all-mpnet|all-distilroberta|all-roberta|multi-qa-|msmarco-|paraphrase-MiniLM)"
    r"|[-_]en([-_]|$)|-english",
    re.IGNORECASE,
)
# A question with one of these is in English, whatever else it names.
_ENGLISH_WORD = lazy_regex(
    r"\b(?:the|of|is|does|did|and|who|what|which|when|where|why|how|with|about|for|are|were|has)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 4
_mutex = threading.Lock()


def language_of(text: str, label: str = "", by_template: bool = False) -> str:
    """Return a language tag in lower case, of two letters where the language has them: the stated
    one if it is valid, else the detected one, else ``en`` where there is too little text.

    by_template: whether the label may belong to the template around the text; then a text that is
    clearly in another language overrides it.
    """
    language, *rest = label.strip().lower().replace("_", "-").split("-")
    tag = "-".join([TWO_LETTERS.get(language, language), *rest])
    if _TAG.fullmatch(tag) and tag.partition("-")[0] not in _NO_LANGUAGE:
        return _by_the_text(text, tag) if by_template else tag
    sample = text[:_SAMPLE_CHARS]
    letters = sum(char.isalpha() for char in sample)
    if not letters:
        return DEFAULT
    guess, probability = _detector().classify(sample)
    latin = sum(char.isalpha() and char < "\u0250" for char in sample)
    few = letters < _FEW_LETTERS and latin > letters // 2
    if guess in _NO_LANGUAGE or probability < (_SURE_OF_FEW if few else _SURE):
        return DEFAULT
    return str(guess)


def likeliest(text: str, languages: Collection[str]) -> str:
    """Return the one of these languages that a text is most likely in."""
    return next(str(tag) for tag, _ in _detector().rank(text) if tag in languages)


def unread_language(question: str, encoder: str) -> str | None:
    """Return the language of a question that an encoder was not trained on; ``None`` where it was,
    or where that is uncertain: a few words, names or numbers show no language."""
    if encoder_reads(encoder, "xx") or _ENGLISH_WORD.search(question):
        return None
    letters = [char for char in question if char.isalpha()]
    is_latin = sum(char < "\u0250" for char in letters) > len(letters) // 2
    if is_latin and len(question.split()) < _FEW_WORDS:
        return None
    guess, probability = _detector().classify(question)
    # A script of its own tells much.
    least = _SURE_OF_FEW if is_latin else _SURE
    is_sure = probability >= least and guess not in (*_NO_LANGUAGE, DEFAULT)
    return str(guess) if is_sure else None


def _by_the_text(text: str, label: str) -> str:
    sample = text[:_SAMPLE_CHARS]
    if sum(char.isalpha() for char in sample) < _MANY_LETTERS:
        return label
    guess, probability = _detector().classify(sample)
    base = label.partition("-")[0]
    near = any(guess in group and base in group for group in _RELATIVES)
    if guess == base or guess in _NO_LANGUAGE or near or probability < _SURE_AGAINST:
        return label
    return str(guess)


@lru_cache(maxsize=1)
def _load() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _detector() -> Any:
    with _mutex:
        return _load()


def encoder_reads(encoder: str, language: str) -> bool:
    """Whether an encoder of this name was trained on a language, as far as its name tells."""
    return language.partition("-")[0] == DEFAULT or not _ENGLISH.search(encoder)


def unread(languages: Mapping[str, int], encoder: str) -> str | None:
    """Make a warning when there are articles in languages that the encoder was not trained on.

    languages: ``{language: count}``.
    """
    foreign = {tag: count for tag, count in languages.items() if not encoder_reads(encoder, tag)}
    if not foreign:
        return None
    most = sorted(foreign, key=lambda tag: (-foreign[tag], tag))
    counts = ", ".join(f"{foreign[tag]:,} in {tag}" for tag in most[:5])
    counts += f" and {len(most) - 5} more languages" if len(most) > 5 else ""
    return (
        f"the encoder {encoder} reads English only, so articles in other languages are badly "
        f"found ({counts}); set PULLQUOTE_ENCODER to a multilingual model and run "
        "pullquote doctor --reencode"
    )
