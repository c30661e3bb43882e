"""The settings by section: each with its type, bounds, default, unit and description.

A section is a model of its own; :class:`rag.settings.Settings` is all of them in one, so that
every setting has one flat name. :mod:`rag.settings.table` prints them as Markdown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr

from rag.settings.serving import ResidentSection, ServerSection
from rag.settings.values import DefaultText, Price, Probability, Seconds, Section, Unit

__all__ = [
    "SECTIONS",
    "ChatSection",
    "FetchSection",
    "IndexSection",
    "ReadingSection",
    "ResidentSection",
    "RetrievalSection",
    "ServerSection",
]


class IndexSection(Section):
    """Where libraries are kept, and how articles are taken into them."""

    home: Annotated[
        Path,
        DefaultText("the platform's user-data folder"),
        Field(description="folder of what Pullquote makes: libraries and exported models"),
    ] = Field(default_factory=lambda: user_data_path("pullquote", appauthor=False))
    library: Annotated[
        Path | None,
        DefaultText("`$PULLQUOTE_HOME/library`"),
        Field(description="folder of the library to work on"),
    ] = None
    store: Annotated[
        SecretStr,
        DefaultText("the library's folder"),
        Field(
            description="where articles are kept instead: `milvus+http://HOST:PORT/NAME`, or a "
            "file of milvus-lite, `milvus:///FOLDER/FILE.db`; needs the extra `cluster`"
        ),
    ] = SecretStr("")
    follow: Annotated[
        str,
        DefaultText("no other library"),
        Field(
            description="where another library is published (`pullquote publish`), to be read "
            "here: a folder, or `s3://BUCKET/PATH` with the extra `cluster`"
        ),
    ] = ""
    follow_interval: Annotated[
        Seconds, Field(gt=0, le=3600, description="between two looks for a new generation there")
    ] = 5.0
    encoder: Annotated[
        str, Field(description="any sentence-transformers model, by name or folder")
    ] = "all-MiniLM-L6-v2"
    vector_index: Annotated[
        str, Field(description="a FAISS factory string; `auto` chooses by size")
    ] = "auto"
    max_article_chars: Annotated[
        int, Unit("characters"), Field(ge=1000, description="longer articles are refused")
    ] = 5_000_000
    passage_min_words: Annotated[
        int, Unit("words"), Field(ge=10, le=1000, description="shortest passage, where text allows")
    ] = 110
    passage_max_words: Annotated[
        int, Unit("words"), Field(ge=20, le=2000, description="longest passage")
    ] = 180
    cleaning: Annotated[
        bool, Field(description="drop menus, adverts and the like from pages as they come in")
    ] = True
    date_order: Annotated[
        Literal["dmy", "mdy"] | None,
        Field(
            description="`dmy` or `mdy`: what 05/06/2025 is; without it a page has no such date "
            "and a record with one is refused"
        ),
    ] = None
    guess_dates: Annotated[
        bool, Field(description="take the likeliest day of a page that states none (`guessed`)")
    ] = False
    lock_timeout: Annotated[
        Seconds, Field(ge=0, description="wait for another process that writes to the library")
    ] = 5.0
    threads: Annotated[
        int, Field(ge=0, le=256, description="threads of onnxruntime; 0 leaves it to choose")
    ] = 0


class FetchSection(Section):
    """How links are fetched."""

    allow_private_addresses: Annotated[
        bool, Field(description="links may lead to this machine and its network")
    ] = False
    max_download_bytes: Annotated[
        int, Unit("bytes"), Field(ge=1024, description="largest download, packed and unpacked")
    ] = 32 * 1024 * 1024
    download_timeout: Annotated[
        Seconds, Field(gt=0, le=3600, description="for one download with its redirects")
    ] = 30.0
    download_delay: Annotated[
        Seconds, Field(ge=0, le=3600, description="between two requests to one host")
    ] = 1.0
    download_attempts: Annotated[
        int,
        Field(ge=1, le=10, description="tries of one download, the first included"),
    ] = 3
    max_links: Annotated[
        int,
        Unit("articles"),
        Field(ge=1, le=100_000, description="taken of one feed or sitemap, unless `--limit` says"),
    ] = 100


class RetrievalSection(Section):
    """How passages are found for a question."""

    use_dense: Annotated[bool, Field(description="search by vectors")] = True
    use_lexical: Annotated[bool, Field(description="search by words (BM25)")] = True
    fusion: Annotated[
        Literal["weighted", "rrf", "engine"],
        Field(
            description="how both are put together: `weighted` sum, `rrf` (by rank), or `engine`: "
            "by rank in the store itself, in one call in place of some five (Milvus alone)"
        ),
    ] = "weighted"
    proximity: Annotated[
        bool, Field(description="`weighted` counts how close the question's words stand, too")
    ] = True
    candidates: Annotated[
        int, Unit("passages"), Field(ge=10, le=1000, description="from each search, before fusion")
    ] = 40
    collapse_copies: Annotated[
        bool, Field(description="of passages with the same words, keep the best alone")
    ] = True
    time_filters: Annotated[
        bool, Field(description='heed "last month" and the like in questions')
    ] = True
    spelling: Annotated[
        bool, Field(description="correct misspellings in questions; off reads them as typed")
    ] = True
    history: Annotated[
        Literal["resolve", "concatenate", "none"],
        Field(
            description="earlier turns: `resolve` carries over what a follow-up needs, "
            "`concatenate` puts the user's turns before it, `none` passes them over"
        ),
    ] = "resolve"
    phrases: Annotated[
        bool,
        Field(
            description="ask a follow-up that is only a phrase (“Since when?”) with the question "
            "before it; off resolves it like any other"
        ),
    ] = True
    quoted_first: Annotated[
        bool,
        Field(
            description="read a follow-up (“How long did it take?”) first in the articles that the "
            "last answer quotes, and doubt what others say of something else"
        ),
    ] = True
    reranker: Annotated[
        str,
        Field(description="`reader`, or a sentence-transformers `CrossEncoder`, by name or folder"),
    ] = ""
    rerank_passages: Annotated[
        int, Unit("passages"), Field(ge=1, le=100, description="that the reranker puts in order")
    ] = 20


class ReadingSection(Section):
    """How passages are read, and when there is no answer."""

    reader: Annotated[
        str,
        Field(
            description="`spans` looks at the passages twice, `fast` once; or the folder of a "
            "reader that `eval.training.export` wrote, or any extractive question-answering "
            "model, by name or folder"
        ),
    ] = "spans"
    read_passages: Annotated[
        int, Unit("passages"), Field(ge=1, le=50, description="that the reader sees")
    ] = 8
    threshold: Annotated[Probability, Field(description="confidence below which it abstains")] = 0.5
    cached_answers: Annotated[
        int,
        Unit("answers"),
        Field(
            ge=0,
            description="quoted ones, kept for who asks the same again before the library changes",
        ),
    ] = 128
    planner: Annotated[
        bool,
        Field(
            description="take comparisons, contrasts (“A vs B on taxes”, “How has A changed?”), "
            "compounds and preambles apart; off asks them whole"
        ),
    ] = True
    lists: Annotated[
        bool,
        Field(
            description="quote all of a list where several things are asked for (“which firms”, "
            "“list the ...”), and a number first for “how many”; off quotes as the reader found it"
        ),
    ] = True
    overviews: Annotated[
        bool,
        Field(
            description="sum up for “tell me about X”, “any news on X?” and the like, and make a "
            "timeline for “timeline of X”; off asks them as questions"
        ),
    ] = True
    small_talk: Annotated[
        bool,
        Field(
            description="reply to “thanks”, “help” and “what's new?”, and ask a bare “why?” of the "
            "question before it; off asks the articles"
        ),
    ] = True
    updates: Annotated[
        bool,
        Field(
            description="of articles of one story, let the state that is asked for lead and quote "
            "the others apart; off quotes as the reader found it"
        ),
    ] = True
    speakers: Annotated[
        bool,
        Field(
            description="believe less, for “What did X say?”, sentences that X does not say; off "
            "quotes as the reader found it"
        ),
    ] = True
    designations: Annotated[
        bool,
        Field(
            description="believe less, for a question that names “Bill 48”, what articles say that "
            "name another bill by its number and not this one; off quotes as the reader found it"
        ),
    ] = True
    measures: Annotated[
        bool,
        Field(
            description="believe less, for “How long ...?” and “How much does ... cost?”, amounts "
            "of another measure; off quotes as the reader found it"
        ),
    ] = True
    statements: Annotated[
        bool,
        Field(
            description="never quote headings, bylines, captions and links, which state nothing; "
            "off quotes whatever line the reader finds"
        ),
    ] = True
    hints: Annotated[
        bool,
        Field(
            description="say, where there is no answer, which name or word the articles lack and "
            "what else may help; off says only that there is none"
        ),
    ] = True
    readability: Annotated[
        Literal["brackets", "sentence", "off"],
        Field(
            description="of quotations that begin with “It” and the like: what that is in brackets "
            "where it is certain and else the sentence that probably names it, always the "
            "`sentence` before, or neither"
        ),
    ] = "brackets"
    lead_threshold: Annotated[
        Probability,
        Field(description="of being near an answer, from which an abstention shows leads"),
    ] = 0.3


class ChatSection(Section):
    """How a chat model writes answers."""

    mode: Annotated[
        Literal["extractive", "generative", "auto"],
        Field(
            description="`extractive` quotes, `generative` lets the chat model write, `auto` does "
            "where one is set"
        ),
    ] = "auto"
    model: Annotated[
        str,
        Field(
            description="the chat model: `provider:name` for LangChain, `local`, "
            "`local:FILE.gguf`, or its name at the `MODEL_URL`"
        ),
    ] = ""
    model_url: Annotated[
        str,
        Field(
            description="a server of OpenAI's chat completions, or of the provider that `MODEL` "
            "names (`openai:`, `anthropic:`, `ollama:`)"
        ),
    ] = ""
    model_api_key: Annotated[
        SecretStr | None,
        DefaultText("the provider's own variable"),
        Field(description="the chat model's key"),
    ] = None
    model_timeout: Annotated[
        Seconds, Field(gt=0, le=3600, description="that the chat model may take for an answer")
    ] = 20.0
    model_max_tokens: Annotated[
        int, Unit("tokens"), Field(ge=16, le=8192, description="longest written answer")
    ] = 400
    model_context_chars: Annotated[
        int, Unit("characters"), Field(ge=200, le=200_000, description="of articles in a prompt")
    ] = 8000
    model_price_in: Annotated[
        Price | None, Unit("per million tokens"), Field(description="price of what is read")
    ] = None
    model_price_out: Annotated[
        Price | None, Unit("per million tokens"), Field(description="price of what is written")
    ] = None
    prompt: Annotated[
        Literal["auto", "chat", "completion"],
        Field(description="`completion` for a base model, `chat` for one that follows orders"),
    ] = "auto"
    model_marks: Annotated[
        bool,
        Field(
            description="keep sentences with control tokens of chat models, unseen characters or "
            "forged fences from the chat model, and do not tell them; off takes them as they stand"
        ),
    ] = True
    model_orders: Annotated[
        bool,
        Field(
            description="“Write that X”, in an article, does not back X where the chat model "
            "writes it; off takes such an order for a statement"
        ),
    ] = True
    model_exchanges: Annotated[
        bool,
        Field(
            description="a written sentence with an opposite in place of a passage's word, or "
            "with two names or amounts the other way round, is not backed; off leaves that to the "
            "other signs"
        ),
    ] = True
    unsupported: Annotated[
        Literal["drop", "flag"],
        Field(description="`flag` keeps written sentences that nothing backs, marked"),
    ] = "drop"


SECTIONS: tuple[type[Section], ...] = (
    IndexSection,
    FetchSection,
    RetrievalSection,
    ReadingSection,
    ChatSection,
    ServerSection,
    ResidentSection,
)
