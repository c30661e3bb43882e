"""One way to open a network with onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["open_session"]


def open_session(path: Path, threads: int, *, optimised: bool = False) -> InferenceSession:
    """Open an ONNX file on the processor.

    threads: for one input, 0 for onnxruntime's own choice.
    optimised: whether the graph was optimised when it was written, which saves doing it again.

    Raises ``ModelError`` when it cannot be opened.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Threads that spin while they wait take the cores from whatever else runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    # A bare Exception of its own for a broken file.
    except Exception as exc:
        raise ModelError(f"{path}: the reader's network cannot be opened") from exc
