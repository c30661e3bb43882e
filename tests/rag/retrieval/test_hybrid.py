from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.encode.base import Floats
from index.errors import SettingsError
from index.library import Library
from index.settings import IndexSettings
from index.store.base import Ranking, Selection
from rag import Pullquote
from rag.question import Filters
from rag.retrieval.fusion import max_score
from rag.retrieval.hybrid import hybrid_search
from rag.settings import Settings
from tests.fakes import FakeModels, article
from tests.index.store.memory import MemoryStore
from tests.index.store.memory_snapshot import MemorySnapshot

STORIES = [
    article("chips", "Acme buys chips from a plant in Ohio. The price is secret."),
    article("cats", "Cats sleep a lot. Nobody knows why they do."),
    article("plant", "A plant needs water. Ohio has rivers. Secret gardens have both."),
]


def ids(library: Library, question: str, k: int = 3, **settings: Any) -> list[str]:
    library.add(STORIES)
    chosen = Settings.model_validate(settings)
    with library.view() as view:
        selection = view.select(Filters())
        encoder = library.query_encoder()
        results = hybrid_search(view, encoder, question, k, selection, chosen)
    assert [r.score for r in results] == sorted((r.score for r in results), reverse=True)
    return [result.hit.article.id for result in results]


@pytest.mark.parametrize(
    "settings",
    [{}, {"proximity": False}, {"fusion": "rrf"}, {"use_dense": False}, {"use_lexical": False}],
)
def test_every_way_finds_the_plain_case(library: Library, settings: dict[str, Any]) -> None:
    assert ids(library, "where does Acme buy chips", 3, **settings)[0] == "chips"


def test_words_close_together_count(library: Library) -> None:
    assert ids(library, "secret plant Ohio", k=2) == ["plant", "chips"]


def test_no_more_than_asked_for(library: Library) -> None:
    assert len(ids(library, "anything at all", k=2)) == 2


def test_a_question_of_stop_words_still_searches(library: Library) -> None:
    assert len(ids(library, "who is it")) == 3


class _EngineSnapshot(MemorySnapshot):
    """Makes one ranking of both searches, and no other."""

    def hybrid(self, query: Floats, terms: Sequence[str], k: int, selection: Selection) -> Ranking:
        rankings = super().dense(query, k, selection), super().lexical(terms, k, selection)
        scores: dict[int, float] = {}
        for keys, _ in rankings:
            for rank, key in enumerate(keys.tolist(), start=1):
                scores[key] = scores.get(key, 0.0) + 1 / (60 + rank)
        best = sorted(scores, key=lambda key: (-scores[key], key))[:k]
        return np.array(best), np.array([scores[key] for key in best], dtype=np.float32)

    def dense(self, query: Floats, k: int, selection: Selection) -> Ranking:
        raise AssertionError("the engine was to do this")

    lexical = vectors = dense  # type: ignore[assignment]


class _EngineStore(MemoryStore):
    @contextmanager
    def searching(self) -> Iterator[MemorySnapshot]:
        yield _EngineSnapshot(self._state)


def test_the_engine_finds_and_ranks_where_the_settings_say_so() -> None:
    library = Library(Path(), _EngineStore(), IndexSettings(), FakeModels())
    assert ids(library, "where does Acme buy chips", fusion="engine")[0] == "chips"
    assert len(ids(library, "who is it", fusion="engine")) == 3
    settings = Settings(fusion="engine")
    with library.view() as view:
        best = hybrid_search(
            view, library.query_encoder(), "Acme buys chips", 1, view.select(Filters()), settings
        )
    # First of both searches: the most that there is.
    assert best[0].score == pytest.approx(max_score(settings))


def test_a_store_without_such_a_search_is_refused_at_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, fusion="engine")
    with pytest.raises(SettingsError, match="PULLQUOTE_FUSION=engine needs a store"):
        Pullquote.open(settings=settings, create=True, models=FakeModels())
