from __future__ import annotations

import pytest

from api.suggestions.question_forms import Candidate, candidates
from index.article import Article
from index.text.sentences import sentences
from tests.index.test_linear import LONGER, times


def asked(text: str, title: str = "", language: str = "en") -> list[str]:
    article = Article(id="a", title=title, text=text, language=language)
    return [each.question for each in candidates(article, sentences(text, language))]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "The Northgate bridge will reopen on 12 June, the council said.",
            "When will the Northgate bridge reopen?",
        ),
        (
            "SiCarrier was founded in 2021 and drew attention, as SiCarrier does.",
            "When was SiCarrier founded?",
        ),
        ("Costa Brisa filed for insolvency in 2021.", "When did Costa Brisa file for insolvency?"),
        (
            "The ferry between Ulm and Bregau will sail again from 3 May.",
            "When will the ferry between Ulm and Bregau sail again?",
        ),
        (
            "Corso Alto acquired its rival Frostline in 2023 for a fee.",
            "When did Corso Alto acquire its rival Frostline?",
        ),
        (
            "The Marl Board has suspended 14 licences so far.",
            "How many licences has the Marl Board suspended?",
        ),
        (
            "Costa Brisa carried its last passengers in 2021.",
            "When did Costa Brisa carry its last passengers?",
        ),
        ("The Marl Trust raised 5 million euros.", "How much did the Marl Trust raise?"),
        ("The Marl Trust paid $5 million on Friday.", "How much did the Marl Trust pay?"),
        (
            "The Marl Trust paid 5 million euros for the quay, and sold it.",
            "How much did the Marl Trust pay for the quay?",
        ),
        ("A day pass from Ciclo costs 11.90 euros.", "How much does a day pass from Ciclo cost?"),
        (
            "The Marl Trust closed the quay because the piles were rotten.",
            "Why did the Marl Trust close the quay?",
        ),
        ("Costa Brisa plans to build a hotel in Marl.", "What does Costa Brisa plan to do?"),
        ("“We have waited long enough,” said the mayor, Kari Nesse.", "What did Kari Nesse say?"),
        (
            "Dou Shen, president of the cloud division at Baidu, said so.",
            "Who is the president of the cloud division at Baidu?",
        ),
        ("So said Kari Nesse, the mayor of Skarholm.", "Who is the mayor of Skarholm?"),
    ],
)
def test_a_sentence_is_turned_into_a_question(sentence: str, question: str) -> None:
    assert asked(sentence) == [question]


def test_a_place_and_a_day_are_two_questions() -> None:
    text = "Tihomir Osei was born in Kumasi in 1933."
    assert asked(text) == ["Where was Tihomir Osei born?", "When was Tihomir Osei born?"]
    assert asked("The Gannet quay was closed in March.") == ["When was the Gannet quay closed?"]


def test_who_is_spoken_of_again_is_asked_for() -> None:
    osei = "Ada Osei, an engineer who drew cellars, died at home."
    assert asked(f"{osei} Osei was shy. Osei sang.") == ["Who was Ada Osei?"]
    assert asked(osei) == []
    assert asked("Marl Pumps, a maker of pumps, grew. Pumps sell. Pumps last.") == []
    assert asked("In Old Jimbe, a town, Jimbe and Jimbe met.") == []


def test_kinds_of_questions_take_turns() -> None:
    text = "Marl Trust was founded in 2001. Ulm Trust was founded in 2002. Marl Trust paid $5."
    assert asked(text) == [
        "When was Marl Trust founded?",
        "How much did Marl Trust pay?",
        "When was Ulm Trust founded?",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        # Nobody knows who that is.
        "He was born in 1950.",
        "The report was printed in 1950.",
        "The harbour trust turned it down in March.",
        "The second basin was closed in March.",
        "A courier from Lyon broke a collarbone in April.",
        "The council last met in 1964.",
        "General elections in Marl are due in January, said the Attorney General.",
        # What is asked for is not said, or is no object.
        "The Marl Trust was late.",
        "Shares of Corvane closed down 5 percent at 12 euros.",
        "The damaged unit of Corvane will not run before March.",
        "The Marl Council had been told so in 2019.",
        "The Marl Trust was free until 1994.",
        "The Marl Trust sent 700 people home.",
        "The Marl Trust has lost two cranes.",
        "The sea around Marl reached 17.8 degrees.",
        # What is done stands behind the day, or is another's doing.
        "The clerk of Harrowby will hand in March the papers over.",
        "The inspectors of Marl hired for the task started on 2 June.",
        "The jab is free in Poland for children born in 2024.",
        "EASTPORT - Marl officials opened the quay in 2024.",
        # A figure that only readers know, and a word that leans on a sentence before.
        "The Marl tunnel was lit by 212 lamps in 2014.",
        "The Marl Trust told both on 2 June.",
        "The Marl Trust survived an earlier attempt in 2023.",
        "Tom Reed, a plumber at Acme, said so.",
    ],
)
def test_a_sentence_of_no_plain_shape_is_left(sentence: str) -> None:
    assert asked(sentence) == []


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Explained: why is the Marl bridge shut?", "Why is the Marl bridge shut?"),
        ("Is this the end of Marl?", None),
        ("Do film prizes sell tickets?", None),
    ],
)
def test_a_title_is_asked_where_it_can_be_understood(title: str, question: str | None) -> None:
    assert asked("Rain fell.", title) == ([question] if question else [])


def test_a_title_that_asks_is_asked() -> None:
    assert asked("Niemand weiß es.", "Wer gewinnt 2030?", "de") == ["Wer gewinnt 2030?"]


def test_a_long_article_costs_no_more_than_its_length() -> None:
    def text(length: int) -> str:
        sentence = "Anna Weir{0}, a doctor who came, died in 2020. "
        return "".join(sentence.format(n) for n in range(length // 48))

    asked(text(100))
    assert times(asked, text(10_000), text(LONGER * 10_000)) == []


def test_other_languages_are_not_turned() -> None:
    assert asked("Costa Brisa filed for insolvency in 2021.", language="de") == []


def test_a_candidate_knows_its_sentence() -> None:
    text = "Rain fell. The Northgate bridge will reopen on 12 June."
    article = Article(id="a", title="", text=text, language="en")
    (only,) = candidates(article, sentences(text))
    assert isinstance(only, Candidate)
    assert only.sentence is not None
    assert only.sentence.of(text) == "The Northgate bridge will reopen on 12 June."
