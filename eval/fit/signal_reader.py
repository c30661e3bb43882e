"""Fit the signal reader's coefficients on open question sets and say how well they do unseen.

    python -m eval.fit.signal_reader --data DIR --out FILE --onnx MODEL --tokenizer JSON

DIR holds the folders of SETS in the layout `documents.jsonl`, `questions.jsonl`. Every figure is
measured by five-fold cross-validation in which all questions about one title share a fold. The
coefficients written are then fitted on all but the articles that the trained reader never saw
(:func:`eval.training.sets.is_held_out`): what is measured there of both together is measured unseen.
Each question is read with its own passage given and once more with retrieved ones
(:mod:`eval.fit.examples`); the `sibling` condition is reported and never fitted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from eval.fit.examples import (
    FOLDS,
    SEED,
    SETS,
    TOP_K,
    Example,
    cached,
    make_examples,
    onnx_encoder,
    read_sets,
    swap_names,
)
from index.encode.base import Floats
from rag.signal_reader import (
    BEST_SIGNS,
    FORMAT,
    LEAD_SIGNS,
    Calibrator,
    Ranker,
    answer_features,
    choose_quote,
    feature_names,
    stacked,
)

UNITS: Final = 16
MEMBERS: Final = 3
EPOCHS: Final = 12
FITTED: Final = ("given", "retrieved", "removed", "offtopic", "swapped", "swapped_retrieved")
# clapnq has the only questions that people asked without seeing the passage; it is also small.
WEIGHT: Final = {"clapnq": 6.0}
# Encyclopedias have few headings and questions, news has many: what is rare here must not weigh
# the more for it.
MIN_SCALE: Final = np.float32(0.1)
THRESHOLDS: Final = (0.3, 0.4, 0.5, 0.6, 0.7)


def fit_ranker(examples: Sequence[Example]) -> Ranker:
    """Maximise the softmax mass of the answering sentences, questions as the unit.

    The mean of MEMBERS fits from other beginnings, written as one wider layer: a single fit
    moves the small set's figures by two points from seed to seed.
    """
    useful = [
        e
        for e in examples
        if e.condition in ("given", "retrieved") and e.gold.any() and not e.gold.all()
    ]
    useful.sort(key=lambda e: len(e.gold))
    everything = np.concatenate([e.features for e in useful])
    mean, scale = everything.mean(axis=0), np.maximum(everything.std(axis=0), MIN_SCALE)
    batches = [_batch(useful[i : i + 64], mean, scale) for i in range(0, len(useful), 64)]
    members = [_descend(batches, len(mean), SEED + i) for i in range(MEMBERS)]
    linear, hidden, bias, out = zip(*members, strict=True)
    return Ranker(
        mean=mean,
        scale=scale,
        linear=np.mean(linear, axis=0),
        hidden=np.concatenate(hidden, axis=1),
        bias=np.concatenate(bias),
        out=np.concatenate(out) * np.float32(1 / MEMBERS),
    )


def _descend(batches: Sequence[list[torch.Tensor]], size: int, seed: int) -> list[Floats]:
    """`linear`, `hidden`, `bias` and `out` of one member."""
    torch.manual_seed(seed)
    hidden = (torch.randn(size, UNITS) / size**0.5).requires_grad_()
    linear, bias, out = (torch.zeros(n, requires_grad=True) for n in (size, UNITS, UNITS))
    optimiser = torch.optim.AdamW([linear, hidden, bias, out], lr=3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, 3e-3, total_steps=EPOCHS * len(batches) + 1
    )
    order = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        for k in order.permutation(len(batches)):
            x, gold, real, weight = batches[k]
            score = x @ linear + torch.tanh(x @ hidden + bias) @ out
            mass = torch.log_softmax(score.masked_fill(~real, -1e9), 1)
            loss = -(torch.logsumexp(mass.masked_fill(~gold, -1e9), 1) * weight).mean()
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
    return [t.detach().numpy() for t in (linear, hidden, bias, out)]


def _batch(examples: Sequence[Example], mean: Floats, scale: Floats) -> list[torch.Tensor]:
    most = max(len(e.gold) for e in examples)
    x = np.zeros((len(examples), most, len(mean)), np.float32)
    gold, real = np.zeros((2, len(examples), most), np.bool_)
    for i, e in enumerate(examples):
        x[i, : len(e.gold)] = (e.features - mean) / scale
        gold[i, : len(e.gold)], real[i, : len(e.gold)] = e.gold, True
    weight = np.array([WEIGHT.get(e.asked.dataset, 1.0) for e in examples], np.float32)
    return [torch.from_numpy(a) for a in (x, gold, real, weight)]


def fit_calibrator(examples: Sequence[Example]) -> Calibrator:
    """Weighted logistic regression with an L2 penalty; weights of a wrong sign are held at 0."""
    fitted = [e for e in examples if e.condition in FITTED]
    x = np.array([stacked(answer_features(e.view, e.table, e.scores)) for e in fitted])
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), MIN_SCALE)
    inputs = torch.from_numpy((x - mean) / scale)
    target = torch.tensor([float(e.answered_at) for e in fitted])
    weight = torch.tensor([WEIGHT.get(e.asked.dataset, 1.0) for e in fitted])
    signs = LEAD_SIGNS | {f"best_{name}": sign for name, sign in BEST_SIGNS.items()}
    sign = torch.tensor([float(signs.get(n, 0)) for n in feature_names()["answer_features"]])
    weights = torch.zeros(x.shape[1], requires_grad=True)
    intercept = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([weights, intercept], lr=0.02)
    for _ in range(800):
        logits = inputs @ weights + intercept
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            logits, target, reduction="none"
        )
        loss = (losses * weight).mean() + 2e-3 * (weights**2).sum()
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        with torch.no_grad():
            weights[weights * sign < 0] = 0.0
    return Calibrator(mean, scale, weights.detach().numpy(), float(intercept.detach()))


def fit(examples: Sequence[Example]) -> tuple[Ranker, Calibrator]:
    """Both models; leaves the ranker's scores on the examples."""
    ranker = fit_ranker(examples)
    for e in examples:
        e.scores = ranker(e.features)
    return ranker, fit_calibrator(examples)


