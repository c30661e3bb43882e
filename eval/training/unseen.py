"""Write the questions about held-out articles as question sets: ``python -m eval.training.unseen``.

``pullquote eval`` over a set that the reader was trained on would report too good figures. A set
written here has all documents but only the questions that training left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from eval.dataset.lines import jsonl_rows
from eval.dataset.ours import DOCUMENTS, QUESTIONS
from eval.training.sets import HELD_OUT, read_set, set_files

__all__ = ["main", "write_unseen"]


def write_unseen(data: Path, name: str, out: Path) -> int:
    """Write ``out/name``; returns how many questions it has."""
    held_out_ids = {question.id for question in read_set(data, name).part(held_out=True)}
    documents, questions = set_files(data, name)
    target = out / name
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(documents, target / DOCUMENTS)
    rows = [row.fields for row in jsonl_rows(questions) if row.name("id") in held_out_ids]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (target / QUESTIONS).write_text(text, encoding="utf-8")
    return len(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the set that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--out", type=Path, required=True, help="where their unseen parts go")
    options = parser.parse_args(arguments)
    for name in HELD_OUT:
        count = write_unseen(options.data, name, options.out)
        print(f"{name}: {count} questions")  # noqa: T201


if __name__ == "__main__":
    main()
