"""``pullquote mcp``: the articles for programs that speak the Model Context Protocol."""

from __future__ import annotations

import signal

import typer

from api.cli.library import open_or_seed

__all__ = ["mcp", "register"]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: pullquote mcp")(mcp)


def mcp() -> None:
    """Answer MCP clients on standard input and output, until the input ends."""
    from api.logs import configure
    from api.mcp.server import serve_stdio
    from api.state import AppState

    configure()
    pullquote = open_or_seed()
    # Reading standard input cannot be interrupted otherwise; nothing is written that could be lost.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    serve_stdio(AppState.of(pullquote))
