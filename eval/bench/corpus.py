"""Made-up news of any size, the same for the same seed, for measurements of time and space.

Words follow Zipf's law over a vocabulary of made-up words; lengths of articles, sentences and
paragraphs are spread as in news; each article is about a topic, whose own words make up a part of
it; some articles are copies of earlier ones with a few words changed, as agencies' reports are.
Texts mean nothing: nothing measured on them says how good an answer is.

:class:`TopicEncoder` stands in for the network that encodes texts. Its vectors are sums of random
vectors of words, so that texts on a topic lie near each other; they cost next to nothing.
:func:`clustered_vectors` makes vectors of that kind without texts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.encode.base import (
    EncoderId,
    Floats,
    PassageEncoder,
    Progress,
    QueryEncoder,
    TokenVectors,
)

__all__ = ["DIM", "Corpus", "TopicEncoder", "clustered_vectors"]

DIM: Final = 384
_VOCABULARY: Final = 50_000
# The exponent of Zipf's law for running English, and the rank that it is shifted by (Mandelbrot).
_ZIPF, _SHIFT = 1.0, 2.7
_TOPICS, _TOPIC_WORDS = 400, 60
# Of an article's words, those that are its topic's own.
_TOPIC_SHARE: Final = 0.25
_COPY_SHARE: Final = 0.05
# Of a copy's words, those that an editor changed.
_EDIT_SHARE: Final = 0.02
# Log-normal, as the lengths of news articles are: about 450 words in the middle.
_ARTICLE_WORDS, _SPREAD = 450.0, 0.6
_SENTENCE_WORDS, _PARAGRAPH_SENTENCES = 19.0, 3
_FIRST_DAY: Final = date(2015, 1, 1)
_DAYS: Final = 4_000
_PUBLISHERS: Final = 120
_COMMON: Final = (
    "the of to and in a that for is on said with was as it by at from his an be has are have will "
    "who its were they which not he but this after more about been year had would"
)
_SYLLABLES: Final = (
    "ba be bo da de di do fa fe ga go ka ke ko la le li lo ma me mi mo na ne ni no pa pe po ra re "
    "ri ro sa se si so ta te ti to va ve vo wa wi ya zo"
)
# With these, 31,500 made-up vectors are found in 512 lists as 31,500 real ones are (sentences of
# many kinds of text): recall of ten .861 and .856 in one list of 32, .936 and .923 in one of 16.
_CLUSTER_SIZE, _SCATTER, _EVEN_DIRECTIONS = 100, 2.5, 8
_HASH_ROWS: Final = 1 << 14
_MADE_UP: Final = EncoderId(name="all-MiniLM-L6-v2", weights="made up", dim=DIM, max_tokens=256)


@dataclass(frozen=True)
class Corpus:
    """Articles of one seed; a longer run of them begins with the shorter one."""

    seed: int = 0

    def articles(self, count: int) -> Iterator[Article]:
        """Yield ``count`` articles with the ids ``made-0`` onwards."""
        dice = np.random.default_rng(self.seed)
        words = _vocabulary(self.seed)
        weights = (np.arange(_VOCABULARY) + 1 + _SHIFT) ** -_ZIPF
        cumulative = np.cumsum(weights / weights.sum())
        topics = self._topics()
        recent: list[NDArray[np.int64]] = []
        for number in range(count):
            if recent and dice.random() < _COPY_SHARE:
                ranks = recent[int(dice.integers(len(recent)))].copy()
                edits = np.flatnonzero(dice.random(len(ranks)) < _EDIT_SHARE)
                ranks[edits] = np.searchsorted(cumulative, dice.random(len(edits)))
            else:
                ranks = _running_text(dice, cumulative, topics)
                recent = [*recent[-49:], ranks]
            yield _article(number, [words[rank] for rank in ranks.tolist()], dice)

    def questions(self, count: int) -> list[str]:
        """Make ``count`` questions of about six words, each on one topic."""
        dice = np.random.default_rng([self.seed, 3])
        words = _vocabulary(self.seed)
        topics = self._topics()
        questions = []
        for _ in range(count):
            ranks = dice.choice(topics[int(dice.integers(_TOPICS))], 5, replace=False)
            questions.append(f"What of the {' '.join(words[rank] for rank in ranks.tolist())}?")
        return questions

    def _topics(self) -> NDArray[np.int64]:
        """The ranks of each topic's own words, ``[topics, words]``; common words belong to none."""
        dice = np.random.default_rng([self.seed, 2])
        return dice.integers(len(_COMMON.split()), _VOCABULARY, (_TOPICS, _TOPIC_WORDS))


