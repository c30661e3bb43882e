"""A question with its gold answers and spans, and a set of such questions with its articles.

Offsets are Unicode code points into the article's text, end exclusive.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from index.article import Article
from rag.question import Turn

__all__ = ["Case", "Dataset", "GoldSpan"]


class GoldSpan(NamedTuple):
    """A stretch of a document that answers, or helps to answer, a question."""

    doc_id: str
    start: int
    end: int

    def of(self, article: Article) -> str:
        return article.text[self.start : self.end]


class Case(BaseModel):
    """One question and its gold.

    ``evidence`` lists alternatives; each is a set of spans that answer together. A comparison
    has one alternative with two spans, a fact that is stated twice has two alternatives with
    one span each. ``relevance`` grades documents (0 is judged and not relevant); where a set
    has no judgements its gold documents have grade 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    kind: str = "question"
    history: tuple[Turn, ...] = ()
    answers: tuple[str, ...] = ()
    answerable: bool = True
    gold_doc_ids: tuple[str, ...] = ()
    evidence: tuple[tuple[GoldSpan, ...], ...] = ()
    relevance: dict[str, int] = {}

    @property
    def gold_spans(self) -> tuple[GoldSpan, ...]:
        """The spans of all alternatives, each once, in the order of the set."""
        return tuple(dict.fromkeys(span for spans in self.evidence for span in spans))


@dataclass(frozen=True)
class Dataset:
    """A question set over its articles. ``format`` names the layout it was read from."""

    name: str
    format: str
    path: Path
    articles: tuple[Article, ...]
    cases: tuple[Case, ...]

    def __len__(self) -> int:
        return len(self.cases)

    def __iter__(self) -> Iterator[Case]:
        return iter(self.cases)

    @cached_property
    def by_id(self) -> Mapping[str, Article]:
        return {article.id: article for article in self.articles}

    @property
    def kinds(self) -> dict[str, int]:
        """Count the questions of each kind, most frequent first."""
        return dict(Counter(case.kind for case in self.cases).most_common())

    @cached_property
    def corpus_hash(self) -> str:
        """SHA-256 (hex) over the articles' ids and content, in the order of their ids."""
        rows = sorted((article.id, article.content_hash) for article in self.articles)
        return _sha256(rows)

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) over the questions, their gold, and the articles."""
        return _sha256([self.corpus_hash, [case.model_dump(mode="json") for case in self.cases]])

    def sample(self, size: int, seed: int = 0) -> Dataset:
        """Draw ``size`` questions without replacement, in the order of the set; all articles
        stay."""
        if size < 1:
            raise ValueError(f"a sample has at least one question, not {size}")
        if size >= len(self.cases):
            return self
        places = sorted(random.Random(seed).sample(range(len(self.cases)), size))
        name = f"{self.name}, sample of {size:,} (seed {seed})"
        return replace(self, name=name, cases=tuple(self.cases[i] for i in places))


def _sha256(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
