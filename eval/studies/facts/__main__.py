"""Measure precision and recall of :mod:`rag.facts` and write the table of docs/evaluation.md.

``python -m eval.studies.facts [--errors] [--doc FILE]``

The table is written to its place in the document. ``--errors`` lists the errors in the half that is
not held out instead. ``before.json`` has the figures of the readers before they were rewritten.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from eval.report.markdown import show_table, table
from eval.studies.facts.trials import TRIALS, Tally, run_trial

_BEFORE: Final = Path(__file__).with_name("before.json")


def _pair(tally: Tally) -> str:
    return f"{tally.precision:.3f} / {tally.recall:.3f}"


def facts_table() -> str:
    """Format the figures in Markdown, precision and recall in one cell."""
    before = json.loads(_BEFORE.read_text(encoding="utf-8"))
    rows: list[list[str]] = []
    for name in TRIALS:
        tally = run_trial(name)
        held_out = run_trial(name, held_out=True)
        figures = [_pair(tally), _pair(held_out), before.get(name, "-")]
        rows.append([name, str(tally.lines), *figures])
    return table(["", "sentences", "all", "held-out half", "before"], rows)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    parser.add_argument("--doc", type=Path, default=Path("docs/evaluation.md"))
    options = parser.parse_args(arguments)
    if options.errors:
        for name in TRIALS:
            for text, wrong in run_trial(name, held_out=False).wrong:
                sys.stdout.write(f"{name}: {text}\n    {'; '.join(wrong)}\n")
        return
    show_table("facts", facts_table(), options.doc)


if __name__ == "__main__":
    main(sys.argv[1:])
