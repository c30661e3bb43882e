from __future__ import annotations

import platform
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnxruntime
import pytest

from index.encode import session
from index.encode.session import open_session, write_optimised
from index.errors import ModelError

ROOT = Path(__file__).parents[3]
CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of onnxruntime, in order: its name and the providers, where there are some."""
    calls: list[tuple[str, Any]] = []

    class Opened:
        def __init__(self, *_: object, providers: list[Any]) -> None:
            calls.append(("session", providers))
            self.providers = [p if isinstance(p, str) else p[0] for p in providers]
            self.network = lambda: None
            weakref.finalize(self.network, calls.append, ("freed", None))

        def get_providers(self) -> list[str]:
            """Those of a machine without a device."""
            return [name for name in self.providers if name == CPU]

    monkeypatch.setattr(onnxruntime, "InferenceSession", Opened)
    monkeypatch.setattr(
        onnxruntime, "disable_telemetry_events", lambda: calls.append(("telemetry off", None))
    )
    for function in (session._runtime, session.has_accelerator):
        function.cache_clear()
    yield calls
    for function in (session._runtime, session.has_accelerator):
        function.cache_clear()


def test_telemetry_is_off_before_the_first_session(calls: list[tuple[str, Any]]) -> None:
    open_session(Path("a.onnx"))
    write_optimised(b"", Path("b.onnx"), "b.data")
    names = [name for name, _ in calls if name != "freed"]
    assert names == ["telemetry off", "session", "session"]


def test_the_memory_of_a_network_goes_back_once_it_is_freed(
    calls: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        session, "_trim_function", lambda: lambda pad: calls.append(("trimmed", pad))
    )
    opened = open_session(Path("a.onnx"))
    assert ("freed", None) not in calls
    del opened
    assert calls[-2:] == [("freed", None), ("trimmed", 0)]


@pytest.mark.skipif(sys.platform != "linux", reason="another library of C")
def test_glibc_returns_what_is_free() -> None:
    trim = session._trim_function()
    assert platform.libc_ver()[0] != "glibc" or (trim is not None and trim(0) in (0, 1))


@pytest.mark.parametrize(
    ("available", "providers"),
    [
        (["AzureExecutionProvider", CPU], [CPU]),
        # In TF32 answers would differ by more than a thousandth.
        (["TensorrtExecutionProvider", CUDA, CPU], [(CUDA, {"use_tf32": "0"}), CPU]),
    ],
)
def test_cuda_is_used_where_there_is_one(
    calls: list[tuple[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    available: list[str],
    providers: list[Any],
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: available)
    open_session(Path("a.onnx"))
    assert ("session", providers) in calls


def test_what_is_written_is_for_any_processor(
    calls: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, CPU])
    write_optimised(b"", Path("b.onnx"), "b.data")
    assert ("session", [CPU]) in calls


@pytest.mark.parametrize(
    ("available", "device"), [([CPU], False), ([CUDA, CPU], False), ([CUDA, CPU], True)]
)
def test_an_accelerator_is_a_device_that_is_there(
    calls: list[tuple[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    available: list[str],
    device: bool,
) -> None:
    """A build for CUDA lists it on any machine."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: available)
    if device:
        opened: Any = onnxruntime.InferenceSession
        monkeypatch.setattr(opened, "get_providers", lambda self: self.providers)
    assert session.has_accelerator() is device


def test_the_network_that_tells_can_be_opened() -> None:
    copying = onnxruntime.InferenceSession(session._copying_network())
    assert [node.name for node in copying.get_inputs()] == ["number"]


def test_a_file_that_is_no_network_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(ModelError, match=r"a\.onnx: the network cannot be opened \("):
        open_session(path)


@pytest.mark.parametrize("folder", ["index", "rag", "api", "eval"])
def test_sessions_are_opened_in_one_place(folder: str) -> None:
    modules = [path for path in (ROOT / folder).rglob("*.py") if path.name != "session.py"]
    texts = {path: path.read_text(encoding="utf-8") for path in modules}
    assert modules
    assert not [path for path, text in texts.items() if "ExecutionProvider" in text]
    assert not [path for path, text in texts.items() if "InferenceSession(" in text]
