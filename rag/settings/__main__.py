"""``python -m rag.settings`` prints the settings as Markdown; ``--write docs/settings.md`` puts
them between that file's ``<!-- settings -->`` and ``<!-- /settings -->``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rag.settings.table import replace_tables, settings_tables


def main() -> None:
    """Print or write the tables."""
    parser = argparse.ArgumentParser(prog="python -m rag.settings", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this file")
    path = parser.parse_args().write
    if path is None:
        sys.stdout.write(settings_tables())
    else:
        path.write_text(replace_tables(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
