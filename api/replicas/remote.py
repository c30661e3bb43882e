"""The models of replicas as the library and the pipeline know models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from api.replicas.calls import Calls
from api.replicas.deployment import Replicas
from index.encode.base import EncoderId, Floats, PassageEncoder, QueryEncoder, TokenVectors
from index.encode.encoders import ExportedModels, Models
from index.errors import ModelMismatch
from index.library import Library
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.answering_models import AnsweringModels
from rag.evidence import AlsoIn, Evidence, Reading

__all__ = ["RemoteEncoder", "RemoteModels", "RemoteReader", "open_pullquote"]


def open_pullquote(settings: Settings, replicas: Replicas, folder: Path | None = None) -> Pullquote:
    """Open a library whose questions are encoded and read by replicas.

    folder: of the library, in place of the settings'.

    Raises the ``LibraryError`` s of :meth:`rag.Pullquote.open`.
    """
    reader = RemoteReader(replicas.reader)
    local = ExportedModels(settings.models_folder, settings.threads)
    models = RemoteModels(local, replicas.encoder)
    folder = folder or settings.library_folder
    library = Library.open(folder, settings.index_settings(), models)
    answering = AnsweringModels(settings, opening=lambda _: reader)
    return Pullquote(library, settings, models=answering)


class RemoteModels:
    """The encoder for questions in replicas; passages of articles that are added are encoded here,
    by ``local``."""

    def __init__(self, local: Models, calls: Calls) -> None:
        self._local = local
        self._encoder = RemoteEncoder(calls)

    def passage_encoder(self, name: str) -> PassageEncoder:
        return self._local.passage_encoder(name)

    def query_encoder(self, name: str, known: EncoderId | None) -> QueryEncoder:
        if known:
            _require_same(self._encoder.id.weights, known)
        return self._encoder


class RemoteEncoder:
    """Has replicas encode questions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._id: EncoderId | None = None

    @property
    def id(self) -> EncoderId:
        if self._id is None:
            _, _, id = self._calls.call("describe")
            self._id = cast(EncoderId, id)
        return self._id

    def encode_query(self, text: str) -> Floats:
        return cast(Floats, self._ask("encode_query", text))

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return cast(list[TokenVectors], self._ask("encode_tokens", list(texts)))

    def _ask(self, method: str, argument: object) -> object:
        encoder_id = self.id
        reply = self._calls.ask(method, argument)
        # Another server may have begun others since.
        _require_same(reply.weights, encoder_id)
        return reply.value


class RemoteReader:
    """Has replicas read."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        reading = cast(Reading, self._calls.ask("read", question, list(passages)).value)
        return _of_these(reading, passages)

    def scores(self, question: str, passages: Sequence[Found]) -> list[float]:
        return cast(list[float], self._calls.ask("scores", question, list(passages)).value)


def _require_same(weights: str, encoder_id: EncoderId) -> None:
    if weights != encoder_id.weights:
        raise ModelMismatch(
            f"the replicas have other weights of {encoder_id.name} ({weights[:12]}) than are known "
            f"here ({encoder_id.weights[:12]}); begin this server again"
        )


def _of_these(reading: Reading, passages: Sequence[Found]) -> Reading:
    """Put the articles at hand in place of the copies that came back."""
    articles = {hit.article.id: hit.article for hit in passages}

    def of_articles(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
        return tuple(
            replace(
                item,
                article=articles[item.article.id],
                also_in=tuple(
                    AlsoIn(articles[copy.article.id], copy.span) for copy in item.also_in
                ),
            )
            for item in evidence
        )

    return replace(
        reading,
        evidence=of_articles(reading.evidence),
        nearest=of_articles(reading.nearest),
        further=of_articles(reading.further),
    )
