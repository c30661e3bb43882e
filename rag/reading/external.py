"""Use any extractive question-answering model as the reader.

A folder with ``model.onnx`` (inputs ``input_ids``, ``attention_mask`` and perhaps
``token_type_ids``, outputs ``start_logits`` and ``end_logits``, as Optimum exports them) and
``tokenizer.json`` is run by onnxruntime; any other folder or name is loaded by transformers'
``AutoModelForQuestionAnswering``, which imports torch. Both are read through the tokenizer's own
layout of two texts, the first token standing for "no answer here" (Rajpurkar et al., 2018).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from index.article import Span
from index.encode.base import Floats
from index.encode.session import open_session
from index.errors import ModelError
from index.snapshot import Found
from rag.reading.context import heading_of
from rag.reading.layout import sentence_of_token, sentence_windows
from rag.reading.spans import SentenceScan, best_of_each, best_span

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["Logits", "QaModel", "open_qa_model"]

Ints = NDArray[np.int64]
# int64 [1, tokens] ids, types and mask to the float32 [tokens] logits of start and end.
Logits = Callable[[Ints, Ints, Ints], tuple[Floats, Floats]]

_MAX_TOKENS: Final = 384
# Room for the marks between and around the two texts, whatever the tokenizer sets.
_MARKS: Final = 4
_MAX_QUESTION: Final = 64


class QaModel:
    """Reads passages with a model of start and end logits, which gives no score for evidence."""

    def __init__(self, logits: Logits, tokenizer: Tokenizer, max_tokens: int = _MAX_TOKENS) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._logits = logits
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._mutex = threading.Lock()

    def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
        """Scan every sentence that holds a token, in the order given."""
        query = self._cut(question)
        scans = []
        for number, hit in enumerate(passages):
            for first, last in self._windows(query, hit):
                scans += self._scan(query, number, hit, first, last)
        return best_of_each(scans)

    def _cut(self, question: str) -> str:
        encoding = self._tokenizer.encode(question, add_special_tokens=False)
        if len(encoding.ids) <= _MAX_QUESTION:
            return question
        return question[: encoding.offsets[_MAX_QUESTION - 1][1]]

    def _windows(self, query: str, hit: Found) -> list[tuple[int, int]]:
        def size(text: str) -> int:
            return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

        sizes = [size(span.of(hit.article.text)) for span in hit.passage.sentences]
        room = self._max_tokens - size(query) - size(_heading(query, hit)) - _MARKS
        return sentence_windows(sizes, max(room, 1))

    def _scan(
        self, query: str, number: int, hit: Found, first: int, last: int
    ) -> list[SentenceScan]:
        sentences = hit.passage.sentences[first:last]
        start, end = sentences[0].start, sentences[-1].end
        heading = _heading(query, hit)
        encoding = self._tokenizer.encode(query, heading + hit.article.text[start:end])
        starts, ends = self._read(encoding)
        offsets, rows = _passage_tokens(encoding, len(heading), start, self._max_tokens)
        place = sentence_of_token(offsets, [(s.start, s.end) for s in sentences])
        null_score = float(starts[0] + ends[0])
        scans = []
        for sentence in sorted(set(place[place >= 0].tolist())):
            (here,) = np.nonzero(place == sentence)
            low, high, score = best_span(starts[rows[here]], ends[rows[here]])
            span = Span(int(offsets[here[low], 0]), int(offsets[here[high], 1]))
            scans.append(SentenceScan(number, first + sentence, span, score - null_score, 0.0))
        return scans

    def _read(self, encoding: Encoding) -> tuple[Floats, Floats]:
        size = min(len(encoding.ids), self._max_tokens)
        ids, types = (np.array([x[:size]], np.int64) for x in (encoding.ids, encoding.type_ids))
        # Models loaded by transformers are not promised to be safe between threads.
        with self._mutex:
            return self._logits(ids, types, np.ones_like(ids))


def _heading(query: str, hit: Found) -> str:
    heading = heading_of(query, hit.article)
    return f"{heading}. " if heading.strip() else ""


def _passage_tokens(encoding: Encoding, skip: int, start: int, most: int) -> tuple[Ints, Ints]:
    """Return the passage's tokens: int64 ``[tokens, 2]`` code points of the article, and int64
    ``[tokens]`` their rows in the input. The title's tokens are left out."""
    of_text = np.array([i if i is not None else -1 for i in encoding.sequence_ids[:most]])
    offsets = np.asarray(encoding.offsets[:most], np.int64).reshape(-1, 2)
    (rows,) = np.nonzero((of_text == 1) & (offsets[:, 0] >= skip) & (offsets[:, 1] > offsets[:, 0]))
    return offsets[rows] - skip + start, rows


def open_qa_model(name: str, threads: int = 0) -> QaModel:
    """Open the model in a folder, or one that transformers finds by name.

    Raises ``ModelError`` when there is none, or it is no extractive question-answering model.
    """
    folder = Path(name)
    try:
        if (folder / "model.onnx").exists():
            return _onnx(folder, threads)
        return _transformers(name)
    except ModelError:
        raise
    # onnxruntime, tokenizers and transformers each raise exceptions of their own.
    except Exception as exc:
        raise ModelError(
            f"PULLQUOTE_READER={name}: no extractive question-answering model can be loaded from "
            f"there ({' '.join(str(exc).split())[:200]})"
        ) from exc


def _onnx(folder: Path, threads: int) -> QaModel:
    from tokenizers import Tokenizer

    session = open_session(folder / "model.onnx", threads)
    inputs = {node.name for node in session.get_inputs()}
    outputs = {node.name for node in session.get_outputs()}
    if not {"start_logits", "end_logits"} <= outputs:
        raise ModelError(
            f"{folder / 'model.onnx'} gives {', '.join(sorted(outputs))}; a reader gives "
            "start_logits and end_logits"
        )

    def logits(ids: Ints, types: Ints, mask: Ints) -> tuple[Floats, Floats]:
        feed = {"input_ids": ids, "token_type_ids": types, "attention_mask": mask}
        feed = {key: value for key, value in feed.items() if key in inputs}
        start, end = session.run(["start_logits", "end_logits"], feed)
        return np.asarray(start[0], np.float32), np.asarray(end[0], np.float32)

    return QaModel(logits, Tokenizer.from_file(str(folder / "tokenizer.json")))


def _transformers(name: str) -> QaModel:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(name)
    # Heads that are missing would be made up at random, and read as if they had been trained.
    model, loading_info = AutoModelForQuestionAnswering.from_pretrained(
        name, output_loading_info=True
    )
    if loading_info["missing_keys"]:
        raise ModelError(
            f"{name} has no weights for {', '.join(sorted(loading_info['missing_keys']))}"
        )
    model.eval()
    has_types = getattr(model.config, "type_vocab_size", 1) > 1

    def logits(ids: Ints, types: Ints, mask: Ints) -> tuple[Floats, Floats]:
        feed = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        if has_types:
            feed["token_type_ids"] = torch.from_numpy(types)
        with torch.inference_mode():
            out = model(**feed)
        return out.start_logits[0].float().numpy(), out.end_logits[0].float().numpy()

    limit = getattr(model.config, "max_position_embeddings", _MAX_TOKENS)
    return QaModel(logits, tokenizer.backend_tokenizer, min(_MAX_TOKENS, limit))
