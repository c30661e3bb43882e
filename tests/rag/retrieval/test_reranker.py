"""Rerankers: a cross-encoder built here, and the reader's own scores."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from sentence_transformers import CrossEncoder
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from index.article import Article, Passage, Span
from index.errors import ModelError
from index.snapshot import Found
from rag import Pullquote
from rag.reading.manifest import WEIGHTS_FOLDER
from rag.retrieval.candidate import Candidate
from rag.retrieval.reranker import CrossEncoderReranker, open_reranker, rerank
from rag.settings import Settings
from tests.fakes import FakeModels
from tests.homes import with_models
from tests.rag.test_pullquote import FirstSentences


def _found(id: str, text: str) -> Found:
    span = Span(0, len(text))
    return Found(Article(id, "", text), Passage(0, id, 0, span, (span,)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of one layer with random weights, stored as users would have one."""
    path = tmp_path_factory.mktemp("cross-encoder")
    torch.manual_seed(4)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(WEIGHTS_FOLDER / "tokenizer.json")),
        pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]",
    )  # fmt: skip
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=128,
    )  # fmt: skip
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


def test_passages_come_in_the_order_of_the_cross_encoders_scores(folder: Path) -> None:
    texts = ["It rained.", "Acme closed 12 stores.", "The mayor spoke at noon.", "Snow fell."]
    found = [Candidate(_found(str(i), text), -i) for i, text in enumerate(texts)]
    ordered = rerank(CrossEncoderReranker(str(folder)), "Who spoke?", found)
    scores = CrossEncoder(str(folder)).predict([("Who spoke?", text) for text in texts]).tolist()
    best_first = sorted(range(len(texts)), key=lambda i: -scores[i])
    assert [each.hit.article.id for each in ordered] == [str(i) for i in best_first]
    assert [each.score for each in ordered] == pytest.approx(sorted(scores, reverse=True), abs=1e-5)


def test_the_setting_reorders_what_is_found(folder: Path, tmp_path: Path) -> None:
    articles = [
        Article(f"a{i}", f"Rain {i}", f"It rained {i} inches on day {i} in Acme town. " * 4)
        for i in range(6)
    ]
    found: dict[str, list[str]] = {}
    for name in ("", str(folder)):
        settings = Settings(home=with_models(tmp_path), reranker=name, rerank_passages=3)
        library = tmp_path / ("plain" if not name else "reranked")
        with Pullquote.open(library, settings, create=True, models=FakeModels()) as pullquote:
            pullquote.add_articles(articles)
            results = pullquote.search("How much did it rain?", top_k=6)
            found[name] = [each.article.id for each in results]
            if name:
                first = [each.score for each in results[:3]]
                assert first == sorted(first, reverse=True)
                assert len(pullquote.search("How much did it rain?", top_k=2)) == 2
    plain, reranked = found.values()
    assert sorted(plain[:3]) == sorted(reranked[:3])
    assert plain[3:] == reranked[3:]


def test_what_is_no_cross_encoder_is_named(tmp_path: Path) -> None:
    reader = FirstSentences()
    with pytest.raises(ModelError, match=r"PULLQUOTE_RERANKER=.*no cross-encoder"):
        open_reranker(str(tmp_path), lambda: reader)
    with pytest.raises(ModelError, match="needs a trained reader"):
        open_reranker("reader", lambda: reader)
