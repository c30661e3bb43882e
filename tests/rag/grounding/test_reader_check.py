"""Written sentences asked back, by the reader that comes with Pullquote."""

from __future__ import annotations

import pytest

from index.article import Passage, Span
from index.encode.base import QueryEncoder
from index.settings import PassageSettings
from index.snapshot import Found
from index.text.passages import cut_passages
from index.text.sentences import sentences
from rag import Pullquote
from rag.grounding.alignment import Grounds
from rag.grounding.reader_check import ask_back, questions_of
from rag.reading.first_reader import FirstReader
from rag.reading.spans import SentenceScan
from tests.fakes import article
from tests.first_look import first_reader

PLANT = article(
    "plant",
    "The Lunden plant belongs to Orla Quinn. It makes 412 turbines a year and was opened in March "
    "1974. Its first director was a sailor from Bergen.",
    title="The Lunden plant",
)


@pytest.fixture(scope="module")
def model() -> FirstReader:
    return first_reader()


@pytest.fixture(scope="module")
def grounds(seeds: Pullquote) -> Grounds:
    encoder: QueryEncoder = seeds.library.query_encoder()
    (spans,) = cut_passages(PLANT.text, sentences(PLANT.text), PassageSettings())
    whole = Span(spans[0].start, spans[-1].end)
    return Grounds([Found(PLANT, Passage(1, PLANT.id, 0, whole, spans))], encoder)


def test_each_fact_is_asked_for_in_its_place(grounds: Grounds) -> None:
    written = grounds.statement("In March 1974 the plant made 412 turbines, says Orla Quinn.")
    assert [each.question for each in questions_of(written, grounds)] == [
        "In March 1974 the plant made how many turbines, says Orla Quinn?",
        "In when the plant made 412 turbines, says Orla Quinn?",
        "In March 1974 the plant made 412 turbines, says what?",
    ]
    paid = grounds.statement("It cost $3 million.")
    assert questions_of(paid, grounds)[0].question == "It cost how much?"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("The plant makes 412 turbines a year.", "The plant makes 612 turbines a year."),
        ("The plant was opened in March 1974.", "The plant was opened in March 1981."),
        ("The plant belongs to Orla Quinn.", "The plant belongs to Mara Holt."),
    ],
)
def test_a_fact_is_given_back_or_another_in_its_place(
    grounds: Grounds, model: FirstReader, true: str, false: str
) -> None:
    def asked(sentence: str) -> dict[str, float]:
        written = grounds.statement(sentence)
        nearest = max(grounds.sentences, key=lambda each: len(set(each.stems) & set(written.stems)))
        return ask_back(written, nearest, grounds, model)

    backed, other = asked(true), asked(false)
    assert backed["asked_back"] > other["asked_back"]
    assert backed["asked_otherwise"] < other["asked_otherwise"]


class Silent:
    """A network that finds no sentence to read."""

    def scan(self, question: str, passages: object) -> list[SentenceScan]:
        return []


def test_what_cannot_be_read_speaks_neither_way(grounds: Grounds) -> None:
    written = grounds.statement("The plant makes 412 turbines a year.")
    found = ask_back(written, grounds.sentences[1], grounds, Silent())
    assert found == {"asked_back": 1.0, "asked_otherwise": 0.0, "asked_whole": 0.0}
