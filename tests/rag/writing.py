"""A small library to write answers about, and a reader that finds its facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.snapshot import Found
from rag import Pullquote, Settings
from rag.chat.base import ChatModel
from rag.evidence import Evidence, Reading
from tests.fakes import FakeModels, article
from tests.first_look import FirstLook
from tests.homes import with_models

__all__ = ["FACTS", "HEIGHT", "FirstOfAll", "library"]

HEIGHT = "The Lunden tower is 74 metres tall."
FACTS = (
    f"{HEIGHT} It was built in 1931 by Harald Lind for 2 million kroner. "
    "About 300 people visit it every day."
)


class FirstOfAll(FirstLook):
    """A reader that takes the first sentence of the best passage for the answer."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        best = passages[0]
        span = best.passage.sentences[0]
        return Reading((Evidence(best.article, span, span, 0.9),), 0.9)


def library(
    home: Path,
    chat: ChatModel | None = None,
    text: str = FACTS,
    models: FakeModels | None = None,
    **settings: Any,
) -> Pullquote:
    """A library of one article about a tower, answered by words alone."""
    known = Settings.model_validate({"home": with_models(home), **settings})
    pullquote = Pullquote.open(
        settings=known, create=True, models=models or FakeModels(), reader=FirstOfAll(), chat=chat
    )
    if not pullquote.articles():
        pullquote.add_articles([article("tower", text, title="The Lunden tower")])
    return pullquote
