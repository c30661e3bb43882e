"""The trials: each compares what an extractor reads in a corpus with the gold, and counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from eval.studies.facts.claims import claimed_amounts, claimed_days, claimed_units
from eval.studies.facts.corpora import Line, lines
from index.text.sentences import sentences
from rag.facts.attribution import Attribution, attribute
from rag.facts.dates import Day, same_day
from rag.facts.names import KnownWords, names
from rag.facts.quantities import Amount, same_amount, same_figure
from rag.grounding.alignment import Facts
from rag.query.speaker_question import find_speaker_question
from rag.query.time_expressions import TimeWord, find_time_words
from rag.text.english import is_function_word
from rag.text.injection import carries_model_marks

__all__ = ["TRIALS", "Outcome", "Tally", "run_trial"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The counts of one line: how many values the extractor read, how many the gold has, how many
    are right; ``wrong`` describes the errors."""

    readings: int
    gold: int
    right: int
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """The sum of outcomes. ``precision`` is the share of the extractor's values that is right,
    ``recall`` the share of the gold that was read; 1 where there is nothing to count."""

    lines: int = 0
    readings: int = 0
    gold: int = 0
    right: int = 0
    wrong: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.readings if self.readings else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0


def run_trial(name: str, held_out: bool | None = None) -> Tally:
    """Run a trial over its corpus; over one half of it where ``held_out`` is given."""
    corpus, trial = TRIALS[name]
    tally = Tally()
    for line in lines(corpus):
        if held_out is not None and line.held_out != held_out:
            continue
        outcome = trial(line)
        tally.lines += 1
        tally.readings += outcome.readings
        tally.gold += outcome.gold
        tally.right += outcome.right
        if outcome.wrong:
            tally.wrong.append((line.text, outcome.wrong))
    return tally


def _pair(
    line: Line,
    readings: list[Any],
    gold: list[dict[str, Any]],
    agrees: Callable[[Any, dict[str, Any]], bool],
) -> Outcome:
    """Match an extractor's values with the gold entries: a value is right where the two overlap and
    agree."""
    right = 0
    counting = []
    open_for = list(gold)
    for reading in readings:
        overlaps = [e for e in open_for if e["start"] < reading.end and reading.start < e["end"]]
        match = next((e for e in overlaps if agrees(reading, e)), None)
        if match is not None:
            open_for.remove(match)
            right += 1
            counting.append(reading)
        elif overlaps or not line.is_open(reading.start, reading.end):
            counting.append(reading)
    wrong = [f"not {entry}" for entry in open_for]
    wrong += [f"read {reading}" for reading in counting] if right < len(counting) else []
    return Outcome(len(counting), len(gold), right, tuple(wrong))


def _numbers(line: Line) -> Outcome:
    readings = list(Facts(line.text).amounts)
    return _pair(line, readings, line.values["amounts"], _same_value)


def _same_value(reading: Amount, gold: dict[str, Any]) -> bool:
    value_of_gold = float(gold["value"])
    return any(
        dimension == gold["dimension"]
        and abs(value - value_of_gold) <= 1e-4 * max(abs(value_of_gold), 1e-9)
        for value, dimension in reading.readings
    )


def _amounts_absent(line: Line) -> Outcome:
    statements = Facts(line.text).every_amount
    claims = [claim for gold in line.values["amounts"] for claim in claimed_amounts(gold)]
    return _called_absent(
        claims,
        lambda claim: any(
            not any(same_amount(amount, statement) for statement in statements)
            for amount in Facts(claim).amounts
        ),
    )


def _unit_clash(line: Line) -> Outcome:
    statements = Facts(line.text).every_amount
    claims = [claim for gold in line.values["amounts"] for claim in claimed_units(gold)]
    return _called_absent(
        claims,
        lambda claim: any(
            any(same_figure(amount, statement) for statement in statements)
            and not any(same_amount(amount, statement) for statement in statements)
            for amount in Facts(claim).amounts
        ),
    )


def _called_absent(claims: list[tuple[str, bool]], absent: Callable[[str], bool]) -> Outcome:
    """Compare the claims that ``absent`` calls absent with those that are."""
    verdicts = {claim for claim, _ in claims if absent(claim)}
    false = {claim for claim, right in claims if not right}
    wrong = [f"called absent: {claim}" for claim in verdicts - false]
    wrong += [f"taken for there: {claim}" for claim in false - verdicts]
    return Outcome(len(verdicts), len(false), len(verdicts & false), tuple(sorted(wrong)))


_CAPITAL_WORD: Final = re.compile(r"[^\W\d_][^\W_]*")


def _name_words(text: str, spans: list[tuple[int, int]]) -> set[int]:
    """Find where the words of names begin."""
    return {
        match.start()
        for start, end in spans
        for match in _CAPITAL_WORD.finditer(text, start, end)
        if match.group()[0].isupper() and not is_function_word(match.group())
    }


