"""What each training set is worth: ``python -m eval.training.leave_out --data DIR --out DIR``.

Trains a reader on all sets, then one without each, all on the same number of examples from the
same beginning, and measures them on held-out articles with the passage given, by the network's
margin alone. The runs are short, so the differences tell and the heights do not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import torch
from tokenizers import Tokenizer

from index.encode.files import BUILT_IN, find_model
from rag.pair import PairTokens
from rag.span_model import SpanModel
from eval.training.calibrate import Scanned, scan_all
from eval.training.examples import Maker
from eval.training.export import write_reader
from eval.training.held_out import Case, given
from eval.training.model import ReaderModel
from eval.training.score import auroc, exact_match, f1
from eval.training.sets import SETS, read_set
from eval.training.train import batches, by_examples, rounds_of, save, train

__all__ = ["figures_of", "main"]

_SEED: Final = 1
_BATCH: Final = 16
_RATE: Final = 1.2e-4


def trained(data: Path, sets: Sequence[str], examples: int, out: Path) -> SpanModel:
    """A reader trained on so many examples of the sets, in float32."""
    torch.manual_seed(_SEED)
    random = Random(_SEED)
    folder = find_model(BUILT_IN)
    tokens = PairTokens(Tokenizer.from_file(str(Path(folder) / "tokenizer.json")))
    model = ReaderModel.from_base(folder)
    model.freeze(1)
    out.mkdir(parents=True, exist_ok=True)
    # No second round: later rounds weigh the sets otherwise.
    stream = batches(rounds_of(data, sets, random)[:1], Maker(tokens), _BATCH, random)
    save(model, out, train(model, stream, _RATE, by_examples(examples), out))
    write_reader([out / "reader.pt"], out / "reader", "float32")
    return SpanModel.load(out / "reader", 1)


def figures_of(scanned: Sequence[Scanned]) -> dict[str, dict[str, float]]:
    """By set: exact match and F1 (percent), the share of first sentences that are right, and the
    AUROC of the margin for answerable or not, as far as its questions allow each."""
    out: dict[str, dict[str, float]] = {}
    for name in sorted({each.case.set_name for each in scanned}):
        these = [each for each in scanned if each.case.set_name == name]
        best = [max(each.scans, key=lambda scan: scan.margin) for each in these]
        pairs = [(e, b) for e, b in zip(these, best, strict=True) if e.case.question.spans]
        found = {"questions": float(len(these))}
        if pairs and not pairs[0][0].case.question.whole_sentences:
            told = [(e.text(b), e.case.question.answers) for e, b in pairs]
            found["exact_match"] = 100 * sum(exact_match(*each) for each in told) / len(told)
            found["f1"] = 100 * sum(f1(*each) for each in told) / len(told)
        if pairs:
            found["first_sentence_right"] = 100 * sum(e.right(b) for e, b in pairs) / len(pairs)
        if 0 < len(pairs) < len(these):
            answerable = [bool(each.case.question.spans) for each in these]
            found["answerable_auroc"] = auroc([b.margin for b in best], answerable)
        out[name] = {key: round(value, 3) for key, value in found.items()}
    return out


def held_out_cases(data: Path, most: int) -> list[Case]:
    """At most so many held-out questions of each set, each with its own passage."""
    random = Random(_SEED)
    return [case for name in SETS for case in given(read_set(data, name), most, random)]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the question sets")
    parser.add_argument("--out", type=Path, required=True, help="folder for readers and figures")
    parser.add_argument("--examples", type=int, default=6400, help="each run's")
    parser.add_argument("--questions", type=int, default=400, help="held-out, of a set, at most")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    cases = held_out_cases(chosen.data, chosen.questions)
    figures: dict[str, Any] = {}
    for left_out in (None, *SETS):
        sets = [name for name in SETS if name != left_out]
        folder = chosen.out / (left_out or "all")
        model = trained(chosen.data, sets, chosen.examples, folder)
        scanned = scan_all(model, None, cases, chosen.threads)
        figures[left_out or "none"] = figures_of(scanned)
        # Written after each run: all of them take hours on a small machine.
        told = json.dumps({"examples": chosen.examples, "left_out": figures}, indent=1)
        (chosen.out / "leave_out.json").write_text(told, encoding="utf-8")
        print(left_out, json.dumps(figures[left_out or "none"]), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
