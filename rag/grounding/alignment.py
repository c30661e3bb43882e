"""The sentences of the retrieved passages, analysed once, to compare written sentences with."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

import numpy as np

from index.article import Article, Span
from index.encode.base import Floats, QueryEncoder, TokenVectors
from index.snapshot import Found
from index.text.passages import with_title
from index.text.patterns import lazy_regex
from rag.facts.clock import clock_times
from rag.facts.currencies import currency_code
from rag.facts.dates import Day, days, same_day, weekdays
from rag.facts.names import KnownWords, Name, names
from rag.facts.polarity import Polarity, find_polarity
from rag.facts.quantities import Amount, amounts
from rag.grounding.references import without_passage_numbers
from rag.query.word_list import dictionary_words
from rag.text.english import is_function_word, stem
from rag.text.injection import find_forged_messages

__all__ = ["Facts", "GroundSentence", "Grounds", "Statement", "Word"]

_log: Final = logging.getLogger(__name__)
_DIGITS: Final = lazy_regex(r"\d+(?:[.,\s]\d+)+|\d{2,}")
_WORD: Final = lazy_regex(r"[^\W_]+(?:[.,]\d+)*")
# Words that may open a sentence and are no names; a dictionary has the longer ones.
_SHORT_LIST: Final = (
    "age aid air big bus car cut day due far few gas ice jet job key law low man men new now oil "
    "old one own pay red sea six tax ten top two use war way win yet"
)
_SHORT_WORDS: Final = frozenset(_SHORT_LIST.split())
_ENDINGS: Final = ("ly", "ing", "ed", "tion", "ness", "ment")


@dataclass(frozen=True, slots=True)
class Word:
    """A content word at ``start`` of a written sentence: its stem and its vector, float32
    ``[dim]``."""

    start: int
    text: str
    stem: str
    vector: Floats


@dataclass(frozen=True)
class Facts:
    """The facts of a text that can be compared without a model."""

    text: str

    @cached_property
    def stems(self) -> tuple[str, ...]:
        matches = (match.group() for match in _WORD.finditer(self.text))
        return tuple(stem(word) for word in matches if not is_function_word(word))

    @cached_property
    def days(self) -> tuple[Day, ...]:
        return tuple(days(self.text))

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """The amounts, without dates; times of day among them."""
        times = clock_times(self.text)
        text = _blank(self.text, [*self.days, *times], " ")
        return tuple(sorted([*amounts(text), *times], key=lambda amount: amount.start))

    @cached_property
    def every_amount(self) -> tuple[Amount, ...]:
        """The amounts, with years as plain counts too: a number such as 1984 may be either."""
        years = (
            Amount(day.start, day.end, float(day.years[0]), 1.0, 1.0, ((float(day.years[0]), ""),))
            for day in self.days
            if day.years and day.years[0] == day.years[1]
        )
        return (*self.amounts, *years)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names, without codes of currencies beside an amount."""
        codes = [
            Span(place, place + 3)
            for amount in self.amounts
            for place in (amount.start, amount.end - 3)
            if currency_code(self.text[place : place + 3])
        ]
        # A small letter keeps the names at both sides of it apart.
        return tuple(names(_blank(self.text, codes, "x")))

    @cached_property
    def polarity(self) -> Polarity:
        return find_polarity(self.text)


def _blank(text: str, places: Iterable[Span | Day | Amount], mark: str) -> str:
    """Put as many of a mark as it has characters in the place of each stretch of a text."""
    for place in places:
        text = f"{text[: place.start]}{mark * (place.end - place.start)}{text[place.end :]}"
    return text


class Statement(Facts):
    """A written sentence to check: its facts and its words with their vectors.

    ``dated_weekdays``: the days of the week in it that stand for dates of the grounds.
    """

    def __init__(self, text: str, tokens: TokenVectors, dated_weekdays: Iterable[Day] = ()) -> None:
        super().__init__(text)
        self.dated_weekdays = tuple(dated_weekdays)
        self.mean = tokens.mean
        self.words = tuple(_content_words(text, tokens))

    @cached_property
    def days(self) -> tuple[Day, ...]:
        whole = (*days(self.text), *self.dated_weekdays)
        return tuple(sorted(whole, key=lambda day: day.start))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        return Facts(_blank(self.text, self.dated_weekdays, "x")).names

    def hard_names(self, vocabulary: KnownWords) -> tuple[Name, ...]:
        """Return its names, without words at its beginning that are probably no names."""
        return tuple(
            name for name in self.names if not name.first or _may_be_name(name, vocabulary)
        )


def _may_be_name(name: Name, vocabulary: KnownWords) -> bool:
    (word,) = name.words
    if word in vocabulary.capitals:
        return True
    is_common = word in dictionary_words() or word in _SHORT_WORDS or word.endswith(_ENDINGS)
    return not (is_common or word in vocabulary.words)


def _content_words(text: str, tokens: TokenVectors) -> Iterable[Word]:
    starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
    for match in _WORD.finditer(text):
        word = match.group()
        if is_function_word(word):
            continue
        inside = (starts >= match.start()) & (ends <= match.end()) & (ends > starts)
        vector = tokens.vectors[inside].mean(axis=0) if inside.any() else _NO_VECTOR
        size = float(np.linalg.norm(vector))
        yield Word(match.start(), word, stem(word), vector / size if size > 0 else vector)


_NO_VECTOR: Final = np.zeros(1, np.float32)


