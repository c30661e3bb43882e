"""Files of every kind of trouble that admission knows, and what a library made of them holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from index.encode.base import Floats
from index.library import Library

__all__ = ["assert_same", "write_files"]


def write_files(folder: Path, count: int) -> list[Path]:
    """Write ``count`` files: texts, pages of one publisher with lines in common, lists with
    repeated and contradicting ids, copies, and files that cannot be read."""
    folder.mkdir()
    for number in range(count):
        name = folder / f"{number:04}"
        story = " ".join(
            f"Ward {number} opened bed {bed} on day {number * bed}, said town {number % 7}."
            for bed in range(1, 30)
        )
        match number % 6:
            case 0 | 1:
                name.with_suffix(".txt").write_text(f"Ward {number}\n\n{story}")
            case 2:
                name.with_suffix(".html").write_text(
                    f"<html><head><title>Town {number}</title>"
                    '<meta property="og:site_name" content="The Wire">'
                    f'<link rel="canonical" href="https://wire.example/{number}"></head><body>'
                    f"<article><h1>Town {number}</h1><p>Follow our desk</p><p>{story}</p>"
                    "<p>Sign up for the morning letter</p></article></body></html>"
                )
            case 3:
                records = [
                    {
                        "id": f"r{number}-{i % 3}",
                        "title": f"Record {i}",
                        "text": f"{story} Part {i % 4}.",
                    }
                    for i in range(4)
                ]
                lines = "\n".join(json.dumps(record) for record in records)
                name.with_suffix(".jsonl").write_text(f"{lines}\nno record\n")
            case 4:
                before = number - 4
                text = (folder / f"{before:04}.txt").read_text()
                name.with_suffix(".txt").write_text(text)
            case 5:
                name.with_suffix(".pdf").write_bytes(b"no PDF")
    return sorted(folder.iterdir())


def assert_same(library: Library, plain: Library) -> None:
    """Hold a library to one that was made in the plain way: all equal, vectors within 0.001."""
    for (facts, vectors), (plain_facts, plain_vectors) in zip(
        _contents(library), _contents(plain), strict=True
    ):
        assert facts == plain_facts
        np.testing.assert_allclose(vectors, plain_vectors, atol=1e-3)
    assert library.verify() == []


def _contents(library: Library) -> Iterator[tuple[tuple[Any, ...], Floats]]:
    """Yield what a library holds of each article, by id, and its vectors."""
    with library.store.searching() as snapshot:
        for article in sorted(snapshot.articles(), key=lambda article: article.id):
            passages = snapshot.passages_of(article.id)
            facts = (
                article,
                article.source,
                snapshot.stored([article.id])[article.id],
                snapshot.provenance(article.id),
                passages,
                snapshot.families([article.id]),
            )
            yield facts, snapshot.vectors([passage.key for passage in passages])
