"""The real encoder: exported once, the same vectors with and without torch."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encode import files
from index.encode.encoders import ExportedModels
from index.encode.export import _check as check_export
from index.encode.export import exported_folder
from index.encode.files import BUILT_IN, find_model, weights_hash
from index.encode.onnx import OnnxEncoder
from index.encode.sentence_transformer import SentenceTransformerEncoder
from index.errors import ModelError, ModelMismatch
from rag import Pullquote

TEXTS = ["Who is it?", "Chips are scarce in 2025.", "😀 naïve שלום " * 20]


@pytest.fixture(scope="module")
def torch_encoder(seeds: Pullquote) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(BUILT_IN)


@pytest.fixture
def export(home: Path, torch_encoder: SentenceTransformerEncoder) -> Path:
    return exported_folder(home / "models", torch_encoder.id)


def test_both_sides_give_the_same_vectors(
    export: Path, torch_encoder: SentenceTransformerEncoder
) -> None:
    vectors = torch_encoder.encode(TEXTS)
    exported = OnnxEncoder.load(export, verify=True)
    assert exported.id == torch_encoder.id
    for text, vector in zip(TEXTS, vectors, strict=True):
        # bfloat16, where it is used for passages, leaves three decimals.
        assert vector @ exported.encode_query(text) > 0.995
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)


@pytest.mark.parametrize("count", [1, len(TEXTS)])
def test_questions_in_one_run_are_what_each_is_alone(export: Path, count: int) -> None:
    exported = OnnxEncoder.load(export)
    alone = [exported.encode_query(text) for text in TEXTS[:count]]
    np.testing.assert_allclose(exported.encode_queries(TEXTS[:count]), np.stack(alone), atol=1e-6)


def test_weights_that_the_library_was_not_made_with_are_told(home: Path, export: Path) -> None:
    models = ExportedModels(home / "models")
    known = OnnxEncoder.load(export).id
    assert models.query_encoder(BUILT_IN, known) is models.query_encoder(BUILT_IN, known)
    with pytest.raises(ModelMismatch, match=r"other weights .* doctor --reencode"):
        ExportedModels(home / "models").query_encoder(BUILT_IN, replace(known, weights="0" * 64))


def test_an_export_that_encodes_otherwise_is_refused(export: Path) -> None:
    class Turned:
        """A model whose vectors are another's turned round."""

        def encode(self, texts: list[str], normalize_embeddings: bool) -> np.ndarray:
            return np.stack([-exported.encode_query(text) for text in texts])

    exported = OnnxEncoder.load(export)
    with pytest.raises(ModelError, match=r"cosine -1\.0000.* set another encoder"):
        check_export(Turned(), exported)


def test_tokens_know_their_characters(export: Path) -> None:
    text = "Chips — naïve 😀 are scarce."
    (tokens,) = OnnxEncoder.load(export).encode_tokens([text])
    words = [text[start:end] for start, end in tokens.offsets.tolist()]
    assert words[0] == words[-1] == ""
    assert {"naïve", "are", "."} <= set(words)
    np.testing.assert_allclose(np.linalg.norm(tokens.vectors, axis=1), 1.0, rtol=1e-5)


def test_texts_beyond_the_positions_are_cut(export: Path) -> None:
    (tokens,) = OnnxEncoder.load(export).encode_tokens(["word " * 2000])
    assert len(tokens.vectors) == 512
    assert tokens.offsets[-1].tolist() == [0, 0]


def test_a_changed_export_is_refused(export: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(export, copy)
    data = (copy / "encoder.data").read_bytes()
    (copy / "encoder.data").write_bytes(data[:-4] + b"\x00\x01\x02\x03")
    with pytest.raises(ModelError, match="has changed"):
        OnnxEncoder.load(copy, verify=True)


@pytest.mark.parametrize("content", ["", "{}", json.dumps({"encoder": {"name": "x"}})])
def test_a_broken_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ModelError, match="manifest"):
        OnnxEncoder.load(tmp_path)


def test_a_missing_export_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="doctor --repair"):
        OnnxEncoder.load(tmp_path / "none")


def test_the_built_in_weights_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weights_hash(Path(find_model(BUILT_IN))).startswith("53aa51172d14")
    monkeypatch.setattr(files, "_BUILT_IN_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="reinstall"):
        find_model(BUILT_IN)


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(ModelError, match="no/such-folder"):
        SentenceTransformerEncoder("/no/such-folder")
