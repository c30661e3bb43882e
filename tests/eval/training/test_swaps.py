"""Near misses made by exchanging a name or a number."""

from __future__ import annotations

from random import Random

from eval.dataset.corruptions import names_of
from eval.training.sets import Question
from eval.training.swaps import changes, swap, turn
from index.article import Article

TEXT = "Acme Corp. sold 12 stores to Bolt in 2019. Carla Diaz left Acme in 2021 with 30 people."
DOCUMENT = Article("d", "Acme", TEXT)
POOL = ["Zeta Works", "Bolt", "Quentin Lund"]


def _asked(text: str, answer: str) -> Question:
    start = TEXT.index(answer)
    return Question("q", text, "d", (answer,), ((start, start + len(answer)),))


def test_names_that_begin_a_sentence_are_not_told_from_words() -> None:
    assert names_of("When did Carla Diaz leave Acme? Nobody knew, Bolt said.") == [
        "Carla Diaz",
        "Acme",
        "Bolt",
    ]


def test_one_thing_is_exchanged_for_one_that_nothing_tells() -> None:
    question = _asked("Who left the firm Acme in 2021?", "Carla Diaz")
    made = [swap(question, DOCUMENT, POOL, Random(seed)) for seed in range(60)]
    changed = [each for each in made if each is not None]
    # A draw from the document alone can come to nothing; most do not.
    assert len(changed) > 40
    for each in changed:
        assert (each.spans, each.answers) == ((), ())
        assert ("Acme" in each.text) != ("2021" in each.text)
        assert "Carla Diaz" not in each.text


def test_both_kinds_are_exchanged_from_near_and_from_far() -> None:
    question = _asked("Who left the firm Acme in 2021?", "Carla Diaz")
    made = {getattr(swap(question, DOCUMENT, POOL, Random(s)), "text", None) for s in range(200)}
    assert "Who left the firm Acme in 2019?" in made
    assert "Who left the firm Zeta Works in 2021?" in made
    assert "Who left the firm Bolt in 2021?" in made
    years = {text[-5:-1] for text in made if text and "Acme" in text}
    assert len(years) > 5


def test_a_question_without_names_or_numbers_is_left() -> None:
    assert swap(_asked("Who left the firm?", "Carla Diaz"), DOCUMENT, POOL, Random(1)) is None


def test_a_question_is_turned_into_its_opposite() -> None:
    question = _asked("Who left before the first sale?", "Carla Diaz")
    made = {getattr(turn(question, DOCUMENT, Random(s)), "text", None) for s in range(60)}
    # Nothing is denied where there is no auxiliary; "left" is no direction here, but its opposite
    # would ask for another person all the same.
    assert made == {
        "Who joined before the first sale?",
        "Who left after the first sale?",
        "Who left before the last sale?",
        None,
    }
    denied = _asked("What was Carla Diaz to Acme?", "30 people")
    made = {getattr(turn(denied, DOCUMENT, Random(s)), "text", None) for s in range(60)}
    assert "What was not Carla Diaz to Acme?" in made
    assert "What wasn't Carla Diaz to Acme?" in made


def test_an_opposite_that_the_document_tells_of_is_not_asked_for() -> None:
    question = _asked("Who joined Acme?", "Carla Diaz")
    assert "left" in TEXT
    assert all(turn(question, DOCUMENT, Random(s)) is None for s in range(20))


def test_how_long_and_how_short_ask_for_the_same() -> None:
    question = _asked("How strong were those people?", "30 people")
    made = [turn(question, DOCUMENT, Random(s)) for s in range(40)]
    assert all(each is None or "weak" not in each.text for each in made)


def test_names_come_from_all_questions() -> None:
    asked = [_asked("Who left the firm Acme?", "Carla Diaz"), _asked("Who is at Zeta Works?", "30")]
    change = changes(asked)["swapped"]
    made = {getattr(change(asked[0], DOCUMENT, random=Random(s)), "text", "") for s in range(60)}
    assert "Who left the firm Zeta Works?" in made
