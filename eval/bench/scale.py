"""How many bytes a passage takes in a store on Milvus, part by part, and what millions take.

``python -m eval.bench.scale`` cuts the articles of a built-in set into passages, makes the rows
that the store would write and measures those; nothing is encoded and no engine is needed. Of what
an engine adds, the graph over the vectors is assumed and printed with the rest. ``--into
docs/scale.md`` writes the table to its place there.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from eval.dataset.built_in import BuiltIn, open_built_in
from eval.report.markdown import show_table, table
from index.ingest.batch import Admission, Batch
from index.settings import IndexSettings
from index.store.base import NewArticle
from index.store.milvus.documents import article_document, rows_of
from index.store.milvus.passages import passage_row

__all__ = ["main", "part_bytes", "sizing_table"]

_DIM: Final = 384
_MILLIONS: Final = (1, 10, 100, 1000)
# Milvus chooses HNSW for AUTOINDEX; its lowest layer has 2 M links of four bytes, with M of 16.
_HNSW_BYTES: Final = 2 * 16 * 4
# A word of a sparse vector: its hash and how often it stands there.
_SPARSE_BYTES: Final = 8
_HASHES: Final = ("publisher_hash", "language_hash", "base_hash")


def part_bytes(articles: Sequence[NewArticle]) -> dict[str, float]:
    """Bytes a passage, by part: means over the passages of these articles, compression of Milvus's
    own files apart."""
    total: Counter[str] = Counter({"vector graph": 0})
    passages = 0
    for key, new in enumerate(articles, 1):
        for row in rows_of(article_document(new, key, key), 1):
            total["article texts"] += len(row["body"])
            total["bands and tags"] += sum(map(len, row["tags"])) + len(row["signature"])
            rest = {n: v for n, v in row.items() if n not in ("body", "tags", "signature")}
            total["article columns"] += _size(rest.values()) + 16
        for ordinal, (spans, vector) in enumerate(zip(new.passages, new.vectors, strict=True)):
            row = passage_row(new.article, key, ordinal, spans, vector)
            passages += 1
            total["vectors"] += 4 * _DIM
            total["vector graph"] += _HNSW_BYTES
            total["terms"] += len(row["title"].encode()) + len(row["body"].encode())
            words = sum(len(set(row[column].split())) for column in ("title", "body"))
            total["sparse vectors"] += _SPARSE_BYTES * words
            columns = [*(row[name] for name in _HASHES), row["sentences"]]
            total["passage columns"] += _size(columns) + 6 * 8
    return {part: count / passages for part, count in total.items()}


def sizing_table(parts: Mapping[str, float], millions: Sequence[int] = _MILLIONS) -> str:
    """Format a Markdown table of the bytes a passage, the largest part first, and of the GB (10^9
    bytes) for so many million passages."""
    by_size = sorted(parts.items(), key=lambda item: -item[1])
    rows = (
        # A million passages of a thousand bytes are a gigabyte.
        (part, f"{size:,.0f}", *(f"{size * count / 1000:,.1f} GB" for count in millions))
        for part, size in [*by_size, ("all", sum(parts.values()))]
    )
    return table(("part", "bytes a passage", *(f"{count} million" for count in millions)), rows)


def _size(values: Any) -> int:
    return sum(len(value.encode()) if isinstance(value, str) else 8 for value in values)


def _new_articles(built_in: BuiltIn) -> Iterator[NewArticle]:
    settings = IndexSettings()
    admissions = (
        Admission(article, 1, None, keep_previous=False)
        for article in open_built_in(built_in, settings.max_article_chars).articles
    )
    for batch in Batch.pieces(admissions, settings, passages=1):
        yield from batch.new_articles(np.zeros((len(batch.texts), _DIM), dtype=np.float32))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table and write it where ``--into`` says, or with ``--json`` print the bytes a
    passage alone."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.scale", description=__doc__)
    parser.add_argument("--set", dest="built_in", type=BuiltIn, default=BuiltIn.NEWSROOM)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    articles = list(_new_articles(options.built_in))
    parts = part_bytes(articles)
    passages = sum(len(new.passages) for new in articles)
    if options.json:
        print(json.dumps(parts))  # noqa: T201
        return
    print(f"{len(articles)} articles, {passages} passages\n")  # noqa: T201
    show_table("bytes", sizing_table(parts), options.into)


if __name__ == "__main__":
    main()
