"""The trials: each holds an engine against its corpus and counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from eval.studies.facts.claims import claimed_amounts, claimed_days, claimed_units
from eval.studies.facts.corpora import Line, lines
from rag.facts.dates import Day, same_day
from rag.facts.names import KnownWords, names
from rag.facts.quantities import Amount, same_amount, same_figure
from rag.grounding.alignment import Facts
from rag.query.time_expressions import TimeWord, find_time_words
from rag.text.english import is_function_word
from rag.text.injection import carries_model_marks

__all__ = ["TRIALS", "Outcome", "Tally", "run_trial"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one line came to: how much was found, was to be found, and was both; ``wrong`` says
    what was not as it should be."""

    found: int
    expected: int
    right: int
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Outcomes summed: ``precision`` is the share right of what was found, ``recall`` of what was
    to be found; 1 where there was nothing."""

    lines: int = 0
    found: int = 0
    expected: int = 0
    right: int = 0
    wrong: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0


def run_trial(name: str, held_out: bool | None = None) -> Tally:
    """A trial over its corpus; over one half of it where ``held_out`` is given."""
    corpus, trial = TRIALS[name]
    tally = Tally()
    for line in lines(corpus):
        if held_out is not None and line.held_out != held_out:
            continue
        outcome = trial(line)
        tally.lines += 1
        tally.found += outcome.found
        tally.expected += outcome.expected
        tally.right += outcome.right
        if outcome.wrong:
            tally.wrong.append((line.text, outcome.wrong))
    return tally


def _pair(
    line: Line,
    found: list[Any],
    expected: list[dict[str, Any]],
    same: Callable[[Any, dict[str, Any]], bool],
) -> Outcome:
    """Found things against expected ones: right where they overlap and are the same."""
    right = 0
    counted = []
    open_for = list(expected)
    for each in found:
        overlaps = [e for e in open_for if e["start"] < each.end and each.start < e["end"]]
        match = next((e for e in overlaps if same(each, e)), None)
        if match is not None:
            open_for.remove(match)
            right += 1
            counted.append(each)
        elif overlaps or not line.is_open(each.start, each.end):
            counted.append(each)
    wrong = [f"not {each}" for each in open_for]
    wrong += [f"read {each}" for each in counted] if right < len(counted) else []
    return Outcome(len(counted), len(expected), right, tuple(wrong))


def _numbers(line: Line) -> Outcome:
    found = list(Facts(line.text).amounts)
    return _pair(line, found, line.values["amounts"], _same_value)


def _same_value(found: Amount, expected: dict[str, Any]) -> bool:
    wanted = float(expected["value"])
    return any(
        dimension == expected["dimension"] and abs(value - wanted) <= 1e-4 * max(abs(wanted), 1e-9)
        for value, dimension in found.readings
    )


def _amounts_absent(line: Line) -> Outcome:
    stated = Facts(line.text).every_amount
    claims = [claim for each in line.values["amounts"] for claim in claimed_amounts(each)]
    return _called_absent(
        claims,
        lambda claim: any(
            not any(same_amount(each, other) for other in stated) for each in Facts(claim).amounts
        ),
    )


def _unit_clash(line: Line) -> Outcome:
    stated = Facts(line.text).every_amount
    claims = [claim for each in line.values["amounts"] for claim in claimed_units(each)]
    return _called_absent(
        claims,
        lambda claim: any(
            any(same_figure(each, other) for other in stated)
            and not any(same_amount(each, other) for other in stated)
            for each in Facts(claim).amounts
        ),
    )


def _called_absent(claims: list[tuple[str, bool]], absent: Callable[[str], bool]) -> Outcome:
    """Claims that are called absent against those that are."""
    called = {claim for claim, _ in claims if absent(claim)}
    false = {claim for claim, right in claims if not right}
    wrong = [f"called absent: {each}" for each in called - false]
    wrong += [f"taken for there: {each}" for each in false - called]
    return Outcome(len(called), len(false), len(called & false), tuple(sorted(wrong)))


_CAPITAL_WORD: Final = re.compile(r"[^\W\d_][^\W_]*")


def _name_words(text: str, spans: list[tuple[int, int]]) -> set[int]:
    """Where the words of names begin."""
    return {
        match.start()
        for start, end in spans
        for match in _CAPITAL_WORD.finditer(text, start, end)
        if match.group()[0].isupper() and not is_function_word(match.group())
    }


def _names(line: Line) -> Outcome:
    found = _name_words(line.text, [(each.start, each.end) for each in names(line.text)])
    # A single word that begins the sentence may be any; whoever asks treats it so.
    opening = {each.start for each in names(line.text) if each.first}
    expected = _name_words(line.text, [(a, b) for a, b in line.values["names"]])
    found -= opening - expected
    wrong = [f"not {line.text[at:].split()[0]}" for at in sorted(expected - found)]
    wrong += [f"read {line.text[at:].split()[0]}" for at in sorted(found - expected)]
    return Outcome(len(found), len(expected), len(found & expected), tuple(wrong))


def _names_absent(line: Line) -> Outcome:
    known = KnownWords([line.text])
    asked = [(each, True) for each in line.values["there"]]
    asked += [(each, False) for each in line.values["absent"]]
    return _called_absent(
        asked, lambda claim: any(known.missing(name) > 0 for name in names(claim))
    )


def _days(line: Line) -> Outcome:
    return _pair(line, list(Facts(line.text).days), line.values["days"], _same_when)


def _same_when(found: Day, expected: dict[str, Any]) -> bool:
    years = tuple(expected["years"]) if "years" in expected else None
    return (found.years, found.month, found.day) == (
        years,
        expected.get("month"),
        expected.get("day"),
    )


def _days_absent(line: Line) -> Outcome:
    stated = Facts(line.text).days
    claims = [claim for each in line.values["days"] for claim in claimed_days(each)]
    return _called_absent(
        claims,
        lambda claim: any(
            not any(same_day(each, other) for other in stated) for each in Facts(claim).days
        ),
    )


@dataclass(frozen=True, slots=True)
class _PlacedWord:
    start: int
    end: int
    word: TimeWord


def _questions(line: Line) -> Outcome:
    asked_on = date.fromisoformat(line.values["asked_on"])
    found = list(_place(line.text, find_time_words(line.text, asked_on)))
    return _pair(line, found, line.values["words"], _same_period)


def _place(question: str, words: tuple[TimeWord, ...]) -> Iterator[_PlacedWord]:
    at = 0
    for word in words:
        start = question.find(word.phrase, at)
        yield _PlacedWord(start, start + len(word.phrase), word)
        at = start + 1


def _same_period(found: _PlacedWord, expected: dict[str, Any]) -> bool:
    word = found.word
    kinds = {"filter": ("filter",), "newest": ("newest",), "prefer": ("prefer", "prefer_weakly")}
    days = [expected.get(side) for side in ("from", "to")]
    bounds = [date.fromisoformat(day) if day else None for day in days]
    return word.effect in kinds[expected["effect"]] and bounds == [
        word.published_from,
        word.published_to,
    ]


def _orders(line: Line) -> Outcome:
    called, marked = carries_model_marks(line.text), line.values["kind"] == "mark"
    wrong = () if called == marked else (f"{line.values['kind']}, withheld: {called}",)
    return Outcome(int(called), int(marked), int(called and marked), wrong)


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
}