def cross_validate(examples: Sequence[Example]) -> None:
    """Give every example the scores and probability of models that never saw its title."""
    unseen: list[tuple[Example, Floats, float]] = []
    for fold in range(FOLDS):
        ranker, calibrator = fit([e for e in examples if e.asked.fold != fold])
        for e in (e for e in examples if e.asked.fold == fold):
            scores = ranker(e.features)
            features = stacked(answer_features(e.view, e.table, scores))
            unseen.append((e, scores, calibrator(features)))
    for e, scores, probability in unseen:
        e.scores, e.probability = scores, probability


def measure(examples: Sequence[Example]) -> dict[str, Any]:
    """Held-out figures by set and condition."""
    groups: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for e in examples:
        groups[e.asked.dataset, e.condition].append(e)
    figures: dict[str, Any] = {"all": {"ece": ece(e for e in examples if e.condition in FITTED)}}
    for (dataset, condition), group in sorted(groups.items()):
        figures[f"{dataset} {condition}"] = _figures(condition, group)
    return figures


def _figures(condition: str, group: Sequence[Example]) -> dict[str, Any]:
    reachable = condition in ("given", "retrieved")
    plain = [e for e in group if e.asked.answerable and reachable]
    without = [e for e in group if not (e.asked.answerable and reachable)]
    found: dict[str, Any] = {"questions": len(group), "ece": ece(group)}
    if plain:
        found["best_sentence_right"] = _share(e.right for e in plain)
        found["quote"] = _quote(plain)
    if plain and without:
        found["auroc"] = auroc([e.probability for e in plain], [e.probability for e in without])
    for t in THRESHOLDS:
        at: dict[str, float] = {}
        if plain:
            at["answered"] = _share(e.probability >= t for e in plain)
            at["right_of_answered"] = _share(e.right for e in plain if e.probability >= t)
        if without:
            at["false_answers"] = _share(e.probability >= t for e in without)
        found[f"at {t}"] = at
    return found


