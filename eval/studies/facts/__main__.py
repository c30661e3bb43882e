"""Precision and recall of what reads facts, as the table of docs/evaluation.md.

    python -m eval.studies.facts [--errors] [--before] [--doc FILE]

The table is written between its marks in the document. ``--errors`` lists what is wrong in the half
that is not held out instead; ``--before`` keeps the figures to compare later ones with.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from eval.studies.facts.trials import TRIALS, Tally, tried

_BEFORE: Final = Path(__file__).with_name("before.json")
_BEGIN: Final = "<!-- facts: written by python -m eval.studies.facts -->"
_END: Final = "<!-- end of facts -->"


def _pair(tally: Tally) -> str:
    return f"{tally.precision:.3f} / {tally.recall:.3f}"


def table() -> str:
    """The figures in Markdown, precision and recall a cell."""
    before = json.loads(_BEFORE.read_text(encoding="utf-8")) if _BEFORE.exists() else {}
    out = ["| | sentences | all | held-out half | before |", "|---|---|---|---|---|"]
    for name in TRIALS:
        every = tried(name)
        cells = [name, str(every.lines), _pair(every), _pair(tried(name, held_out=True))]
        out.append(f"| {' | '.join([*cells, before.get(name, '-')])} |")
    return "\n".join(out)


def written_into(document: str, made: str) -> str:
    """The document with the table between its marks. ``ValueError`` where there are none."""
    head, mark, rest = document.partition(_BEGIN)
    _, end, tail = rest.partition(_END)
    if not mark or not end:
        raise ValueError(
            f"no line {_BEGIN!r} with {_END!r} after it; put both where the table goes"
        )
    return f"{head}{_BEGIN}\n{made}\n{_END}{tail}"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    parser.add_argument("--before", action="store_true", help="keep the figures as 'before'")
    parser.add_argument("--doc", type=Path, default=Path("docs/evaluation.md"))
    given = parser.parse_args(arguments)
    if given.errors:
        for name in TRIALS:
            for text, wrong in tried(name, held_out=False).wrong:
                sys.stdout.write(f"{name}: {text}\n    {'; '.join(wrong)}\n")
        return
    if given.before:
        kept = {name: _pair(tried(name)) for name in TRIALS}
        _BEFORE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    made = table()
    document = given.doc.read_text(encoding="utf-8")
    given.doc.write_text(written_into(document, made), encoding="utf-8")
    sys.stdout.write(f"{made}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
