"""Measure how well near-duplicates are found, on made-up copies and look-alikes.

``python -m eval.studies.copies`` finds the copies as the library does and prints one JSON object:
precision and recall over pairs, by kind; ``--into docs/evaluation.md`` writes the table. The
stories are filled-in forms with names and numbers of their own, so that it is known which pairs are
copies; nobody's text is used.

Copies, each of a story of its own, are changed as outlets change a wire story. Look-alikes are: a
second reporter on the same event with the same names and numbers, a follow-up that repeats the
background and a quotation, two reports from one form, two stories with one publisher's boilerplate.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.report.markdown import table, write_table
from index.text.shingles import Fingerprint, are_copies

__all__ = ["COPIES", "LOOK_ALIKES", "Pair", "copies_table", "main", "make_pairs", "measure"]

_PLACES = ["Arvensa", "Belmoor", "Castrel", "Dunmarch", "Ellowby", "Farrant", "Gildwick", "Hexley"]
_NAMES = [
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Tanaka",
    "Hadley",
    "Petrov",
    "Alvarez",
    "Singh",
    "Kowal",
]
_WORKS = ["harbour", "tram line", "hospital wing", "water plant", "library", "bridge", "stadium"]
_BODIES = ["the council", "the ministry", "the port authority", "the regional court", "the union"]
_VERBS = ["approved", "rejected", "postponed", "reopened", "criticised", "defended", "financed"]
_THINGS = ["the budget", "a second survey", "the tender", "new safety rules", "the timetable"]
_REASONS = [
    "because the ground had turned out softer than the engineers expected",
    "after residents complained of noise at night and of dust on their windows",
    "while opponents gathered outside with drums and hand-painted signs",
    "although an audit had found invoices that nobody could explain",
    "before the summer recess, when half of the seats were empty",
    "so that the work could start while the river was still low",
]
_FURNITURE = (
    "Sign up for our morning letter and never miss a story again, wherever you are reading. "
    "We use cookies to make this page work and to measure how it is used by our readers. "
    "Download our app for the latest alerts, live scores and your saved articles. "
)
_SYNONYMS = {
    "said": "stated", "told": "informed", "because": "since", "after": "once",
    "new": "fresh", "million": "mn", "while": "as", "would": "will", "start": "begin",
    "found": "discovered", "about": "roughly", "expected": "foreseen", "later": "afterwards",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, the kind of their likeness, and whether one is a copy of the other."""

    kind: str
    one: str
    other: str
    copies: bool


@dataclass(frozen=True, slots=True)
class _Facts:
    place: str
    work: str
    names: tuple[str, ...]
    numbers: tuple[int, ...]


def _facts(dice: random.Random) -> _Facts:
    return _Facts(
        dice.choice(_PLACES),
        dice.choice(_WORKS),
        tuple(dice.sample(_NAMES, 3)),
        tuple(dice.randrange(12, 980) for _ in range(6)),
    )


def _sentence(facts: _Facts, reporter: int, dice: random.Random) -> str:
    """Fill one of eight forms, each of which has other words for each of two reporters."""
    who, other = dice.sample(facts.names, 2)
    n, m = dice.sample(facts.numbers, 2)
    body, verb, thing = dice.choice(_BODIES), dice.choice(_VERBS), dice.choice(_THINGS)
    why, doubt, day = dice.choice(_REASONS), dice.choice(_DOUBTS), dice.choice(_DAYS)
    work, place = facts.work, facts.place
    plain = [
        f"{body.capitalize()} {verb} {thing} for the {work} in {place} {why}.",
        f"The {work} would cost {n} million crowns, {who} told reporters, and about {m} people "
        "would work on it.",
        f"{who}, who speaks for {body}, said on {day} that {thing} had been {verb} {why}.",
        f"According to figures that {body} published, {n} families and {m} shops in {place} depend "
        f"on the {work}.",
        f"Critics such as {who} doubt it: {doubt}.",
        f"Under the plan that {other} presented, the first {n} metres are to be ready within {m} "
        "weeks, and the rest a year after that.",
        f"“We have waited {n % 30 + 2} years for {thing}, and we can wait a little longer if "
        f"{body} asks us to,” said {who}, who lives near the {work}.",
        f"A spokeswoman for {body} would not say on {day} who had {verb} {thing}, or why {other} "
        "had not been asked.",
    ]
    vivid = [
        f"It took {n} minutes, a thermos of tea and two recounts until {thing} was {verb} at last.",
        f"From the kitchen window of {who} one can count {m} trucks a day on their way to the "
        f"{work}, loaded, and as many coming back.",
        f"{place} has seen grander plans fail: the old {work} stood empty for {n % 40 + 3} "
        "winters.",
        f"Money was the easy part, if {n} million crowns can be called easy; {other} had it "
        f"together by {day}, down to the last loan.",
        f"Ask {who} about {body} and the answer is a long look at the ceiling, then a laugh, then "
        f"a number that cannot be printed here.",
        f"Whoever opposed it met in the back room of an inn, {m} of them, some with lawyers, all "
        f"of them with photographs of cracks in their walls, {why}.",
        f"“Nobody builds {thing} for love,” {other} liked to say in those days, and liked to be "
        "quoted on it too.",
        f"By the end of the week {body} had {verb} it twice, and {place} no longer knew whether to "
        f"be cross with {who} or with the weather.",
    ]
    return dice.choice((plain, vivid)[reporter])


