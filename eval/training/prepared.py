"""Examples prepared in advance, to train on a machine with nothing but torch: ``python -m
eval.training.prepared``.

One compressed NumPy archive holds the examples' arrays, concatenated, and their lengths.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from eval.training.batch import Example

__all__ = ["main", "read_examples", "write_examples"]

_OF_TOKENS: Final = ("ids", "sentence", "starts", "ends", "passage")


def write_examples(examples: Iterable[Example], path: Path) -> int:
    """Write the examples; returns how many there are. Ids must be below 65,536."""
    records = list(examples)
    arrays = {name: np.concatenate([getattr(e, name) for e in records]) for name in _OF_TOKENS}
    np.savez_compressed(
        path,
        allow_pickle=False,
        tokens=np.array([len(e.ids) for e in records]),
        sentences=np.array([len(e.evidence) for e in records]),
        evidence=np.concatenate([e.evidence for e in records]),
        ids=arrays["ids"].astype(np.uint16),
        sentence=arrays["sentence"].astype(np.int16),
        **{name: arrays[name] for name in ("starts", "ends", "passage")},
    )
    return len(records)


def read_examples(path: Path) -> list[Example]:
    """Read the examples that :func:`write_examples` wrote."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    ends = np.cumsum(arrays["tokens"])
    sentence_ends = np.cumsum(arrays["sentences"])
    examples = []
    for end, tokens, last, many in zip(
        ends.tolist(), arrays["tokens"].tolist(),
        sentence_ends.tolist(), arrays["sentences"].tolist(), strict=True,
    ):  # fmt: skip
        place = slice(end - tokens, end)
        examples.append(
            Example(
                ids=arrays["ids"][place].astype(np.int64),
                types=np.zeros(tokens, np.int64),
                sentence=arrays["sentence"][place].astype(np.int64),
                starts=arrays["starts"][place],
                ends=arrays["ends"][place],
                passage=arrays["passage"][place],
                evidence=arrays["evidence"][last - many : last],
            )
        )
    return examples


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare the examples of the packs that the arguments name; returns the exit code."""
    from eval.training.examples import Maker, read_packs
    from rag.reading.layout import Tokens
    from rag.reading.manifest import WEIGHTS_FOLDER

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packs", type=Path, required=True, help="what eval.training.packs wrote")
    parser.add_argument("--out", type=Path, required=True, help="the archive to write")
    parser.add_argument("--typed", type=int, default=2, help="how often each question is typed")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    maker, random = Maker(Tokens.load(WEIGHTS_FOLDER / "tokenizer.json")), Random(options.seed)
    packs = read_packs(options.packs) * options.typed
    examples = (maker(pack, random) for pack in random.sample(packs, len(packs)))
    count = write_examples((example for example in examples if example is not None), options.out)
    print(f"{count:,} examples")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
