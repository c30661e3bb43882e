"""milvus-lite, which runs in this process until it is told to end."""

from __future__ import annotations

from pathlib import Path

__all__ = ["release_lite"]


def release_lite(file: Path) -> None:
    """End the engine that runs on a file, if one does."""
    from milvus_lite.server_manager import server_manager_instance

    server_manager_instance.release_server(str(file))
