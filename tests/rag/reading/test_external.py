"""Other extractive question-answering models in the reader's place, built here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForQuestionAnswering,
)

from index.article import Article, Passage, Span
from index.errors import ModelError
from index.snapshot import Found
from index.text.sentences import sentences
from rag.reading.calibration import FEATURES
from rag.reading.cascade import CascadeReader
from rag.reading.external import open_qa_model
from rag.reading.manifest import WEIGHTS_FOLDER
from rag.reading.opening import open_reader
from rag.settings import Settings

TEXTS = [
    "It rained on Tuesday. Acme Corp. closed 12 stores in Köln. Nobody was hurt.",
    "👩‍👩‍👧‍👦 cried: Cafe\u0301 ne\u0301e ran to Köln. Then \u200b rain fell.",
    "Over and over it went. " * 60,
]


def _found(text: str, title: str) -> Found:
    spans = tuple(sentences(text))
    return Found(Article("a", title, text), Passage(0, "a", 0, Span(0, spans[-1].end), spans))


def _tokenizer() -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_file(str(WEIGHTS_FOLDER / "tokenizer.json")),
        pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]",
    )  # fmt: skip


SMALL: dict[str, Any] = {
    "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16,
    "max_position_embeddings": 96, "initializer_range": 0.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bert")
    torch.manual_seed(5)
    tokenizer = _tokenizer()
    BertForQuestionAnswering(BertConfig(vocab_size=len(tokenizer), **SMALL)).save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def onnx(bert: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model, exported under the names that Optimum gives."""
    path = tmp_path_factory.mktemp("onnx")
    model = BertForQuestionAnswering.from_pretrained(bert, attn_implementation="eager")
    model.requires_grad_(False)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.ones((1, 9), dtype=torch.long)

    class Plain(torch.nn.Module):
        def forward(
            self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor]:
            out = model(input_ids=ids, attention_mask=mask, token_type_ids=types)
            return out.start_logits, out.end_logits

    outputs = ["start_logits", "end_logits"]
    with pytest.warns():
        torch.onnx.export(
            Plain(), (ids, ids, ids * 0), str(path / "model.onnx"), dynamo=False, opset_version=17,
            input_names=names, output_names=outputs,
            dynamic_axes={key: {1: "tokens"} for key in [*names, *outputs]},
        )  # fmt: skip
    _tokenizer().backend_tokenizer.save(str(path / "tokenizer.json"))
    return path


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("title", ["", "Acme: what is new"])
def test_spans_are_the_articles_own_and_stay_in_their_sentence(
    bert: Path, text: str, title: str
) -> None:
    found = _found(text, title)
    scans = open_qa_model(str(bert)).scan("Where did they run?", [found])
    assert [scan.sentence for scan in scans] == list(range(len(found.passage.sentences)))
    for scan in scans:
        sentence = found.passage.sentences[scan.sentence]
        assert sentence.start <= scan.span.start < scan.span.end <= sentence.end


def test_onnx_and_transformers_give_the_same(bert: Path, onnx: Path) -> None:
    found = [_found(text, "Acme") for text in TEXTS[:2]]
    one = open_qa_model(str(bert)).scan("Who closed stores?", found)
    other = open_qa_model(str(onnx)).scan("Who closed stores?", found)
    assert [(s.passage, s.sentence, s.span) for s in one] == [
        (s.passage, s.sentence, s.span) for s in other
    ]
    margins = [s.margin for s in one]
    assert [s.margin for s in other] == pytest.approx(margins, abs=1e-3)
    assert len({round(margin, 3) for margin in margins}) > 1


def test_a_byte_level_model_without_token_types(tmp_path: Path) -> None:
    from tokenizers import ByteLevelBPETokenizer
    from tokenizers.processors import RobertaProcessing

    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(TEXTS, 400, special_tokens=["<s>", "</s>", "<pad>", "<unk>"])
    backend: Tokenizer = tokenizer._tokenizer
    backend.post_processor = RobertaProcessing(("</s>", 1), ("<s>", 0), trim_offsets=True)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token="<s>", cls_token="<s>", eos_token="</s>",
        sep_token="</s>", pad_token="<pad>", unk_token="<unk>",
    )  # fmt: skip
    fast.save_pretrained(tmp_path)
    config = RobertaConfig(vocab_size=len(fast), type_vocab_size=1, pad_token_id=2, **SMALL)
    RobertaForQuestionAnswering(config).save_pretrained(tmp_path)
    found = _found(TEXTS[1], "Rain")
    scans = open_qa_model(str(tmp_path)).scan("Who cried?", [found])
    assert [scan.sentence for scan in scans] == list(range(len(found.passage.sentences)))
    for scan in scans:
        assert scan.span.of(found.article.text).strip()


def test_the_setting_takes_one_and_says_that_it_was_never_calibrated(
    bert: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reader = open_reader(Settings(reader=str(bert)))
    assert isinstance(reader, CascadeReader)
    assert "never calibrated" in caplog.text
    reading = reader.read("Who closed stores?", [_found(TEXTS[0], "Acme")])
    assert reading.evidence
    assert 0 <= reading.confidence <= 1


def test_a_calibration_beside_the_model_is_used(onnx: Path) -> None:
    weights = dict.fromkeys((*FEATURES, "intercept"), 0.0)
    stored = {
        "evidence_weight": 0.0,
        "first_weight": 0.0,
        "closer_weight": 0.0,
        "answers": weights,
        "touches": weights | {"article_rank": 0.0},
        "further": 9.0,
    }
    path = onnx / "calibration.json"
    path.write_text(json.dumps({"first": stored}))
    reader = open_reader(Settings(reader=str(onnx)))
    assert reader.read("Who closed stores?", [_found(TEXTS[0], "")]).confidence == 0.5
    path.write_text("{}")
    with pytest.raises(ModelError, match="no calibration"):
        open_reader(Settings(reader=str(onnx)))
    path.unlink()


def test_a_model_without_its_heads_is_refused(bert: Path, tmp_path: Path) -> None:
    model = BertForQuestionAnswering.from_pretrained(bert)
    model.bert.save_pretrained(tmp_path)
    _tokenizer().save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="qa_outputs"):
        open_qa_model(str(tmp_path))
