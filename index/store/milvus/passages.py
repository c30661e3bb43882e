"""Passages as rows of Milvus."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from index.article import Article, Passage, Span
from index.encode.base import Floats
from index.search.analyzer import terms_of
from index.store.milvus.documents import filter_columns

__all__ = ["PASSAGE_FIELDS", "indexed_text", "passage_of", "passage_row"]

PASSAGE_FIELDS: Final = ("key", "article", "ordinal", "sentences")
_WORD: Final = re.compile(r"\w+")
# Bytes of a column, somewhat below what Milvus takes.
_TEXT_BYTES: Final = 60_000


def passage_row(
    article: Article, article_key: int, ordinal: int, spans: tuple[Span, ...], vector: Floats
) -> dict[str, Any]:
    """Return the row of a passage, its key and generations apart."""
    text = article.text[spans[0].start : spans[-1].end]
    return {
        **filter_columns(article),
        "article": article_key,
        "ordinal": ordinal,
        "sentences": json.dumps([offset for span in spans for offset in (span.start, span.end)]),
        "vector": vector.tolist(),
        "title": indexed_text(terms_of(article.title, article.language)),
        "body": indexed_text(terms_of(text, article.language)),
    }


def passage_of(row: dict[str, Any], article_id: str) -> Passage:
    offsets = json.loads(row["sentences"])
    sentences = tuple(map(Span, offsets[::2], offsets[1::2]))
    span = Span(sentences[0].start, sentences[-1].end)
    return Passage(row["key"], article_id, row["ordinal"], span, sentences)


def indexed_text(terms: Iterable[str]) -> str:
    """Terms as Milvus is to index them: a word each, whatever its tokenizer cuts at."""
    words, size = [], 0
    for term in terms:
        word = term if _WORD.fullmatch(term) else "0x" + term.encode().hex()
        size += len(word.encode()) + 1
        if size > _TEXT_BYTES:
            break
        words.append(word)
    return " ".join(words)