@dataclass(frozen=True, eq=False)
class GroundSentence(Facts):
    """A sentence of an article: its place and its token vectors, float32 ``[tokens, dim]``.
    ``passages`` are the passages that hold it, counted from 0."""

    article: Article
    span: Span
    passages: tuple[int, ...]
    vectors: Floats

    @cached_property
    def vocabulary(self) -> KnownWords:
        """Its words, and those of its article's title, publisher and day."""
        article = self.article
        about = [article.title, article.publisher or "", article.author or ""]
        return KnownWords([self.text, *about])

    @cached_property
    def mean(self) -> Floats:
        mean = self.vectors.mean(axis=0) if len(self.vectors) else np.zeros(1, np.float32)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)

    def nearest(self, words: Sequence[Word]) -> Floats:
        """Compute for each word the largest cosine with one of the sentence's tokens: float
        ``[words]``."""
        if not words or not len(self.vectors):
            return np.zeros(len(words), np.float32)
        matrix = np.stack([_resize(word.vector, self.vectors.shape[1]) for word in words])
        # Not `@`: waking BLAS threads for so small a product takes longer than the product.
        return np.asarray(np.einsum("wd,td->wt", matrix, self.vectors).max(axis=1))


def _resize(vector: Floats, dim: int) -> Floats:
    return vector if len(vector) == dim else np.zeros(dim, np.float32)


class Grounds:
    """All sentences that may back a written sentence, in the order of the passages.

    A sentence with marks of a chat model, or in a message that such marks open and close
    (:mod:`rag.text.injection`), backs nothing and is in ``withheld``; the sentences beside it are
    not affected. ``withholds_marks=False`` takes them like any other.
    """

    def __init__(
        self, passages: Sequence[Found], encoder: QueryEncoder, *, withholds_marks: bool = True
    ) -> None:
        self.encoder = encoder
        self.passages = tuple(passages)
        texts = [with_title(passage.article.title, passage.text) for passage in passages]
        encodings = encoder.encode_tokens(texts) if texts else []
        sentences: dict[tuple[str, Span], GroundSentence] = {}
        for number, (passage, tokens) in enumerate(zip(passages, encodings, strict=True)):
            for sentence in _sentences(number, passage, tokens):
                key = (sentence.article.id, sentence.span)
                if key in sentences:
                    sentence = _merge(sentences[key], sentence)
                sentences[key] = sentence
        members = sentences.values() if withholds_marks else ()
        self.withheld = tuple(_forged_sentences(members))
        kept_back = set(self.withheld)
        self.sentences = tuple(
            sentence for sentence in sentences.values() if sentence not in kept_back
        )
        for sentence in self.withheld:
            _log.warning(
                "%s: a sentence with control marks of a chat model, at %d to %d, is kept from it",
                sentence.article.id,
                sentence.span.start,
                sentence.span.end,
            )

    @cached_property
    def vocabulary(self) -> KnownWords:
        """The words of all sentences that may back."""
        titles = (passage.article.title for passage in self.passages)
        return KnownWords([*(sentence.text for sentence in self.sentences), *titles])

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        return tuple(amount for sentence in self.sentences for amount in sentence.every_amount)

    def has_figure(self, amount: str) -> bool:
        """Whether a sentence contains the digits of an amount as they are written, however they
        were read: a number that was not understood is not missing."""
        digits = _DIGITS.search(amount)
        return digits is not None and digits.group() in self._figures

    @cached_property
    def _figures(self) -> frozenset[str]:
        return frozenset(
            digits for sentence in self.sentences for digits in _DIGITS.findall(sentence.text)
        )

    @cached_property
    def days(self) -> tuple[Day, ...]:
        publication_days = (passage.article.published_at for passage in self.passages)
        stated_days = (day for sentence in self.sentences for day in sentence.days)
        return (*stated_days, *(Day.of(day) for day in publication_days if day))

    def statement(self, text: str) -> Statement:
        """Analyse a written sentence for these grounds, without the passages that it names by
        their number."""
        text = without_passage_numbers(text)
        weekday_dates = [
            day
            for day in weekdays(text)
            if not self.vocabulary.has(text[day.start : day.end].lower())
            and any(same_day(day, ground_day) for ground_day in self.days)
        ]
        return Statement(text, self.encoder.encode_tokens([text])[0], weekday_dates)


def _forged_sentences(sentences: Iterable[GroundSentence]) -> Iterator[GroundSentence]:
    """Yield the sentences with control marks of a chat model, or between such marks."""
    reading_order = sorted(sentences, key=lambda sentence: (sentence.article.id, sentence.span))
    for _, group in groupby(reading_order, key=lambda sentence: sentence.article.id):
        members = list(group)
        for i in sorted(find_forged_messages([sentence.text for sentence in members])):
            yield members[i]


def _sentences(number: int, hit: Found, tokens: TokenVectors) -> Iterable[GroundSentence]:
    article, spans = hit.article, hit.passage.sentences
    shift = (len(article.title) + 1 if article.title else 0) - hit.passage.span.start
    starts, ends = tokens.offsets[:, 0], tokens.offsets[:, 1]
    for span in spans:
        inside = (starts >= span.start + shift) & (starts < span.end + shift) & (ends > starts)
        text = span.of(article.text)
        yield GroundSentence(text, article, span, (number,), tokens.vectors[inside])


def _merge(first: GroundSentence, second: GroundSentence) -> GroundSentence:
    """Merge one sentence of two passages that overlap."""
    vectors = first.vectors if len(first.vectors) else second.vectors
    passages = (*first.passages, *second.passages)
    return GroundSentence(first.text, first.article, first.span, passages, vectors)
