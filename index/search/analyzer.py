"""Analyse text into terms for the lexical index: folded, without stop words, stemmed by language.

English is analysed by tantivy. Another language is stemmed by its own Snowball stemmer
(snowballstemmer, BSD) where there is one, and otherwise not at all; its stop words are removed
where tantivy has a list of them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any, Final, Protocol

import tantivy
from tantivy import Filter, Tokenizer

__all__ = ["Analyzer", "analysis_version", "base_language", "passage_terms", "terms_of"]

# Raised when something here changes what is indexed.
_ANALYSIS: Final = 2
_LONGEST_TERM: Final = 80
_ENGLISH: Final = "en"
_STEMMERS: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_STOP_WORDS: Final = frozenset(
    [
        "danish",
        "dutch",
        "finnish",
        "french",
        "german",
        "hungarian",
        "italian",
        "norwegian",
        "portuguese",
        "russian",
        "spanish",
        "swedish",
    ]
)
# About 10 MB of texts and terms.
_REMEMBERED, _LONGEST_REMEMBERED = 4096, 4000
_stemmers = threading.local()


class Analyzer(Protocol):
    """Analyses texts into terms, and weighs terms in one state of a library."""

    def terms(self, text: str, language: str) -> list[str]:
        """Return the terms of a text in a language (a tag such as ``en-gb``), in order."""
        ...

    def idf(self, term: str) -> float:
        """Compute BM25's ``ln(1 + (N - n + 0.5) / (n + 0.5))`` over the library's passages."""
        ...


def base_language(language: str) -> str:
    """Return the part of a language tag that terms depend on: ``en`` of ``en-GB``."""
    return language.replace("_", "-").partition("-")[0].casefold()


def terms_of(text: str, language: str) -> list[str]:
    """Return the terms of a text in a language, in order."""
    base = base_language(language)
    if base == _ENGLISH:
        return list(_english().analyze(text))
    algorithm = _STEMMERS.get(base)
    words = _words(algorithm).analyze(text)
    if algorithm:
        words = [_stem(algorithm, word) for word in words]
    return list(_folding().analyze(" ".join(words)))


def passage_terms(text: str, language: str) -> list[str]:
    """The terms of a text, as :func:`terms_of` returns them; those of texts that were asked for
    lately are remembered. For passages, which question after question finds again."""
    if len(text) > _LONGEST_REMEMBERED:
        return terms_of(text, language)
    return _joined_terms(text, base_language(language)).split()


@lru_cache(maxsize=_REMEMBERED)
def _joined_terms(text: str, base: str) -> str:
    # One string takes a tenth of the memory that a list of words takes.
    return " ".join(terms_of(text, base))


@cache
def analysis_version() -> str:
    """Name the version of everything that determines terms; an index of another version is
    rebuilt."""
    return f"{_ANALYSIS}, tantivy {version('tantivy')}, snowball {version('snowballstemmer')}"


@cache
def _english() -> tantivy.TextAnalyzer:
    return _chain(
        Tokenizer.simple(),
        [
            Filter.remove_long(_LONGEST_TERM),
            Filter.lowercase(),
            Filter.ascii_fold(),
            Filter.stopword("english"),
            Filter.stemmer("english"),
        ],
    )


@cache
def _words(algorithm: str | None) -> tantivy.TextAnalyzer:
    """Make the tokenizer and lower-caser of a language. Stemmers need accents, so these stay."""
    filters = [Filter.remove_long(_LONGEST_TERM), Filter.lowercase()]
    if algorithm in _STOP_WORDS:
        filters.append(Filter.stopword(algorithm))
    return _chain(Tokenizer.simple(), filters)


@cache
def _folding() -> tantivy.TextAnalyzer:
    return _chain(Tokenizer.whitespace(), [Filter.ascii_fold()])


def _chain(tokenizer: Tokenizer, filters: Iterable[Filter]) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tokenizer)
    for name in filters:
        builder = builder.filter(name)
    return builder.build()


@lru_cache(maxsize=200_000)
def _stem(algorithm: str, word: str) -> str:
    return str(_stemmer(algorithm).stemWord(word))


def _stemmer(algorithm: str) -> Any:
    """Make the stemmer of a language, one for each thread, since it is not safe to share."""
    import snowballstemmer

    cache: dict[str, Any] = _stemmers.__dict__.setdefault("known", {})
    if algorithm not in cache:
        cache[algorithm] = snowballstemmer.stemmer(algorithm)
    return cache[algorithm]
