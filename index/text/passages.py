"""Cut articles into passages, the units of search.

A passage is a run of whole sentences of 110 to 180 words by default; the next one starts with its
last sentence, so that a fact stated across a boundary is whole in one of them. The title is no part
of a passage: it is put before it for encoding (:func:`with_title`).
"""

from __future__ import annotations

from collections.abc import Sequence

from index.article import Article, Passage, Span
from index.settings import PassageSettings
from index.text.patterns import lazy_regex
from index.text.sentences import sentences

__all__ = ["cut_passages", "passages_of", "with_title"]

# Thai, Lao, Burmese, Khmer, kana and Chinese characters.
_UNSPACED_SCRIPT = lazy_regex(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
)


def with_title(title: str, text: str) -> str:
    """Put the title, if there is one, on a line before the passage, for encoding."""
    return f"{title}\n{text}" if title else text


def passages_of(article: Article, settings: PassageSettings | None = None) -> tuple[Passage, ...]:
    """Cut an article as a library with these settings (or the default ones) does; returns its
    passages in order.

    The key of each is its ordinal, since no library has numbered them.
    """
    spans = sentences(article.text, article.language or "en")
    return tuple(
        Passage(i, article.id, i, Span(run[0].start, run[-1].end), run)
        for i, run in enumerate(cut_passages(article.text, spans, settings or PassageSettings()))
    )


def cut_passages(
    text: str, sentences: Sequence[Span], settings: PassageSettings
) -> list[tuple[Span, ...]]:
    """Group the sentences of ``text``, in order, into passages.

    A passage ends at the end of a paragraph once it has ``min_words``, and in any case before it
    would exceed ``max_words``; a rest of under a third of ``min_words`` joins the passage before
    it.
    """
    words = [_words(span.of(text)) for span in sentences]
    passages: list[list[int]] = []
    current: list[int] = []
    size = fresh = 0
    for i, count in enumerate(words):
        if fresh and size + count > settings.max_words:
            passages.append(current)
            current, fresh = _overlap(current, words, settings), 0
            size = sum(words[j] for j in current)
        current.append(i)
        fresh += 1
        size += count
        if size >= settings.min_words and _ends_paragraph(text, sentences, i):
            passages.append(current)
            current, fresh = _overlap(current, words, settings), 0
            size = sum(words[j] for j in current)
    if fresh:
        rest = current[-fresh:]
        short = sum(words[j] for j in rest) * 3 < settings.min_words
        if passages and short and _fits(passages[-1] + rest, words, settings):
            passages[-1].extend(rest)
        else:
            passages.append(current)
    return [tuple(sentences[j] for j in passage) for passage in passages]


def _words(sentence: str) -> int:
    """Count the runs between white space; in scripts without spaces, two letters count as a
    word."""
    word_count = len(sentence.split())
    return (
        word_count
        if sentence.isascii()
        else word_count + len(_UNSPACED_SCRIPT.findall(sentence)) // 2
    )


def _overlap(passage: list[int], words: list[int], settings: PassageSettings) -> list[int]:
    last = passage[-1]
    if len(passage) < 2 or words[last] > settings.max_overlap_words:
        return []
    return [last]


def _fits(passage: list[int], words: list[int], settings: PassageSettings) -> bool:
    return sum(words[j] for j in passage) <= settings.max_words + settings.min_words // 3


def _ends_paragraph(text: str, sentences: Sequence[Span], i: int) -> bool:
    if i + 1 == len(sentences):
        return True
    return "\n" in text[sentences[i].end : sentences[i + 1].start]