class TopicEncoder:
    """Encodes a text as the sum of its words' random vectors, rare words counting more.

    It has the interface of the built-in encoder and of what opens one. ``identity``: of the
    encoder that it passes for, of :data:`DIM` dimensions.
    """

    def __init__(self, seed: int = 0, identity: EncoderId = _MADE_UP) -> None:
        self.id, self.seed = identity, seed
        dice = np.random.default_rng([seed, 4])
        self._rows = dice.standard_normal((_HASH_ROWS, DIM), dtype=np.float32)
        # Common words are of every text; they would draw all vectors together.
        for word in _COMMON.split():
            self._rows[_row(word)] *= 0.05

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        vectors = np.array([self.encode_query(text) for text in texts], dtype=np.float32)
        if progress:
            progress(len(texts))
        return vectors.reshape(len(texts), DIM)

    def encode_query(self, text: str) -> Floats:
        rows = [_row(word) for word in text.lower().replace(".", "").replace("?", "").split()]
        vector = self._rows[rows].sum(0) if rows else self._rows[0]
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        raise NotImplementedError("nothing here looks at single tokens")

    def passage_encoder(self, name: str) -> PassageEncoder:
        return self

    def query_encoder(self, name: str, identity: EncoderId | None) -> QueryEncoder:
        return self


def clustered_vectors(count: int, dim: int = DIM, seed: int = 0) -> Floats:
    """Make unit vectors in clusters of about a hundred, whose centres lie in clusters themselves,
    as passages lie by story and by subject: float32 ``[count, dim]``.

    Directions differ in weight, and vectors lie as far from their centres as an encoder's do, so
    that an index that looks into a share of its lists misses as many of them.
    """
    dice = np.random.default_rng([seed, 5])
    clusters = max(1, count // _CLUSTER_SIZE)
    weights = (1 + np.arange(dim, dtype=np.float32) / _EVEN_DIRECTIONS) ** -0.5
    subjects = dice.standard_normal((max(1, clusters // 30), dim), dtype=np.float32)
    centres = subjects[dice.integers(len(subjects), size=clusters)]
    centres = centres + dice.standard_normal((clusters, dim), dtype=np.float32)
    vectors = np.empty((count, dim), dtype=np.float32)
    for start in range(0, count, 50_000):
        stop = min(start + 50_000, count)
        part = centres[dice.integers(clusters, size=stop - start)]
        part = part + _SCATTER * dice.standard_normal((stop - start, dim), dtype=np.float32)
        part *= weights
        vectors[start:stop] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


@lru_cache(maxsize=2)
def _vocabulary(seed: int) -> list[str]:
    """Words by rank: the common ones of English first, made-up ones after them."""
    dice = np.random.default_rng([seed, 1])
    made_up: dict[str, None] = dict.fromkeys(_COMMON.split())
    parts = _SYLLABLES.split()
    while len(made_up) < _VOCABULARY:
        lengths = dice.integers(2, 5, size=_VOCABULARY)
        syllables = dice.integers(len(parts), size=(_VOCABULARY, 4)).tolist()
        made_up.update(
            dict.fromkeys(
                "".join(parts[s] for s in row[:length])
                for row, length in zip(syllables, lengths.tolist(), strict=True)
            )
        )
    return list(made_up)[:_VOCABULARY]


def _running_text(
    dice: np.random.Generator, cumulative: NDArray[np.float64], topics: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the ranks of the words of one article."""
    length = int(np.clip(dice.lognormal(np.log(_ARTICLE_WORDS), _SPREAD), 60, 4_000))
    ranks = np.searchsorted(cumulative, dice.random(length)).astype(np.int64)
    topic_words = topics[int(dice.integers(_TOPICS))]
    from_topic = dice.random(length) < _TOPIC_SHARE
    # A topic's words are no more evenly used than others.
    places = (len(topic_words) * dice.random(int(from_topic.sum())) ** 2).astype(np.int64)
    ranks[from_topic] = topic_words[places]
    return np.minimum(ranks, _VOCABULARY - 1)


def _article(number: int, words: list[str], dice: np.random.Generator) -> Article:
    sentences: list[str] = []
    start = 0
    while start < len(words):
        stop = start + max(4, int(dice.poisson(_SENTENCE_WORDS)))
        sentences.append(" ".join(words[start:stop]).capitalize() + ".")
        start = stop
    paragraphs = [
        " ".join(sentences[i : i + _PARAGRAPH_SENTENCES])
        for i in range(0, len(sentences), _PARAGRAPH_SENTENCES)
    ]
    # Few publishers write most of it.
    publisher = int(_PUBLISHERS * dice.random() ** 3)
    return Article(
        id=f"made-{number}",
        title=" ".join(words[-8:]).capitalize(),
        text="\n\n".join(paragraphs),
        publisher=f"Publisher {publisher}",
        published_at=_FIRST_DAY + timedelta(days=int(dice.integers(_DAYS))),
        language="en",
        source=f"made-{number}.txt",
    )


def _row(word: str) -> int:
    return zlib.crc32(word.encode()) % _HASH_ROWS
