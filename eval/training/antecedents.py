"""Fit the model of antecedents on the stories that are not held out.

    python -m eval.training.antecedents             # fit, and write the model
    python -m eval.training.antecedents --errors    # list what it gets wrong in the fitted half

A kind's threshold is the least with which, each story left out of the fit in its turn, no bracket
would be wrong, and a margin. A kind of word whose brackets are right in less than .98 of the
stories that are held out has none; ``python -m eval.studies.antecedents`` measures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from eval.studies.antecedents.corpus import Label, Story, read_stories
from eval.studies.antecedents.measure import measure_brackets
from eval.training.logistic import fit_logistic
from index.article import Span
from index.logistic import LogisticModel
from index.text.sentences import sentences
from rag.citing.antecedent_features import FEATURES, Setting, candidate_features
from rag.citing.antecedent_model import (
    KINDS,
    MODEL_FILE,
    AntecedentModel,
    compatible_candidates,
)
from rag.citing.backreferences import ALONE_FEATURES, Kind, alone_features, find_backreference

__all__ = ["Case", "fit", "main", "story_cases", "write"]

PENALTY: Final = 0.5
ALONE_PENALTY: Final = 0.05
MARGIN: Final = 0.04
PRECISION: Final = 0.98
FOLDS: Final = 10
MIN_THRESHOLD: Final = 0.6
# A threshold that no probability reaches.
NEVER: Final = 1.01


@dataclass(frozen=True, slots=True)
class Case:
    """A word of a story where the engine finds it, its label, and the story's number."""

    setting: Setting
    label: Label
    story: int

    @property
    def kind(self) -> Kind:
        return self.setting.reference.kind


def story_cases(story: Story, number: int = 0) -> Iterator[Case]:
    """Yield the labelled words of a story that the engine finds at their places."""
    spans = sentences(story.text)
    topic: Span | None = None
    for at, span in enumerate(spans):
        reference = find_backreference(span.of(story.text))
        label = next(
            (label for label in story.labels if span.start <= label.place.start < span.end), None
        )
        known_topic, topic = topic, None
        if label is None or reference is None or not at:
            continue
        setting = Setting(story.text, story.title, spans, at, reference, known_topic)
        place = Span(span.start + reference.start, span.start + reference.end)
        if place.start < label.place.end and label.place.start < place.end:
            yield Case(setting, label, number)
            if label.kind == "antecedent" and reference.is_opening:
                topic = label.antecedents[-1]


def fit(cases: Sequence[Case]) -> AntecedentModel:
    """Fit the regressions on all cases, and the thresholds on cases left out of the fit."""
    draft = _regressions(cases)
    pairs: dict[Kind, list[tuple[float, bool]]] = {kind: [] for kind in KINDS}
    for fold in range(FOLDS):
        model = _regressions([case for case in cases if case.story % FOLDS != fold])
        for case in cases:
            if case.story % FOLDS == fold and case.kind in pairs and (best := _best(model, case)):
                pairs[case.kind].append(best)
    return AntecedentModel(
        draft.alone, draft.kinds, {kind: _threshold(pairs[kind]) for kind in KINDS}
    )


def _best(model: AntecedentModel, case: Case) -> tuple[float, bool] | None:
    """Return the probability of the best candidate, and whether it is right."""
    if model.stands_alone(case.setting):
        return None
    ranking = model.rank(case.setting)
    if not ranking:
        return None
    probability, candidate = ranking[0]
    return probability, case.label.is_right(case.setting.text, candidate.place)


def _threshold(pairs: Sequence[tuple[float, bool]]) -> float:
    wrong = [probability for probability, right in pairs if not right]
    return round(max(MIN_THRESHOLD, max(wrong, default=0.0) + MARGIN), 3)


def _regressions(cases: Sequence[Case]) -> AntecedentModel:
    kinds: dict[Kind, LogisticModel] = {}
    for kind in KINDS:
        rows: list[list[float]] = []
        labels: list[bool] = []
        for case in cases:
            if case.kind != kind or case.label.kind == "alone":
                continue
            candidates = compatible_candidates(case.setting)
            for candidate in candidates:
                values = candidate_features(case.setting, candidate, candidates)
                rows.append([values[name] for name in FEATURES])
                labels.append(case.label.is_right(case.setting.text, candidate.place))
        kinds[kind] = _model(FEATURES, rows, labels, PENALTY)
    alone_rows: list[list[float]] = []
    for case in cases:
        sentence = case.setting.sentences[case.setting.at].of(case.setting.text)
        values = alone_features(sentence, case.setting.reference)
        alone_rows.append([values[name] for name in ALONE_FEATURES])
    is_alone = [case.label.kind == "alone" for case in cases]
    alone = _model(ALONE_FEATURES, alone_rows, is_alone, ALONE_PENALTY)
    return AntecedentModel(alone, kinds, dict.fromkeys(KINDS, NEVER))


def _model(
    names: Sequence[str], rows: Sequence[Sequence[float]], labels: Sequence[bool], penalty: float
) -> LogisticModel:
    weights = fit_logistic(np.array(rows, np.float64), np.array(labels), penalty)
    return LogisticModel.of(names, [round(weight, 4) for weight in weights.tolist()])


def write(model: AntecedentModel) -> None:
    """Write the model to where it ships, and have it read anew."""
    MODEL_FILE.write_text(json.dumps(model.as_json(), indent=1) + "\n", "utf-8")
    AntecedentModel.load.cache_clear()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--errors", action="store_true", help="list the errors, write nothing")
    options = parser.parse_args(arguments)
    cases = [
        case
        for number, story in enumerate(read_stories())
        if not story.held_out
        for case in story_cases(story, number // 2)
    ]
    if not options.errors:
        model = fit(cases)
        write(model)
        thresholds = dict(model.thresholds)
        for kind, tally in measure_brackets(held_out=True).items():
            sys.stdout.write(f"{kind} held out: {tally.right} of {tally.brackets}\n")
            if not tally.brackets or tally.precision < PRECISION:
                thresholds[kind] = NEVER
        write(replace(model, thresholds=thresholds))
        return
    model = fit(cases)
    for case in cases:
        best = _best(model, case)
        if best and not best[1]:
            ranking = model.rank(case.setting)
            span = case.setting.sentences[case.setting.at]
            sys.stdout.write(
                f"{best[0]:.2f} {case.label.kind} {ranking[0][1].place.of(case.setting.text)!r}: "
                f"{span.of(case.setting.text)}\n"
            )


if __name__ == "__main__":
    main()
