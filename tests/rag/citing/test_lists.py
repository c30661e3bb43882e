"""Lists are quoted whole, and what does not fit is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.snapshot import Found
from rag import Pullquote, Settings
from rag.evidence import Evidence, Reading
from tests.fakes import FakeModels, article

FAIR = article(
    "fair",
    "Toolmakers showed machines at the fair in Orlen.\n\nThe five are:\n\n- Drexel\n- Mavo\n"
    "- Senfeld\n\nThe fair closes on Sunday.",
)
BIDS = article(
    "bids",
    "Three bidders want the mill. Orsova Paper offers most. Kern Board has a plan. The town waits "
    "with a price. Talks begin on Monday.",
)
MODELS = article(
    "models",
    "Brix recalls heaters.\n\nModel | Sold\nCalido | 14,000\nCalido Plus | 38,000\n\nIt is sorry.",
)
FAULTS = article(
    "faults",
    "The lift was checked. Two faults were found: a torn belt and a blocked door. All are mended. "
    "The lift dates from 1974.",
)
BOATS = article(
    "boats",
    "Three boats raced at Orlen. The Ada won.\n\nThe lake is deep. It was cold there.",
)
DEBATE = article(
    "debate",
    "The council sat until ten. Ada Lind said it was late. Otto Brand said it was dark. Beds were "
    "made.\n\nOn the way home Eva Kern said it had been a good debate.",
)
HEIGHTS = article(
    "heights",
    "Towers of the coast.\n\nTower | Height\n"
    + "\n".join(f"Ardal {i} | Height: {100 + i * 37 % 50} m" for i in range(14)),
)
NAMES = [f"{letter}olten" for letter in "ABCDEFGHIKLMNPR"]
TOWNS = article("towns", " ".join(f"The fire reached the town {name}." for name in NAMES))


class ListReader:
    """Takes every sentence with a word for evidence, and quotes three of them."""

    def __init__(self, word: str) -> None:
        self.word = word

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        evidence = [
            Evidence(hit.article, span, span, 0.9)
            for hit in passages
            for span in hit.passage.sentences
            if self.word in span.of(hit.article.text)
        ]
        return Reading(tuple(evidence[:3]), 0.9, further=tuple(evidence[3:]))


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=ListReader("")
    ) as it:
        it.add_articles([FAIR, TOWNS, BIDS, MODELS, FAULTS, BOATS, HEIGHTS, DEBATE])
        yield it


def reading(pullquote: Pullquote, word: str) -> Pullquote:
    return Pullquote(pullquote.library, pullquote.settings, ListReader(word))


def test_lists_can_be_switched_off(pullquote: Pullquote) -> None:
    settings = pullquote.settings.model_copy(update={"lists": False})
    plain = Pullquote(pullquote.library, settings, ListReader("Mavo"))
    assert plain.ask("Which toolmakers showed machines at the fair?").answer == "- Mavo [1]"


@pytest.mark.parametrize("word", ["Mavo", "The five are"])
def test_of_a_list_every_item_is_quoted_in_a_line_of_its_own(
    pullquote: Pullquote, word: str
) -> None:
    answer = reading(pullquote, word).ask("Which toolmakers showed machines at the fair?")
    assert answer.answer == "The five are: [1]\n- Drexel [2]\n- Mavo [3]\n- Senfeld [4]"
    assert answer.more == 0
    for cited in answer.citations:
        assert FAIR.text[cited.span.start : cited.span.end] == cited.cited_text


def test_of_a_table_every_row_is_quoted(pullquote: Pullquote) -> None:
    answer = reading(pullquote, "Plus").ask("Which models does Brix recall?")
    quotations = [cited.cited_text for cited in answer.citations]
    assert quotations == ["Model | Sold", "Calido | 14,000", "Calido Plus | 38,000"]


@pytest.mark.parametrize(
    ("question", "count"), [("Which model sold best?", 3), ("Which model was recalled?", 1)]
)
def test_for_the_first_of_a_table_every_row_is_quoted(
    pullquote: Pullquote, question: str, count: int
) -> None:
    assert len(reading(pullquote, "Plus").ask(question).citations) == count


def test_of_a_long_table_the_row_that_is_first_is_quoted(pullquote: Pullquote) -> None:
    answer = reading(pullquote, "Ardal 2 ").ask("Which is the tallest tower of the coast?")
    assert [cited.cited_text for cited in answer.citations] == ["Ardal 4 | Height: 148 m"]
    assert answer.more == 13
    every = reading(pullquote, "Ardal 2 ").ask("Which towers stand on the coast?")
    assert len(every.citations) == 12
    assert every.answer.startswith("Ardal 0 | Height: 100 m [1]\nArdal 1 | Height: 137 m [2]\n")


def test_what_a_sentence_announces_is_quoted(pullquote: Pullquote) -> None:
    answer = reading(pullquote, "Three bidders").ask("Who are the bidders for the mill?")
    assert answer.answer == (
        "Three bidders want the mill. [1] Orsova Paper offers most. [2] Kern Board has a plan. [3] "
        "The town waits with a price. [4]"
    )
    answer = reading(pullquote, "Three bidders").ask("Which mills are for sale?")
    assert len(answer.citations) == 1


def test_a_number_beyond_all_numbers_announces_nothing(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("many", f"{'9' * 400} bidders want the mine. It is shut.")])
    answer = reading(pullquote, "want the mine").ask("Which bidders want the mine?")
    assert len(answer.citations) == 1


def test_of_who_spoke_the_paragraph_is_quoted_and_more_is_said(pullquote: Pullquote) -> None:
    answer = reading(pullquote, "it was dark").ask("Who spoke in the debate of the council?")
    assert answer.answer.startswith("Ada Lind said it was late. [1] Otto Brand said it was dark.")
    assert (len(answer.citations), answer.more) == (2, 1)


def test_that_there_is_more_is_said(pullquote: Pullquote) -> None:
    answer = reading(pullquote, "fire reached").ask("Which towns did the fire reach?")
    assert len(answer.citations) == 12
    assert answer.more == len(NAMES) - 12
    assert answer.answer.endswith("\n\nThe articles give more than is quoted here.")
    assert answer.own_words[-1].span.of(answer.answer).startswith("The articles give")


def test_elsewhere_three_sentences_are_quoted(pullquote: Pullquote) -> None:
    answer = reading(pullquote, "fire reached").ask("Where did the fire go?")
    assert (len(answer.citations), answer.more) == (3, 0)


def test_a_number_comes_first_and_without_one_the_list_answers(pullquote: Pullquote) -> None:
    question = "How many toolmakers showed machines?"
    assert len(reading(pullquote, "Drexel").ask(question).citations) == 4
    pullquote.add_articles([article("count", "Nine toolmakers showed machines.")])
    answer = reading(pullquote, "machines").ask(question)
    assert answer.citations[0].cited_text == "Nine toolmakers showed machines."


class NearReader(ListReader):
    """Is sure of the first sentence with its word and of no other."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        reading = super().read(question, passages)
        return Reading(reading.evidence[:1], 0.9, nearest=reading.evidence)


