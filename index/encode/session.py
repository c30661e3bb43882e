"""Open sessions of onnxruntime: the one place that does, for encoders and readers."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from index.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["has_accelerator", "open_session", "write_optimised"]

_CPU: Final = "CPUExecutionProvider"
_CUDA: Final = "CUDAExecutionProvider"
# TF32 has ten bits of a number's 23: answers would differ from a processor's.
_CUDA_PROVIDER: Final = (_CUDA, {"use_tf32": "0"})


def open_session(path: Path, threads: int = 0, *, optimised: bool = False) -> InferenceSession:
    """Open an ONNX file, on a CUDA device where this onnxruntime has one, else on the processor.

    path: the graph; weights outside it lie beside it.
    threads: for one input, 0 for onnxruntime's own choice.
    optimised: whether the graph was optimised when it was written, which saves doing it again.

    Raises ``ModelError`` when it cannot be opened.
    """
    runtime = _runtime()
    options = _options(runtime)
    options.intra_op_num_threads = threads
    # Threads that spin while they wait take the cores from whatever else runs: on a busy machine
    # a passage took half as long again.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if optimised:
        options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    try:
        session_class = _trimming_class(runtime.InferenceSession)
        return session_class(str(path), options, providers=_providers(runtime))
    # A bare Exception of its own for a broken file.
    except Exception as exc:
        reason = " ".join(str(exc).split())[:200]
        raise ModelError(f"{path}: the network cannot be opened ({reason})") from exc


def write_optimised(model: Path | bytes, path: Path, weights: str) -> None:
    """Write a network with its graph optimised, for any processor.

    model: an ONNX file, or its bytes.
    path: the graph to write.
    weights: name of the file beside it for the weights, which are then mapped, not read.
    """
    runtime = _runtime()
    options = _options(runtime)
    # Beyond this level the graph is laid out for one processor, and folders get copied.
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    entry = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{entry}_file_name", weights)
    options.add_session_config_entry(f"{entry}_min_size_in_bytes", "1024")
    source = str(model) if isinstance(model, Path) else model
    runtime.InferenceSession(source, options, providers=[_CPU])


@cache
def has_accelerator() -> bool:
    """Whether sessions run on a CUDA device: this onnxruntime knows CUDA, and a device is there."""
    runtime = _runtime()
    if _CUDA not in runtime.get_available_providers():
        return False
    # A build for CUDA lists it on a machine that has no device, too. A session tells.
    session = runtime.InferenceSession(
        _copying_network(), _options(runtime), providers=_providers(runtime)
    )
    return _CUDA in session.get_providers()


def _copying_network() -> bytes:
    """Make the smallest network, which copies a number."""
    from onnx import TensorProto, helper

    number, copy = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("number", "copy")
    )
    node = helper.make_node("Identity", ["number"], ["copy"])
    graph = helper.make_graph([node], "copying", [number], [copy])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


@cache
def _runtime() -> Any:
    """Import onnxruntime, and turn its telemetry off: some builds have it on from the start."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


@cache
def _trimming_class(base: type[InferenceSession]) -> type[InferenceSession]:
    """A class of sessions whose memory goes back to the system with them.

    glibc keeps what is freed between other blocks: a library opened, asked and closed five times
    left 380 MB with the process, of which 22 MB were in use.
    """
    function = _trim_function()
    if function is None:
        return base
    trim: Callable[[int], int] = function

    class Session(base):  # type: ignore[misc]
        def __del__(self) -> None:
            # The network itself, which else would be freed after this.
            self.__dict__.clear()
            trim(0)

    return Session


def _trim_function() -> Callable[[int], int] | None:
    """The function of glibc that returns free memory to the system; ``None`` in another library of
    C, and on another system."""
    try:
        return cast("Callable[[int], int]", ctypes.CDLL(None).malloc_trim)
    except (AttributeError, OSError, TypeError):
        return None


def _options(runtime: Any) -> Any:
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    return options


def _providers(runtime: Any) -> list[str | tuple[str, dict[str, str]]]:
    """List the providers to use: CUDA where there is one, before the processor."""
    available = runtime.get_available_providers()
    return [*([_CUDA_PROVIDER] if _CUDA in available else []), _CPU]
