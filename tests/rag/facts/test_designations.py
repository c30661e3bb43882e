from __future__ import annotations

import pytest

from rag.facts.designations import designations, is_about_others


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Gate 7 of the lock is open.", [("gate", "7")]),
        ("The ferry took Route 66b and line M2.", [("rout", "66b"), ("line", "m2")]),
        ("Which crane is berth number 12?", [("berth", "12")]),
        ("Reactor Two and Reactor 2 are one.", [("reactor", "2"), ("reactor", "2")]),
        ("Law No. 31 was passed by 61 votes to 58.", [("law", "31")]),
        ("In May 12 boats sank, in 2019 about 40 more.", []),
        ("It won 3 games and fell 4.5 percent, or 7%, at 8:30.", []),
        ("The storm killed 12 people.", []),
        ("Is the old one, or Kelm one of them?", []),
    ],
)
def test_designations(text: str, names: list[tuple[str, str]]) -> None:
    assert [(each.kind, each.label) for each in designations(text)] == names


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("Who opened Gate 8?", "Gate 7 was opened by the keeper.", "Gate 8"),
        ("What does Law 32 forbid?", "The council passed Law 31. It forbids nets.", "Law 32"),
        ("Where does flight 14 land?", "Flight 12 lands in Riga.", "flight 14"),
        ("Who runs berth number 4?", "Berth number 3 is run by the town.", "berth number 4"),
        ("Who opened Gate 7?", "Gate 7 was opened by the keeper.", None),
        ("Who opened gate seven?", "Gate 7 was opened, Gate 8 was not.", None),
        ("Who opened Gate 8?", "The eighth gate was opened by the keeper.", None),
        ("Who opened Gate 8?", "Pier 7 was opened by the keeper.", None),
        ("Who opened the gate?", "Gate 7 was opened by the keeper.", None),
        ("Did the club sell 14 of them?", "The club sold 12 of them.", None),
    ],
)
def test_what_is_said_of_another(question: str, text: str, missing: str | None) -> None:
    assert is_about_others(question, [text]) == missing


def test_one_of_several_articles_suffices() -> None:
    assert is_about_others("Who opened Gate 8?", ["Gate 7 is shut.", "Gate 8 is open."]) is None