def _names(line: Line) -> Outcome:
    readings = _name_words(line.text, [(name.start, name.end) for name in names(line.text)])
    # A single capitalised word that begins the sentence may be no name; callers know that.
    opening = {name.start for name in names(line.text) if name.first}
    gold = _name_words(line.text, [(a, b) for a, b in line.values["names"]])
    readings -= opening - gold
    wrong = [f"not {line.text[at:].split()[0]}" for at in sorted(gold - readings)]
    wrong += [f"read {line.text[at:].split()[0]}" for at in sorted(readings - gold)]
    return Outcome(len(readings), len(gold), len(readings & gold), tuple(wrong))


def _names_absent(line: Line) -> Outcome:
    vocabulary = KnownWords([line.text])
    claims = [(claim, True) for claim in line.values["there"]]
    claims += [(claim, False) for claim in line.values["absent"]]
    return _called_absent(
        claims, lambda claim: any(vocabulary.missing(name) > 0 for name in names(claim))
    )


def _days(line: Line) -> Outcome:
    return _pair(line, list(Facts(line.text).days), line.values["days"], _same_when)


def _same_when(reading: Day, gold: dict[str, Any]) -> bool:
    years = tuple(gold["years"]) if "years" in gold else None
    return (reading.years, reading.month, reading.day) == (
        years,
        gold.get("month"),
        gold.get("day"),
    )


def _days_absent(line: Line) -> Outcome:
    statements = Facts(line.text).days
    claims = [claim for gold in line.values["days"] for claim in claimed_days(gold)]
    return _called_absent(
        claims,
        lambda claim: any(
            not any(same_day(day, statement) for statement in statements)
            for day in Facts(claim).days
        ),
    )


@dataclass(frozen=True, slots=True)
class _PlacedWord:
    start: int
    end: int
    word: TimeWord


def _questions(line: Line) -> Outcome:
    asked_on = date.fromisoformat(line.values["asked_on"])
    readings = list(_place(line.text, find_time_words(line.text, asked_on)))
    return _pair(line, readings, line.values["words"], _same_period)


def _place(question: str, words: tuple[TimeWord, ...]) -> Iterator[_PlacedWord]:
    at = 0
    for word in words:
        start = question.find(word.phrase, at)
        yield _PlacedWord(start, start + len(word.phrase), word)
        at = start + 1


def _same_period(reading: _PlacedWord, gold: dict[str, Any]) -> bool:
    word = reading.word
    kinds = {"filter": ("filter",), "newest": ("newest",), "prefer": ("prefer", "prefer_weakly")}
    days = [gold.get(side) for side in ("from", "to")]
    bounds = [date.fromisoformat(day) if day else None for day in days]
    return word.effect in kinds[gold["effect"]] and bounds == [
        word.published_from,
        word.published_to,
    ]


def _orders(line: Line) -> Outcome:
    verdict, gold = carries_model_marks(line.text), line.values["kind"] == "mark"
    wrong = () if verdict == gold else (f"{line.values['kind']}, withheld: {verdict}",)
    return Outcome(int(verdict), int(gold), int(verdict and gold), wrong)


def _own_words(line: Line) -> Outcome:
    verdicts = list(_attributions(line))
    right = sum(gold and verdict == "asked" for _, gold, verdict in verdicts)
    readings = sum(verdict == "asked" for _, _, verdict in verdicts)
    return _outcome_of(verdicts, readings, sum(gold for _, gold, _ in verdicts), right)


def _strange_words(line: Line) -> Outcome:
    verdicts = list(_attributions(line))
    denials = [gold for _, gold, verdict in verdicts if verdict in ("other", "nobody")]
    gold = sum(not gold for _, gold, _ in verdicts)
    return _outcome_of(verdicts, len(denials), gold, denials.count(False))


def _outcome_of(
    verdicts: list[tuple[str, bool, Attribution]], readings: int, gold: int, right: int
) -> Outcome:
    wrong = tuple(
        f"{question} called {verdict}"
        for question, is_said, verdict in verdicts
        if verdict != "unknown" and is_said != (verdict == "asked")
    )
    return Outcome(readings, gold, right, wrong)


def _attributions(line: Line) -> Iterator[tuple[str, bool, Attribution]]:
    """Yield each question of a story with whether its sentence is said by the one asked for, and
    what the engine takes it for."""
    text = line.text
    spans = sentences(text)
    for record in line.values["questions"]:
        asked_words = find_speaker_question(record["question"])
        at = next(i for i, span in enumerate(spans) if span.start <= record["start"] < span.end)
        speaker = asked_words.speaker if asked_words else ""
        verdict = attribute(speaker, text, spans, at) if speaker else "unknown"
        yield record["question"], record["said"], verdict


Trial = Callable[[Line], Outcome]
TRIALS: Final[Mapping[str, tuple[str, Trial]]] = {
    "amounts read": ("numbers", _numbers),
    "amounts called absent": ("numbers", _amounts_absent),
    "amounts called of another unit": ("numbers", _unit_clash),
    "names read": ("names", _names),
    "names called absent": ("names", _names_absent),
    "days, months and years read": ("time_in_sentences", _days),
    "days called absent": ("time_in_sentences", _days_absent),
    "words of time in questions": ("time_in_questions", _questions),
    "marks of orders withheld": ("orders", _orders),
    "said by the one asked for": ("speakers", _own_words),
    "called another's or nobody's": ("speakers", _strange_words),
}
