"""Write the model card from the files of the training scripts: ``python -m eval.training.card``.

Reads ``manifest.json`` and ``calibration.json`` of a reader's folder and writes ``MODEL_CARD.md``
beside them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from eval.report.markdown import table
from rag.reading.manifest import WEIGHTS_FOLDER, Manifest, Network

__all__ = ["card", "main"]

_LICENCES: Final = {
    "squad2": "CC BY-SA 4.0", "squad_train_part": "CC BY-SA 4.0",
    "squadshifts_newwiki": "none stated in its repository; text CC BY-SA",
    "squadshifts_reddit": "none stated in its repository",
    "squadshifts_amazon": "none stated in its repository",
    "clapnq": "Apache-2.0, text CC BY-SA 3.0", "qed_nq": "CC BY-SA 3.0",
    "nq_open_oracle": "CC BY-SA 3.0", "timeqa_human": "BSD-3, text CC BY-SA",
    "qamr": "MIT, text CC BY-SA and CC BY 2.5", "qadiscourse": "CC BY 4.0",
    "selqa": "Apache-2.0", "quoref_dev": "CC BY 4.0",
    "conditionalqa_gov": "BSD-2, Open Government Licence",
    "cmu_wikiqa": "GFDL, CC BY-SA 3.0", "pubmedqa": "MIT",
    "multihop_mix": "CC BY-SA 4.0, Apache-2.0, CC BY 4.0",
    "multispanqa_valid": "none stated; CC BY-SA 3.0 beneath", "covidqa": "Apache-2.0",
    "fairytaleqa": "Apache-2.0", "doc2dial_val": "none stated (CC BY 3.0)",
    "tatqa_text": "CC BY 4.0", "contrast_quoref_drop": "none stated (CC BY 4.0)",
    "ropes_part": "CC BY 4.0", "news": "our own, Apache-2.0",
    "wikinews": "our own questions; text CC BY 2.5",
}  # fmt: skip
_COLUMNS: Final = {
    "questions": "questions", "exact_match": "EM", "f1": "F1",
    "first_sentence_right": "first sentence right", "right_among_three": "among three",
    "hit_1_retrieval": "hit@1 retrieval", "hit_1_reader": "hit@1 reader",
    "answerable_auroc": "AUROC",
}  # fmt: skip
_HEAD: Final = """# Model card: the reader

Finds the sentences that answer a question in passages, marks the answer in them, and says how
surely it is one. Used by `rag/reading/`; trained, exported, calibrated and described by
`eval/training/` (this file by `python -m eval.training.card`).

Two networks. The first reads every passage; the second reads the best sentences of all passages
with their neighbours again, together, and decides. Both give each token a logit for being the
answer's start, its end (Devlin et al., 2019) and part of an evidence sentence; start and end on
the first token mean "no answer here" (Rajpurkar et al., 2018). English only.
"""
_LIMITS: Final = """## Limits

Trained on encyclopaedic text more than on news, and on invented news more than on real, in English.
A span is at most 30 tokens. Nothing
is inferred over several sentences: both halves of a comparison may be quoted, it is not computed.
Near misses (another year, another person) are told worse than missing subjects; see AUROC. No text
of the sets is part of Pullquote, but for `news`, which is ours.
"""


def card(manifest: Manifest, calibration: Mapping[str, Any]) -> str:
    """Format the card as Markdown."""
    parts = [_HEAD, _network("First", manifest.first)]
    if manifest.second:
        parts.append(_network("Second", manifest.second))
    for name, title in (("first", "The first network alone"), ("second", "Both networks")):
        if name in calibration:
            parts.append(f"## {title}\n\n{_figures(calibration[name]['figures'])}")
    return "\n".join([*parts, _LIMITS])


def _network(name: str, network: Network) -> str:
    base = network.base
    lines = [
        f"## {name} network",
        "",
        f"From {base.name} ({base.licence}; weights `{base.weights[:12]}`), layout "
        f"{network.layout}, kept in {network.precision}, at most {network.max_tokens} tokens.",
        "",
    ]
    if network.trained_on:
        rows = [(set_name, _LICENCES.get(set_name, "")) for set_name in network.trained_on]
        lines += [table(("trained on", "licence"), rows), ""]
    for training in network.training:
        lines += ["```json", json.dumps(training, ensure_ascii=False), "```", ""]
    return "\n".join(lines)


def _figures(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Format the tables of the half of the held-out articles that nothing was fitted on."""
    rows = {name: row for name, row in figures.items() if name != "all"}
    columns = [key for key in _COLUMNS if any(key in row for row in rows.values())]
    cells = [[name, *(_cell(row.get(key)) for key in columns)] for name, row in rows.items()]
    whole = figures["all"]
    points = [
        [f"{point[name]:.2f}" for name in ("threshold", "answered", "right")]
        for point in whole["risk_coverage"][1::2]
    ]
    lines = [
        table(["held-out", *(_COLUMNS[key] for key in columns)], cells),
        "",
        f"Confidence over all {whole['questions']:,}: calibration error "
        f"{whole['calibration_error']:.3f}, AUROC of being right {whole['right_auroc']:.3f}.",
        "",
        table(("threshold", "answered", "of those right"), points),
    ]
    return "\n".join([*lines, ""])


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return (
        f"{value:,}" if isinstance(value, int) else f"{value:.1f}" if value > 1 else f"{value:.3f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, default=WEIGHTS_FOLDER, help="the reader's folder")
    options = parser.parse_args(arguments)
    calibration = json.loads((options.reader / "calibration.json").read_text(encoding="utf-8"))
    text = card(Manifest.read(options.reader), calibration)
    (options.reader / "MODEL_CARD.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