_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
_DOUBTS = [
    "the estimates, they say, were drawn up before the price of steel doubled",
    "nobody has asked those who will have to move, they say, nor found them a place to go",
    "a smaller plan from the year before would have served as well at a third of the cost",
    "the contract, they point out, names no date by which anything has to be finished",
]


def _story(
    facts: _Facts, dice: random.Random, paragraphs: int = 9, reporter: int | None = None
) -> list[str]:
    by = dice.randrange(2) if reporter is None else reporter
    return [
        " ".join(_sentence(facts, by, dice) for _ in range(dice.randrange(2, 4)))
        for _ in range(paragraphs)
    ]


def _text(paragraphs: Sequence[str]) -> str:
    return "\n\n".join(paragraphs)


Edit = Callable[[list[str], random.Random], list[str]]


def _outlet(story: list[str], dice: random.Random) -> list[str]:
    """Edit lightly: one word in twenty replaced or cut, other quotation marks."""
    return [_words_changed(paragraph, 0.05, dice).replace("“", '"') for paragraph in story]


def _heavy(story: list[str], dice: random.Random) -> list[str]:
    """Edit heavily: one word in eight replaced or cut."""
    return [_words_changed(paragraph, 0.125, dice) for paragraph in story]


def _words_changed(text: str, share: float, dice: random.Random) -> str:
    words: list[str] = []
    for word in text.split():
        if dice.random() >= share:
            words.append(word)
        elif dice.random() < 0.5:
            words.append(_SYNONYMS.get(word.strip(".,"), dice.choice(("also", "so", "then"))))
    return " ".join(words)


