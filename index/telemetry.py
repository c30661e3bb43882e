"""Switch off the telemetry of libraries.

onnxruntime writes an id of the machine to the user's cache and sends events, hub clients add the
installed packages to their requests, and LangChain sends whole questions to its maker's servers
where the environment says so. They read the environment when they are imported, so importing any
part of :mod:`index`, which is below everything else, sets it first; processes that are started from
here inherit it.
"""

from __future__ import annotations

import os
from typing import Final

__all__ = ["OFF", "TRACING_OFF", "switch_off", "switch_off_tracing"]

OFF: Final = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime
    "HF_HUB_DISABLE_TELEMETRY": "1",  # huggingface_hub, and what asks it: transformers
    "RAY_USAGE_STATS_ENABLED": "0",  # ray
    "DO_NOT_TRACK": "1",  # https://donottrack.sh: huggingface_hub and others
}
# Tracing is the user's own to switch on in a program that uses Pullquote as a library. In our own
# programs nobody asked for it: the setting is another program's.
TRACING_OFF: Final = {
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "FASTAPI_OTEL_AUTO_CONFIGURE": "false",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",  # logfire, and to look for it takes 20 ms
}
# Of these LangChain refuses to run with, whatever they say.
_TRACING_OF_OLD: Final = ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER")


def switch_off() -> None:
    """Switch off the telemetry of libraries, for this process and all that it starts."""
    os.environ.update(OFF)


def switch_off_tracing() -> None:
    """Switch off tracing services for Pullquote's own programs: they would send out questions."""
    os.environ.update(TRACING_OFF)
    for name in _TRACING_OF_OLD:
        os.environ.pop(name, None)
