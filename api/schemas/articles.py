"""Articles on their way in and out, and the jobs that add them."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from index.article import Article
from index.errors import LoadError
from index.ingest.provenance import date_source
from index.snapshot import View
from index.text.date_types import DateSource
from index.text.normalise import clean_line
from rag.text.article_sentences import article_sentences

if TYPE_CHECKING:
    from index.load import Loaded

__all__ = [
    "MAX_ID",
    "ArticleIn",
    "ArticleOut",
    "ArticlePage",
    "DroppedOut",
    "FailureOut",
    "JobErrorOut",
    "JobOut",
    "LanguageList",
    "LanguageOut",
    "LinkIn",
    "ProgressOut",
    "PublisherList",
    "PublisherOut",
    "ReportOut",
    "SentenceOut",
    "WholeArticle",
]

# Of an id that a client gives, in characters.
MAX_ID = 512
# Of a title, a publisher or the authors, in characters.
_MAX_LINE = 2000
_IN: dict[str, Any] = {
    "id": "wombats",
    "title": "Wombats dig",
    "text": "Wombats dig burrows of thirty metres. They are most active at night.",
    "publisher": "Marsupial Times",
    "published_at": "2025-05-26",
    "url": "https://example.org/wombats",
}
_METADATA: dict[str, Any] = {
    **{name: value for name, value in _IN.items() if name != "text"},
    "author": None,
    "language": "en",
    "source": "HTTP",
    "characters": 68,
}
_JOB: dict[str, Any] = {
    "id": "6f1c0e9a4b7d2c35",
    "state": "running",
    "created_at": "2026-01-01T12:00:00+00:00",
    "progress": {"done": 40, "total": 200, "passages": 310},
    "report": {"added": ["wombats"], "updated": [], "unchanged": 0, "passages": 1, "failed": []},
    "error": None,
}


class ArticleIn(BaseModel):
    """An article to add. Without an `id` it is known by its URL, and without that by its text."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_IN]})

    text: Annotated[str, Field(min_length=1, description="Plain text; cleaned once, here.")]
    title: Annotated[str, Field(max_length=_MAX_LINE)] = ""
    id: Annotated[str | None, Field(min_length=1, max_length=MAX_ID)] = None
    url: Annotated[str | None, Field(max_length=4096)] = None
    publisher: Annotated[str | None, Field(max_length=_MAX_LINE)] = None
    author: Annotated[str | None, Field(max_length=_MAX_LINE)] = None
    published_at: date | None = None
    language: Annotated[str | None, Field(max_length=35)] = None

    def load(self, max_chars: int, id: str | None = None) -> Loaded:
        """Make the cleaned article, under this id if one is given, or the error that says why there
        is none."""
        # A server answers before it can add.
        from index.load.records.jsonl import Record, loaded

        record = Record.model_validate(self.model_dump())
        record.id = id or self.id
        if record.id is not None and not clean_line(record.id):
            return LoadError("id", "it holds no visible character")
        return loaded(record, "HTTP", max_chars)


_LINK: Final = re.compile("^[Hh][Tt][Tt][Pp][Ss]?://")


def _check_link(url: str) -> str:
    if not _LINK.match(url):
        raise ValueError("a link begins with http:// or https://")
    return url


class LinkIn(BaseModel):
    """A link to fetch: the article of a page, or those that a feed or sitemap lists (up to
    `limit` of them; by default as many as the server's settings say)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"url": "https://example.org/feed.xml"}]}
    )

    url: Annotated[
        str,
        AfterValidator(_check_link),
        Field(max_length=2048, json_schema_extra={"pattern": _LINK.pattern}),
    ]
    limit: Annotated[int | None, Field(ge=1, le=1000)] = None


class ArticleOut(BaseModel):
    """What is known about an article."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_METADATA]})

    id: str
    title: str
    publisher: str | None
    author: str | None
    published_at: date | None
    language: str
    url: str | None
    source: str
    characters: int

    @classmethod
    def of(cls, article: Article) -> Self:
        return cls(**_metadata(article))