def _share(values: Iterable[bool]) -> float:
    kept = list(values)
    return round(float(np.mean(kept)), 4) if kept else 0.0


def _quote(examples: Sequence[Example]) -> dict[str, float]:
    """Mean length of the quotes, and the share of questions with an answering sentence in it."""
    lengths, hits = [], []
    for e in examples:
        order = e.table.places[np.argsort(-e.scores, kind="stable")]
        best = [(int(p), int(s)) for p, s in order]
        scores = [e.scores[e.table.places[:, 0] == i] for i in range(TOP_K)]
        quote = set(choose_quote(scores, best, e.view.kind))
        gold = {(int(p), int(s)) for p, s in e.table.places[e.gold]}
        lengths.append(len(quote))
        hits.append(bool(quote & gold))
    return {"sentences": round(float(np.mean(lengths)), 3), "right": _share(hits)}


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that an answerable question gets the higher probability, ties half."""
    p, n = np.array(positive)[:, None], np.array(negative)[None]
    return round(float((p > n).mean() + 0.5 * (p == n).mean()), 4)


def ece(examples: Iterable[Example]) -> float:
    """Expected calibration error over ten equal bins, against `answered_at`."""
    pairs = np.array([(e.probability, e.answered_at) for e in examples])
    bins = np.minimum((pairs[:, 0] * 10).astype(int), 9)
    gaps = [abs(float((pairs[bins == b, 0] - pairs[bins == b, 1]).sum())) for b in range(10)]
    return round(sum(gaps) / len(pairs), 4)


def as_json(ranker: Ranker, calibrator: Calibrator, made_from: dict[str, Any]) -> dict[str, Any]:
    """The coefficient file's content, five significant digits a number."""

    def rounded(values: Floats) -> Any:
        return [rounded(v) for v in values] if values.ndim > 1 else [
            float(f"{v:.5g}") for v in values.tolist()
        ]  # fmt: skip

    ranking = ("mean", "scale", "linear", "hidden", "bias", "out")
    solved = {k: rounded(getattr(calibrator, k)) for k in ("mean", "scale", "weights")}
    return {
        "format": FORMAT,
        "made_from": made_from,
        **feature_names(),
        "ranker": {k: rounded(getattr(ranker, k)) for k in ranking},
        "calibrator": {**solved, "intercept": round(calibrator.intercept, 5)},
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Encode, cross-validate, fit, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--onnx", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="folder to keep encoded texts in")
    parser.add_argument("--questions", type=int, default=3000, help="at most, from each set")
    given = parser.parse_args(arguments)
    torch.set_num_threads(2)
    encode = cached(onnx_encoder(given.onnx, given.tokenizer), given.cache)
    passages, owners, asked = read_sets(given.data, given.questions, encode)
    others = swap_names(asked, passages, encode)
    examples = make_examples(passages, owners, [*asked, *others])
    cross_validate(examples)
    figures = measure(examples)
    made_from = {
        "sets": {name: sum(a.dataset == name for a in asked) for name in SETS},
        "swapped_questions": len(others),
        "encoder": hashlib.sha256(given.onnx.read_bytes()).hexdigest(),
        "split": f"{FOLDS}-fold cross-validation by crc32(title) % {FOLDS}; "
        "written fit: all but the articles held out of eval.training",
        "settings": {
            "seed": SEED,
            "units": UNITS,
            "members": MEMBERS,
            "epochs": EPOCHS,
            "top_k": TOP_K,
            "set_weights": WEIGHT,
        },
        "held_out": figures,
    }
    stored = as_json(*fit([e for e in examples if not e.asked.held_out]), made_from)
    given.out.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    json.dump(figures, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
