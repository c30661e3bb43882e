"""Compose the accents of an article, wherever it comes from: a word that is written in two ways is
found in neither."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from index.article import Article

__all__ = ["compose_accents"]


def compose_accents(article: Article) -> Article:
    """Return the article with composed accents (Unicode NFC) in its text and names.

    Offsets count in the composed text. A document of another program, which has metadata of its
    own, stays as it is: its offsets have to hold in the text that the program has.
    """
    if article.metadata is not None:
        return article
    names = (article.title, article.publisher or "", article.author or "", article.text)
    if all(unicodedata.is_normalized("NFC", name) for name in names):
        return article
    title, publisher, author, text = (unicodedata.normalize("NFC", name) for name in names)
    rows = tuple(unicodedata.normalize("NFC", row) for row in article.findings.rows)
    return replace(
        article,
        title=title,
        text=text,
        publisher=publisher or article.publisher,
        author=author or article.author,
        findings=replace(article.findings, rows=rows),
    )