SPONSORS = article(
    "sponsors",
    "The festival has money. Nox Rail gives 200,000. Varga brings food. Ostia gives fireworks."
    "\n\nHalm gives nothing. The stage is new.",
)


def test_between_what_is_sure_and_what_is_near_a_list_goes_on(pullquote: Pullquote) -> None:
    pullquote.add_articles([SPONSORS])
    near = Pullquote(pullquote.library, pullquote.settings, NearReader("gives"))
    answer = near.ask("Which sponsors does the festival have?")
    assert [cited.cited_text.split()[0] for cited in answer.citations] == ["Nox", "Varga", "Ostia"]
    assert len(near.ask("Why does the festival need sponsors?").citations) == 1


def test_beside_a_sentence_that_lists_all_nothing_else_is_quoted(pullquote: Pullquote) -> None:
    hit = "The storm gives trouble in Orsova, Kern and Moss End."
    pullquote.add_articles([article("storm", f"{hit} Nobody was hurt. It gives no rest.")])
    near = Pullquote(pullquote.library, pullquote.settings, NearReader("gives"))
    answer = near.ask("Which towns does the storm trouble?")
    assert [cited.cited_text for cited in answer.citations] == [hit]


def test_what_a_sentence_lists_itself_announces_nothing(pullquote: Pullquote) -> None:
    answer = reading(pullquote, "faults").ask("Which faults were found?")
    assert answer.answer == "Two faults were found: a torn belt and a blocked door. [1]"
    assert answer.more == 0


def test_what_a_sentence_announces_stands_in_its_paragraph(pullquote: Pullquote) -> None:
    answer = reading(pullquote, "boats").ask("Which boats raced at Orlen?")
    assert [cited.cited_text for cited in answer.citations] == [
        "Three boats raced at Orlen.",
        "The Ada won.",
    ]


def test_what_a_number_announces_and_no_sentence_lists_is_said(pullquote: Pullquote) -> None:
    pullquote.add_articles(
        [
            article("cabinet", "Eleven ministers were sworn in. Jana Wirt gets finance."),
            article("roofs", "The county mends two schools: Elm Lane and Westmark."),
        ]
    )
    answer = reading(pullquote, "sworn in").ask("Who are the ministers?")
    assert answer.more == 10
    assert answer.answer.endswith("The articles give more than is quoted here.")
    assert reading(pullquote, "mends").ask("Which schools are mended?").more == 0
    # What is counted is not what is asked for.
    assert reading(pullquote, "sworn in").ask("Which mayors swore ministers in?").more == 0