def _cut_tail(story: list[str], dice: random.Random) -> list[str]:
    """Keep the first third to two thirds."""
    return story[: dice.randrange(len(story) // 3, 2 * len(story) // 3 + 1)]


def _brief(story: list[str], dice: random.Random) -> list[str]:
    """Keep two paragraphs of nine."""
    return story[:2]


def _new_lede(story: list[str], dice: random.Random) -> list[str]:
    """Replace the first paragraph by one for local readers, and add a correspondent's line."""
    facts = _facts(dice)
    (first,) = _story(facts, dice, paragraphs=1)
    return [f"{facts.place.upper()} — {first}", *story[1:]]


def _with_furniture(story: list[str], dice: random.Random) -> list[str]:
    """Put the story among a page's boilerplate."""
    return [_FURNITURE, *story[:4], _FURNITURE, *story[4:], _FURNITURE]


def _in_new_order(story: list[str], dice: random.Random) -> list[str]:
    """Shuffle the paragraphs."""
    return dice.sample(story, len(story))


def _all_of_it(story: list[str], dice: random.Random) -> list[str]:
    """Combine a new lede, editing, cutting and boilerplate, as portals do."""
    return _with_furniture(_outlet(_new_lede(story, dice)[:6], dice), dice)


COPIES: dict[str, Edit] = {
    "outlet edits": _outlet,
    "heavy edits": _heavy,
    "cut tail": _cut_tail,
    "brief": _brief,
    "new lede": _new_lede,
    "furniture": _with_furniture,
    "shuffled": _in_new_order,
    "lede, edits, cut and furniture": _all_of_it,
}


def _same_event(dice: random.Random) -> tuple[str, str]:
    """Write one event by two reporters: the same place, people and figures, and one quotation."""
    facts = _facts(dice)
    first, second = (_story(facts, dice, reporter=by) for by in (0, 1))
    return _text(first), _text([*second[:4], first[0], *second[4:]])


def _follow_up(dice: random.Random) -> tuple[str, str]:
    """Write a story and the next day's, which ends with three of its paragraphs."""
    facts = _facts(dice)
    first, second = (_story(facts, dice, reporter=by) for by in (0, 1))
    return _text(first), _text([*second, *first[:3]])


def _one_form(dice: random.Random) -> tuple[str, str]:
    """Write two quarters' results from one form."""
    return _results(dice), _results(dice)


def _results(dice: random.Random) -> str:
    n = [dice.randrange(11, 990) for _ in range(12)]
    company = dice.choice(_NAMES)
    return (
        f"{company} Industries reported quarterly revenue of {n[0]} million crowns, compared with "
        f"{n[1]} million crowns in the same quarter of the year before. Net profit came to {n[2]} "
        f"million crowns, or {n[3]} ore a share, against {n[4]} million crowns and {n[5]} ore. "
        f"The company employed {n[6]} people at the end of the quarter and had orders worth {n[7]} "
        f"million crowns in hand. For the full year it expects revenue of between {n[8]} and "
        f"{n[9]} million crowns. Shares of {company} Industries closed at {n[10]} crowns, and "
        f"{n[11]} thousand of them changed hands. The figures in this report have not been audited."
    )


def _one_page(dice: random.Random) -> tuple[str, str]:
    """Write two short stories on the same publisher's page."""
    pair = [_with_furniture(_story(_facts(dice), dice, 4), dice) for _ in range(2)]
    return _text(pair[0]), _text(pair[1])


LOOK_ALIKES: dict[str, Callable[[random.Random], tuple[str, str]]] = {
    "same event": _same_event,
    "follow-up": _follow_up,
    "one form": _one_form,
    "one page": _one_page,
}


def make_pairs(count: int, seed: int) -> list[Pair]:
    """Make ``count`` pairs of every kind, the same for the same seed."""
    dice = random.Random(seed)
    pairs: list[Pair] = []
    for _ in range(count):
        for kind, edit in COPIES.items():
            story = _story(_facts(dice), dice)
            pairs.append(Pair(kind, _text(story), _text(edit(story, dice)), True))
        for kind, make in LOOK_ALIKES.items():
            pairs.append(Pair(kind, *make(dice), copies=False))
    return pairs


def measure(count: int, seed: int) -> dict[str, Any]:
    """Measure precision and recall over the pairs, by kind the share called copies, and how many
    true copies the LSH bands alone let through.

    Unrelated pairs are counted too: each text beside the text of the next pair, so that precision
    is over as many unrelated pairs as there are pairs.
    """
    pairs = make_pairs(count, seed)
    strangers = [
        replace(pair, kind="strangers", other=after.other, copies=False)
        for pair, after in itertools.pairwise(pairs)
    ]
    verdicts: dict[str, list[bool]] = {}
    meetings: list[bool] = []
    for pair in [*pairs, *strangers]:
        meets, copies = _verdicts(pair)
        verdicts.setdefault(pair.kind, []).append(copies)
        if pair.copies:
            meetings.append(meets)
    true = sum(sum(verdicts[kind]) for kind in COPIES)
    false = sum(sum(flags) for kind, flags in verdicts.items() if kind not in COPIES)
    return {
        "pairs": len(pairs) + len(strangers),
        "seed": seed,
        "precision": round(true / max(true + false, 1), 4),
        "recall": round(true / sum(pair.copies for pair in pairs), 4),
        "met_in_a_band": round(sum(meetings) / len(meetings), 4),
        "called_copies": {kind: round(sum(f) / len(f), 4) for kind, f in verdicts.items()},
    }


def _verdicts(pair: Pair) -> tuple[bool, bool]:
    first, second = Fingerprint.of(pair.one), Fingerprint.of(pair.other)
    meets = not set(first.bands()).isdisjoint(second.bands())
    return meets, meets and first.may_copy(second) and are_copies(pair.one, pair.other)


def copies_table(report: Mapping[str, Any]) -> str:
    """Format the share called copies of each kind as the table of ``docs/evaluation.md``. For
    look-alikes and strangers it should be 0."""
    return table(
        ("pairs", "copies", "called copies"),
        (
            (kind, "yes" if kind in COPIES else "no", f"{share:.2f}")
            for kind, share in report["called_copies"].items()
        ),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report as JSON, and write its table where ``--into`` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="pairs of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    report = measure(options.count, options.seed)
    if options.into:
        write_table(options.into, "copies", copies_table(report))
    print(json.dumps(report, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
