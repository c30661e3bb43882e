from __future__ import annotations

from pathlib import Path

from eval.dataset import Case, Dataset
from eval.results import Found, Result
from eval.studies.follow_ups import MODES, new_topics, slices, table, tuned_on
from index.article import Article
from rag import Turn

SAID = (Turn(role="user", content="Before"), Turn(role="assistant", content="That."))


def case(id: str, history: tuple[Turn, ...] = (), kind: str = "follow_up") -> Case:
    return Case(id=id, question=f"{id}?", kind=kind, history=history, relevance={"d1": 1})


CASES = [case(f"c{n}_t{t}", SAID * (t - 1)) for n in range(6) for t in (1, 2, 3)]
DATASET = Dataset("set", "pullquote", Path(), (Article("d1", "One", "Snow."),), tuple(CASES))


def result(one: Case, document: str) -> Result:
    hit = Found(document_id=document, start=0, end=5, score=1.0)
    return Result(case=one, found=(hit,))


def test_half_of_the_conversations_are_held_out() -> None:
    tuned = tuned_on(DATASET)
    assert len(tuned) == 3
    assert tuned == tuned_on(DATASET)


def test_a_new_topic_comes_after_another_conversation() -> None:
    made = new_topics(DATASET)
    assert len(made) == 6
    assert all(one.history == SAID * 2 and one.id.endswith("_t1") for one in made)


def test_the_table_has_the_paired_difference() -> None:
    rows = slices(CASES, tuned_on(DATASET))
    assert len(rows["follow-ups, all"]) == 12
    assert len(rows["follow-ups, held-out half"]) == len(rows["follow-ups, tuned on"]) == 6
    assert len(rows["first turns"]) == 6
    runs = {
        mode: [result(one, "d1" if mode == "resolve" else "d2") for one in CASES] for mode in MODES
    }
    line = next(line for line in table(runs, rows).splitlines() if "all | 12 | recall@5" in line)
    assert "| 0.000 | 0.000 | 1.000 | +1.000 (+1.000 to +1.000)" in line
