from __future__ import annotations

from pathlib import Path

from rag import Pullquote, Settings
from rag.langchain import PullquoteRetriever
from tests.fakes import FakeModels, article


def test_documents_can_still_be_cited(tmp_path: Path) -> None:
    text = "Acme buys chips. They are dear."
    settings = Settings(home=tmp_path)
    with Pullquote.open(settings=settings, create=True, models=FakeModels()) as pullquote:
        pullquote.add_articles([article("chips", text), article("cats", "Cats sleep.")])
        found = PullquoteRetriever(pullquote=pullquote, k=1).invoke("Who buys chips?")
    (document,) = found
    start, end = document.metadata["start_char_index"], document.metadata["end_char_index"]
    assert document.metadata["document_id"] == "chips"
    assert text[start:end] == document.page_content
