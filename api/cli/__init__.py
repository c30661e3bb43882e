"""The command line: ``pullquote COMMAND``.

Exit codes: 0 answered or done, 1 failed (or a part of it failed), 2 used wrongly, 3 abstained.
"""

from __future__ import annotations

from api.cli.app import app, main

__all__ = ["app", "main"]