def _source_name(source: str) -> str:
    """Return an article's source without the folders of the server's disk."""
    return source if "://" in source else re.split(r"[/\\]", source)[-1]


def _metadata(article: Article) -> dict[str, Any]:
    return {
        **article.header(),
        "published_at": article.published_at,
        "source": _source_name(article.source),
        "characters": len(article.text),
    }


class SentenceOut(BaseModel):
    """Where a sentence stands in the text: code points, end exclusive."""

    start_char_index: int
    end_char_index: int


class DroppedOut(BaseModel):
    """A line that was left out: its number in what came in (from 0; -1 for what its loader left
    out), and the rule or the part of the page."""

    line: int
    text: str
    reason: str


class WholeArticle(ArticleOut):
    """An article with the text that every citation points into."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    **_METADATA,
                    "text": _IN["text"],
                    "sentences": [
                        {"start_char_index": 0, "end_char_index": 37},
                        {"start_char_index": 38, "end_char_index": 68},
                    ],
                    "date_source": "given",
                    "dropped": [{"line": 0, "text": "Share this article", "reason": "share"}],
                    "index_generation": 12,
                }
            ]
        },
    )

    text: str
    sentences: list[SentenceOut]
    date_source: Annotated[DateSource | None, Field(description="How `published_at` was found.")]
    dropped: Annotated[
        list[DroppedOut], Field(description="Lines of the page that are no part of the article.")
    ]
    index_generation: int

    @classmethod
    def from_view(cls, view: View, id: str) -> Self:
        """Return the article of that id. ``NotFoundError`` when there is none."""
        article = view.article(id)
        provenance = view.provenance(id)
        sentences = [
            SentenceOut(start_char_index=span.start, end_char_index=span.end)
            for span in article_sentences(view, id)
        ]
        return cls(
            **_metadata(article),
            text=article.text,
            sentences=sentences,
            date_source=date_source(article, provenance),
            dropped=[
                DroppedOut(**asdict(line)) for line in (provenance.dropped if provenance else ())
            ],
            index_generation=view.generation,
        )


class ArticlePage(BaseModel):
    """Some of the articles, newest first; `total` is how many the filters leave."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"articles": [_METADATA], "total": 1, "limit": 50, "offset": 0}]
        },
    )

    articles: list[ArticleOut]
    total: int
    limit: int
    offset: int


class PublisherOut(BaseModel):
    """A publisher, as the filter takes it, and how many articles it has."""

    publisher: str
    articles: int


class PublisherList(BaseModel):
    """All publishers, by name. Articles that name none are not counted."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"publishers": [{"publisher": _IN["publisher"], "articles": 1}]}]
        },
    )

    publishers: list[PublisherOut]


class LanguageOut(BaseModel):
    """A language, as the filter takes it, and how many articles are in it."""

    language: str
    articles: int


class LanguageList(BaseModel):
    """All languages of the articles."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"languages": [{"language": "en", "articles": 1}]}]},
    )

    languages: list[LanguageOut]


class ProgressOut(BaseModel):
    """`done` of `total` articles (null until that is known), in so many encoded passages."""

    done: int
    total: int | None
    passages: int


class FailureOut(BaseModel):
    """An article that was not added, and why."""

    source: str
    reason: str


class ReportOut(BaseModel):
    """What adding did: ids of the articles, and counts."""

    added: list[str]
    updated: list[str]
    unchanged: int
    passages: int
    failed: list[FailureOut]


class JobErrorOut(BaseModel):
    """Why the job as a whole failed."""

    detail: str


class JobOut(BaseModel):
    """The adding of articles: how far it is, and what it did."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_JOB]})

    id: str
    state: Literal["queued", "running", "done", "failed"]
    created_at: AwareDatetime
    progress: ProgressOut
    report: ReportOut
    error: JobErrorOut | None
