"""Which questions the second network is trained on, and what becomes of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from eval.training.sets import HELD_OUT, WRITTEN, Question, QuestionSet
from eval.training.swaps import changes

__all__ = ["MIXTURE", "Kind", "Task", "tasks_of"]

Kind = Literal["own", "removed", "swapped", "turned", "none"]

# How many answerable and unanswerable questions of each set are drawn.
MIXTURE: Final[Mapping[str, tuple[int, int]]] = {
    "squad2": (1900, 2100), "squad_train_part": (1500, 347), "squadshifts_newwiki": (3200, 0),
    "qed_nq": (1000, 600), "nq_open_oracle": (300, 0), "timeqa_human": (450, 450),
    "qamr": (550, 0), "qadiscourse": (550, 0), "selqa": (300, 0), "quoref_dev": (300, 0),
    "clapnq": (127, 133), "conditionalqa_gov": (180, 40), "cmu_wikiqa": (250, 0),
    "pubmedqa": (100, 0), "multihop_mix": (450, 250), "multispanqa_valid": (250, 0),
    "covidqa": (150, 0), "fairytaleqa": (300, 0), "doc2dial_val": (150, 0),
    "tatqa_text": (200, 0), "contrast_quoref_drop": (250, 0), "ropes_part": (150, 0),
    "squadshifts_reddit": (120, 0), "squadshifts_amazon": (120, 0),
    "news": (6500, 3000), "wikinews": (600, 200),
}  # fmt: skip
# Sets whose questions name what they ask about: near misses of them are no accident.
_NAMING: Final = frozenset({
    "squad2", "squad_train_part", "squadshifts_newwiki", "qed_nq", "nq_open_oracle",
    "timeqa_human", "multispanqa_valid",
})  # fmt: skip
_SWAP_SHARE, _TURN_SHARE, _REMOVE_SHARE = 0.10, 0.04, 0.22
# Of our own sets a third has no answer as it is.
_REMOVE_SHARE_OF_OURS: Final = 0.10


@dataclass(frozen=True, slots=True)
class Task:
    """A question of a set, and how a pack is made of it."""

    set_name: str
    question: Question
    kind: Kind


def tasks_of(
    questions: QuestionSet, random: Random, share: tuple[int, int] | None = None
) -> list[Task]:
    """Draw a set's share of ``MIXTURE``, its near misses and removals among it.

    share: answerable and unanswerable questions to draw, where not those of ``MIXTURE``.
    """
    name = questions.name
    many, without = share or MIXTURE[name]
    splits = name in HELD_OUT
    part = questions.part(held_out=False) if splits else questions.questions
    answerable = [q for q in part if q.spans]
    change = changes(answerable)
    tasks = []
    for question in random.sample(answerable, min(many, len(answerable))):
        document = questions.documents[question.document]
        draw = random.random() if name in _NAMING else _SWAP_SHARE + _TURN_SHARE + random.random()
        near_miss, kind = None, "own"
        if draw < _SWAP_SHARE:
            near_miss, kind = change["swapped"](question, document, random=random), "swapped"
        elif draw < _SWAP_SHARE + _TURN_SHARE:
            near_miss, kind = change["turned"](question, document, random=random), "turned"
        elif draw < _SWAP_SHARE + _TURN_SHARE + (
            _REMOVE_SHARE_OF_OURS if name in WRITTEN else _REMOVE_SHARE
        ):
            kind = "removed"
        if near_miss is None and kind in ("swapped", "turned"):
            kind = "own"
        tasks.append(Task(name, near_miss or question, kind))  # type: ignore[arg-type]
    silent = [q for q in part if not q.spans]
    return tasks + [Task(name, q, "none") for q in random.sample(silent, min(without, len(silent)))]
